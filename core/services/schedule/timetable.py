"""The weekly hours of a facility's doctors, as its desk sees and changes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from core.domain.actor import Actor
from core.domain.ids import DoctorId, FacilityId, new_id
from core.domain.schedule import Doctor, Exceptional, Facilities, Facility, Hours, Timetables, check_hours
from core.domain.schedule.resting import resting
from core.domain.speciality import SPECIALITIES
from core.ports import Clock, Transaction
from core.services.schedule.keeping import Keeping
from core.services.schedule.making import SlotMaker

SHOWN = timedelta(days=366)
"""So far ahead days that differ are shown."""
HOLIDAYS = timedelta(days=60)
"""So far ahead holidays and moved working days are."""


@dataclass(frozen=True, slots=True)
class DoctorView:
    """A doctor with the weekly hours."""

    doctor: Doctor
    hours: Sequence[Hours]


@dataclass(frozen=True, slots=True)
class TimetableView:
    """A facility's schedule: its doctors by name, and the days from `today` on that differ.

    `resting` are holidays and moved working days, each with the weekday by whose hours people work then, if any.
    """

    facility: Facility
    today: date
    doctors: Sequence[DoctorView]
    exceptions: Sequence[Exceptional]
    resting: Sequence[tuple[date, int | None]] = ()


@dataclass(frozen=True, slots=True)
class ViewTimetable:
    """Whoever keeps a facility's schedule looks at it. Raises NoSuchFacility."""

    transaction: Transaction
    facilities: Facilities
    timetables: Timetables
    keeping: Keeping
    clock: Clock

    async def __call__(self, actor: Actor, facility: FacilityId) -> TimetableView:
        async with self.transaction.looking():
            found = await self.keeping.seen(actor, facility)
            today = self.clock.now().astimezone(ZoneInfo(found.zone)).date()
            doctors = [
                DoctorView(each, await self.timetables.hours_of(each.id))
                for each in await self.facilities.doctors(facility)
            ]
            exceptions = await self.timetables.exceptions_of(facility, today, today + SHOWN)
        return TimetableView(found, today, doctors, exceptions, resting(today, today + HOLIDAYS))


@dataclass(frozen=True, slots=True)
class PutHours:
    """A doctor receives at these hours of a weekday from now on; with `hours` in place of the ones of that id.

    `minutes` is as usual for the speciality and `since` today where nothing else is said. Slots follow at once. Returns how
    many appointments were called off by it. Raises NoSuchDoctor, KeptElsewhere, InvalidHours.
    """

    transaction: Transaction
    timetables: Timetables
    keeping: Keeping
    maker: SlotMaker
    clock: Clock

    async def __call__(
        self,
        actor: Actor,
        doctor: DoctorId,
        weekday: int,
        start: time,
        end: time,
        *,
        minutes: int | None = None,
        since: date | None = None,
        until: date | None = None,
        hours: UUID | None = None,
    ) -> int:
        now = self.clock.now()
        async with self.transaction:
            facility, found = await self.keeping.hours(actor, doctor, "hours")
            told = Hours(
                hours or new_id(now),
                doctor,
                weekday,
                start,
                end,
                SPECIALITIES[found.speciality].minutes if minutes is None else minutes,
                since or now.astimezone(ZoneInfo(facility.zone)).date(),
                until,
            )
            check_hours(told, await self.timetables.hours_of(doctor))
            await self.timetables.put_hours(told)
            return await self.maker.make(actor, facility, [found])


@dataclass(frozen=True, slots=True)
class DropHours:
    """A doctor receives at these hours no more. Returns how many appointments were called off by it.

    Raises NoSuchDoctor, KeptElsewhere.
    """

    transaction: Transaction
    timetables: Timetables
    keeping: Keeping
    maker: SlotMaker

    async def __call__(self, actor: Actor, doctor: DoctorId, hours: UUID) -> int:
        async with self.transaction:
            facility, found = await self.keeping.hours(actor, doctor, "hours dropped")
            await self.timetables.drop_hours(doctor, hours)
            return await self.maker.make(actor, facility, [found])
