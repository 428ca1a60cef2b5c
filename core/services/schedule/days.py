"""Days that differ from the week, as a facility's desk puts and drops them."""

from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from core.domain.actor import Actor
from core.domain.ids import DoctorId, FacilityId, new_id
from core.domain.schedule import (
    Exceptional,
    Facilities,
    InvalidWhy,
    NoSuchDoctor,
    Timetables,
    check_exceptional,
)
from core.ports import Clock, Transaction
from core.services.schedule.keeping import Keeping
from core.services.schedule.making import SlotMaker

LONGEST_WHY = 200


@dataclass(frozen=True, slots=True)
class PutException:
    """A day differs, for a doctor or for the whole facility; with `exceptional` in place of the one of that id.

    Slots follow at once. Returns how many appointments were called off by it. Raises NoSuchFacility, NoSuchDoctor,
    KeptElsewhere, InvalidHours, InvalidWhy.
    """

    transaction: Transaction
    facilities: Facilities
    timetables: Timetables
    keeping: Keeping
    maker: SlotMaker
    clock: Clock

    async def __call__(
        self,
        actor: Actor,
        facility: FacilityId,
        day: date,
        *,
        doctor: DoctorId | None = None,
        start: time | None = None,
        end: time | None = None,
        minutes: int | None = None,
        as_weekday: int | None = None,
        why: str = "",
        exceptional: UUID | None = None,
    ) -> int:
        identity, why = exceptional or new_id(self.clock.now()), " ".join(why.split())
        told = Exceptional(identity, facility, day, doctor, start, end, minutes, as_weekday, why)
        if len(why) > LONGEST_WHY:
            raise InvalidWhy
        async with self.transaction:
            whose = {} if doctor is None else {"doctor": str(doctor)}
            found = await self.keeping.changed(actor, facility, "day", day=day.isoformat(), **whose)
            if doctor is not None and (await self.facilities.doctor(doctor)).facility != facility:
                raise NoSuchDoctor
            check_exceptional(told, await self.timetables.exceptions_of(facility, day, day))
            await self.timetables.put_exception(told)
            return await self.maker.make(actor, found, why=why)


@dataclass(frozen=True, slots=True)
class DropException:
    """A day is as any other of its weekday again. Returns how many appointments were called off by it.

    Raises NoSuchFacility, KeptElsewhere.
    """

    transaction: Transaction
    timetables: Timetables
    keeping: Keeping
    maker: SlotMaker

    async def __call__(self, actor: Actor, facility: FacilityId, exceptional: UUID) -> int:
        async with self.transaction:
            found = await self.keeping.changed(actor, facility, "day dropped")
            await self.timetables.drop_exception(facility, exceptional)
            return await self.maker.make(actor, found)
