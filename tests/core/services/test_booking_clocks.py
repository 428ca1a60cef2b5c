"""Reminders on nights when clocks are changed: by the calendar for days, by what passes for hours."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from core.domain.booking import Booking, BookingState
from core.domain.ids import AccountId, BookingId
from core.domain.notification import WallTime
from core.domain.reminder import instant
from core.services.booking.notices import reminders_of
from tests.core.services.polyclinic import a_slot

BERLIN = ZoneInfo("Europe/Berlin")
"""Clocks there go forward at two on 28 March 2027, and back at three on 31 October 2027."""


def reminded(wall: datetime) -> list[timedelta]:
    """How long before the visit, as time passes, the two reminders come."""
    starts = wall.replace(tzinfo=BERLIN).astimezone(ZoneInfo("UTC"))
    slot = a_slot(1, starts_at=starts, ends_at=starts + timedelta(minutes=15))
    who = AccountId(UUID(int=7))
    visit = Booking(
        BookingId(UUID(int=1)),
        who,
        who,
        slot,
        BookingState.BOOKED,
        starts,
        WallTime(wall.replace(fold=0), "Europe/Berlin"),
    )
    return [starts - instant(each) for each in reminders_of(visit)]


@pytest.mark.parametrize(
    ("wall", "before"),
    [
        (datetime(2027, 6, 1, 9), (24, 2)),
        (datetime(2027, 3, 28, 9), (23, 2)),
        (datetime(2027, 3, 28, 3, 30), (23, 2)),
        (datetime(2027, 10, 31, 9), (25, 2)),
        # Two in the night is shown twice: the reminder comes the first time.
        (datetime(2027, 10, 31, 4), (25, 3)),
        (datetime(2027, 10, 31, 2, 30), (24, 2)),
        (datetime(2027, 10, 31, 2, 30, fold=1), (25, 2)),
    ],
)
def test_a_day_is_the_calendars_and_two_hours_are_two_hours(wall: datetime, before: tuple[int, int]) -> None:
    assert reminded(wall) == [timedelta(hours=each) for each in before]
