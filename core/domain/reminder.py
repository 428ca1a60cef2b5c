"""Reminders: told at a time of a place's clock, whatever its zone's law becomes meanwhile; a few at most, then silence."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from core.domain.notification import WallTime

LEFT_FOR = timedelta(days=3)
"""An application that was left for so many days is reminded of."""
AT = time(12)
"""By the clock of where the person lives."""
MOST = 2
"""How many reminders one application gets in all."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """What is set for a subject: when, by whose clock, and which one in a row it is, from 1."""

    subject: UUID
    wall: WallTime
    number: int = 1

    def told(self, now: datetime) -> bool:
        """Whether its time has come."""
        return instant(self.wall) <= now


class Reminders(Protocol):
    """What was set last for each subject. The message itself waits in the outbox."""

    async def of(self, subject: UUID) -> Reminder | None: ...

    async def put(self, reminder: Reminder) -> None:
        """Store it in place of what was set before."""
        ...


def after(span: timedelta, now: datetime, zone: str, at: time = AT) -> WallTime:
    """Return that many whole days after today, counted by the calendar of the zone, at a time of its clock."""
    day = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=span.days)
    return WallTime(datetime.combine(day, at), zone)


def instant(wall: WallTime) -> datetime:
    """Return the moment, in UTC, at which a clock on the wall shows this by the law of its zone as it is known today.

    A time that the clock passes over (it is put forward) is the first moment after the gap; of one that it shows twice
    (it is put back), the first. Raises zoneinfo.ZoneInfoNotFoundError.
    """
    zone = ZoneInfo(wall.zone)
    early, late = (wall.at.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (1, 0))
    if early >= late:
        return late
    while late - early > timedelta(microseconds=1):
        middle = early + (late - early) / 2
        if middle.astimezone(zone).replace(tzinfo=None) < wall.at:
            early = middle
        else:
            late = middle
    # Clocks are moved on a whole second.
    return late.replace(microsecond=0)
