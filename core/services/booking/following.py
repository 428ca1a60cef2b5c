"""The worker and clinics' own servers: what is still unanswered, what they have to hear, and what changed there."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar
from uuid import uuid5
from zoneinfo import ZoneInfo

from core.domain.booking import Booking, Bookings, BookingState
from core.domain.card import Cards
from core.domain.ids import FacilityId, SlotId
from core.domain.schedule import AHEAD_DAYS, Facilities, Facility, Slot, Slots, Source
from core.ports import Clock, Schedules, Standing, There, Transaction, Unavailable
from core.services.booking.asking import Asking
from core.services.booking.booker import Booker
from core.services.booking.calling_off import CallOff
from core.services.booking.offering import ITSELF
from core.services.booking.sight import Sight
from core.services.booking.telling import ClinicTelling

Found = TypeVar("Found")
TURN_SECONDS = 120.0
"""So long is one server listened to in a round: whatever it still has to say, others have waited for their turn."""
AGAIN = timedelta(seconds=30)
"""So long a question may still be under way with whoever asked it first."""
BATCH = 50


@dataclass(frozen=True, slots=True)
class AskClinics:
    """Finds out what became of bookings that clinics' servers have not answered, and tells them what they have not heard.

    A server that is away is asked once a round, so that it holds up nobody else's. Returns how many were settled.
    """

    transaction: Transaction
    bookings: Bookings
    cards: Cards
    sight: Sight
    booker: Booker
    asking: Asking
    telling: ClinicTelling
    clock: Clock

    async def __call__(self, limit: int = BATCH) -> int:
        before = self.clock.now() - AGAIN
        async with self.transaction.looking():
            asked = await self.bookings.asked(before, limit)
            untold = await self.bookings.untold(before, limit)
        away: set[FacilityId] = set()
        settled = 0
        for booking in asked:
            settled += await self._settled(booking, away)
        for booking in untold:
            if booking.slot.facility in away:
                await self._put_off(booking)
            elif await self.telling(booking):
                settled += 1
            else:
                away.add(booking.slot.facility)
        return settled

    async def _put_off(self, booking: Booking) -> None:
        """The turn passes on: others wait for other servers."""
        async with self.transaction:
            await self.bookings.save(replace(booking, asked_at=self.clock.now()))

    async def _settled(self, booking: Booking, away: set[FacilityId]) -> bool:
        async with self.transaction.looking():
            facility = (await self.sight.choice(booking.slot)).facility
        booked = None
        if facility.id not in away:
            try:
                booked = await self.asking.again(booking, facility)
            except Unavailable:
                away.add(facility.id)
        if booked is None:
            await self._put_off(booking)
            return False
        async with self.transaction:
            await self.cards.hold(booking.account)
            answered = await self.booker.answered(ITSELF, booking.id, booked, away=True)
        if answered.state is BookingState.BOOKED and answered.moves is not None:
            await self.telling.of_ended(answered.moves)
        return True


@dataclass(frozen=True, slots=True)
class FollowClinics:
    """Refreshes what clinics' own servers have: doctors, free slots, and what became there of appointments made here.

    One that was cancelled there is called off here, one that was moved there is moved here: its person is told at once. A
    server that is away changes nothing: what is known of it grows older, and is shown so. Returns how many were there.
    """

    transaction: Transaction
    facilities: Facilities
    slots: Slots
    bookings: Bookings
    schedules: Schedules
    call_off: CallOff
    clock: Clock

    async def __call__(self) -> int:
        async with self.transaction.looking():
            every = [each for each in await self.facilities.all() if each.source is Source.FHIR]
        there, faults = 0, list[Exception]()
        for facility in every:
            over = asyncio.get_running_loop().time() + TURN_SECONDS
            try:
                # First what people were promised: a slot that is known by another time by then is no news to them.
                await self._follow(facility, over)
                await self._refresh(facility, over)
            except Unavailable:
                continue
            except Exception as fault:
                # What one server brings about is told when all the others had their turn.
                faults.append(fault)
                continue
            there += 1
        if faults:
            raise ExceptionGroup("clinics' servers that could not be followed", faults)
        return there

    async def _refresh(self, facility: Facility, over: float) -> None:
        first = self.clock.now().astimezone(ZoneInfo(facility.zone)).date()
        last = first + timedelta(days=AHEAD_DAYS)
        doctors = await until(over, self.schedules.doctors(facility))
        free = await until(over, self.schedules.slots(facility, doctors, first, last))
        async with self.transaction:
            here = {each.id: each for each in await self.facilities.doctors(facility.id)}
            for doctor in doctors:
                if here.pop(doctor.id, None) != doctor:
                    await self.facilities.put_doctor(doctor)
            for gone in here.values():
                await self.facilities.put_doctor(replace(gone, gone=True))
                await self.slots.put([], gone.id, first, last)
        for doctor in doctors:
            async with self.transaction:
                # What our own appointments have is not free there either: that it is closed calls nothing off.
                await self.slots.put(free.get(doctor.remote, ()), doctor.id, first, last)

    async def _follow(self, facility: Facility, over: float) -> None:
        """Ask about appointments, the soonest first, for half a turn at most: a slow server's free times are wanted too."""
        now, half = self.clock.now(), over - TURN_SECONDS / 2
        async with self.transaction.looking():
            ahead = await self.bookings.at(facility.id, now, now + timedelta(days=AHEAD_DAYS + 1))
        for booking in ahead:
            if booking.state is not BookingState.BOOKED or booking.untold:
                continue
            if asyncio.get_running_loop().time() > half:
                break
            there = await until(over, self.schedules.find(facility, booking))
            if there.standing is not Standing.BOOKED:
                async with self.transaction:
                    await self.call_off(ITSELF, [booking], there.why)
            elif there.starts_at is not None and there.starts_at != booking.slot.starts_at:
                await self._shift(facility, booking, there)

    async def _shift(self, facility: Facility, booking: Booking, there: There) -> None:
        """Its server gave the appointment another time: a slot of its own, which nobody else is shown."""
        slot = moved_to(booking, there, facility)
        async with self.transaction:
            await self.slots.note(slot)
            await self.call_off.shift(ITSELF, booking.id, slot)


async def until(over: float, asked: Awaitable[Found]) -> Found:
    """Wait for a server until its turn is over. Raises Unavailable."""
    try:
        async with asyncio.timeout_at(over):
            return await asked
    except TimeoutError as slow:
        raise Unavailable("clinic.schedule") from slow


def moved_to(booking: Booking, there: There, facility: Facility) -> Slot:
    """Return the slot that an appointment has since its server moved it; the same one however often it is asked.

    It is this appointment's alone: a server may give one time to several, and no slot has two.
    """
    starts_at = there.starts_at or booking.slot.starts_at
    return replace(
        booking.slot,
        id=SlotId(uuid5(booking.id, starts_at.isoformat())),
        day=starts_at.astimezone(ZoneInfo(facility.zone)).date(),
        starts_at=starts_at,
        ends_at=starts_at + (booking.slot.ends_at - booking.slot.starts_at),
        remote="",
        version="",
    )
