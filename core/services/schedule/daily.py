"""The day of a facility, as its desk sees it: who comes when; and what a doctor sees of whoever comes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.domain.access import Deed, Section, roles
from core.domain.actor import Actor, NotAllowed, Role, Staff
from core.domain.audit import AuditLog, Operation
from core.domain.booking import STANDING, Booking, Bookings, BookingState, NoBooking
from core.domain.consent import NoConsent
from core.domain.ids import BookingId, DoctorId, FacilityId
from core.domain.record import Result, Visit
from core.domain.record.looking import Paging
from core.domain.schedule import Doctor, Facilities, Facility, Slots, Source, Wanted
from core.domain.staff import require_role
from core.ports import Clock, Transaction
from core.services.booking import Choice, GoingAlong, Reception, Sight
from core.services.schedule.keeping import Front, Keeping

PER_PAGE = 60
OFFERED = 60
"""So many free times are offered to move an appointment to."""


@dataclass(frozen=True, slots=True)
class Comer:
    """Somebody who comes: the appointment, when and to whom, and the name."""

    booking: Booking
    choice: Choice
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DayView:
    """A page of the appointments of a local day, the soonest first. `doctors` are those whose day can be looked at alone."""

    facility: Facility
    day: date
    today: date
    comers: Sequence[Comer]
    paging: Paging
    doctors: Sequence[Doctor]
    doctor: DoctorId | None = None


@dataclass(frozen=True, slots=True)
class AppointmentView:
    """One appointment at the desk. `free` are the times that it can be moved to.

    `visits` and `results` are what its person lets go with it, for a doctor up to the end of its day; None where that is
    not to be seen: by another role, later, or after a withdrawn consent.
    """

    facility: Facility
    comer: Comer
    over: bool
    free: Sequence[Choice] = ()
    visits: Sequence[Visit] | None = field(default=None, repr=False)
    results: Sequence[Result] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ViewDay:
    """Somebody who keeps a facility's schedule and may see appointments looks at a day; each person sees that in their journal.

    Raises NotAllowed, NoSuchFacility.
    """

    transaction: Transaction
    facilities: Facilities
    keeping: Keeping
    front: Front
    bookings: Bookings
    reception: Reception
    sight: Sight
    clock: Clock

    async def __call__(
        self,
        actor: Actor,
        facility: FacilityId,
        day: date | None = None,
        *,
        doctor: DoctorId | None = None,
        page: int = 1,
    ) -> DayView:
        require_role(actor, *roles(Deed.READ, Section.BOOKINGS))
        async with self.transaction.looking():
            found = await self.keeping.seen(actor, facility)
            today = self.clock.now().astimezone(ZoneInfo(found.zone)).date()
            day = day or today
            every = [
                each
                for each in await self.bookings.at(facility, *bounds(day, found.zone))
                if doctor is None or each.slot.doctor == doctor
            ]
            paging = Paging(len(every), PER_PAGE, page)
            shown = paging.shown(every)
            comers = []
            for booking, choice in zip(shown, await self.sight.choices([each.slot for each in shown]), strict=True):
                await self.front.seen(actor, booking, "desk_day")
                comers.append(Comer(booking, choice, (await self.reception.of(booking.patient)).name))
            return DayView(found, day, today, comers, paging, await self.facilities.doctors(facility), doctor)


@dataclass(frozen=True, slots=True)
class ViewAppointment:
    """The desk opens one appointment; a doctor also what goes along with it. Every look has its line, which its person sees.

    Raises NoBooking, NoSuchFacility, NotAllowed.
    """

    transaction: Transaction
    front: Front
    reception: Reception
    sight: Sight
    slots: Slots
    along: GoingAlong
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, booking: BookingId) -> AppointmentView:
        require_role(actor, *roles(Deed.READ, Section.BOOKINGS))
        async with self.transaction.looking():
            facility, found = await self.front.looks(actor, booking)
            if not found.number:
                raise NoBooking
            now = self.clock.now()
            over = found.state not in STANDING or found.slot.starts_at <= now
            known = await self.reception.of(found.patient)
            comer = Comer(found, await self.sight.choice(found.slot), known.name)
            free: Sequence[Choice] = ()
            if not over and facility.source is Source.OWN:
                wanted = Wanted(found.slot.speciality, facility=facility.id)
                free = await self.sight.choices(await self.slots.free(wanted, now, limit=OFFERED))
            visits: Sequence[Visit] | None = None
            results: Sequence[Result] | None = None
            if self._receives(actor, facility, found):
                if await self._sees(actor, found, Section.VISITS):
                    visits = await self.along.visits(found)
                if await self._sees(actor, found, Section.RESULTS):
                    results = await self.along.results(found)
            return AppointmentView(facility, comer, over, free, visits, results)

    def _receives(self, actor: Actor, facility: Facility, booking: Booking) -> bool:
        """Whether it is a doctor who looks, and the appointment stands and its day is not over."""
        today = self.clock.now().astimezone(ZoneInfo(facility.zone)).date()
        is_doctor = isinstance(actor, Staff) and actor.role is Role.DOCTOR
        return is_doctor and booking.state is BookingState.BOOKED and today <= booking.slot.day

    async def _sees(self, actor: Actor, booking: Booking, section: Section) -> bool:
        if section not in booking.shares:
            return False
        try:
            await self.front.gate.other(actor, booking.patient, section, Deed.RECEIVE)
        except (NoConsent, NotAllowed):
            return False
        self.audit.record(actor, Operation.RECORDS_VIEWED, booking.patient, section=section.value, look="booking")
        return True


def bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """Return when a local day begins and when the next one does."""
    clock = ZoneInfo(zone)
    return (
        datetime.combine(day, time(), clock),
        datetime.combine(day + timedelta(days=1), time(), clock),
    )
