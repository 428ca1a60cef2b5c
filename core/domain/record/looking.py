"""How a record is looked through: the period that a person chose, and pages of what is in it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import TypeVar

from core.domain.identifiers.dates import read_date
from core.domain.identifiers.errors import InvalidDate
from core.domain.record.coding import Period

WEEK = timedelta(days=7)
FIRST_DAY = date(1900, 1, 1)
LONGEST = 100
"""Nobody writes two days in more letters."""
FROM = re.compile(r"^(?:с|со|от|from)\s+", re.IGNORECASE)
BETWEEN = re.compile(r"\s*(?:[-–—]+|\.{2,3}|,|;|\s(?:по|до|to|till|until)\s)\s*", re.IGNORECASE)

Each = TypeVar("Each")


class InvalidDates(Exception):
    """No day, or no two days, can be read."""

    message_key = "result.dates_wrong"


class SpanKind(StrEnum):
    """What a person chooses from."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    ALL = "all"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Span:
    """A chosen period: up to today, or from the first own day to the last, both included."""

    kind: SpanKind
    first: date | None = None
    last: date | None = None

    @classmethod
    def own(cls, first: date, last: date) -> "Span":
        """Return a period of one's own; days that came in the wrong order are put right."""
        return cls(SpanKind.OWN, min(first, last), max(first, last))

    @classmethod
    def all(cls) -> "Span":
        """Return everything there is."""
        return cls(SpanKind.ALL)

    def period(self, now: datetime, zone: tzinfo) -> Period:
        """Return its moments, by the clock of the person's region."""
        today = now.astimezone(zone).date()
        match self.kind:
            case SpanKind.WEEK:
                return Period(_midnight(today - WEEK, zone))
            case SpanKind.MONTH:
                return Period(_midnight(_months_before(today, 1), zone))
            case SpanKind.YEAR:
                return Period(_midnight(_months_before(today, 12), zone))
            case SpanKind.ALL:
                return Period()
            case SpanKind.OWN:
                return Period(
                    _midnight(self.first, zone) if self.first else None,
                    _midnight(self.last + timedelta(days=1), zone) if self.last else None,
                )


@dataclass(frozen=True, slots=True)
class Paging:
    """Pages of a list. A page that is not there (any more) is the nearest one that is."""

    total: int
    size: int
    asked: int = 1

    @property
    def pages(self) -> int:
        """How many there are; one at least."""
        return max(1, -(-self.total // self.size))

    @property
    def number(self) -> int:
        """Which one this is, from 1."""
        return min(max(1, self.asked), self.pages)

    @property
    def offset(self) -> int:
        """How many stand before it."""
        return (self.number - 1) * self.size

    def shown(self, every: Sequence[Each]) -> Sequence[Each]:
        """Return those of the list that stand on it."""
        return every[self.offset : self.offset + self.size]


def parse_days(raw: str, today: date) -> tuple[date, date]:
    """Read one day or two («01.02.2025», «с 1.2.2025 по 5 марта 2025»), none of them to come. Raises InvalidDates."""
    text = " ".join(raw[:LONGEST].split())
    days = _read(text) or next((days for first, last in _halves(text) if (days := _read(first, last))), ())
    if not days or any(not FIRST_DAY <= day <= today for day in days):
        raise InvalidDates
    return min(days), max(days)


def _halves(text: str) -> Iterator[tuple[str, str]]:
    bare = FROM.sub("", text)
    for between in BETWEEN.finditer(bare):
        yield bare[: between.start()], bare[between.end() :]


def _read(*parts: str) -> tuple[date, ...]:
    try:
        return tuple(read_date(part, InvalidDate) for part in parts)
    except InvalidDate:
        return ()


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _months_before(day: date, months: int) -> date:
    """Return the same day some months before, or the last one of a shorter month."""
    month = day.year * 12 + day.month - 1 - months
    first = date(month // 12, month % 12 + 1, 1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))
