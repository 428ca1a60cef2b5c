"""Clocks on walls: put forward, put back, and changed by law."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as some

from core.domain.notification import WallTime
from core.domain.region import REGIONS
from core.domain.reminder import Reminder, after, instant
from tests.zones import enact

PUT_FORWARD = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut", "Africa/Casablanca")
ZONES = sorted({region.zone for region in REGIONS.values()} | set(PUT_FORWARD) | {"Pacific/Apia"})


def utc(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)


def at(zone: str, *when: int) -> datetime:
    return instant(WallTime(datetime(*when), zone))


def test_noon_is_noon_by_the_clock_of_the_place():
    assert at("Asia/Yekaterinburg", 2026, 11, 26, 12) == utc(2026, 11, 26, 7)
    assert at("Asia/Kamchatka", 2026, 11, 26, 12) == utc(2026, 11, 26, 0)


def test_a_time_that_the_clock_passes_over_is_the_moment_after_the_gap():
    assert at("Europe/Berlin", 2026, 3, 29, 2, 30) == utc(2026, 3, 29, 1)
    assert at("Europe/Berlin", 2026, 3, 29, 2) == utc(2026, 3, 29, 1)
    assert at("Europe/Berlin", 2026, 3, 29, 3) == utc(2026, 3, 29, 1)
    assert at("Pacific/Apia", 2011, 12, 30, 12) == utc(2011, 12, 30, 10)


def test_a_time_that_the_clock_shows_twice_is_the_first():
    assert at("Europe/Berlin", 2026, 10, 25, 2, 30) == utc(2026, 10, 25, 0, 30)


@given(
    some.sampled_from(ZONES),
    some.datetimes(datetime(1990, 1, 1), datetime(2037, 12, 31)).map(lambda each: each.replace(microsecond=0)),
)
@example("Europe/Berlin", datetime(2026, 3, 29, 2, 30))
@example("Europe/Moscow", datetime(2014, 10, 26, 1, 30))
@example("Pacific/Apia", datetime(2011, 12, 30, 12))
def test_the_clock_shows_the_time_or_has_just_passed_over_it(zone, wall):
    moment = instant(WallTime(wall, zone))
    shown = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    a_second_before = (moment - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert shown == wall or a_second_before < wall < shown
    assert not any(
        earlier.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall
        for earlier in (moment - timedelta(minutes=30), moment - timedelta(hours=1))
    )


@given(some.sampled_from(ZONES), some.datetimes(datetime(1990, 1, 1), datetime(2037, 12, 31)), some.integers(1, 60))
def test_the_third_day_at_noon_is_three_days_on_by_the_calendar_of_the_place(zone, naive, days):
    now = naive.replace(tzinfo=UTC)
    wall = after(timedelta(days=days), now, zone)
    assert wall.at.time() == time(12)
    assert (wall.at.date() - now.astimezone(ZoneInfo(zone)).date()).days == days


def test_a_change_of_law_moves_the_moment_and_not_the_time_on_the_wall(laws):
    enact(laws, "Europe/Volgograd", "Europe/Moscow")
    reminder = Reminder(UUID(int=1), WallTime(datetime(2026, 12, 1, 12), "Europe/Volgograd"))
    assert instant(reminder.wall) == utc(2026, 12, 1, 9)
    assert not reminder.told(utc(2026, 12, 1, 8, 30))
    enact(laws, "Europe/Volgograd", "Europe/Samara")
    assert instant(reminder.wall) == utc(2026, 12, 1, 8)
    assert reminder.told(utc(2026, 12, 1, 8, 30))
