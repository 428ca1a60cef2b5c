"""Slots: which are free, on which days, whose is the soonest, which are nearest, and what a new timetable changes."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest

from core.domain.booking import HOLD, Booking, BookingState
from core.domain.ids import AccountId, BookingId, SlotId
from core.domain.notification import WallTime
from core.domain.schedule import Slot, SlotTaken, Wanted
from core.storage.booking import SqlBookings
from core.storage.schedule import SqlFacilities, SqlSlots
from tests.core.storage.house import House, Request
from tests.core.storage.receiving import DAY, EIGHT, a_doctor, a_facility, a_slot

NOW = EIGHT - timedelta(hours=1)
THERAPIST = Wanted("therapist")
FIRST, SECOND, DENTIST, FAR = (
    a_doctor(1),
    a_doctor(2),
    a_doctor(3, speciality="dentist"),
    a_doctor(4, facility=a_facility(2).id),
)
FAR_SLOT = a_slot(31, FAR, region="77", starts_at=EIGHT + timedelta(minutes=5))


class Room:
    """The schedule's twins of one request, in an open transaction."""

    def __init__(self, here: Request, account: AccountId) -> None:
        self.account = account
        self.slots = SqlSlots(here.transaction)
        self.bookings = SqlBookings(here.transaction, here.seals)

    async def put(self, *slots: Slot, days: int = 30) -> list[SlotId]:
        doctor = slots[0].doctor
        return list(await self.slots.put(slots, doctor, DAY, DAY + timedelta(days=days)))

    async def free(self, wanted: Wanted = THERAPIST, now: datetime = NOW, **more: object) -> list[int]:
        """The numbers of the slots that are free."""
        return [each.id.int - 300 for each in await self.slots.free(wanted, now, **more)]  # type: ignore[arg-type]

    async def hold(self, slot: Slot, now: datetime = NOW) -> Booking:
        """Take a slot for five minutes."""
        held = Booking(
            BookingId(UUID(int=slot.id.int + 1000)),
            self.account,
            self.account,
            slot,
            BookingState.HELD,
            now,
            WallTime(datetime(2026, 12, 1, 8), "Europe/Moscow"),
            held_until=now + HOLD,
        )
        assert await self.bookings.hold(held, now)
        return held

    async def move(self, booking: Booking, *to: BookingState) -> None:
        """Take a booking through these states."""
        for each in to:
            moved = await self.bookings.move(booking, each)
            assert moved
            booking = moved


@pytest.fixture
async def room(house: House) -> AsyncIterator[Room]:
    account, here = (await house.newcomer()).account, house.request()
    async with here.transaction:
        facilities = SqlFacilities(here.transaction)
        await facilities.put(a_facility(1))
        await facilities.put(a_facility(2, region="77"))
        for doctor in (FIRST, SECOND, DENTIST, FAR):
            await facilities.put_doctor(doctor)
        yield Room(here, account)


async def test_free_ones_come_soonest_first_as_they_are_narrowed(room: Room) -> None:
    await room.put(a_slot(2), a_slot(1), a_slot(97))
    await room.put(a_slot(11, SECOND))
    await room.put(a_slot(21, DENTIST))
    await room.put(FAR_SLOT)
    assert await room.free() == [1, 31, 2, 11, 97]
    assert await room.free(Wanted("therapist", region="69")) == [1, 2, 11, 97]
    assert await room.free(Wanted("therapist", facility=a_facility(2).id)) == [31]
    assert await room.free(Wanted("therapist", "69", doctor=SECOND.id)) == [11]
    assert await room.free(Wanted("dentist", "69")) == [21]
    assert await room.free(day=DAY + timedelta(days=1)) == [97]
    assert await room.free(before=a_slot(2).starts_at) == [1, 31]
    assert await room.free(limit=2) == [1, 31]
    assert await room.free(now=a_slot(1).starts_at) == [31, 2, 11, 97]
    assert (await room.slots.free(Wanted("dentist"), NOW))[0] == a_slot(21, DENTIST)
    assert await room.slots.one(a_slot(97).id) == a_slot(97)
    with pytest.raises(SlotTaken):
        await room.slots.one(SlotId(UUID(int=9)))


async def test_a_local_day_is_found_whole_by_the_clocks_that_are_furthest_from_greenwich(room: Room) -> None:
    midnight = datetime.combine(DAY, time.min, UTC)
    first, last = midnight - timedelta(hours=14), midnight + timedelta(hours=35, minutes=55)
    await room.put(replace(a_slot(1), starts_at=first, day=DAY), replace(a_slot(2), starts_at=last, day=DAY))
    assert await room.free(now=first - timedelta(days=1), day=DAY) == [1, 2]


