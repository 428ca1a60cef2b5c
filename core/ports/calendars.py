"""Calendar files: what a phone takes into its calendar."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from core.domain.notification import WallTime
from core.domain.schedule import Point


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One event. `uid` names it for as long as it lives, `sequence` tells a later word of it from an earlier one.

    `wall` is what the clock of its place shows, `starts_at` the same as a moment; `alarms` so long before it.
    """

    uid: str
    sequence: int
    title: str
    wall: WallTime
    starts_at: datetime
    length: timedelta
    stamped_at: datetime
    place: str = ""
    point: Point | None = None
    note: str = field(default="", repr=False)
    alarms: Sequence[timedelta] = ()
    cancelled: bool = False


class Calendars(Protocol):
    """iCalendar (RFC 5545)."""

    def ics(self, event: CalendarEvent) -> bytes:
        """Return the file; the same event gives the same bytes."""
        ...
