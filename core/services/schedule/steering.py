"""The desk calls an appointment off, or moves it: its person is told at once. And it looks whether a slip is good."""

from dataclasses import dataclass, replace
from datetime import timedelta

from core.domain.access import Deed, Section, roles
from core.domain.actor import Actor
from core.domain.booking import LONGEST_REASON, Booking, BookingOver, Bookings, BookingState, InvalidReason, NoBooking
from core.domain.card import Cards
from core.domain.ids import BookingId, FacilityId, SlotId, new_id
from core.domain.schedule import Facility, Slot, Slots, SlotTaken
from core.domain.staff import require_role
from core.ports import Clock, Transaction
from core.services.booking import Choice, Reception, Sight
from core.services.booking.calling_off import CallOff
from core.services.schedule.daily import Comer
from core.services.schedule.keeping import Front

INSTANT = timedelta(minutes=1)
"""A slot is held while an appointment moves into it: within one transaction, so that nobody else sees it."""


@dataclass(frozen=True, slots=True)
class Shifting:
    """Puts an appointment into another slot, inside the open transaction of whoever uses it. Rights are theirs."""

    cards: Cards
    bookings: Bookings
    call_off: CallOff
    sight: Sight
    clock: Clock

    async def __call__(self, actor: Actor, booking: Booking, slot: Slot) -> Booking:
        """Take the new slot first, then let the old one go. Raises SlotTaken with the nearest, BookingOver."""
        await self.cards.hold(booking.account)
        await self.call_off.offering.lapse(slot.id)
        now, choice = self.clock.now(), await self.sight.choice(slot)
        identity = BookingId(new_id(now))
        taking = Booking(
            identity,
            booking.account,
            booking.patient,
            slot,
            BookingState.HELD,
            now,
            choice.wall,
            held_until=now + INSTANT,
        )
        # The insertion decides against whoever taps the same time just now; until the commit it keeps them out.
        if choice.doctor.gone or not await self.bookings.hold(taking, now):
            # The desk sees nobody's age here: it is told of the times alone, and moves people within its own clinic.
            raise SlotTaken([each.slot for each in await self.sight.nearest(slot, None)])
        await self.bookings.move(replace(taking, held_until=None), BookingState.LET_GO)
        moved = await self.call_off.shift(actor, booking.id, slot)
        if moved is None:
            raise BookingOver
        return moved


@dataclass(frozen=True, slots=True)
class CallOffBooking:
    """The desk calls an appointment off and says why; its person is told at once and offered the three nearest.

    Raises InvalidReason, BookingOver, NoBooking, NoSuchFacility, NotAllowed, KeptElsewhere.
    """

    transaction: Transaction
    front: Front
    call_off: CallOff
    clock: Clock

    async def __call__(self, actor: Actor, booking: BookingId, reason: str) -> None:
        require_role(actor, *roles(Deed.CHECK, Section.BOOKINGS))
        reason = " ".join(reason.split())
        if not any(each.isalnum() for each in reason) or len(reason) > LONGEST_REASON:
            raise InvalidReason
        async with self.transaction:
            _, found = await self.front.changes(actor, booking, "called off")
            if found.slot.starts_at <= self.clock.now() or not await self.call_off(actor, [found], reason):
                raise BookingOver


@dataclass(frozen=True, slots=True)
class MoveBooking:
    """The desk moves an appointment to another free time of the same speciality there; its person is told at once.

    Raises SlotTaken, BookingOver, NoBooking, NoSuchFacility, NotAllowed, KeptElsewhere.
    """

    transaction: Transaction
    front: Front
    slots: Slots
    shifting: Shifting
    clock: Clock

    async def __call__(self, actor: Actor, booking: BookingId, slot: SlotId) -> Choice:
        require_role(actor, *roles(Deed.CHECK, Section.BOOKINGS))
        async with self.transaction:
            facility, found = await self.front.changes(actor, booking, "moved")
            if found.state is not BookingState.BOOKED or found.slot.starts_at <= self.clock.now():
                raise BookingOver
            to = await self.slots.one(slot)
            if to.facility != facility.id or to.speciality != found.slot.speciality or to.id == found.slot.id:
                raise SlotTaken
            moved = await self.shifting(actor, found, to)
            return await self.shifting.sight.choice(moved.slot)


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip that was found: whose, when and to whom, and whether it is good now."""

    facility: Facility
    comer: Comer
    good: bool


@dataclass(frozen=True, slots=True)
class CheckSlip:
    """The desk looks whether a slip is good: by its number, or by what its QR code opens (the address, or its token).

    One of another facility sounds as one that is not there. Raises NoBooking, NoSuchFacility, NotAllowed.
    """

    transaction: Transaction
    front: Front
    bookings: Bookings
    reception: Reception
    sight: Sight
    clock: Clock

    async def __call__(self, actor: Actor, facility: FacilityId, typed: str) -> Slip:
        require_role(actor, *roles(Deed.READ, Section.BOOKINGS))
        async with self.transaction.looking():
            where = await self.front.keeping.seen(actor, facility)
            found = await self._found(typed)
            if found.slot.facility != facility:
                raise NoBooking
            await self.front.seen(actor, found, "desk_slip")
            comer = Comer(found, await self.sight.choice(found.slot), (await self.reception.of(found.patient)).name)
            good = found.state is BookingState.BOOKED and found.slot.ends_at > self.clock.now()
            return Slip(where, comer, good)

    async def _found(self, typed: str) -> Booking:
        told = "".join(typed.split())
        bare = told.replace("-", "").upper()
        if len(bare) == 8 and bare.isalnum():
            return await self.bookings.by_number(f"{bare[:4]}-{bare[4:]}")
        # The address of the slip's page ends with its token.
        token = told.partition("?")[0].rstrip("/").rpartition("/")[2]
        if not token:
            raise NoBooking
        return await self.bookings.by_token(token)
