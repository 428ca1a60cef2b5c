"""Slots are made from hours, days that differ and holidays: a month ahead, again every hour, and after each change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from core.domain.actor import Actor, System
from core.domain.ids import FacilityId, SlotId
from core.domain.schedule import AHEAD_DAYS, Doctor, Facilities, Facility, Slots, Source, Timetables
from core.domain.schedule.making import slots_of
from core.ports import Clock, Transaction
from core.services.booking.calling_off import CallOff

WORKER = System("schedule")


@dataclass(frozen=True, slots=True)
class SlotMaker:
    """Works inside the open transaction of whoever uses it, who has locked the facility's timetable."""

    facilities: Facilities
    timetables: Timetables
    slots: Slots
    call_off: CallOff
    clock: Clock

    async def make(
        self, actor: Actor, facility: Facility, doctors: Iterable[Doctor] | None = None, why: str = ""
    ) -> int:
        """Make the slots of these doctors, or of all of the facility; those of doctors that are gone are closed.

        Appointments to come whose time there is no more are called off, and their people told `why`. Returns how many.
        """
        now = self.clock.now()
        first = now.astimezone(ZoneInfo(facility.zone)).date()
        last = first + timedelta(days=AHEAD_DAYS)
        exceptions = await self.timetables.exceptions_of(facility.id, first, last)
        closed: list[SlotId] = []
        for doctor in await self.facilities.doctors(facility.id) if doctors is None else doctors:
            if doctor.remote and not doctor.gone and not facility.closed:
                continue  # the clinic sends this one's slots itself
            hours = await self.timetables.hours_of(doctor.id)
            made = slots_of(facility, doctor, hours, exceptions, first, last, now)
            closed += await self.slots.put(made, doctor.id, first, last)
        # What has begun is over: nobody is sent away from a visit that was.
        ahead = [each for each in closed if (await self.slots.one(each)).starts_at > now]
        return await self.call_off.of_slots(actor, ahead, why)


@dataclass(frozen=True, slots=True)
class MakeSlots:
    """The worker makes the slots of facilities whose schedule the product keeps; made again, nothing changes.

    A transaction a doctor, so that nobody at the desk waits for a whole clinic. Returns how many appointments were called off.
    """

    transaction: Transaction
    facilities: Facilities
    timetables: Timetables
    maker: SlotMaker

    async def __call__(self, facility: FacilityId | None = None) -> int:
        async with self.transaction.looking():
            every = await self.facilities.all() if facility is None else [await self.facilities.one(facility)]
            doctors = [
                doctor
                for each in every
                if each.source is Source.OWN
                for doctor in await self.facilities.doctors(each.id)
            ]
        called_off = 0
        for doctor in doctors:
            async with self.transaction:
                await self.timetables.lock(doctor.facility)
                # Read again under the lock: they may have changed since.
                there, now_so = await self.facilities.one(doctor.facility), await self.facilities.doctor(doctor.id)
                called_off += await self.maker.make(WORKER, there, [now_so])
        return called_off
