"""How a hold becomes an appointment: what the confirmation, a taken offer and a clinic's late answer share."""

from dataclasses import dataclass, replace

from core.domain.actor import Actor
from core.domain.audit import AuditLog, Operation
from core.domain.booking import (
    Booking,
    Bookings,
    BookingState,
    HoldGone,
    NoBooking,
    Waits,
    WaitState,
    fresh_number,
    refusal,
)
from core.domain.card import Cards
from core.domain.ids import AccountId, BookingId
from core.domain.schedule import Facility, SlotTaken, Source
from core.domain.speciality import SPECIALITIES
from core.ports import Answer, Booked, Clock, Codes
from core.services.booking.notices import Notices
from core.services.booking.offering import Offering, bare
from core.services.booking.people import Known, Reception
from core.services.booking.sight import Sight


@dataclass(frozen=True, slots=True)
class Booker:
    """Works inside the open transaction of whoever uses it, under the lock of the person's card."""

    reception: Reception
    cards: Cards
    bookings: Bookings
    waits: Waits
    sight: Sight
    notices: Notices
    offering: Offering
    audit: AuditLog
    clock: Clock
    codes: Codes

    async def check(self, known: Known, held: Booking, facility: Facility, *, confirming: bool) -> Booking | None:
        """Raise what stands in the way of a hold; returns the appointment that it takes the place of, if that still stands."""
        now, old = self.clock.now(), await self.replaced(held)
        standing = await self.bookings.coming(held.account, now)
        refused = refusal(
            known.patient, held.slot, facility, SPECIALITIES[held.slot.speciality], standing, now,
            instead_of=old, referral=held.referral, confirming=confirming,
        )  # fmt: skip
        if isinstance(refused, SlotTaken):
            raise SlotTaken([each.slot for each in await self.sight.nearest(held.slot, known.born)])
        if refused is not None:
            raise refused
        return old

    async def replaced(self, held: Booking) -> Booking | None:
        """Return the appointment that a hold takes the place of; None once that was ended: the hold stands for itself then."""
        if held.moves is None:
            return None
        try:
            old = await self.bookings.of_product(held.moves)
        except NoBooking:
            return None
        return old if old.state is BookingState.BOOKED and old.account == held.account else None

    async def confirm(self, actor: Actor, known: Known, held: Booking) -> Booking:
        """Let a hold stand, or be asked of the clinic's own server. Raises HoldGone, SlotTaken and every refusal.

        Of what a clinic was asked, and of what stands already, nothing changes: whoever taps twice has one appointment.
        """
        now = self.clock.now()
        if held.state in {BookingState.ASKED, BookingState.BOOKED}:
            return held
        if held.state is not BookingState.HELD or held.held_until is None or held.held_until <= now:
            raise HoldGone
        facility = (await self.sight.choice(held.slot)).facility
        old = await self.check(known, held, facility, confirming=True)
        numbered = replace(held, number=fresh_number(), token=self.codes.token(), held_until=None)
        if facility.source is Source.FHIR:
            asked = await self.bookings.move(replace(numbered, asked_at=now), BookingState.ASKED)
            if asked is None:
                raise HoldGone
            self.audit.record(actor, Operation.BOOKING_ASKED, asked.account, booking=str(asked.id))
            return asked
        booked = await self.bookings.move(numbered, BookingState.BOOKED)
        if booked is None:
            raise HoldGone
        await self._stands(actor, booked, facility, old, seen=True)
        return booked

    async def answered(self, actor: Actor, booking: BookingId, booked: Booked, *, away: bool) -> Booking:
        """Take in what the clinic's server said. `away`: the person no longer waits for it and is told by a message."""
        asked = await self.bookings.of_product(booking)
        if asked.state is not BookingState.ASKED:
            return asked
        facility = (await self.sight.choice(asked.slot)).facility
        if booked.answer is Answer.ACCEPTED:
            stands = await self.bookings.move(replace(asked, remote=booked.remote), BookingState.BOOKED)
            if stands is None:
                return await self.bookings.of_product(booking)
            await self._stands(actor, stands, facility, await self.replaced(stands), seen=not away)
            return stands
        refused = await self.bookings.move(bare(asked), BookingState.REFUSED)
        if refused is None:
            return await self.bookings.of_product(booking)
        # Its server gives it to nobody, whatever it said before: until it says so again.
        await self.sight.slots.close(asked.slot.id)
        self.audit.record(
            actor, Operation.BOOKING_REFUSED, refused.account, booking=str(refused.id), answer=booked.answer.value
        )
        await self._wait_on(refused)
        if away:
            known = await self.reception.of(refused.account)
            await self.notices.refused(refused, facility, await self.sight.nearest(refused.slot, known.born))
        return refused

    async def end(self, actor: Actor, booking: Booking, to: BookingState, facility: Facility) -> Booking | None:
        """End an appointment by its person's will: no reminders to come, and its slot is free for others.

        Where the clinic has a server of its own, it is the server that frees the slot, once it was told.
        """
        remote = facility.source is Source.FHIR
        ended = await self.bookings.move(
            replace(booking, untold=remote, asked_at=self.clock.now() if remote else None), to
        )
        if ended is None:
            return None
        await self.notices.forget(ended)
        await self.offering.leave(actor, ended.id)
        if remote:
            await self.sight.slots.close(ended.slot.id)
        else:
            await self.offering(actor, ended.slot)
        return ended

    async def _stands(
        self, actor: Actor, booked: Booking, facility: Facility, old: Booking | None, *, seen: bool
    ) -> None:
        """What goes with an appointment that stands: the one it replaces makes way, people are told, the journal knows."""
        if booked.wait is not None:
            wait = await self.waits.one(booked.wait)
            if await self.waits.move(wait, WaitState.TAKEN):
                await self.notices.offer_answered(wait)
        if old is not None:
            where = (await self.sight.choice(old.slot)).facility
            if await self.end(actor, old, BookingState.MOVED, where) is not None:
                self.audit.record(actor, Operation.BOOKING_MOVED, old.account, booking=str(old.id), to=str(booked.id))
            else:
                old = None
        self.audit.record(actor, Operation.BOOKING_MADE, booked.account, booking=str(booked.id))
        await self.notices.confirmed(booked, facility, moved=old is not None, seen=seen)

    async def _wait_on(self, refused: Booking) -> None:
        """A clinic's server refused what was offered: its place in the list stays."""
        if refused.wait is not None:
            wait = replace(await self.waits.one(refused.wait), offered=None, offered_until=None)
            await self.waits.move(wait, WaitState.WAITING)

    async def locked(self, account: AccountId, booking: BookingId) -> Booking:
        """Return a booking as it is once nobody else changes anything of its person."""
        await self.cards.hold(account)
        return await self.bookings.of_product(booking)
