"""Телефон, and the code that is sent to it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.identifiers import InvalidOneTimeCode, InvalidPhone, OneTimeCode, Phone
from tests.strategies import digits, grouped, phone_written, phones, written


@pytest.mark.parametrize(
    "raw",
    [
        "+7 900 000-00-01",
        "+79000000001",
        "79000000001",
        "8 (900) 000-00-01",
        "9000000001",
        "тел.: 8-900-000-00-01",
        "+7\u00a0900\u00a0000‑00‑01",
        "+8 900 000 00 01",
        "tel:+79000000001",
        "8 9OO OOO-00-01",
    ],
)
def test_every_way_of_writing_is_read(raw: str) -> None:
    value = Phone.parse(raw)
    assert value.canonical == "+79000000001"
    assert str(value) == "+7 900 000-00-01"
    assert value.masked == "+7 900 •••-••-01"
    assert repr(value) == "Phone(…)"


@pytest.mark.parametrize(
    ("raw", "key", "found"),
    [
        ("", "phone.empty", None),
        ("+", "phone.empty", None),
        ("9" * 4097, "phone.too_long", None),
        ("мой", "phone.not_digits", None),
        ("8 900 000 00 0", "phone.wrong_length", "10"),
        ("900 000 00 0", "phone.wrong_length", "9"),
        ("+7 900 000 00 011", "phone.wrong_length", "12"),
        ("+7 701 123-45-67", "phone.foreign", None),
        ("+1 202 555 01 00", "phone.foreign", None),
        ("8 800 123-45-67", "phone.not_mobile", None),
        ("+7 495 123-45-67", "phone.not_mobile", None),
        ("+7 000 000-00-00", "phone.not_in_use", None),
    ],
)
def test_the_fault_is_named(raw: str, key: str, found: str | None) -> None:
    with pytest.raises(InvalidPhone) as caught:
        Phone.parse(raw)
    assert caught.value.message_key == key
    assert caught.value.params.get("found") == found


@given(st.data())
@settings(deadline=None)
def test_a_number_survives_every_writing(data: st.DataObject) -> None:
    number = data.draw(phones())
    value = Phone.parse(data.draw(phone_written(number)))
    assert value.canonical == number
    assert Phone.parse(str(value)) == value


@given(st.data())
def test_a_code_is_read_with_any_spaces(data: st.DataObject) -> None:
    code = data.draw(digits(6))
    if all(character == "0" for character in code):
        code = "000001"
    value = OneTimeCode.parse(data.draw(written(grouped(code, 3, 3))))
    assert value.canonical == str(value) == code
    assert (value.masked, repr(value)) == ("••••••", "OneTimeCode(…)")


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("код", "one_time_code.empty"),
        ("1" * 5000, "one_time_code.too_long"),
        ("не пришёл", "one_time_code.not_digits"),
        ("12345", "one_time_code.wrong_length"),
    ],
)
def test_the_fault_of_a_code_is_named(raw: str, key: str) -> None:
    with pytest.raises(InvalidOneTimeCode) as caught:
        OneTimeCode.parse(raw)
    assert caught.value.message_key == key
