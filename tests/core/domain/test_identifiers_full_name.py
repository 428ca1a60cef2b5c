"""ФИО."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.identifiers import FullName, InvalidName
from tests.strategies import DASHES, SPACES, full_names


@pytest.mark.parametrize(
    ("raw", "parts"),
    [
        ("Иванова Анна Сергеевна", ("Иванова", "Анна", "Сергеевна")),
        ("ИВАНОВА АННА СЕРГЕЕВНА", ("Иванова", "Анна", "Сергеевна")),
        ("иванов-петров пётр ильич", ("Иванов-Петров", "Пётр", "Ильич")),
        ("Иванов — Петров Пётр", ("Иванов-Петров", "Пётр", None)),
        ("Ким Ольга", ("Ким", "Ольга", None)),
        ("Иванова Анна Сергеевна.", ("Иванова", "Анна", "Сергеевна")),
        ("Ким Ольга -", ("Ким", "Ольга", None)),
        ("Ким Ольга нет", ("Ким", "Ольга", None)),
        ("Алиев Али Вели оглы", ("Алиев", "Али", "Вели оглы")),
        ("АЛИЕВА ЛЕЙЛА ВЕЛИ-КЫЗЫ", ("Алиева", "Лейла", "Вели-кызы")),
        ("о’коннор мэри", ("О'Коннор", "Мэри", None)),
        ("Лук'янова Мар'яна", ("Лук'янова", "Мар'яна", None)),
        ("Анна Сергеевна Иванова", ("Иванова", "Анна", "Сергеевна")),
        ("Рабинович Анна Сергеевна", ("Рабинович", "Анна", "Сергеевна")),
        ("Салтыков Щедрин, Михаил, Евграфович", ("Салтыков Щедрин", "Михаил", "Евграфович")),
        ("де Сильва, Мария", ("де Сильва", "Мария", None)),
        ("Ивaнова Aнна\u00a0Cергеевна", ("Иванова", "Анна", "Сергеевна")),
        ("Ива\u0301нова Анна", ("Иванова", "Анна", None)),
        ("Семе\u0308нов Сергеи\u0306", ("Семёнов", "Сергей", None)),
    ],
)
def test_a_name_is_read(raw: str, parts: tuple[str, str, str | None]) -> None:
    value = FullName.parse(raw)
    assert (value.surname, value.given, value.patronymic) == parts
    assert FullName.parse(value.canonical) == value
    assert repr(value) == "FullName(…)"


def test_a_name_is_shown_in_full_and_in_short() -> None:
    value = FullName.parse("иванова анна сергеевна")
    assert str(value) == "Иванова Анна Сергеевна"
    assert value.short == value.masked == "Анна И."


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("", "name.empty"),
        ("а" * 4097, "name.too_long"),
        ("Анна", "name.given_missing"),
        ("Мамедов Расул оглы", "name.given_missing"),
        ("ван Гог Винсент", "name.too_many_words"),
        ("Шарль де Голль", "name.too_many_words"),
        ("Иванова,", "name.given_missing"),
        (", Анна", "name.surname_missing"),
        ("Анна Сергеевна", "name.surname_missing"),
        ("Иванова Анна Мария Сергеевна", "name.too_many_words"),
        ("Иванова, Анна, Мария, Сергеевна", "name.too_many_words"),
        ("Иванова А. С.", "name.initials"),
        ("Иванова А С", "name.initials"),
        ("Ivanova Anna", "name.latin"),
        ("Ivanova", "name.latin"),
        ("Иванова Анна2", "name.digits"),
        ("Иванова 😀", "name.symbols"),
        ("-", "name.symbols"),
        ("', '", "name.symbols"),
        ("А" * 65 + " Анна", "name.surname_too_long"),
        ("Иванова " + "А" * 65, "name.given_too_long"),
        ("Иванова Анна " + "А" * 65, "name.patronymic_too_long"),
    ],
)
def test_the_fault_is_named(raw: str, key: str) -> None:
    with pytest.raises(InvalidName) as caught:
        FullName.parse(raw)
    assert caught.value.message_key == key


def test_e_and_yo_are_one_letter_between_sources() -> None:
    assert FullName.parse("Семёнов Пётр").same_as(FullName.parse("Семенов Петр"))
    assert FullName.parse("Семёнов Пётр") != FullName.parse("Семенов Петр")
    assert not FullName.parse("Семёнов Пётр").same_as(FullName.parse("Семёнов Павел"))


@given(full_names(), st.sampled_from(SPACES), st.sampled_from([str, str.lower, str.upper]), st.sampled_from(DASHES))
def test_a_name_survives_every_writing(
    name: tuple[str, str, str | None], space: str, case: type[str], dash: str
) -> None:
    line = case(space.join(part for part in name if part)).replace("-", dash)
    value = FullName.parse(line)
    assert (value.surname, value.given, value.patronymic) == name
    assert FullName.parse(value.canonical) == FullName.from_parts(*name) == value


@given(st.text(max_size=20), st.text(max_size=20), st.one_of(st.none(), st.text(max_size=20)))
def test_parts_from_the_portal_are_read_or_refused_and_read_back(
    surname: str, given_name: str, patronymic: str | None
) -> None:
    try:
        value = FullName.from_parts(surname, given_name, patronymic)
    except InvalidName:
        return
    assert FullName.parse(value.canonical) == value
