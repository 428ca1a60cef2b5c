"""Reading a typed date, the same way for every date that is asked for; and writing a day, the same way everywhere."""

import re
from datetime import date
from typing import Final

from babel.dates import format_date

from .errors import InvalidDate
from .normalise import DIGIT_LOOK_ALIKES, line_of, russian_words

_DAY_FIRST: Final = re.compile(r"([0-9]{1,2}) ?[ ./,-] ?([0-9]{1,2}) ?[ ./,-] ?([0-9]{2}|[0-9]{4})")
_YEAR_FIRST: Final = re.compile(r"([0-9]{4}) ?[ ./,-] ?([0-9]{1,2}) ?[ ./,-] ?([0-9]{1,2})")
_PACKED: Final = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4}|[0-9]{2})")
_PACKED_YEAR_FIRST: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_DIGIT: Final = "[0-9OОlI|]"
_IN_WORDS: Final = re.compile(
    rf"({_DIGIT}{{1,2}})(?:-?го)?[ .,-]*([а-яёa-z]{{3,9}})[ .,-]*({_DIGIT}{{2}}|{_DIGIT}{{4}})", re.IGNORECASE
)
_YEAR_WORD: Final = re.compile(r" ?(?:г\. ?р|(?:года|год|г)(?:\.? рождения)?)\.?$", re.IGNORECASE)
_QUOTES: Final = str.maketrans("", "", '"«»„“”')
_YEARS: Final = range(1800, 2200)

_MONTHS: Final = {
    writing: number
    for number, writings in enumerate(
        (
            "января январь янв january jan",
            "февраля февраль фев февр february feb",
            "марта март мар march mar",
            "апреля апрель апр april apr",
            "мая май may",
            "июня июнь июн june jun",
            "июля июль июл july jul",
            "августа август авг august aug",
            "сентября сентябрь сен сент september sep sept",
            "октября октябрь окт october oct",
            "ноября ноябрь ноя нояб november nov",
            "декабря декабрь дек december dec",
        ),
        start=1,
    )
    for writing in writings.split()
}


def read_date(raw: str, error: type[InvalidDate]) -> date:
    """The day that was typed; raises `error`.

    Read are ДД.ММ.ГГГГ with dots, slashes, dashes, commas, spaces or nothing between, the same with the year first, and
    a month in words. The day comes before the month, always. A year of two digits is asked about (`ambiguous_year`),
    since a person of 8 and one of 108 both write it.
    """
    text = _YEAR_WORD.sub("", line_of(raw, error).rstrip(".")).translate(_QUOTES)
    day, month, year = _parts(text.strip(), error)
    if len(year) == 2:
        raise error("ambiguous_year")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise error("not_real") from None


def _parts(text: str, error: type[InvalidDate]) -> tuple[str, str, str]:
    numbers = text.translate(DIGIT_LOOK_ALIKES)
    if found := _DAY_FIRST.fullmatch(numbers):
        return found[1], found[2], found[3]
    if found := _YEAR_FIRST.fullmatch(numbers):
        return found[3], found[2], found[1]
    if (found := _PACKED.fullmatch(numbers)) and (len(found[3]) == 2 or int(found[3]) in _YEARS):
        return found[1], found[2], found[3]
    if found := _PACKED_YEAR_FIRST.fullmatch(numbers):
        return found[3], found[2], found[1]
    if (found := _IN_WORDS.fullmatch(text)) and (month := _MONTHS.get(russian_words(found[2]).lower())):
        return found[1].translate(DIGIT_LOOK_ALIKES), str(month), found[3].translate(DIGIT_LOOK_ALIKES)
    raise error("form")


def shown_date(day: date) -> str:
    """Write the day as documents have it, ДД.ММ.ГГГГ; `strftime` does not pad years below 1000 everywhere."""
    return f"{day.day:02}.{day.month:02}.{day.year:04}"


def long_date(day: date, language: str) -> str:
    """Write the day out: «23 ноября 2026 г.», “23 November 2026”. Babel's own long form in English has the month first."""
    return format_date(day, "long" if language == "ru" else "d MMMM y", locale=language)


def brief_date(day: date, language: str) -> str:
    """Write the day where there is little room: «23.11.2026», “23 Nov 2026”."""
    return shown_date(day) if language == "ru" else format_date(day, "d MMM y", locale=language)
