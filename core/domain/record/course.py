"""The course of a value over time, as it is drawn and as it is said in words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from core.domain.record.coding import Coding
from core.domain.record.result import Measured, Result

ENOUGH = 3
"""Measured this often, a value has a course worth a picture (the issue's)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One number of a course."""

    at: datetime
    measured: Measured = field(repr=False)
    value: Decimal = field(repr=False)


@dataclass(frozen=True, slots=True)
class Course:
    """Numbers of one code in one unit, the oldest first; never empty. `low` and `high` are the newest range that came."""

    coding: Coding = field(repr=False)
    unit: str
    readings: tuple[Reading, ...] = field(repr=False)

    @property
    def low(self) -> Decimal | None:
        """The lower end of the newest range."""
        return self._ranged.low if self._ranged else None

    @property
    def high(self) -> Decimal | None:
        """The upper end of the newest range."""
        return self._ranged.high if self._ranged else None

    @property
    def least(self) -> Reading:
        """The least value, the latest of equal ones."""
        return min(reversed(self.readings), key=lambda reading: reading.value)

    @property
    def most(self) -> Reading:
        """The greatest value, the latest of equal ones."""
        return max(reversed(self.readings), key=lambda reading: reading.value)

    @property
    def first(self) -> Reading:
        """The oldest."""
        return self.readings[0]

    @property
    def last(self) -> Reading:
        """The newest."""
        return self.readings[-1]

    @property
    def _ranged(self) -> Measured | None:
        having = (
            each.measured for each in reversed(self.readings) if each.measured.low is not None or each.measured.high
        )
        return next(having, None)


def courses_of(results: Sequence[Result]) -> list[Course]:
    """Return what was measured often enough, each code in each unit by itself: blood pressure has two courses.

    Values of different units are never drawn on one scale.
    """
    found: dict[tuple[str, str, str, str], list[Reading]] = {}
    for result in sorted(results, key=lambda each: (each.taken_at, each.id)):
        for value in result.measured:
            if value.number is not None and value.number.is_finite():
                # Where words came without a code, the words are the code.
                words = "" if value.coding.code else value.coding.display
                key = (value.coding.system, value.coding.code, words, value.unit)
                found.setdefault(key, []).append(Reading(result.taken_at, value, value.number))
    return [
        Course(readings[-1].measured.coding, unit, tuple(readings))
        for (*_, unit), readings in found.items()
        if len(readings) >= ENOUGH
    ]
