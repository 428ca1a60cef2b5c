"""Values, names, periods and pages of the record, by rules that hold whatever comes."""

import itertools
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.record import Coding, Mark, Measured
from core.domain.record.coding import CVX, ICD10, LOINC, SNOMED
from core.domain.record.figures import mark_of, number, reference_of, sensible, value_of
from core.domain.record.looking import InvalidDates, Paging, Span, SpanKind, parse_days
from core.domain.record.names import MOST, answer_of, known_names, name_of, table

GLUCOSE = Coding(LOINC, "2339-0", "Glucose")
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ZONES = [ZoneInfo(name) for name in ("Europe/Kaliningrad", "Europe/Moscow", "Asia/Kamchatka")]


@pytest.mark.parametrize(
    ("kept", "russian", "english"),
    [
        ("165.13572344324407", "165,1", "165.1"),
        ("5.10", "5,10", "5.10"),
        ("0.0423423", "0,04234", "0.04234"),
        ("1234.56", "1\xa0234,56", "1,234.56"),
        ("1E+3", "1\xa0000", "1,000"),
        ("-2.41713", "−2,417", "−2.417"),
        ("99.99999", "100", "100"),
        ("0", "0", "0"),
        ("1E+400", "1E+400", "1E+400"),
    ],
)
def test_numbers_are_written_in_the_readers_language(kept: str, russian: str, english: str) -> None:
    assert (number(Decimal(kept), "ru"), number(Decimal(kept), "en")) == (russian, english)


@given(st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False, allow_infinity=False))
def test_rounding_changes_a_value_by_less_than_a_thousandth(value: Decimal) -> None:
    assert abs(sensible(value) - value) <= abs(value) / 1000


@given(st.decimals(allow_nan=True, allow_infinity=True), st.sampled_from(["ru", "en"]))
def test_whatever_number_came_it_is_written(value: Decimal, language: str) -> None:
    assert number(value, language)


def test_a_mark_is_the_clinics_word_else_the_ranges() -> None:
    low, high = Decimal("3.3"), Decimal("5.5")
    found = [
        mark_of(Measured(GLUCOSE, Decimal(value), "", low=low, high=high)) for value in ("3.2", "3.3", "5.5", "5.6")
    ]
    assert found == [Mark.BELOW, Mark.WITHIN, Mark.WITHIN, Mark.ABOVE]
    assert mark_of(Measured(GLUCOSE, Decimal(9), high=high, mark=Mark.WITHIN)) is Mark.WITHIN
    assert mark_of(Measured(GLUCOSE, Decimal(9))) is None
    assert mark_of(Measured(GLUCOSE, text="положительно", low=low)) is None


def test_a_range_with_one_end_is_said_in_words() -> None:
    low, high = Decimal("1.0"), Decimal("5.5")
    assert reference_of(Measured(GLUCOSE, low=low, high=high), "ru") == "1,0–5,5"
    assert reference_of(Measured(GLUCOSE, high=high), "ru") == "до 5,5"
    assert reference_of(Measured(GLUCOSE, low=low), "en") == "from 1.0"
    assert reference_of(Measured(GLUCOSE, reference="отрицательно"), "ru") == "отрицательно"
    assert reference_of(Measured(GLUCOSE), "ru") == ""


def test_values_have_russian_units_and_known_answers_are_translated() -> None:
    assert value_of(Measured(GLUCOSE, Decimal("5.4"), "mmol/L"), "ru") == "5,4 ммоль/л"
    assert value_of(Measured(GLUCOSE, Decimal(118), "mm[Hg]"), "en") == "118 mmHg"
    assert value_of(Measured(GLUCOSE, Decimal(5), "furlong"), "ru") == "5 furlong"
    assert value_of(Measured(GLUCOSE, text="Never smoker"), "ru") == "Никогда не курил(а)"
    assert value_of(Measured(GLUCOSE, text="Sometimes"), "ru") == "Sometimes"
    assert value_of(Measured(GLUCOSE), "ru") == "—"
    assert answer_of("never smoker", "en") == "never smoker"


@pytest.mark.parametrize(
    ("coding", "russian", "english"),
    [
        (GLUCOSE, "Глюкоза", "Glucose"),
        (Coding(LOINC, "2885-2", "Protein [Mass/\u200bvolume]"), "Белок общий в сыворотке", "Protein [Mass/volume]"),
        (Coding(CVX, "140", "Influenza"), "Грипп", "Influenza"),
        (
            Coding(ICD10, "J06.9", ""),
            "Острая инфекция верхних дыхательных путей (ОРВИ)",
            "Acute upper respiratory infection, unspecified",
        ),
        (Coding(SNOMED, "38341003", "Hypertension"), "Артериальная гипертензия", "Hypertension"),
        (Coding(LOINC, "99999-9", "Something new"), "Something new", "Something new"),
        (Coding(SNOMED, "2339-0", "Glucose"), "Glucose", "Glucose"),
        (Coding("", "", "СОЭ"), "СОЭ", "СОЭ"),
        (Coding(LOINC, "99999-9", ""), "99999-9", "99999-9"),
    ],
)
def test_a_code_is_called_by_its_known_name_and_never_guessed(coding: Coding, russian: str, english: str) -> None:
    assert (name_of(coding, "ru"), name_of(coding, "en")) == (russian, english)


