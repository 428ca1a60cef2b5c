"""МКБ-10 and пол: the short ones."""

import pytest
from hypothesis import given

from core.domain.identifiers import Icd10, InvalidIcd10, InvalidSex, Sex
from tests.strategies import icd10_codes


@pytest.mark.parametrize("raw", ["J06.9", "j06.9", "J 06.9", "J06,9", "J069", "МКБ-10: J06.9", "JО6.9", "J06.9†"])
def test_every_way_of_writing_is_read(raw: str) -> None:
    value = Icd10.parse(raw)
    assert value.canonical == str(value) == "J06.9"
    assert (value.masked, repr(value)) == ("J••", "Icd10(…)")


def test_cyrillic_look_alikes_become_latin() -> None:
    for cyrillic, latin in zip("АВЕКМНОРСТХУ", "ABEKMHOPCTXY", strict=True):
        assert Icd10.parse(f"{cyrillic}10.1").canonical == f"{latin}10.1"
        assert Icd10.parse(f"{cyrillic.lower()}10").canonical == f"{latin}10"


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("", "icd10.empty"),
        ("*", "icd10.empty"),
        ("J" * 5000, "icd10.too_long"),
        ("06.9", "icd10.no_letter"),
        ("Ж06.9", "icd10.cyrillic"),
        ("J6.9", "icd10.form"),
        ("J06.999", "icd10.form"),
        ("ooo", "icd10.form"),
    ],
)
def test_the_fault_is_named(raw: str, key: str) -> None:
    with pytest.raises(InvalidIcd10) as caught:
        Icd10.parse(raw)
    assert caught.value.message_key == key


@given(icd10_codes())
def test_a_code_survives(code: str) -> None:
    assert Icd10.parse(code).canonical == code
    assert Icd10.parse(code.lower().replace(".", ",")).canonical == code


@pytest.mark.parametrize(
    ("raw", "sex"),
    [("Ж", Sex.FEMALE), ("жен.", Sex.FEMALE), ("женский", Sex.FEMALE), ("м", Sex.MALE), ("Male", Sex.MALE)],
)
def test_sex_is_read_from_a_word_or_a_letter(raw: str, sex: Sex) -> None:
    assert Sex.parse(raw) is sex
    assert Sex.parse(sex.canonical) is sex
    assert repr(sex) == "Sex(…)"
    assert sex.masked == "•"


@pytest.mark.parametrize(("raw", "key"), [("", "sex.empty"), ("ы" * 5000, "sex.too_long"), ("да", "sex.unknown")])
def test_the_fault_of_a_sex_is_named(raw: str, key: str) -> None:
    with pytest.raises(InvalidSex) as caught:
        Sex.parse(raw)
    assert caught.value.message_key == key
