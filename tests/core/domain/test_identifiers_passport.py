"""The passport: number, department, day of issue, issuer."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.identifiers import (
    BirthDate,
    DepartmentCode,
    InvalidDepartmentCode,
    InvalidPassport,
    InvalidPassportIssue,
    InvalidPassportIssuer,
    PassportIssue,
    PassportIssuer,
    PassportNumber,
    replacement_overdue,
    series_year_mismatch,
)
from tests.strategies import (
    DASHES,
    SPACES,
    TODAY,
    birth_dates,
    date_written,
    department_codes,
    grouped,
    passport_written,
    passports,
    written,
)

BORN = BirthDate(date(1980, 5, 1))


@pytest.mark.parametrize(
    "raw",
    [
        "45 10 123456",
        "4510 123456",
        "4510 № 123456",
        "4510123456",
        "серия 45 10 № 123456",
        "паспорт 4510 N 123456",
        "4510N123456",
        "451О l23456",
    ],
)
def test_series_and_number_are_read_in_one_line(raw: str) -> None:
    value = PassportNumber.parse(raw)
    assert (value.series, value.number) == ("4510", "123456")
    assert str(value) == "45 10 123456"
    assert value.masked == "•• •• •••456"
    assert repr(value) == "PassportNumber(…)"


@pytest.mark.parametrize(
    ("raw", "key", "found"),
    [
        (" ", "passport.empty", None),
        ("4" * 4097, "passport.too_long", None),
        ("загран", "passport.not_digits", None),
        ("4510 12345", "passport.wrong_length", "9"),
        ("0000 000000", "passport.zeros", None),
    ],
)
def test_the_fault_of_a_number_is_named(raw: str, key: str, found: str | None) -> None:
    with pytest.raises(InvalidPassport) as caught:
        PassportNumber.parse(raw)
    assert caught.value.message_key == key
    assert caught.value.params.get("found") == found


@given(st.data())
def test_a_number_survives_every_writing(data: st.DataObject) -> None:
    digits = data.draw(passports())
    value = PassportNumber.parse(data.draw(passport_written(digits)))
    assert value.canonical == digits
    assert PassportNumber.parse(str(value)) == value


@given(st.data())
def test_a_department_code_survives_every_writing(data: st.DataObject) -> None:
    code = data.draw(department_codes())
    value = DepartmentCode.parse(data.draw(written(grouped(code.replace("-", ""), 3, 3), (*SPACES, *DASHES, ""))))
    assert value.canonical == str(value) == code
    assert value.masked == f"•••-{code[4:]}"
    assert DepartmentCode.parse(value.canonical) == value


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("код", "department_code.empty"),
        ("7" * 4097, "department_code.too_long"),
        ("77А-001", "department_code.not_digits"),
        ("770-01", "department_code.wrong_length"),
        ("000-000", "department_code.zeros"),
    ],
)
def test_the_fault_of_a_department_code_is_named(raw: str, key: str) -> None:
    with pytest.raises(InvalidDepartmentCode) as caught:
        DepartmentCode.parse(raw)
    assert caught.value.message_key == key


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("", "passport_issue.empty"),
        ("1" * 4097, "passport_issue.too_long"),
        ("давно", "passport_issue.form"),
        ("30.02.2015", "passport_issue.not_real"),
        ("15.06.15", "passport_issue.ambiguous_year"),
        ("02.09.2025", "passport_issue.future"),
        ("30.04.1994", "passport_issue.before_14"),
    ],
)
def test_the_fault_of_a_day_of_issue_is_named(raw: str, key: str) -> None:
    with pytest.raises(InvalidPassportIssue) as caught:
        PassportIssue.parse(raw, birth_date=BORN, today=TODAY)
    assert caught.value.message_key == key


def test_a_passport_may_be_issued_on_the_fourteenth_birthday_and_today() -> None:
    assert PassportIssue.parse("01.05.1994", birth_date=BORN, today=TODAY).canonical == "1994-05-01"
    issued = PassportIssue.parse("01.09.2025", birth_date=BORN, today=TODAY)
    assert (str(issued), issued.masked, repr(issued)) == ("01.09.2025", "••.••.2025", "PassportIssue(…)")


@given(st.data())
def test_a_day_of_issue_survives_every_writing(data: st.DataObject) -> None:
    born = BirthDate(data.draw(birth_dates(TODAY - timedelta(days=14 * 366))))
    day = data.draw(st.dates(born.turns(14), TODAY))
    value = PassportIssue.parse(data.draw(date_written(day)), birth_date=born, today=TODAY)
    assert value.value == day
    assert PassportIssue.parse(value.canonical, birth_date=born, today=TODAY) == value


@pytest.mark.parametrize(
    ("issued", "today", "overdue"),
    [
        (date(1994, 6, 1), date(2000, 4, 30), False),
        (date(1994, 6, 1), date(2000, 7, 30), False),
        (date(1994, 6, 1), date(2000, 7, 31), True),
        (date(2000, 5, 1), date(2025, 4, 30), False),
        (date(2000, 5, 1), date(2025, 7, 30), False),
        (date(2000, 5, 1), date(2025, 7, 31), True),
        (date(2025, 5, 1), date(2060, 1, 1), False),
        (date(1994, 6, 1), date(2025, 6, 1), True),
    ],
)
def test_a_passport_is_replaced_at_20_and_at_45_with_ninety_days_of_grace(
    issued: date, today: date, overdue: bool
) -> None:
    assert replacement_overdue(BORN, PassportIssue(issued), today) is overdue


@pytest.mark.parametrize(
    ("series", "year", "mismatch"),
    [
        ("4510", 2010, False),
        ("4510", 2013, False),
        ("4510", 2014, True),
        ("4598", 2001, False),
        ("4599", 2003, True),
        ("4502", 1999, False),
    ],
)
def test_the_year_of_the_blank_is_compared_with_the_issue(series: str, year: int, mismatch: bool) -> None:
    assert series_year_mismatch(PassportNumber(f"{series}123456"), PassportIssue(date(year, 6, 15))) is mismatch


def test_an_issuer_is_tidied_and_read() -> None:
    value = PassportIssuer.parse("  ГУ  MВД\u00a0России по г. Москве ")
    assert value.canonical == str(value) == "ГУ МВД России по г. Москве"
    assert value.masked == "ГУ •••"
    assert PassportIssuer.parse(value.canonical) == value


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("\u200b", "passport_issuer.empty"),
        ("а" * 4097, "passport_issuer.too_long"),
        ("а" * 256, "passport_issuer.longer_than"),
        ("ОВД", "passport_issuer.too_short"),
        ("Moscow police", "passport_issuer.latin"),
        ("ОВД района 😀", "passport_issuer.symbols"),
        ("770-001", "passport_issuer.no_words"),
    ],
)
def test_the_fault_of_an_issuer_is_named(raw: str, key: str) -> None:
    with pytest.raises(InvalidPassportIssuer) as caught:
        PassportIssuer.parse(raw)
    assert caught.value.message_key == key
