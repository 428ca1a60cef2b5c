"""The waiting list for an earlier time: joined, left, and what is offered there looked at and declined."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.access import Section
from core.domain.actor import Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.booking import (
    Booking,
    BookingOver,
    Bookings,
    BookingState,
    NoOffer,
    StillAsked,
    Wait,
    Waits,
    WaitsAlready,
    WaitState,
)
from core.domain.card import Cards
from core.domain.ids import BookingId, WaitId, new_id
from core.domain.schedule import Wanted
from core.ports import Clock, Transaction
from core.services.booking.offering import Offering
from core.services.booking.people import Reception
from core.services.booking.sight import Sight
from core.services.booking.views import BookingView, OfferView


async def offers_of(
    waits: Sequence[Wait], views: Sequence[BookingView], bookings: Bookings, sight: Sight
) -> list[OfferView]:
    """Return the offers that wait for an answer, beside the appointments that stand."""
    standing, found = {each.booking.id: each for each in views}, []
    for wait in waits:
        if wait.state is not WaitState.OFFERED or wait.offered is None or wait.booking not in standing:
            continue
        held = await bookings.of_slot(wait.offered)
        if held is not None and held.wait == wait.id and held.held_until is not None:
            offered = await sight.choice(held.slot)
            found.append(OfferView(wait, offered, standing[wait.booking], held.held_until))
    return found


async def offered_to(citizen: Citizen, wait: WaitId, waits: Waits, bookings: Bookings) -> Booking:
    """Return what is held for somebody who waits. Raises NoOffer, also for somebody else's."""
    mine = [each for each in await waits.of(citizen) if each.id == wait and each.state is WaitState.OFFERED]
    held = await bookings.of_slot(mine[0].offered) if mine and mine[0].offered else None
    if held is None or held.wait != wait:
        raise NoOffer
    return held


@dataclass(frozen=True, slots=True)
class JoinWaiting:
    """The citizen waits for an earlier time with the same speciality in the same facility. What they have stands.

    Raises WaitsAlready, BookingOver, StillAsked, NoBooking, NoCard, CardSuspended.
    """

    transaction: Transaction
    reception: Reception
    cards: Cards
    bookings: Bookings
    waits: Waits
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, booking: BookingId) -> Wait:
        async with self.transaction:
            await self.reception.asks(citizen)
            await self.cards.hold(citizen.account)
            found, now = await self.bookings.one(citizen, booking), self.clock.now()
            if found.state is BookingState.ASKED:
                raise StillAsked
            if found.state is not BookingState.BOOKED or found.slot.starts_at <= now:
                raise BookingOver
            wanted = Wanted(found.slot.speciality, facility=found.slot.facility)
            wait = Wait(WaitId(new_id(now)), citizen.account, wanted, now, found.slot.starts_at, booking=found.id)
            if not await self.waits.join(wait):
                raise WaitsAlready
            self.audit.record(citizen, Operation.WAIT_JOINED, citizen.account, booking=str(found.id))
        return wait


@dataclass(frozen=True, slots=True)
class LeaveWaiting:
    """The citizen waits no more; what is offered goes to the next in turn. Twice is once. Raises NoCard."""

    transaction: Transaction
    reception: Reception
    cards: Cards
    waits: Waits
    offering: Offering
    audit: AuditLog

    async def __call__(self, citizen: Citizen, wait: WaitId) -> None:
        async with self.transaction:
            await self.reception.looks(citizen)
            await self.cards.hold(citizen.account)
            mine = [each for each in await self.waits.of(citizen) if each.id == wait and each.booking]
            for each in mine:
                if each.booking is not None and await self.offering.leave(citizen, each.booking) is not None:
                    self.audit.record(citizen, Operation.WAIT_LEFT, citizen.account, booking=str(each.booking))


@dataclass(frozen=True, slots=True)
class ViewOffer:
    """An earlier time that is held for the citizen. Raises NoOffer, NoCard."""

    transaction: Transaction
    reception: Reception
    bookings: Bookings
    waits: Waits
    sight: Sight
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, wait: WaitId) -> OfferView:
        async with self.transaction.looking():
            known = await self.reception.looks(citizen)
            mine = [each for each in await self.waits.of(citizen) if each.id == wait and each.booking]
            standing = [await self.bookings.one(citizen, each.booking) for each in mine if each.booking]
            views = await self.sight.views(standing, known.name, mine)
            offers = await offers_of(mine, views, self.bookings, self.sight)
            self.audit.record(
                citizen, Operation.BOOKINGS_VIEWED, citizen.account, section=Section.BOOKINGS.value, look="offer"
            )
        if not offers or offers[0].until <= self.clock.now():
            raise NoOffer
        return offers[0]


@dataclass(frozen=True, slots=True)
class DeclineOffer:
    """Not this one: the next in turn is asked at once, and the place in the list stays. Raises NoOffer, NoCard."""

    transaction: Transaction
    reception: Reception
    cards: Cards
    bookings: Bookings
    waits: Waits
    offering: Offering
    audit: AuditLog

    async def __call__(self, citizen: Citizen, wait: WaitId) -> None:
        async with self.transaction:
            await self.reception.looks(citizen)
            await self.cards.hold(citizen.account)
            held = await offered_to(citizen, wait, self.waits, self.bookings)
            if held.state is not BookingState.HELD or not await self.offering.let_go(citizen, held):
                raise NoOffer
            self.audit.record(citizen, Operation.WAIT_DECLINED, citizen.account, booking=str(held.id))
