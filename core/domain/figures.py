"""What the desk's work looks like in numbers: waits, handling, limits kept, load by hour, ratings; of each and of all."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import accumulate, takewhile
from typing import Protocol
from zoneinfo import ZoneInfo

from core.domain.ids import StaffId
from core.domain.sla import Limits, Work
from core.domain.worktime import Worktime

LONGEST_PERIOD = timedelta(days=366)
MOST = 50_000
"""Pieces of work that are counted at once; a period with more says that it is cut."""
STARS = range(1, 6)


class InvalidPeriod(Exception):
    """A period has one day at least and 366 at most."""

    message_key = "figures.invalid_period"


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, the last one included, by the clock of those who answer."""

    first: date
    last: date

    def checked(self) -> "Period":
        """Return it if it can be counted. Raises InvalidPeriod."""
        if not timedelta() <= self.last - self.first < LONGEST_PERIOD:
            raise InvalidPeriod
        return self

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        """Return the moment of its beginning and that of its end."""
        here = ZoneInfo(zone)
        return (
            datetime.combine(self.first, time(), here),
            datetime.combine(self.last + timedelta(days=1), time(), here),
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """A conversation or a ticket as far as it is counted. `taken_at` and `ended_at` bound the handling."""

    began_at: datetime
    answered_at: datetime | None
    taken_at: datetime | None
    ended_at: datetime | None
    owner: StaffId | None
    rating: int | None


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took: of how many, for half of them no longer than, for nine of ten no longer than."""

    count: int
    median: timedelta | None = None
    ninetieth: timedelta | None = None

    @classmethod
    def over(cls, spans: Iterable[timedelta]) -> "Spread":
        """Return that of spans: each percentile is one of them (nearest rank)."""
        ordered = sorted(spans)
        if not ordered:
            return cls(0)
        return cls(len(ordered), _rank(ordered, 50), _rank(ordered, 90))


def _rank(ordered: Sequence[timedelta], percent: int) -> timedelta:
    return ordered[-(-len(ordered) * percent // 100) - 1]


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one kind of work. `kept` of `judged` were answered within the limit; what may still be is not judged.

    `waits` are by the clock, `answers` in the time that the limit is counted in, `handling` from taking it to its end.
    """

    asked: int
    answered: int
    ended: int
    waits: Spread
    answers: Spread
    handling: Spread
    kept: int
    judged: int
    ratings: Mapping[int, int] = field(default_factory=dict)

    @property
    def share(self) -> float | None:
        """How much of what is judged kept the limit, 0 to 1."""
        return self.kept / self.judged if self.judged else None

    @property
    def rating(self) -> float | None:
        """The mean of the stars that people gave."""
        stars = sum(self.ratings.values())
        return sum(each * count for each, count in self.ratings.items()) / stars if stars else None


class Counting:
    """Counts pieces of one kind of work by the limits and hours that hold now."""

    def __init__(self, work: Work, limits: Limits, hours: Worktime, now: datetime) -> None:
        self.work, self.limits, self.hours, self.now = work, limits, hours, now
        self.limit = limits.of(work)
        self._spans: list[tuple[datetime, datetime]] = []
        self._begins: list[datetime] = []
        self._before: list[timedelta] = []

    def figures(self, pieces: Sequence[Piece]) -> Figures:
        """Return their figures."""
        self._measure(pieces)
        taken = [(each, self._took(each.began_at, each.answered_at or each.ended_at or self.now)) for each in pieces]
        answers = [span for each, span in taken if each.answered_at]
        late = sum(not each.answered_at and span > self.limit for each, span in taken)
        return Figures(
            asked=len(pieces),
            answered=len(answers),
            ended=sum(each.ended_at is not None for each in pieces),
            waits=Spread.over(each.answered_at - each.began_at for each in pieces if each.answered_at),
            answers=Spread.over(answers),
            handling=Spread.over(
                each.ended_at - each.taken_at
                for each in pieces
                if each.ended_at is not None and each.taken_at is not None
            ),
            kept=sum(span <= self.limit for span in answers),
            judged=len(answers) + late,
            ratings=Counter(each.rating for each in pieces if each.rating is not None),
        )

    def _took(self, begins: datetime, ends: datetime) -> timedelta:
        if not self.limits.working(self.work):
            return ends - begins
        return self._worked_until(ends) - self._worked_until(begins)

    def _worked_until(self, moment: datetime) -> timedelta:
        place = bisect_right(self._begins, moment) - 1
        if place < 0:
            return timedelta()
        (begins, ends), before = self._spans[place], self._before[place]
        return before + min(moment, ends) - begins

    def _measure(self, pieces: Sequence[Piece]) -> None:
        """Lay the working spans out once: thousands of waits are measured along them."""
        first = min((each.began_at for each in pieces), default=self.now)
        self._spans = list(takewhile(lambda span: span[0] < self.now, self.hours.spans(first)))
        self._begins = [begins for begins, _ in self._spans]
        self._before = list(accumulate((ends - begins for begins, ends in self._spans), initial=timedelta()))


def by_hour(pieces: Iterable[Piece], zone: str) -> tuple[int, ...]:
    """Return how many began in each of the 24 hours of a day there."""
    here = ZoneInfo(zone)
    counted = Counter(each.began_at.astimezone(here).hour for each in pieces)
    return tuple(counted[hour] for hour in range(24))


@dataclass(frozen=True, slots=True)
class Standing:
    """How the desk stands now. `longest_since`: since when whoever waits longest does."""

    waiting: int
    longest_since: datetime | None
    talking: int
    tickets: int
    late_tickets: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """What became of the promises that were told in a period; the rest stand still."""

    told: int
    kept: int
    renewed: int
    broken: int


class Works(Protocol):
    """The work of the desk, read to be counted."""

    async def pieces(
        self, work: Work, since: datetime, until: datetime, owner: StaffId | None = None
    ) -> Sequence[Piece]:
        """Return what began in that time, at most MOST of it, the latest first; of one member where they are named."""
        ...

    async def promises(self, since: datetime, until: datetime) -> Ledger:
        """Return what became of promises told in that time."""
        ...

    async def standing(self, now: datetime) -> Standing:
        """Return how the desk stands."""
        ...
