"""Working time: when people answer, and how long something takes of it. Holidays and moved days are the country's.

Moments are aware and come back in UTC; hours are what a clock on the wall of `zone` shows.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Protocol, Self
from zoneinfo import ZoneInfo, available_timezones

from core.domain.schedule.resting import worked_as

A_DAY = timedelta(days=1)
FURTHEST = 400
"""So many days ahead a next working moment is looked for."""
WEEK = range(7)
MOST_INTERVALS = 6
"""A day."""
MOST_DAYS = 100
INTERVAL = re.compile(r"(\d{1,2}):(\d\d)\s*[-–—]\s*(\d{1,2}):(\d\d)")


class InvalidHours(Exception):
    """An unreadable or overlapping interval, no such day or zone, or more of them than anybody needs."""

    message_key = "worktime.invalid_hours"


class NeverOpen(Exception):
    """There is no working time within the next year."""

    message_key = "worktime.never_open"


@dataclass(frozen=True, slots=True)
class Interval:
    """From `begins` to `ends` by the wall clock; an end that is not later than the beginning is on the next day."""

    begins: time
    ends: time

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `09:00-13:30`, with any dash. Raises InvalidHours."""
        told = INTERVAL.fullmatch(text.strip())
        if told is None:
            raise InvalidHours
        try:
            return cls(*(time(int(hour), int(minute)) for hour, minute in (told.group(1, 2), told.group(3, 4))))
        except ValueError:
            raise InvalidHours from None

    @property
    def overnight(self) -> bool:
        """Whether it ends on the next day."""
        return self.ends <= self.begins

    def __str__(self) -> str:
        return f"{self.begins:%H:%M}–{self.ends:%H:%M}"


def read_intervals(text: str) -> tuple[Interval, ...]:
    """Read the intervals of a day, comma between them; none for nothing. Raises InvalidHours."""
    return tuple(Interval.parse(part) for part in text.split(",")) if text.strip() else ()


@dataclass(frozen=True, slots=True)
class Worktime:
    """A week (0 is Monday), days that differ from it, and whether the country's days off and moved days count.

    `days` come first: the hours of one date, none for a day off. Then holidays, and a Saturday that is worked as a Monday.
    """

    zone: str
    week: Mapping[int, Sequence[Interval]]
    days: Mapping[date, Sequence[Interval]] = field(default_factory=dict)
    holidays: bool = True

    def checked(self) -> Self:
        """Return these hours if people can keep them. Raises InvalidHours."""
        told = (*self.week.values(), *self.days.values())
        if (
            self.zone not in available_timezones()
            or not set(self.week) <= set(WEEK)
            or len(self.days) > MOST_DAYS
            or any(len(intervals) > MOST_INTERVALS for intervals in told)
        ):
            raise InvalidHours
        for day in WEEK:
            _part(self.week.get(day, ()), self.week.get((day + 1) % 7, ()))
        for date_, intervals in self.days.items():
            _part(intervals, self.days.get(date_ + A_DAY, ()))
        return self

    def hours_of(self, day: date) -> Sequence[Interval]:
        """Return the intervals that begin on a day."""
        if day in self.days:
            return self.days[day]
        weekday = worked_as(day) if self.holidays else day.weekday()
        return () if weekday is None else self.week.get(weekday, ())

    def spans(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield working spans that end after `since`, in order, for a year ahead."""
        zone = ZoneInfo(self.zone)
        first = since.astimezone(zone).date() - A_DAY
        reached = datetime.min.replace(tzinfo=UTC)
        for number in range(FURTHEST):
            day = first + A_DAY * number
            for each in sorted(self.hours_of(day), key=lambda found: found.begins):
                # A night that runs into a day with hours of its own, or a clock set forward, must not count twice.
                begins = max(reached, datetime.combine(day, each.begins, zone).astimezone(UTC))
                ends = datetime.combine(day + A_DAY * each.overnight, each.ends, zone).astimezone(UTC)
                if ends > begins:
                    reached = ends
                    if ends > since:
                        yield begins, ends

    def is_open(self, moment: datetime) -> bool:
        """Whether people answer at a moment."""
        return self.opens_at(moment) <= moment

    def opens_at(self, moment: datetime) -> datetime:
        """Return the moment itself while people answer, else when they are back. Raises NeverOpen."""
        for begins, _ in self.spans(moment):
            return max(begins, moment)
        raise NeverOpen

    def after(self, moment: datetime, working: timedelta) -> datetime:
        """Return when so much working time will have passed. Raises NeverOpen."""
        left = working
        for opened, closed in self.spans(moment):
            begins = max(opened, moment)
            if closed - begins >= left:
                return begins + left
            left -= closed - begins
        raise NeverOpen

    def between(self, begins: datetime, ends: datetime) -> timedelta:
        """Return how much working time lies between two moments; none when the second is not later."""
        passed = timedelta()
        for opened, closed in self.spans(begins):
            if max(opened, begins) >= ends:
                break
            passed += min(closed, ends) - max(opened, begins)
        return passed


def _part(today: Iterable[Interval], tomorrow: Iterable[Interval]) -> None:
    """Raise InvalidHours where intervals of a day lie over each other, or its night over the next morning."""
    one = timedelta(hours=24)
    spans = sorted((_since_midnight(each.begins), _since_midnight(each.ends) + one * each.overnight) for each in today)
    spans += sorted((_since_midnight(each.begins) + one,) * 2 for each in tomorrow)[:1]
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        raise InvalidHours


def _since_midnight(wall: time) -> timedelta:
    return timedelta(hours=wall.hour, minutes=wall.minute)


FACTS = Worktime("Europe/Moscow", {day: (Interval(time(9), time(20)),) for day in range(5)})
"""09:00-20:00 Moscow time on working days (FACTS: times), until an administrator says otherwise."""


class Worktimes(Protocol):
    """The hours of those who answer, as an administrator set them."""

    async def current(self) -> Worktime:
        """Return them; FACTS until somebody set others."""
        ...

    async def put(self, hours: Worktime) -> None: ...
