"""A slot is held for five minutes while its person decides."""

from dataclasses import dataclass, replace

from core.domain.access import Section
from core.domain.actor import Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.booking import HOLD, Booking, BookingOver, Bookings, BookingState, Referral
from core.domain.card import Cards
from core.domain.ids import AccountId, BookingId, SlotId, new_id
from core.domain.record import Referrals
from core.domain.schedule import Slots, SlotTaken
from core.domain.speciality import SPECIALITIES
from core.ports import Clock, Transaction
from core.services.booking.booker import Booker
from core.services.booking.filling import HoldSight
from core.services.booking.offering import Offering
from core.services.booking.people import Reception
from core.services.booking.sight import Sight
from core.services.booking.views import HoldView


@dataclass(frozen=True, slots=True)
class HoldSlot:
    """The citizen tapped a time: it is theirs for five minutes, and what was held for them before is let go.

    `moves` is the appointment whose place this one is to take: it stands until the new one is confirmed. Raises SlotTaken
    with the three nearest, Overlaps, TooMany, WrongAge, WrongSex, NoPolicy, NoCard, CardSuspended, BookingOver, NoBooking.
    """

    transaction: Transaction
    reception: Reception
    cards: Cards
    bookings: Bookings
    slots: Slots
    referrals: Referrals
    sight: Sight
    booker: Booker
    offering: Offering
    holds: HoldSight
    audit: AuditLog
    clock: Clock

    async def __call__(
        self, citizen: Citizen, slot: SlotId, moves: BookingId | None = None, patient: AccountId | None = None
    ) -> HoldView:
        async with self.transaction:
            known = await self.reception.asks(citizen, patient)
            taken = await self.offering.in_the_way(citizen, slot)
            if taken is not None:
                raise SlotTaken([each.slot for each in await self.sight.nearest(taken.slot, known.born)])
            # One person's taps one after another, whichever process they come to.
            await self.cards.hold(citizen.account)
            now = self.clock.now()
            choice = await self.sight.choice(await self.slots.one(slot))
            old = await self.bookings.one(citizen, moves) if moves else None
            if old is not None and (old.state is not BookingState.BOOKED or old.slot.starts_at <= now):
                raise BookingOver
            await self.offering.lapse(slot)
            former = await self.bookings.held_by(citizen, now)
            if former is not None and former.slot.id == slot:
                kept = await self.bookings.save(replace(former, moves=moves)) if former.moves != moves else former
                return await self.holds(known, kept or former)
            held = Booking(
                id=BookingId(new_id(now)),
                account=citizen.account,
                patient=patient or citizen.account,
                slot=choice.slot,
                state=BookingState.HELD,
                made_at=now,
                wall=choice.wall,
                held_until=now + HOLD,
                moves=moves,
            )
            if old is not None:
                # What of the record goes to one clinic was not allowed to another.
                shares = old.shares if old.slot.facility == choice.slot.facility else frozenset()
                held = replace(held, shares=shares, reminders=old.reminders)
                if old.slot.speciality == choice.slot.speciality:
                    held = replace(held, referral=old.referral)
            if held.referral is None and SPECIALITIES[choice.slot.speciality].referral:
                held = replace(held, referral=await self._found(citizen, held))
            await self.booker.check(known, held, choice.facility, confirming=False)
            given = not choice.doctor.gone and not choice.facility.closed
            if not given or not await self.bookings.hold(held, now):
                raise SlotTaken([each.slot for each in await self.sight.nearest(choice.slot, known.born)])
            # After the new one is taken, never before: two who change places would wait for one another.
            if former is not None:
                await self.offering.let_go(citizen, former)
            self.audit.record(citizen, Operation.BOOKING_HELD, citizen.account, booking=str(held.id))
            return await self.holds(known, held, choice)

    async def _found(self, citizen: Citizen, held: Booking) -> Referral | None:
        """Find a referral in the card that is good on the day of the visit; the newest of several."""
        found = await self.referrals.of(held.patient, held.slot.speciality, held.slot.day)
        if not found:
            return None
        self.audit.record(
            citizen, Operation.RECORDS_VIEWED, held.patient, section=Section.BOOKINGS.value, look="referral"
        )
        return Referral(found[0].number, found[0].issuer, found=True)


@dataclass(frozen=True, slots=True)
class LetGo:
    """The citizen gives a held slot back. One that is not held any more is no fault. Raises NoBooking, NoCard."""

    transaction: Transaction
    reception: Reception
    cards: Cards
    bookings: Bookings
    offering: Offering

    async def __call__(self, citizen: Citizen, booking: BookingId) -> None:
        async with self.transaction:
            await self.reception.looks(citizen)
            await self.cards.hold(citizen.account)
            held = await self.bookings.one(citizen, booking)
            if held.state is BookingState.HELD:
                await self.offering.let_go(citizen, held)
