"""«Мои записи»: what is to come and what is past, cancelled, confirmed, or told to be late for."""

from dataclasses import dataclass, replace

from core.domain.access import Section
from core.domain.actor import Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.booking import (
    LATE_MINUTES,
    LONGEST_REASON,
    Booking,
    BookingOver,
    Bookings,
    BookingState,
    InvalidReason,
    NotToday,
    StillAsked,
    Waits,
)
from core.domain.card import Cards
from core.domain.ids import BookingId
from core.domain.record.looking import Paging
from core.domain.schedule import Source
from core.ports import Clock, Transaction
from core.services.booking.booker import Booker
from core.services.booking.people import Known, Reception
from core.services.booking.sight import Sight
from core.services.booking.telling import ClinicTelling
from core.services.booking.views import BookingView, ComingView, PastView, Told
from core.services.booking.waiting import offers_of

PER_PAGE = 6
"""An appointment is three lines: on a phone more of them are no longer seen at once."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """What the use cases share, inside their open transaction."""

    reception: Reception
    cards: Cards
    bookings: Bookings
    waits: Waits
    sight: Sight
    audit: AuditLog
    clock: Clock

    async def standing(self, citizen: Citizen, booking: BookingId) -> tuple[Known, Booking]:
        """Return what can still be changed. Raises BookingOver, StillAsked, NoBooking, NoCard."""
        known = await self.reception.looks(citizen)
        await self.cards.hold(citizen.account)
        found = await self.bookings.one(citizen, booking)
        if found.state is BookingState.ASKED:
            raise StillAsked
        if found.state is not BookingState.BOOKED or found.slot.ends_at <= self.clock.now():
            raise BookingOver
        return known, found

    async def changed(self, citizen: Citizen, booking: Booking, step: str) -> Booking:
        """Store what changed. Raises BookingOver."""
        kept = await self.bookings.save(booking)
        if kept is None:
            raise BookingOver
        self.audit.record(citizen, Operation.BOOKING_CHANGED, kept.account, booking=str(kept.id), step=step)
        return kept

    def looked(self, citizen: Citizen, look: str) -> None:
        """Leave the line of a look."""
        self.audit.record(
            citizen, Operation.BOOKINGS_VIEWED, citizen.account, section=Section.BOOKINGS.value, look=look
        )


@dataclass(frozen=True, slots=True)
class ViewComing:
    """What is to come, with the offers that wait for an answer. Also while the consent is withdrawn. Raises NotAllowed."""

    transaction: Transaction
    keeping: Keeping

    async def __call__(self, citizen: Citizen) -> ComingView:
        keeping = self.keeping
        async with self.transaction.looking():
            known, now = await keeping.reception.looks(citizen), keeping.clock.now()
            bookings = await keeping.bookings.coming(citizen.account, now)
            waits = await keeping.waits.of(citizen)
            views = await keeping.sight.views(bookings, known.name, waits)
            offers = await offers_of(waits, views, keeping.bookings, keeping.sight)
            past = await keeping.bookings.count_past(citizen.account, now)
            keeping.looked(citizen, "coming")
        return ComingView(views, offers, past)


@dataclass(frozen=True, slots=True)
class ViewPast:
    """What is over, a page at a time, the latest first. Raises NotAllowed."""

    transaction: Transaction
    keeping: Keeping

    async def __call__(self, citizen: Citizen, page: int = 1) -> PastView:
        keeping = self.keeping
        async with self.transaction.looking():
            known, now = await keeping.reception.looks(citizen), keeping.clock.now()
            paging = Paging(await keeping.bookings.count_past(citizen.account, now), PER_PAGE, page)
            found = await keeping.bookings.past(citizen.account, now, offset=paging.offset, limit=PER_PAGE)
            views = await keeping.sight.views(found, known.name)
            keeping.looked(citizen, "past")
        return PastView(views, paging)


@dataclass(frozen=True, slots=True)
class ViewBooking:
    """One appointment, whatever became of it; where the clinic took it away, with the nearest others. Raises NoBooking."""

    transaction: Transaction
    keeping: Keeping

    async def __call__(self, citizen: Citizen, booking: BookingId) -> BookingView:
        keeping = self.keeping
        async with self.transaction.looking():
            known = await keeping.reception.looks(citizen)
            found = await keeping.bookings.one(citizen, booking)
            wait = await keeping.waits.of_booking(found.id)
            keeping.looked(citizen, "one")
            view = await keeping.sight.view(found, known.name, wait)
            return replace(view, nearest=await keeping.sight.others(found, known.born))


@dataclass(frozen=True, slots=True)
class CancelBooking:
    """The citizen does not come, and says why: the time is free for others at once, and no reminder comes any more.

    Also while the consent is withdrawn. Raises InvalidReason, BookingOver, StillAsked, NoBooking.
    """

    transaction: Transaction
    keeping: Keeping
    booker: Booker
    telling: ClinicTelling

    async def __call__(self, citizen: Citizen, booking: BookingId, reason: str) -> Told:
        reason = " ".join(reason.split())
        if not any(each.isalnum() for each in reason) or len(reason) > LONGEST_REASON:
            raise InvalidReason
        async with self.transaction:
            known, found = await self.keeping.standing(citizen, booking)
            if found.slot.starts_at <= self.keeping.clock.now():
                raise BookingOver
            facility = (await self.keeping.sight.choice(found.slot)).facility
            ended = await self.booker.end(citizen, replace(found, reason=reason), BookingState.CANCELLED, facility)
            if ended is None:
                raise BookingOver
            self.keeping.audit.record(citizen, Operation.BOOKING_CANCELLED, ended.account, booking=str(ended.id))
            view = await self.keeping.sight.view(ended, known.name)
        return Told(view, later=ended.untold and not await self.telling(ended))


@dataclass(frozen=True, slots=True)
class SayComing:
    """«Приду»: the clinic's desk sees it on the day. Raises BookingOver, StillAsked, NoBooking."""

    transaction: Transaction
    keeping: Keeping

    async def __call__(self, citizen: Citizen, booking: BookingId) -> BookingView:
        async with self.transaction:
            known, found = await self.keeping.standing(citizen, booking)
            if not found.coming:
                found = await self.keeping.changed(citizen, replace(found, coming=True), "coming")
            return await self.keeping.sight.view(found, known.name)


@dataclass(frozen=True, slots=True)
class SayLate:
    """«Опаздываю», on the day of the visit: the clinic is told by how many minutes. Its desk sees it, or its own server is told.

    Raises InvalidReason for other than LATE_MINUTES, NotToday, BookingOver, StillAsked, NoBooking.
    """

    transaction: Transaction
    keeping: Keeping
    telling: ClinicTelling

    async def __call__(self, citizen: Citizen, booking: BookingId, minutes: int) -> Told:
        if minutes not in LATE_MINUTES:
            raise InvalidReason
        async with self.transaction:
            known, found = await self.keeping.standing(citizen, booking)
            if not found.on_its_day(self.keeping.clock.now()):
                raise NotToday
            remote = (await self.keeping.sight.choice(found.slot)).facility.source is Source.FHIR
            late = replace(
                found, late=minutes, coming=True, untold=remote, asked_at=self.keeping.clock.now() if remote else None
            )
            kept = await self.keeping.changed(citizen, late, "late")
            view = await self.keeping.sight.view(kept, known.name)
        return Told(view, later=kept.untold and not await self.telling(kept))
