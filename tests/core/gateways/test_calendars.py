"""Calendar files: read back by the library, they are at the clinic's time whatever the clocks do, and tell no secrets."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from core.domain.booking import SlipState
from core.domain.notification import WallTime
from core.domain.reminder import instant
from core.gateways.calendars import Icalendar
from core.services.booking.slip_sheet import Slip
from tests.core.gateways.slips import BOOKING, MADE, SLIP, STARTS, WRITER, at, ended

NOW = MADE + timedelta(hours=1)


def read(slip: Slip, language: str = "ru") -> tuple[Calendar, Event, str]:
    content = Icalendar().ics(WRITER.event(slip, language, NOW))
    (calendar,) = Calendar.from_ical(content, multiple=True)
    (event,) = calendar.walk("VEVENT")
    return calendar, event, content.decode()


def test_an_appointment_is_read_back_as_it_is() -> None:
    calendar, event, text = read(SLIP)
    assert calendar["METHOD"] == "PUBLISH"
    assert event["DTSTART"].dt == STARTS
    assert event["DTSTART"].params["TZID"] == "Asia/Yekaterinburg"
    assert event["DTSTART"].dt.replace(tzinfo=None) == datetime(2026, 12, 1, 9, 40)
    assert event["DURATION"].dt == timedelta(minutes=15)
    assert event["SUMMARY"] == "Приём у врача: Поликлиника № 3"
    assert event["LOCATION"] == "Поликлиника № 3, Екатеринбург, ул. Мира, 5"
    assert (event["GEO"].latitude, event["GEO"].longitude) == (56.8389, 60.6057)
    assert event["DESCRIPTION"] == "Кабинет 214. Талон № K7QX-3M2A."
    assert (event["STATUS"], event["CLASS"]) == ("CONFIRMED", "PRIVATE")
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Yekaterinburg"]
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_neither_the_doctor_nor_the_speciality_nor_the_person_is_in_it() -> None:
    _, _, text = read(SLIP)
    unfolded = text.replace("\r\n ", "")
    for secret in ("Иванцова", "кровь", "blood", "Ильина", "натощак", BOOKING.token):
        assert secret not in unfolded


def test_alarms_ring_as_the_reminders_were_chosen() -> None:
    _, event, _ = read(SLIP)
    assert [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")] == [-timedelta(days=1), -timedelta(hours=2)]
    _, silent, _ = read(replace(SLIP, booking=replace(BOOKING, reminders=())))
    assert silent.walk("VALARM") == []


def test_a_later_word_takes_the_place_of_an_earlier_one() -> None:
    _, first, _ = read(SLIP)
    _, second, _ = read(replace(SLIP, booking=replace(BOOKING, version=3)))
    assert first["UID"] == second["UID"]
    assert second["SEQUENCE"] > first["SEQUENCE"]


@pytest.mark.parametrize("state", [SlipState.CANCELLED, SlipState.CALLED_OFF, SlipState.MOVED])
def test_an_ended_appointment_is_cancelled_in_the_calendar_and_rings_no_more(state: SlipState) -> None:
    _, standing, _ = read(SLIP)
    _, event, _ = read(ended(state))
    assert (event["STATUS"], event["UID"]) == ("CANCELLED", standing["UID"])
    assert event.walk("VALARM") == []


@pytest.mark.parametrize(
    ("wall", "starts_at"),
    [
        (datetime(2026, 10, 25, 1, 30), datetime(2026, 10, 24, 23, 30, tzinfo=UTC)),  # before the clock is put back
        (datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # shown twice: the first
        (datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),  # shown twice: the second
        (datetime(2026, 10, 25, 3, 30), datetime(2026, 10, 25, 2, 30, tzinfo=UTC)),
        (datetime(2026, 3, 29, 3, 15), datetime(2026, 3, 29, 1, 15, tzinfo=UTC)),  # after it is put forward
    ],
)
def test_on_the_night_of_a_clock_change_it_is_at_the_right_moment(wall: datetime, starts_at: datetime) -> None:
    _, event, _ = read(at(wall, "Europe/Berlin", starts_at))
    assert event["DTSTART"].dt.astimezone(UTC) == starts_at
    assert event["DURATION"].dt == timedelta(minutes=15)


def test_a_time_that_the_clock_passes_over_is_the_first_moment_after_it() -> None:
    # The law changed after the booking: the wall never shows 2:30 that night.
    _, event, _ = read(at(datetime(2026, 3, 29, 2, 30), "Europe/Berlin", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)))
    assert event["DTSTART"].dt.replace(tzinfo=None) == datetime(2026, 3, 29, 3, 0)


def test_what_people_were_told_holds_whatever_the_law_of_the_zone_becomes() -> None:
    # Made when Yekaterinburg was at UTC+6; the wall still shows 9:40.
    _, event, _ = read(at(datetime(2026, 12, 1, 9, 40), "Asia/Yekaterinburg", STARTS - timedelta(hours=1)))
    assert event["DTSTART"].dt.replace(tzinfo=None) == datetime(2026, 12, 1, 9, 40)


RUSSIAN = sorted(each for each in available_timezones() if each.startswith(("Asia/", "Europe/")))[::9]


@given(
    wall=st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 12, 31)),
    zone=st.sampled_from(["Europe/Moscow", "Asia/Kamchatka", "Europe/Kaliningrad", *RUSSIAN]),
)
def test_any_time_of_any_zone_is_read_back_as_the_wall_shows_it(wall: datetime, zone: str) -> None:
    wall = wall.replace(second=0, microsecond=0)
    starts_at = instant(WallTime(wall, zone))
    _, event, _ = read(at(wall, zone, starts_at))
    assert event["DTSTART"].dt.astimezone(UTC) == starts_at
    assert event["DTSTART"].dt.astimezone(ZoneInfo(zone)).replace(tzinfo=None) in {
        wall,
        starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None),
    }


def test_long_and_odd_names_are_folded_and_escaped() -> None:
    odd = "Клиника; «А, Б»\\\nBEGIN:VEVENT" + "Щ" * 300
    facility = replace(SLIP.choice.facility, name=odd)
    calendar, event, text = read(replace(SLIP, choice=replace(SLIP.choice, facility=facility)))
    assert len(calendar.walk("VEVENT")) == 1
    assert event["SUMMARY"] == f"Приём у врача: {odd}"
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
