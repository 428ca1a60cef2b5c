"""The day a passport was issued, and what follows from it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Self

from .birth_date import BirthDate
from .dates import read_date, shown_date
from .errors import InvalidPassportIssue, message_keys
from .passport_number import PassportNumber
from .value import Discreet

PASSPORT_ISSUE_KEYS: Final = message_keys(
    InvalidPassportIssue, form=(), not_real=(), ambiguous_year=(), future=(), before_14=()
)
FIRST_PASSPORT_AGE: Final = 14
REPLACED_AT: Final = (20, 45)
GRACE: Final = timedelta(days=90)
BLANK_YEARS: Final = 3
"""A blank is printed within about so many years of the day it is handed out."""


@dataclass(frozen=True, slots=True, repr=False)
class PassportIssue(Discreet):
    """The day of issue."""

    value: date

    @classmethod
    def parse(cls, raw: str, *, birth_date: BirthDate, today: date) -> Self:
        """Read a typed date; raises `InvalidPassportIssue`. Not in the future, nor before the 14th birthday."""
        issued = read_date(raw, InvalidPassportIssue)
        if issued > today:
            raise InvalidPassportIssue("future")
        if issued < birth_date.turns(FIRST_PASSPORT_AGE):
            raise InvalidPassportIssue("before_14")
        return cls(issued)

    @property
    def canonical(self) -> str:
        return self.value.isoformat()

    def __str__(self) -> str:
        return shown_date(self.value)

    @property
    def masked(self) -> str:
        return f"••.••.{self.value.year:04}"


def replacement_overdue(birth_date: BirthDate, issued: PassportIssue, today: date) -> bool:
    """Whether the passport had to be replaced at 20 or at 45 and the 90 days given for it are over.

    The 90th day after the birthday is still in time. A passport issued on the birthday or later is the replacement.
    """
    birthdays = map(birth_date.turns, REPLACED_AT)
    return any(issued.value < birthday and today > birthday + GRACE for birthday in birthdays)


def series_year_mismatch(passport: PassportNumber, issued: PassportIssue) -> bool:
    """Whether the year of the blank (digits 3-4 of the series) is far from the day of issue: a warning only."""
    printed = int(passport.series[2:])
    distance = (issued.value.year - printed) % 100
    return min(distance, 100 - distance) > BLANK_YEARS
