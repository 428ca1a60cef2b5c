"""The check window: what goes along with a booking, filled in by itself, and what the person decides of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from core.domain.access import Deed, Section
from core.domain.actor import Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.booking import (
    Booking,
    Bookings,
    BookingState,
    HoldGone,
    InvalidReferral,
    NoBooking,
    Referral,
)
from core.domain.card import Cards
from core.domain.ids import BookingId
from core.domain.speciality import SPECIALITIES
from core.ports import Clock, Transaction
from core.services.access import Gate
from core.services.booking.notices import Notices
from core.services.booking.people import Known, Reception
from core.services.booking.sight import Sight
from core.services.booking.views import SHAREABLE, Choice, HoldView

NUMBER = re.compile(r"(?=.*[0-9])[0-9A-Za-zА-Яа-яЁё/-]{1,40}")
SPANS = (timedelta(days=1), timedelta(hours=2))
"""The reminders that can be chosen."""


@dataclass(frozen=True, slots=True)
class HoldSight:
    """Puts a hold together with what the card knows, inside the open transaction of whoever uses it."""

    bookings: Bookings
    sight: Sight

    async def __call__(self, known: Known, held: Booking, choice: Choice | None = None) -> HoldView:
        """Return what the check window shows; `choice`: where and to whom, if that was looked up already."""
        try:
            replaced = await self.bookings.of_product(held.moves) if held.moves else None
        except NoBooking:
            replaced = None
        return HoldView(
            held,
            choice or await self.sight.choice(held.slot),
            SPECIALITIES[held.slot.speciality],
            known.name,
            known.born,
            known.policy.ending if known.policy else None,
            held.referral,
            replaced,
            SHAREABLE,
        )


@dataclass(frozen=True, slots=True)
class Filling:
    """What the steps share, inside the open transaction of whoever uses it."""

    reception: Reception
    cards: Cards
    bookings: Bookings
    holds: HoldSight
    audit: AuditLog
    clock: Clock

    async def held(self, citizen: Citizen, booking: BookingId) -> tuple[Known, Booking]:
        """Return what is held for the citizen now. Raises HoldGone, NoBooking, NoCard, CardSuspended."""
        known = await self.reception.asks(citizen)
        await self.cards.hold(citizen.account)
        held = await self.bookings.one(citizen, booking)
        until = held.held_until
        if held.state is not BookingState.HELD or until is None or until <= self.clock.now():
            raise HoldGone
        return known, held

    async def keep(self, citizen: Citizen, known: Known, held: Booking, step: str) -> HoldView:
        """Store what was decided. Raises HoldGone."""
        kept = await self.bookings.save(held)
        if kept is None:
            raise HoldGone
        self.audit.record(citizen, Operation.BOOKING_CHANGED, held.account, booking=str(held.id), step=step)
        return await self.holds(known, kept)


@dataclass(frozen=True, slots=True)
class ViewHold:
    """The check window. Raises HoldGone, NoBooking, NoCard, CardSuspended."""

    transaction: Transaction
    filling: Filling

    async def __call__(self, citizen: Citizen, booking: BookingId) -> HoldView:
        async with self.transaction.looking():
            known, held = await self.filling.held(citizen, booking)
            self.filling.audit.record(
                citizen, Operation.BOOKINGS_VIEWED, held.account, section=Section.BOOKINGS.value, look="hold"
            )
            return await self.filling.holds(known, held)


@dataclass(frozen=True, slots=True)
class ShareWith:
    """A section of the record goes along with the booking, or stays at home.

    Letting it go wants the second factor, as looking at it does: raises `core.domain.access.LockedOut`. Raises as ViewHold.
    """

    transaction: Transaction
    filling: Filling
    gate: Gate

    async def __call__(self, citizen: Citizen, booking: BookingId, section: Section, *, on: bool) -> HoldView:
        async with self.transaction:
            known, held = await self.filling.held(citizen, booking)
            if section not in SHAREABLE:
                raise NoBooking
            if on:
                await self.gate.owner(citizen, section, Deed.READ)
            shares = held.shares | {section} if on else held.shares - {section}
            step = f"{'share' if on else 'keep'}_{section.value}"
            return await self.filling.keep(citizen, known, replace(held, shares=shares), step)


@dataclass(frozen=True, slots=True)
class NameReferral:
    """The number of a referral was typed. Raises InvalidReferral, and as ViewHold."""

    transaction: Transaction
    filling: Filling

    async def __call__(self, citizen: Citizen, booking: BookingId, typed: str) -> HoldView:
        number = "".join(typed.replace("№", "").split())
        if not NUMBER.fullmatch(number):
            raise InvalidReferral
        async with self.transaction:
            known, held = await self.filling.held(citizen, booking)
            return await self.filling.keep(citizen, known, replace(held, referral=Referral(number)), "referral")


@dataclass(frozen=True, slots=True)
class ChooseReminders:
    """How long before the visit the person is reminded; none is an answer too. Of a hold, or of what stands already.

    Raises NoBooking, HoldGone, NoCard.
    """

    transaction: Transaction
    filling: Filling
    notices: Notices
    sight: Sight

    async def __call__(self, citizen: Citizen, booking: BookingId, spans: Sequence[timedelta]) -> None:
        chosen = tuple(each for each in SPANS if each in spans)
        async with self.transaction:
            await self.filling.reception.looks(citizen)
            await self.filling.cards.hold(citizen.account)
            found = await self.filling.bookings.one(citizen, booking)
            kept = await self.filling.bookings.save(replace(found, reminders=chosen))
            if kept is None or kept.state not in {BookingState.HELD, BookingState.ASKED, BookingState.BOOKED}:
                raise HoldGone
            if kept.state is BookingState.BOOKED:
                await self.notices.remind(kept, (await self.sight.choice(kept.slot)).facility)
            self.filling.audit.record(
                citizen, Operation.BOOKING_CHANGED, found.account, booking=str(found.id), step="reminders"
            )
