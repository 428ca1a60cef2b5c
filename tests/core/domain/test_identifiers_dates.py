"""Days as people read them: the day first, then the month, then the year, in every language and everywhere."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.chat import LANGUAGES
from core.domain.identifiers import InvalidBirthDate
from core.domain.identifiers.dates import brief_date, long_date, read_date

JULY = date(2026, 7, 5)


def test_days_are_written_day_month_year_in_both_languages() -> None:
    assert long_date(JULY, "ru") == "5 июля 2026\u202fг."
    assert long_date(JULY, "en") == "5 July 2026"
    assert brief_date(JULY, "ru") == "05.07.2026"
    assert brief_date(JULY, "en") == "5 Jul 2026"


@pytest.mark.parametrize("language", LANGUAGES)
@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_a_day_that_was_written_out_is_read_as_the_same_day(language: str, day: date) -> None:
    assert read_date(long_date(day, language), InvalidBirthDate) == day
    assert read_date(brief_date(day, language), InvalidBirthDate) == day
