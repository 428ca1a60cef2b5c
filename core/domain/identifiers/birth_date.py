"""Дата рождения, and the ages that follow from it."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from .dates import read_date, shown_date
from .errors import InvalidBirthDate, message_keys
from .value import Discreet

BIRTH_DATE_KEYS: Final = message_keys(InvalidBirthDate, form=(), not_real=(), ambiguous_year=(), future=(), too_old=())
MAX_AGE: Final = 120
"""Years."""


@dataclass(frozen=True, slots=True, repr=False)
class BirthDate(Discreet):
    """The day somebody was born.

    An age is reached on the birthday itself, as people and doctors count. (A court counts from the day after it: Plenum
    of the Supreme Court, 2011, no. 1. Nothing here turns on that one day.) Born on 29 February, one reaches it on 1
    March of a common year: before that day the year of life is not over.
    """

    value: date

    @classmethod
    def parse(cls, raw: str, *, today: date) -> Self:
        """Read a typed date; raises `InvalidBirthDate`. Not in the future, at most 120 years ago."""
        born = cls(read_date(raw, InvalidBirthDate))
        if born.value > today:
            raise InvalidBirthDate("future")
        if today.year - born.value.year > MAX_AGE or born.turns(MAX_AGE) < today:
            raise InvalidBirthDate("too_old")
        return born

    def turns(self, years: int) -> date:
        """The day on which the person becomes `years` old."""
        try:
            return self.value.replace(year=self.value.year + years)
        except ValueError:
            return date(self.value.year + years, 3, 1)

    def age(self, today: date) -> int:
        """Full years on that day; 0 in the first year of life. Days before the birth count as below zero."""
        years = today.year - self.value.year
        return years if self.turns(years) <= today else years - 1

    @property
    def canonical(self) -> str:
        return self.value.isoformat()

    def __str__(self) -> str:
        return shown_date(self.value)

    @property
    def masked(self) -> str:
        return f"••.••.{self.value.year:04}"
