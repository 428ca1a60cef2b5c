"""A clinic takes somebody's time away: their person is told at once and shown the nearest others."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from core.domain.actor import Actor
from core.domain.audit import AuditLog, Operation
from core.domain.booking import Booking, Bookings, BookingState, NoBooking
from core.domain.card import Cards
from core.domain.ids import BookingId, SlotId
from core.domain.schedule import Slot
from core.services.booking.notices import Notices
from core.services.booking.offering import Offering
from core.services.booking.people import Reception
from core.services.booking.sight import Sight
from core.services.booking.views import Choice


@dataclass(frozen=True, slots=True)
class CallOff:
    """Used by the desk, by `/fhir`, by new timetables and by the worker, inside their open transaction. Rights are theirs.

    People's cards are locked first, in order: whoever confirms or moves meanwhile comes before or after, and no two wait
    for one another.
    """

    reception: Reception
    cards: Cards
    bookings: Bookings
    sight: Sight
    offering: Offering
    notices: Notices
    audit: AuditLog

    async def of_slots(self, actor: Actor, slots: Collection[SlotId], why: str = "") -> int:
        """Call off whatever has these slots; returns how many appointments that were."""
        found = [booking for slot in slots if (booking := await self.bookings.of_slot(slot)) is not None]
        return len(await self(actor, found, why))

    async def __call__(self, actor: Actor, bookings: Sequence[Booking], why: str = "") -> Sequence[Booking]:
        """Call these off; holds are let go. Returns the appointments that were. What was ended meanwhile stays as it is."""
        for account in sorted({each.account for each in bookings}):
            await self.cards.hold(account)
        ended = [await self._end(actor, each.id, why) for each in bookings]
        return [each for each in ended if each is not None]

    async def shift(self, actor: Actor, booking: BookingId, slot: Slot) -> Booking | None:
        """The clinic moved an appointment to another slot, which is its own from now on. None where it stands no more."""
        found = await self._locked(booking)
        if found is None or found.state is not BookingState.BOOKED:
            return None
        choice = await self.sight.choice(slot)
        moved = await self.bookings.save(replace(found, slot=slot, wall=choice.wall, coming=False, late=None))
        if moved is None:
            return None
        await self.offering.leave(actor, found.id)
        await self.notices.shifted(moved, choice.facility)
        self.audit.record(actor, Operation.BOOKING_MOVED, moved.account, booking=str(moved.id), by="clinic")
        return moved

    async def _end(self, actor: Actor, booking: BookingId, why: str) -> Booking | None:
        found = await self._locked(booking)
        if found is None:
            return None
        if found.state is BookingState.HELD:
            await self.offering.let_go(actor, found)
            return None
        if found.state is not BookingState.BOOKED:
            return None
        ended = await self.bookings.move(replace(found, reason=why, untold=False), BookingState.CALLED_OFF)
        if ended is None:
            return None
        await self.offering.leave(actor, ended.id)
        choice, nearest = await self.sight.choice(ended.slot), await self._nearest(ended)
        await self.notices.called_off(ended, choice.facility, nearest)
        self.audit.record(actor, Operation.BOOKING_CALLED_OFF, ended.account, booking=str(ended.id))
        return ended

    async def _nearest(self, ended: Booking) -> Sequence[Choice]:
        known = await self.reception.of(ended.account)
        return await self.sight.nearest(ended.slot, known.born)

    async def _locked(self, booking: BookingId) -> Booking | None:
        try:
            found = await self.bookings.of_product(booking)
        except NoBooking:
            return None
        await self.cards.hold(found.account)
        return await self.bookings.of_product(booking)
