"""Calendar files by the library `icalendar`: RFC 5545, with the zone of the place inside."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event

from core.domain.reminder import instant
from core.ports import CalendarEvent

MADE_BY = "-//Medkarta//Slip//RU"


class Icalendar:
    """`core.ports.Calendars`."""

    def ics(self, event: CalendarEvent) -> bytes:
        """Return the file; the same event gives the same bytes."""
        calendar = Calendar()
        calendar.add("prodid", MADE_BY)
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        calendar.add_component(_event(event))
        calendar.add_missing_timezones()
        written: bytes = calendar.to_ical()
        return written


def _event(told: CalendarEvent) -> Event:
    event = Event()
    event.add("uid", told.uid)
    event.add("sequence", told.sequence)
    event.add("dtstamp", told.stamped_at.astimezone(UTC))
    event.add("dtstart", _start(told))
    # Not DTEND: a length has no clock that may be moved before it is over.
    event.add("duration", told.length)
    event.add("summary", told.title)
    event.add("status", "CANCELLED" if told.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    if told.place:
        event.add("location", told.place)
    if told.point is not None:
        event.add("geo", (told.point.latitude, told.point.longitude))
    if told.note:
        event.add("description", told.note)
    for before in () if told.cancelled else told.alarms:
        event.add_component(_alarm(told, before))
    return event


def _alarm(told: CalendarEvent, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", told.title)
    alarm.add("trigger", -before)
    return alarm


def _start(told: CalendarEvent) -> datetime:
    """Return the time on the wall with its zone, so that a phone shows it as the clinic's clock does, whatever the law becomes.

    The second of two times that the wall shows alike (a clock is put back) cannot be said so: TZID means the first. It is
    given in UTC. One that the clock passes over is the first moment after it.
    """
    zone = ZoneInfo(told.wall.zone)
    first, second = (told.wall.at.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first < second == told.starts_at:
        return second
    return instant(told.wall).astimezone(zone)
