"""When doctors receive: weekly hours, and days that differ. A time is what the clock on the facility's wall shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Protocol
from uuid import UUID

from core.domain.ids import DoctorId, FacilityId

SHORTEST, LONGEST = 5, 120
"""Minutes of one appointment."""
WEEKDAYS = range(7)
AHEAD_DAYS = 30
"""So far ahead slots are made."""


class InvalidHours(Exception):
    """The end is not after the start, the length is not 5 to 120 minutes or does not fit, or hours of one day overlap."""

    message_key = "schedule.hours_wrong"


class InvalidWhy(Exception):
    """Why a day differs is said in 200 characters at most."""

    message_key = "schedule.why_wrong"


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekly hours of a doctor: `weekday` 0 is Monday; `minutes` the length of one appointment; both days included."""

    id: UUID
    doctor: DoctorId
    weekday: int
    start: time
    end: time
    minutes: int
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Exceptional:
    """A day that differs from the week: of a doctor, or of a whole facility (`doctor` None).

    With `as_weekday` the weekly hours of that weekday hold, on a holiday too (a moved working day). With `start` and `end`
    a doctor receives then, `minutes` each (None: as usual for the speciality), and a facility is open then alone, which
    cuts the weekly hours. With neither nobody receives. A doctor's own day goes before the facility's.
    """

    id: UUID
    facility: FacilityId
    day: date
    doctor: DoctorId | None = None
    start: time | None = None
    end: time | None = None
    minutes: int | None = None
    as_weekday: int | None = None
    why: str = ""


def check_hours(hours: Hours, others: Sequence[Hours]) -> None:
    """Raise InvalidHours for hours that cannot be, by themselves or beside the doctor's others."""
    _check_span(hours.start, hours.end, hours.minutes)
    if hours.weekday not in WEEKDAYS or (hours.until is not None and hours.until < hours.since):
        raise InvalidHours
    for other in others:
        at_once = hours.since <= (other.until or date.max) and other.since <= (hours.until or date.max)
        same = other.id != hours.id and other.weekday == hours.weekday and at_once
        if same and hours.start < other.end and other.start < hours.end:
            raise InvalidHours


def check_exceptional(exceptional: Exceptional, others: Sequence[Exceptional]) -> None:
    """Raise InvalidHours for a day that cannot be so, by itself or beside the doctor's others of the day."""
    day, start, end = exceptional, exceptional.start, exceptional.end
    if (start is None) != (end is None) or (
        day.as_weekday is not None and (start is not None or day.as_weekday not in WEEKDAYS)
    ):
        raise InvalidHours
    if start is None or end is None:
        return
    _check_span(start, end, SHORTEST if day.minutes is None else day.minutes)
    for other in others:
        same = (
            other.id != day.id
            and other.day == day.day
            and other.facility == day.facility
            and other.doctor == day.doctor
        )
        if same and other.start is not None and other.end is not None and start < other.end and other.start < end:
            raise InvalidHours


def _check_span(start: time, end: time, minutes: int) -> None:
    if start >= end or not SHORTEST <= minutes <= LONGEST:
        raise InvalidHours
    long = (end.hour - start.hour) * 60 + end.minute - start.minute
    if minutes > long or start.second or end.second or start.microsecond or end.microsecond:
        raise InvalidHours


class Timetables(Protocol):
    """The hours and the days that differ."""

    async def lock(self, facility: FacilityId) -> None:
        """Let nobody else change these, or the slots that follow from them, until the open transaction ends."""
        ...

    async def hours_of(self, doctor: DoctorId) -> Sequence[Hours]: ...

    async def put_hours(self, hours: Hours) -> None: ...

    async def drop_hours(self, doctor: DoctorId, hours: UUID) -> None: ...

    async def exceptions_of(self, facility: FacilityId, first: date, last: date) -> Sequence[Exceptional]:
        """Those of the facility and of its doctors, both days included."""
        ...

    async def put_exception(self, exceptional: Exceptional) -> None: ...

    async def drop_exception(self, facility: FacilityId, exceptional: UUID) -> None: ...