async def test_days_are_counted_and_each_doctor_has_a_soonest(room: Room) -> None:
    await room.put(a_slot(1), a_slot(2), a_slot(97))
    await room.put(a_slot(11, SECOND))
    assert await room.slots.days(Wanted("therapist", "69"), NOW) == {DAY: 3, DAY + timedelta(days=1): 1}
    found = await room.slots.soonest(Wanted("therapist", facility=a_facility(1).id), a_slot(1).starts_at)
    assert list(found.items()) == [(FIRST.id, a_slot(2)), (SECOND.id, a_slot(11, SECOND))]


async def test_the_nearest_are_the_doctors_own_then_the_buildings_then_the_regions(room: Room) -> None:
    own = [a_slot(5), a_slot(10), a_slot(11)]
    await room.put(*own)
    await room.put(replace(a_slot(12, SECOND), starts_at=a_slot(10).starts_at))
    await room.put(replace(FAR_SLOT, region="69"))
    found = await room.slots.nearest(a_slot(10), NOW, 5)
    assert [each.id.int - 300 for each in found] == [11, 5, 12, 31]
    assert [each.id.int - 300 for each in await room.slots.nearest(a_slot(10), NOW)] == [11, 5, 12]
    assert [each.id.int - 300 for each in await room.slots.nearest(a_slot(10), NOW, 1)] == [11]


async def test_a_new_timetable_closes_what_it_does_not_have_and_opens_it_again(room: Room) -> None:
    await room.put(a_slot(1), a_slot(2), a_slot(97))
    assert await room.put(replace(a_slot(1), ends_at=a_slot(2).ends_at), days=0) == []
    assert await room.free() == [1, 97]
    assert (await room.slots.one(a_slot(1).id)).ends_at == a_slot(2).ends_at
    await room.put(a_slot(1), a_slot(2), days=0)
    assert await room.free() == [1, 2, 97]
    await room.slots.close(a_slot(97).id)
    assert await room.free() == [1, 2]
    assert await room.slots.one(a_slot(97).id) == a_slot(97)


async def test_what_a_clinics_server_said_again_is_seen_now_and_ones_own_is_not_written_anew(room: Room) -> None:
    later = NOW + timedelta(minutes=1)
    await room.put(replace(a_slot(1), remote="Slot/1", version="1"))
    await room.put(a_slot(11, SECOND))
    await room.put(replace(a_slot(1), remote="Slot/1", version="1", seen_at=later))
    await room.put(replace(a_slot(11, SECOND), seen_at=later))
    assert (await room.slots.one(a_slot(1).id)).seen_at == later
    assert (await room.slots.one(a_slot(11).id)).seen_at == a_slot(11).seen_at


async def test_a_hold_keeps_others_out_for_its_five_minutes_and_no_longer(room: Room) -> None:
    await room.put(a_slot(1), a_slot(2))
    await room.hold(a_slot(1))
    assert await room.free(now=NOW + HOLD - timedelta(seconds=1)) == [2]
    assert await room.free(now=NOW + HOLD) == [1, 2]


async def test_what_is_asked_for_or_booked_is_free_again_once_it_is_let_go(room: Room) -> None:
    await room.put(a_slot(1), a_slot(2))
    booking = await room.hold(a_slot(1))
    long_after, own = NOW + timedelta(minutes=50), Wanted("therapist", doctor=FIRST.id)
    for state, free in ((BookingState.ASKED, [2]), (BookingState.BOOKED, [2]), (BookingState.CANCELLED, [1, 2])):
        await room.move(booking, state)
        booking = await room.bookings.of_product(booking.id)
        assert await room.free(now=long_after) == free
        assert await room.slots.days(own, long_after) == {DAY: len(free)}
        assert (await room.slots.soonest(own, long_after))[FIRST.id] == a_slot(free[0])
        assert len(await room.slots.nearest(a_slot(9), long_after)) == len(free)


async def test_what_is_closed_under_a_living_booking_is_told_until_somebody_sees_to_it(room: Room) -> None:
    await room.put(a_slot(1), a_slot(2), a_slot(3))
    booking = await room.hold(a_slot(2))
    await room.move(booking, BookingState.BOOKED)
    assert await room.put(a_slot(1)) == [a_slot(2).id]
    assert await room.put(a_slot(1)) == [a_slot(2).id]
    assert await room.bookings.of_slot(a_slot(2).id) is not None
    await room.move(await room.bookings.of_product(booking.id), BookingState.CALLED_OFF)
    assert await room.put(a_slot(1)) == []
    assert await room.free() == [1]


async def test_slots_that_nobody_ever_had_are_forgotten_in_time_and_others_stay(room: Room) -> None:
    await room.put(a_slot(1), a_slot(2), a_slot(3), a_slot(97))
    await room.move(await room.hold(a_slot(2)), BookingState.LET_GO)
    tomorrow = DAY + timedelta(days=1)
    assert [await room.slots.forget_before(tomorrow, 1) for _ in range(3)] == [1, 1, 0]
    assert await room.slots.forget_before(DAY, 10) == 0
    assert await room.free() == [2, 97]
