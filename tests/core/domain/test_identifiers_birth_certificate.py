"""Свидетельство о рождении."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.identifiers import BirthCertificate, InvalidBirthCertificate
from tests.strategies import DASHES, birth_certificates


@pytest.mark.parametrize(
    "raw",
    [
        "II-АБ 123456",
        "II-АБ № 123456",
        "IIАБ123456",
        "ii-аб 123456",
        "11-АБ 123456",
        "ll – AБ 123456",
        "ПАБ 123456",
        "І1 АБ 12 34 56",
        "II АБ 123-456",
        "серия II-АБ номер l23456",
        "Свидетельство о рождении II—АБ 123456",
    ],
)
def test_every_way_of_writing_is_read(raw: str) -> None:
    value = BirthCertificate.parse(raw)
    assert value.canonical == str(value) == "II-АБ 123456"
    assert value.masked == "••-•• •••456"
    assert repr(value) == "BirthCertificate(…)"


@pytest.mark.parametrize(
    ("raw", "key", "found"),
    [
        ("", "birth_certificate.empty", None),
        ("I" * 5000, "birth_certificate.too_long", None),
        ("номер", "birth_certificate.empty", None),
        ("123456", "birth_certificate.form", None),
        ("АБ 123456", "birth_certificate.form", None),
        ("II-АБВ 123456", "birth_certificate.form", None),
        ("II-QW 123456", "birth_certificate.form", None),
        ("IIII-АБ 123456", "birth_certificate.roman", None),
        ("II-АБ 12345", "birth_certificate.wrong_length", "5"),
        ("IIАБ1234567", "birth_certificate.wrong_length", "7"),
        ("II-АБ ОЗОЗОО", "birth_certificate.not_digits", None),
    ],
)
def test_the_fault_is_named(raw: str, key: str, found: str | None) -> None:
    with pytest.raises(InvalidBirthCertificate) as caught:
        BirthCertificate.parse(raw)
    assert caught.value.message_key == key
    assert caught.value.params.get("found") == found


@given(
    birth_certificates(),
    st.sampled_from(["", "-", " ", *DASHES]),
    st.sampled_from(["", " ", " № ", "№", "-"]),
    st.booleans(),
)
def test_a_certificate_survives_every_writing(
    value: str, after_roman: str, before_number: str, typed_russian: bool
) -> None:
    roman, rest = value.split("-")
    letters, number = rest.split(" ")
    if typed_russian:
        roman = roman.replace("III", "Ш").replace("II", "П").replace("V", "У").replace("X", "Х").replace("I", "1")
    read = BirthCertificate.parse(f"{roman}{after_roman}{letters}{before_number}{number}")
    assert read.canonical == value
    assert BirthCertificate.parse(read.canonical) == read
