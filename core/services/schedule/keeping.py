"""Who may keep which schedule: asked in one place, in the open transaction of whoever asks."""

from dataclasses import dataclass

from core.domain.access import Deed, Section
from core.domain.actor import Actor, NotAllowed, Role, Staff, System
from core.domain.audit import AuditLog, Operation
from core.domain.booking import Booking, Bookings, NoBooking
from core.domain.ids import BookingId, DoctorId, FacilityId
from core.domain.schedule import (
    Doctor,
    Facilities,
    Facility,
    KeptElsewhere,
    NoSuchDoctor,
    NoSuchFacility,
    Source,
    Timetables,
)
from core.services.access import Gate


class NotAKeeper(NotAllowed):
    """Only registrars and doctors are assigned to facilities: the member has another role, or there is none."""

    message_key = "schedule.not_a_keeper"


def require_founder(actor: Actor) -> Actor:
    """Return whoever may add facilities: an administrator, or the one who runs the machine. Raises NotAllowed."""
    if isinstance(actor, System) or (isinstance(actor, Staff) and actor.role is Role.ADMINISTRATOR):
        return actor
    raise NotAllowed


@dataclass(frozen=True, slots=True)
class Keeping:
    """An administrator keeps every schedule, a registrar and a doctor those of the facilities that are assigned to them."""

    facilities: Facilities
    timetables: Timetables
    audit: AuditLog

    async def seen(self, actor: Actor, facility: FacilityId) -> Facility:
        """Return a facility whose schedule the actor keeps, and leave a line. Raises NoSuchFacility."""
        found = await self._kept(actor, facility)
        self.audit.record(actor, Operation.SCHEDULE_VIEWED, None, facility=str(facility))
        return found

    async def changed(self, actor: Actor, facility: FacilityId, what: str, **more: str) -> Facility:
        """Return one whose schedule the actor changes now, keep others from it, and leave a line.

        Raises NoSuchFacility; KeptElsewhere where a clinic's server keeps it.
        """
        found = await self._kept(actor, facility)
        if found.source is not Source.OWN:
            raise KeptElsewhere
        await self.timetables.lock(facility)
        self.audit.record(actor, Operation.SCHEDULE_CHANGED, None, facility=str(facility), what=what, **more)
        return found

    async def doctor(self, actor: Actor, doctor: DoctorId, what: str, **more: str) -> tuple[Facility, Doctor]:
        """The same for the facility of a doctor. Raises NoSuchDoctor for one that is not there, or not in the actor's."""
        found = await self.facilities.doctor(doctor)
        try:
            facility = await self.changed(actor, found.facility, what, doctor=str(doctor), **more)
        except NoSuchFacility:
            raise NoSuchDoctor from None
        return facility, found

    async def hours(self, actor: Actor, doctor: DoctorId, what: str) -> tuple[Facility, Doctor]:
        """The same where the weekly hours are kept here: KeptElsewhere too for a doctor whose slots the clinic sends."""
        facility, found = await self.doctor(actor, doctor, what)
        if found.remote:
            raise KeptElsewhere
        return facility, found

    async def _kept(self, actor: Actor, facility: FacilityId) -> Facility:
        kept = await self.facilities.kept_by(actor)
        found = await self.facilities.one(facility)
        if (kept is not None and facility not in kept) or found.closed:
            raise NoSuchFacility
        return found


@dataclass(frozen=True, slots=True)
class Front:
    """Appointments as a facility's desk comes to them, inside the open transaction of whoever uses it."""

    keeping: Keeping
    bookings: Bookings
    gate: Gate
    audit: AuditLog

    async def looks(self, actor: Actor, booking: BookingId, look: str = "desk") -> tuple[Facility, Booking]:
        """Return one of a facility that the actor keeps, and leave its person a line.

        Raises NoBooking, also for one of another facility, and NotAllowed.
        """
        found = await self.bookings.of_product(booking)
        try:
            facility = await self.keeping.seen(actor, found.slot.facility)
        except NoSuchFacility:
            raise NoBooking from None
        await self.seen(actor, found, look)
        return facility, found

    async def changes(self, actor: Actor, booking: BookingId, what: str) -> tuple[Facility, Booking]:
        """Return one that the actor changes now; others are kept from the facility's schedule. Raises KeptElsewhere too."""
        found = await self.bookings.of_product(booking)
        try:
            facility = await self.keeping.changed(actor, found.slot.facility, what, booking=str(booking))
        except NoSuchFacility:
            raise NoBooking from None
        await self.gate.other(actor, found.patient, Section.BOOKINGS, Deed.CHECK)
        return facility, await self.bookings.of_product(booking)

    async def seen(self, actor: Actor, booking: Booking, look: str) -> None:
        """Ask for the right to see it and leave its person a line. Raises NotAllowed."""
        await self.gate.other(actor, booking.patient, Section.BOOKINGS, Deed.READ)
        self.audit.record(actor, Operation.BOOKINGS_VIEWED, booking.patient, section=Section.BOOKINGS.value, look=look)