def test_the_table_of_names_is_whole() -> None:
    assert len(table()) > 250
    for (system, code), (english, russian, _) in table().items():
        assert english.strip() == english != ""
        assert russian.strip() == russian != ""
        assert name_of(Coding(system, code, "x"), "ru") == russian
        assert any("а" <= letter.lower() <= "я" or letter == "ё" for letter in russian), russian


def test_names_that_came_too_long_are_cut() -> None:
    long = Coding("", "", "имя " * 300)
    assert len(name_of(long, "ru")) <= MOST
    assert all(len(each) <= MOST for each in known_names(long))


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("01.02.2025", date(2025, 2, 1), date(2025, 2, 1)),
        ("с 1.2.2025 по 5 марта 2025", date(2025, 2, 1), date(2025, 3, 5)),
        ("1.2.2025-5.3.2025", date(2025, 2, 1), date(2025, 3, 5)),
        ("05.03.2025 — 01.02.2025", date(2025, 2, 1), date(2025, 3, 5)),
        ("2025-02-01 - 2025-03-05", date(2025, 2, 1), date(2025, 3, 5)),
        ("from 1 May 2025 to 3 June 2025", date(2025, 5, 1), date(2025, 6, 3)),
        ("23.11.2026", TODAY, TODAY),
    ],
)
def test_days_are_read_as_people_write_them(typed: str, first: date, last: date) -> None:
    assert parse_days(typed, TODAY) == (first, last)


@pytest.mark.parametrize(
    "typed", ["", "вчера", "31.02.2025", "24.11.2026", "01.01.1899", "1.2.25", "1.1.2025-2.2.2025-3.3.2025", "-" * 999]
)
def test_what_is_no_day_is_asked_again(typed: str) -> None:
    with pytest.raises(InvalidDates):
        parse_days(typed, TODAY)


@given(st.text(max_size=200))
def test_whatever_is_typed_is_read_or_asked_again(typed: str) -> None:
    try:
        first, last = parse_days(typed, TODAY)
    except InvalidDates:
        return
    assert first <= last <= TODAY


@given(
    st.dates(date(1900, 1, 1), TODAY), st.dates(date(1900, 1, 1), TODAY), st.sampled_from(ZONES), st.integers(0, 86_399)
)
def test_ones_own_days_hold_every_second_of_both_ends_and_no_other(
    one: date, other: date, zone: ZoneInfo, second: int
) -> None:
    period = Span.own(one, other).period(NOW, zone)
    first, last = min(one, other), max(one, other)
    assert period.since is not None
    assert period.until is not None
    for day in (first, last, first - timedelta(days=1), last + timedelta(days=1)):
        moment = datetime.combine(day, datetime.min.time(), zone) + timedelta(seconds=second)
        if moment.date() == day:  # the clocks were not put on over it
            assert (period.since <= moment < period.until) == (first <= day <= last)


@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)), st.sampled_from(ZONES))
def test_named_periods_contain_one_another(now: datetime, zone: ZoneInfo) -> None:
    begins = [Span(kind).period(now, zone).since for kind in (SpanKind.YEAR, SpanKind.MONTH, SpanKind.WEEK)]
    assert all(begin is not None for begin in begins)
    assert sorted(begins) == begins  # type: ignore[type-var]  # none is None
    assert Span.all().period(now, zone).since is None


@given(st.integers(0, 6000), st.integers(1, 60))
def test_pages_cover_everything_once(total: int, size: int) -> None:
    first = Paging(total, size)
    covered = itertools.chain.from_iterable(
        range(page.offset, min(total, page.offset + size))
        for page in (Paging(total, size, number) for number in range(1, first.pages + 1))
    )
    assert list(covered) == list(range(total))


@given(st.integers(0, 6000), st.integers(1, 60), st.integers(-(10**9), 10**9))
def test_a_page_that_is_not_there_is_the_nearest_one(total: int, size: int, asked: int) -> None:
    page = Paging(total, size, asked)
    assert 1 <= page.number <= page.pages
    assert 0 <= page.offset <= max(0, total - 1)
