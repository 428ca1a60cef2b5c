"""Doctors of a facility: added and changed by whoever keeps its schedule."""

from dataclasses import dataclass, replace

from core.domain.actor import Actor
from core.domain.ids import DoctorId, FacilityId, new_id
from core.domain.schedule import Doctor, Facilities
from core.domain.schedule.checking import checked_doctor
from core.ports import Clock, Transaction
from core.services.schedule.keeping import Keeping
from core.services.schedule.making import SlotMaker


@dataclass(frozen=True, slots=True)
class AddDoctor:
    """A doctor begins to receive; nobody can be booked before hours are put.

    Raises NoSuchFacility, KeptElsewhere, InvalidDoctor.
    """

    transaction: Transaction
    facilities: Facilities
    keeping: Keeping
    clock: Clock

    async def __call__(
        self, actor: Actor, facility: FacilityId, name: str, speciality: str, *, room: str = "", note: str = ""
    ) -> Doctor:
        identity = DoctorId(new_id(self.clock.now()))
        doctor = checked_doctor(Doctor(identity, facility, name, speciality, room, note))
        async with self.transaction:
            await self.keeping.changed(actor, facility, "doctor", doctor=str(doctor.id))
            await self.facilities.put_doctor(doctor)
        return doctor


@dataclass(frozen=True, slots=True)
class ChangeDoctor:
    """Name, speciality, room or note of a doctor change, or the doctor is gone, or is back.

    Returns how many appointments were called off by it. Raises NoSuchDoctor, KeptElsewhere,
    InvalidDoctor.
    """

    transaction: Transaction
    facilities: Facilities
    keeping: Keeping
    maker: SlotMaker

    async def __call__(self, actor: Actor, doctor: DoctorId, **changes: str | bool) -> int:
        """`changes` are fields of a Doctor: `name`, `speciality`, `room`, `note`, `gone`."""
        async with self.transaction:
            facility, before = await self.keeping.doctor(actor, doctor, " ".join(sorted(changes)))
            kept = {"id": before.id, "facility": before.facility, "remote": before.remote}
            changed = checked_doctor(replace(before, **{**changes, **kept}))  # type: ignore[arg-type]  # checked by name at the desk
            await self.facilities.put_doctor(changed)
            return await self.maker.make(actor, facility, [changed])
