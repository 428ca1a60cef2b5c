"""What becomes of a slot that is free again: whoever waits for an earlier time is offered it, in turn, for ten minutes."""

from dataclasses import dataclass, replace

from core.domain.actor import Actor, Citizen, System
from core.domain.audit import AuditLog, Operation
from core.domain.booking import OFFER, Booking, Bookings, BookingState, NoBooking, Wait, Waits, WaitState, refusal
from core.domain.consent import Consents, ConsentState
from core.domain.ids import BookingId, SlotId, WaitId, new_id
from core.domain.schedule import Facilities, Slot
from core.domain.speciality import SPECIALITIES
from core.domain.subscription import Subscriptions
from core.ports import Clock
from core.services.booking.notices import Notices
from core.services.booking.people import Reception
from core.services.booking.views import wall_of

ITSELF = System("booking")
"""Whoever frees a time does not learn, nor does the journal say, to whom it is offered next."""
PASSED_OVER = 20
"""How many in turn are looked at for one slot at a time; the worker goes on behind those who rest."""


@dataclass(frozen=True, slots=True)
class Offering:
    """Works inside the open transaction of whoever freed the slot, so that nobody gets there before those who wait.

    It locks nothing that another may wait for but the place in the list it offers to, which others pass over.
    """

    reception: Reception
    bookings: Bookings
    waits: Waits
    facilities: Facilities
    consents: Consents
    subscriptions: Subscriptions
    notices: Notices
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, slot: Slot, resting: set[WaitId] | None = None) -> Wait | None:
        """Offer a slot to whose turn it is; returns whose that was, None where nobody waits for it or it is not free.

        `resting` are those who were found to be asleep, or without consent: whoever else is, is put to them.
        """
        now = self.clock.now()
        if slot.starts_at <= now + OFFER:
            return None
        resting = set() if resting is None else resting
        passed = set(resting)
        for _ in range(PASSED_OVER):
            wait = await self.waits.next_for(slot, now, passing=passed)
            if wait is None:
                return None
            passed.add(wait.id)
            if await self._rests(wait):
                resting.add(wait.id)
                continue
            standing = await self._standing(wait, slot)
            if standing is None:
                continue
            return wait if await self._offered(actor, wait, standing, slot) else None
        return None

    async def lapse(self, slot: SlotId) -> None:
        """Let a hold of a slot go that ran out, before somebody else takes it: nobody waits for the worker's round."""
        held = await self.bookings.of_slot(slot)
        if held is not None and self._ran_out(held):
            await self.let_go(ITSELF, held)

    async def in_the_way(self, citizen: Citizen, slot: SlotId) -> Booking | None:
        """Return what somebody else has of a slot: of a thousand who want it at once, most are told by this one look."""
        found = await self.bookings.of_slot(slot)
        mine = found is not None and found.account == citizen.account
        return None if found is None or mine or self._ran_out(found) else found

    def _ran_out(self, held: Booking) -> bool:
        until = held.held_until if held.state is BookingState.HELD else None
        return until is not None and until <= self.clock.now()

    async def let_go(self, actor: Actor, held: Booking) -> bool:
        """Give a held slot back, to whoever waits for it first; False when it is not held any more.

        Where it was an offer, its place in the list stays, but is not offered this slot again.
        """
        gone = await self.bookings.move(bare(held), BookingState.LET_GO)
        if gone is None:
            return False
        self.audit.record(actor, Operation.BOOKING_LET_GO, gone.account, booking=str(gone.id))
        if gone.wait is not None:
            wait = await self.waits.one(gone.wait)
            if await self.waits.move(replace(wait, offered=None, offered_until=None), WaitState.WAITING):
                await self.notices.offer_answered(wait)
        await self(actor, gone.slot)
        return True

    async def leave(self, actor: Actor, booking: BookingId) -> Wait | None:
        """End the waiting for something earlier than a booking, and give back what was offered; returns what was ended."""
        wait = await self.waits.of_booking(booking)
        if wait is None:
            return None
        await self.waits.leave(booking)
        await self.notices.offer_answered(wait)
        held = await self.bookings.of_slot(wait.offered) if wait.offered is not None else None
        if held is not None and held.wait == wait.id:
            await self.let_go(actor, held)
        return wait

    async def _rests(self, wait: Wait) -> bool:
        """Whether the person is to be offered nothing at all now.

        Nobody is woken for ten minutes in which to decide: whoever sleeps is asked about the next one.
        """
        now, consent = self.clock.now(), await self.consents.latest(wait.account)
        if consent is None or consent.state is not ConsentState.GIVEN:
            return True
        wishes = await self.subscriptions.of(wait.account)
        return wishes.quiet is not None and wishes.quiet.until(now, wishes.zone) > now

    async def _standing(self, wait: Wait, slot: Slot) -> Booking | None:
        """Return the appointment that would make way; None where the person cannot be offered this now."""
        now = self.clock.now()
        try:
            standing = await self.bookings.of_product(wait.booking) if wait.booking else None
        except NoBooking:
            standing = None
        if standing is None or standing.state is not BookingState.BOOKED:
            await self.waits.move(wait, WaitState.LEFT)
            return None
        known, facility = await self.reception.of(wait.account), await self.facilities.one(slot.facility)
        others = await self.bookings.coming(wait.account, now)
        refused = refusal(
            known.patient, slot, facility, SPECIALITIES[slot.speciality], others, now, instead_of=standing
        )
        return None if refused else standing

    async def _offered(self, actor: Actor, wait: Wait, standing: Booking, slot: Slot) -> bool:
        now, facility = self.clock.now(), await self.facilities.one(slot.facility)
        hold = Booking(
            id=BookingId(new_id(now)),
            account=standing.account,
            patient=standing.patient,
            slot=slot,
            state=BookingState.HELD,
            made_at=now,
            wall=wall_of(slot, facility),
            held_until=now + OFFER,
            moves=standing.id,
            wait=wait.id,
            shares=standing.shares,
            referral=standing.referral,
            reminders=standing.reminders,
        )
        if not await self.bookings.hold(hold, now):
            return False
        await self.waits.move(replace(wait, offered=slot.id, offered_until=hold.held_until), WaitState.OFFERED)
        await self.notices.offered(hold, wait, facility)
        whose = actor if not isinstance(actor, Citizen) or actor.account == wait.account else ITSELF
        self.audit.record(whose, Operation.WAIT_OFFERED, wait.account, booking=str(hold.id))
        return True


def bare(booking: Booking) -> Booking:
    """Return a booking that came to nothing, without what was personal in it."""
    return replace(booking, shares=frozenset(), referral=None, token="", held_until=None)
