"""A facility joins with all that it brings: its doctors and their weekly hours, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from uuid import uuid5
from zoneinfo import ZoneInfo

from core.domain.actor import Actor
from core.domain.audit import AuditLog, Operation
from core.domain.ids import DoctorId, FacilityId, new_id
from core.domain.schedule import Doctor, Facilities, Facility, Hours, Point, Source, Timetables, check_hours
from core.domain.schedule.checking import checked_doctor, checked_facility
from core.ports import Clock, Transaction
from core.services.schedule.keeping import require_founder


@dataclass(frozen=True, slots=True)
class BroughtHours:
    """Weekly hours: `weekday` 0 is Monday, `minutes` the length of an appointment."""

    weekday: int
    start: time
    end: time
    minutes: int


@dataclass(frozen=True, slots=True)
class BroughtDoctor:
    """A doctor; `key` is what the facility itself knows the doctor by, and stays."""

    key: str
    name: str
    speciality: str
    room: str = ""
    note: str = ""
    hours: Sequence[BroughtHours] = ()


@dataclass(frozen=True, slots=True)
class Brought:
    """A facility as it introduces itself. Doctors are brought where the product keeps the schedule."""

    code: str
    name: str
    address: str
    region: str
    zone: str
    point: Point | None = None
    phone: str = ""
    source: Source = Source.OWN
    url: str = ""
    doctors: Sequence[BroughtDoctor] = ()


@dataclass(frozen=True, slots=True)
class JoinFacility:
    """Whoever runs the machine lets a facility in with its doctors. What is known already stays as the desk keeps it.

    Only the address of its server follows what it says now. Slots are the worker's to make. Returns the facility, and how
    many doctors are new. Raises NotAllowed, InvalidFacility, InvalidDoctor, InvalidHours.
    """

    transaction: Transaction
    facilities: Facilities
    timetables: Timetables
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, brought: Brought) -> tuple[Facility, int]:
        founder, now = require_founder(actor), self.clock.now()
        told = checked_facility(
            Facility(
                FacilityId(new_id(now)),
                brought.code,
                brought.name,
                brought.address,
                brought.region,
                brought.zone,
                brought.point,
                brought.phone,
                brought.source,
                brought.url,
            )
        )
        async with self.transaction:
            facility = await self._facility(founder, told)
            today = now.astimezone(ZoneInfo(facility.zone)).date()
            theirs = {DoctorId(uuid5(facility.id, each.key)): each for each in brought.doctors}
            known = await self.facilities.some_doctors(theirs.keys())
            fresh = {identity: each for identity, each in theirs.items() if identity not in known}
            for identity, each in fresh.items():
                await self._doctor(
                    Doctor(identity, facility.id, each.name, each.speciality, each.room, each.note), each, today
                )
            if fresh:
                self.audit.record(
                    founder,
                    Operation.SCHEDULE_CHANGED,
                    None,
                    facility=str(facility.id),
                    what="joined",
                    doctors=str(len(fresh)),
                )
        return facility, len(fresh)

    async def _facility(self, founder: Actor, told: Facility) -> Facility:
        known = await self.facilities.by_code(told.code)
        if known is None:
            await self.facilities.put(told)
            self.audit.record(founder, Operation.FACILITY_ADDED, None, facility=str(told.id), code=told.code)
            return told
        if known.source is Source.FHIR and told.source is Source.FHIR and known.url != told.url:
            known = replace(known, url=told.url)
            await self.facilities.put(known)
            self.audit.record(founder, Operation.FACILITY_CHANGED, None, facility=str(known.id), what="url")
        return known

    async def _doctor(self, told: Doctor, brought: BroughtDoctor, today: date) -> None:
        doctor = checked_doctor(told)
        await self.facilities.put_doctor(doctor)
        put: list[Hours] = []
        for each in brought.hours:
            identity = uuid5(doctor.id, f"{each.weekday} {each.start.isoformat()}")
            hours = Hours(identity, doctor.id, each.weekday, each.start, each.end, each.minutes, today)
            check_hours(hours, put)
            await self.timetables.put_hours(hours)
            put.append(hours)
