"""Дата рождения and ages."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.identifiers import BirthDate, InvalidBirthDate
from tests.strategies import TODAY, birth_dates, date_written


@pytest.mark.parametrize(
    "raw",
    [
        "01.05.1980",
        "1.5.1980",
        "01/05/1980",
        "01-05-1980",
        "01 05 1980",
        "01,05,1980",
        "01. 05. 1980 г.",
        "1980-05-01",
        "1980.05.01",
        "01051980",
        "19800501",
        "1 мая 1980",
        "«1» мая 1980 года",
        "1-го мая 1980",
        "01 МAЯ 1980 Г.",
        "1 May 1980",
        "О1.О5.198О",
        "l мая l980",
        "０１．０５．１９８０",
        "01–05–1980",
        "01.05.1980 г.р.",
        "1 мая 1980 года рождения",
    ],
)
def test_every_way_of_writing_is_read(raw: str) -> None:
    value = BirthDate.parse(raw, today=TODAY)
    assert value.canonical == "1980-05-01"
    assert (str(value), value.masked, repr(value)) == ("01.05.1980", "••.••.1980", "BirthDate(…)")


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        (" ", "birth_date.empty"),
        ("1" * 4097, "birth_date.too_long"),
        ("весной", "birth_date.form"),
        ("1.1980", "birth_date.form"),
        ("1 мартобря 1980", "birth_date.form"),
        ("31.02.1980", "birth_date.not_real"),
        ("05/13/1980", "birth_date.not_real"),
        ("29.02.1981", "birth_date.not_real"),
        ("00.00.0000", "birth_date.not_real"),
        ("01.05.80", "birth_date.ambiguous_year"),
        ("010580", "birth_date.ambiguous_year"),
        ("1 мая 80 г.", "birth_date.ambiguous_year"),
        ("02.09.2025", "birth_date.future"),
        ("31.08.1905", "birth_date.too_old"),
    ],
)
def test_the_fault_is_named(raw: str, key: str) -> None:
    with pytest.raises(InvalidBirthDate) as caught:
        BirthDate.parse(raw, today=TODAY)
    assert caught.value.message_key == key


def test_the_newborn_and_the_oldest_are_welcome() -> None:
    assert BirthDate.parse("01.09.2025", today=TODAY).age(TODAY) == 0
    assert BirthDate.parse("01.09.1905", today=TODAY).age(TODAY) == 120


def test_an_age_is_reached_on_the_birthday() -> None:
    born = BirthDate(date(2010, 9, 1))
    assert born.age(date(2025, 8, 31)) == 14
    assert born.age(date(2025, 9, 1)) == 15
    assert born.turns(18) == date(2028, 9, 1)


def test_born_on_29_february_one_turns_on_1_march() -> None:
    born = BirthDate.parse("29.02.2008", today=TODAY)
    assert born.turns(18) == date(2026, 3, 1)
    assert born.turns(20) == date(2028, 2, 29)
    assert born.age(date(2026, 2, 28)) == 17
    assert born.age(date(2026, 3, 1)) == 18


@given(st.data())
def test_a_date_survives_every_writing(data: st.DataObject) -> None:
    day = data.draw(birth_dates())
    value = BirthDate.parse(data.draw(date_written(day)), today=TODAY)
    assert value.value == day
    assert BirthDate.parse(value.canonical, today=TODAY) == BirthDate.parse(str(value), today=TODAY) == value


@given(birth_dates(), st.dates(TODAY, date(2100, 1, 1)))
def test_age_and_birthdays_agree(born: date, day: date) -> None:
    value = BirthDate(born)
    age = value.age(day)
    assert value.turns(age) <= day < value.turns(age + 1)
