"""Bookings in the database: one living one a slot, nothing personal in clear, and no change that meets another."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from core.domain.access import Section
from core.domain.actor import Citizen
from core.domain.booking import HOLD, BookingState, NoBooking, Referral, Wait, WaitState
from core.domain.ids import AccountId, ChatId, WaitId, new_id
from core.domain.schedule import Wanted
from core.storage.booking import SqlBookings, SqlWaits
from core.storage.schedule import SqlFacilities, SqlSlots
from tests.core.storage.house import House, Request
from tests.core.storage.receiving import DAY, EIGHT, NOW, a_doctor, a_facility, a_hold, a_slot

FIRST, SECOND = a_slot(1), a_slot(2)


class Room:
    """The twins of one request."""

    def __init__(self, here: Request) -> None:
        self.transaction = here.transaction
        self.bookings = SqlBookings(here.transaction, here.seals)
        self.waits = SqlWaits(here.transaction)
        self.slots = SqlSlots(here.transaction)


@pytest.fixture
async def citizen(house: House) -> Citizen:
    here = house.request()
    async with here.transaction:
        facilities = SqlFacilities(here.transaction)
        await facilities.put(a_facility(1))
        await facilities.put_doctor(a_doctor(1))
        await SqlSlots(here.transaction).put([FIRST, SECOND], a_doctor(1).id, DAY, DAY)
    return await house.newcomer()


async def test_everything_comes_back_as_it_was_stored(house: House, citizen: Citizen) -> None:
    stored = a_hold(
        citizen, shares=frozenset({Section.VISITS}), referral=Referral("57-12", "Поликлиника", found=True),
        number="ABCD-2345", token="a long secret", reason="не приду", coming=True, late=10, reminders=(timedelta(hours=2),),
        remote="Appointment/7", untold=True, asked_at=NOW,
    )  # fmt: skip
    room = Room(house.request())
    async with room.transaction:
        assert await room.bookings.hold(stored, NOW)
    async with room.transaction:
        assert await room.bookings.one(citizen, stored.id) == stored
        assert await room.bookings.by_token("a long secret") == stored
        assert await room.bookings.of_slot(FIRST.id) == stored
        for elsewhere in (Citizen(citizen.account, ChatId(4)), Citizen(AccountId(stored.id), citizen.chat)):
            with pytest.raises(NoBooking):
                await room.bookings.one(elsewhere, stored.id)
        with pytest.raises(NoBooking):
            await room.bookings.by_token("another")


async def test_nothing_personal_lies_in_clear(house: House, citizen: Citizen) -> None:
    room = Room(house.request())
    secrets = ("направление-57", "болит-горло", "tajny-token")
    held = a_hold(
        citizen, referral=Referral(secrets[0]), reason=secrets[1], token=secrets[2], shares=frozenset({Section.RESULTS})
    )
    async with room.transaction:
        await room.bookings.hold(held, NOW)
    async with room.transaction:
        row = (await room.transaction.session.execute(text("SELECT * FROM bookings"))).one()
    for value in row:
        kept = value if isinstance(value, bytes) else str(value).encode()
        assert not any(secret.encode() in kept for secret in (*secrets, "results"))


async def test_a_slot_is_given_once_and_again_after_it_was_let_go(house: House, citizen: Citizen) -> None:
    room, other = Room(house.request()), await house.newcomer()
    first = a_hold(citizen)
    async with room.transaction:
        assert await room.bookings.hold(first, NOW)
        assert not await room.bookings.hold(a_hold(other), NOW)
        assert await room.bookings.lapsed(NOW + HOLD - timedelta(seconds=1), 5) == []
        [lapsed] = await room.bookings.lapsed(NOW + HOLD, 5)
        assert await room.bookings.move(lapsed, BookingState.LET_GO)
        assert await room.bookings.hold(a_hold(other), NOW)


async def test_closed_slots_and_those_that_have_begun_are_given_to_nobody(house: House, citizen: Citizen) -> None:
    room = Room(house.request())
    async with room.transaction:
        assert not await room.bookings.hold(a_hold(citizen), FIRST.starts_at)
        await room.slots.close(FIRST.id)
        assert not await room.bookings.hold(a_hold(citizen), NOW)
        await room.slots.note(replace(SECOND, id=FIRST.id))
        assert (await room.slots.one(FIRST.id)).starts_at == FIRST.starts_at


async def test_of_two_changes_of_what_both_had_read_one_is_kept(house: House, citizen: Citizen) -> None:
    room = Room(house.request())
    async with room.transaction:
        await room.bookings.hold(a_hold(citizen), NOW)
        read = await room.bookings.of_slot(FIRST.id)
        assert read is not None
        changed = await room.bookings.save(replace(read, late=5))
        assert changed is not None
        assert await room.bookings.save(replace(read, late=10)) is None
        assert await room.bookings.move(read, BookingState.BOOKED) is None
        assert await room.bookings.move(changed, BookingState.CANCELLED) is None, "a hold is not cancelled"
        assert await room.bookings.move(changed, BookingState.BOOKED) is not None
        assert (await room.bookings.one(citizen, read.id)).late == 5


async def test_old_holds_are_forgotten_and_nothing_else(house: House, citizen: Citizen) -> None:
    room = Room(house.request())
    async with room.transaction:
        held, stands = a_hold(citizen), a_hold(citizen, SECOND)
        await room.bookings.hold(held, NOW)
        await room.bookings.hold(stands, NOW)
        await room.bookings.move(held, BookingState.LET_GO)
        await room.bookings.move(stands, BookingState.BOOKED)
        assert await room.bookings.forget_before(NOW, 10) == 0
        assert await room.bookings.forget_before(NOW + timedelta(seconds=1), 10) == 1
        assert await room.bookings.coming(citizen.account, NOW) != []


async def test_whose_turn_it_is_in_the_waiting_list(house: House, citizen: Citizen) -> None:
    room, other = Room(house.request()), await house.newcomer()
    async with room.transaction:
        waits = []
        for number, who in enumerate((citizen, other)):
            booking = a_hold(who, SECOND if number else FIRST)
            await room.bookings.hold(booking, NOW)
            since = NOW - timedelta(minutes=10 * number)
            wait = Wait(
                WaitId(new_id(NOW)),
                who.account,
                Wanted("therapist"),
                since,
                EIGHT + timedelta(days=1),
                booking=booking.id,
            )
            assert await room.waits.join(wait)
            assert not await room.waits.join(replace(wait, id=WaitId(new_id(NOW))))
            waits.append(wait)
        assert (await room.waits.next_for(FIRST, NOW)) == waits[1]
        assert (await room.waits.next_for(FIRST, NOW, passing={waits[1].id})) == waits[0]
        assert await room.waits.next_for(replace(FIRST, speciality="dentist"), NOW) is None
        offered = replace(waits[1], offered=FIRST.id, offered_until=NOW + HOLD)
        assert await room.waits.move(offered, WaitState.OFFERED)
        assert not await room.waits.move(offered, WaitState.OFFERED)
        assert (await room.waits.next_for(FIRST, NOW)) == waits[0]
        assert [each.state for each in await room.waits.of(other)] == [WaitState.OFFERED]
        await room.waits.leave(waits[0].booking)  # type: ignore[arg-type]
        assert await room.waits.next_for(FIRST, NOW) is None
