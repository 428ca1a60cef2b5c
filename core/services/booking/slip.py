"""The slip («электронный талон») taken along: on paper, as a picture, in a calendar, on a map; and verified by anybody."""

import re
from dataclasses import dataclass, field

from core.domain.access import Deed, Section
from core.domain.actor import Citizen, System
from core.domain.audit import AuditLog, Operation
from core.domain.booking import Bookings, NoBooking, NoSlip, NotOnMap, SlipState, StillAsked, initials, slip_state
from core.domain.ids import BookingId
from core.domain.notification import WallTime
from core.domain.schedule import Point
from core.ports import Calendars, Clock, Papers, Transaction
from core.services.access import Gate
from core.services.booking.people import Reception
from core.services.booking.sight import Sight
from core.services.booking.slip_sheet import Slip, SlipWriter
from core.services.booking.views import BookingView

PAGE = System("verify")
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class SlipOffice:
    """Gives a slip to its owner, inside the open transaction of whoever uses it; its line in the journal with it."""

    reception: Reception
    bookings: Bookings
    sight: Sight
    audit: AuditLog
    clock: Clock

    async def of(self, citizen: Citizen, booking: BookingId, look: str) -> Slip:
        """Return the slip, of one that was ended as well. Raises NoBooking, NoSlip, StillAsked, NotAllowed."""
        await self.reception.looks(citizen)
        found = await self.bookings.one(citizen, booking)
        state = slip_state(found, self.clock.now())
        if state is None:
            raise NoSlip
        if state is SlipState.ASKED:
            raise StillAsked
        patient = await self.reception.of(found.patient)
        self.audit.record(
            citizen, Operation.BOOKINGS_VIEWED, found.account, section=Section.BOOKINGS.value, look=look,
            booking=str(found.id),
        )  # fmt: skip
        return Slip(found, await self.sight.choice(found.slot), patient.name, state)


@dataclass(frozen=True, slots=True)
class SlipFile:
    """A slip as a file, and the number that it is called by. `view`: what a picture shows, for those who do not see it."""

    number: str
    content: bytes = field(repr=False)
    state: SlipState = SlipState.STANDS
    view: BookingView | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class PrintSlip:
    """The owner takes the slip as PDF. Raises NoBooking, NoSlip, StillAsked, NotAllowed."""

    transaction: Transaction
    office: SlipOffice
    writer: SlipWriter
    papers: Papers

    async def __call__(self, citizen: Citizen, booking: BookingId, language: str) -> SlipFile:
        async with self.transaction.looking():
            slip = await self.office.of(citizen, booking, "slip_paper")
        content = await self.papers.pdf(self.writer.paper(slip, language))
        return SlipFile(slip.booking.number, content, slip.state)


@dataclass(frozen=True, slots=True)
class SlipPicture:
    """The owner takes the slip as a picture, to be shown without a network. Raises as PrintSlip."""

    transaction: Transaction
    office: SlipOffice
    writer: SlipWriter
    papers: Papers

    async def __call__(self, citizen: Citizen, booking: BookingId, language: str) -> SlipFile:
        async with self.transaction.looking():
            slip = await self.office.of(citizen, booking, "slip_picture")
            view = await self.office.sight.view(slip.booking, slip.name)
        content = await self.papers.png(self.writer.paper(slip, language))
        return SlipFile(slip.booking.number, content, slip.state, view)


@dataclass(frozen=True, slots=True)
class SlipCalendar:
    """The owner takes the appointment into a calendar, or out of it when it was ended. Raises as PrintSlip."""

    transaction: Transaction
    office: SlipOffice
    writer: SlipWriter
    calendars: Calendars

    async def __call__(self, citizen: Citizen, booking: BookingId, language: str) -> SlipFile:
        async with self.transaction.looking():
            slip = await self.office.of(citizen, booking, "slip_calendar")
        content = self.calendars.ics(self.writer.event(slip, language, self.office.clock.now()))
        return SlipFile(slip.booking.number, content, slip.state)


@dataclass(frozen=True, slots=True)
class Spot:
    """A clinic on the map."""

    title: str
    address: str
    point: Point


@dataclass(frozen=True, slots=True)
class SlipPoint:
    """The owner sees on a map where to go. Raises NotOnMap, and as PrintSlip."""

    transaction: Transaction
    office: SlipOffice

    async def __call__(self, citizen: Citizen, booking: BookingId) -> Spot:
        async with self.transaction.looking():
            slip = await self.office.of(citizen, booking, "slip_point")
        facility = slip.choice.facility
        if facility.point is None:
            raise NotOnMap
        return Spot(facility.name, facility.address, facility.point)


@dataclass(frozen=True, slots=True)
class SlipSeen:
    """What anybody with the code may know: the number, whether it stands, when, to whom, which door, and initials."""

    number: str
    state: SlipState
    wall: WallTime
    doctor: str
    room: str
    initials: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class VerifySlip:
    """Somebody opens the page of a slip: the clinic's desk, whoever found it. Raises NoBooking."""

    transaction: Transaction
    gate: Gate
    office: SlipOffice

    async def __call__(self, token: str) -> SlipSeen:
        if not TOKEN.fullmatch(token):
            raise NoBooking
        office = self.office
        async with self.transaction.looking():
            found = await office.bookings.by_token(token)
            state = slip_state(found, office.clock.now())
            if state is None:
                raise NoBooking
            await self.gate.other(PAGE, found.account, Section.BOOKINGS, Deed.READ)
            patient, choice = await office.reception.of(found.patient), await office.sight.choice(found.slot)
            office.audit.record(PAGE, Operation.SLIP_VERIFIED, found.account, booking=str(found.id))
        doctor = choice.doctor
        return SlipSeen(found.number, state, found.wall, doctor.name, doctor.room, initials(patient.name))
