"""Which slots follow from weekly hours, days that differ and Russian holidays."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import uuid5
from zoneinfo import ZoneInfo

from core.domain.ids import SlotId
from core.domain.notification import WallTime
from core.domain.reminder import instant
from core.domain.schedule.facility import Doctor, Facility
from core.domain.schedule.hours import Exceptional, Hours
from core.domain.schedule.resting import worked_as
from core.domain.schedule.slot import Slot
from core.domain.speciality import SPECIALITIES


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which somebody receives, by the clock on the wall; `minutes` is the length of one appointment."""

    start: time
    end: time
    minutes: int


def slots_of(
    facility: Facility,
    doctor: Doctor,
    hours: Sequence[Hours],
    exceptions: Sequence[Exceptional],
    first: date,
    last: date,
    now: datetime,
) -> list[Slot]:
    """Return the doctor's slots of the days, both included, in their order.

    A slot's id follows from its doctor and its time on the wall: made again, also under a new law of the zone, it is the
    same slot. `exceptions` are those of the facility and of its doctors.
    """
    if doctor.gone or facility.closed:
        return []
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [
        Slot(
            SlotId(uuid5(doctor.id, wall.isoformat())),
            doctor.id,
            facility.id,
            doctor.speciality,
            facility.region,
            day,
            starts_at,
            ends_at,
            now,
        )
        for day in days
        for wall, starts_at, ends_at in times_of(day, spans_of(doctor, hours, exceptions, day), facility.zone)
    ]


def spans_of(doctor: Doctor, hours: Sequence[Hours], exceptions: Sequence[Exceptional], day: date) -> list[Span]:
    """Return when the doctor receives on a day, in order: by the doctor's own exceptions, else by the week and the facility's."""
    own = [each for each in exceptions if each.day == day and each.doctor == doctor.id]
    if own:
        usual = SPECIALITIES[doctor.speciality].minutes
        spans = [Span(each.start, each.end, each.minutes or usual) for each in own if each.start and each.end]
        if not spans:
            weekday = next((each.as_weekday for each in own if each.as_weekday is not None), None)
            spans = _weekly(hours, day, weekday)
        return sorted(spans, key=lambda span: span.start)
    whole = [each for each in exceptions if each.day == day and each.doctor is None]
    if any(each.start is None and each.as_weekday is None for each in whole):
        return []
    weekday = next((each.as_weekday for each in whole if each.as_weekday is not None), worked_as(day))
    spans = _weekly(hours, day, weekday)
    open_ = [(each.start, each.end) for each in whole if each.start and each.end]
    if open_:
        cut = (Span(max(span.start, start), min(span.end, end), span.minutes) for span in spans for start, end in open_)
        spans = [span for span in cut if span.start < span.end]
    return sorted(spans, key=lambda span: span.start)


def _weekly(hours: Sequence[Hours], day: date, weekday: int | None) -> list[Span]:
    return [
        Span(each.start, each.end, each.minutes)
        for each in hours
        if each.weekday == weekday and each.since <= day and (each.until is None or day <= each.until)
    ]


def times_of(day: date, spans: Sequence[Span], zone: str) -> Iterator[tuple[datetime, datetime, datetime]]:
    """Yield what the wall shows at the start, the start and the end of each appointment of a day, in order.

    Where the clock is put forward, no slot has a time that it passes over; where it is put back, the times that it shows
    twice are given once, when it shows them first. Each has its full length, none overlaps another, each ends with its hours.
    """
    clock, free_from = ZoneInfo(zone), None
    for span in spans:
        until, length = instant(WallTime(datetime.combine(day, span.end), zone)), timedelta(minutes=span.minutes)
        wall, end = datetime.combine(day, span.start), datetime.combine(day, span.end)
        while wall + length <= end:
            starts_at = instant(WallTime(wall, zone))
            ends_at = starts_at + length
            shown = starts_at.astimezone(clock).replace(tzinfo=None) == wall
            if shown and ends_at <= until and (free_from is None or free_from <= starts_at):
                yield wall, starts_at, ends_at
                free_from = ends_at
            wall += length
