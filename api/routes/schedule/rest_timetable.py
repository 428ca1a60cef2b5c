"""A facility's week for programs: doctors, weekly hours, days that differ."""

from typing import Any
from uuid import UUID

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends

from api.idempotency import OnceRoute
from api.openapi import READ, WRITE
from api.routes.schedule.models import CalledOff, DoctorOf, Timetable
from api.routes.schedule.told import doctor_of, timetable_of
from api.routes.schedule.wanted import DoctorChange, NewDay, NewDoctor, NewHours
from api.sessions import Keeper, call_signed
from core.domain.ids import DoctorId, FacilityId
from core.services.schedule import (
    AddDoctor,
    ChangeDoctor,
    DropException,
    DropHours,
    PutException,
    PutHours,
    ViewTimetable,
)

rest = APIRouter(prefix="/api/v1", route_class=OnceRoute, tags=["schedule"])


@rest.get("/facilities/{facility}", responses=READ)
async def read(facility: UUID, session: Keeper, view: FromDishka[ViewTimetable]) -> Timetable:
    """A facility's schedule: doctors with their weekly hours, days that differ, holidays of the next two months."""
    return timetable_of(await view(session.member.actor, FacilityId(facility)))


@rest.post("/facilities/{facility}/doctors", status_code=201, responses=WRITE, dependencies=[Depends(call_signed)])
async def add_doctor(facility: UUID, session: Keeper, add: FromDishka[AddDoctor], new: NewDoctor) -> DoctorOf:
    """A doctor begins to receive; nobody can be booked before hours are put."""
    found = await add(
        session.member.actor, FacilityId(facility), new.name, new.speciality, room=new.room, note=new.note
    )
    return doctor_of(found)


@rest.patch("/doctors/{doctor}", responses=WRITE, dependencies=[Depends(call_signed)])
async def change_doctor(
    doctor: UUID, session: Keeper, change: FromDishka[ChangeDoctor], told: DoctorChange
) -> CalledOff:
    """Change a doctor; one that is `gone` receives nobody, and coming appointments are called off."""
    changes = told.model_dump(exclude_none=True)
    return CalledOff(called_off=await change(session.member.actor, DoctorId(doctor), **changes))


@rest.post("/doctors/{doctor}/hours", status_code=201, responses=WRITE, dependencies=[Depends(call_signed)])
async def add_hours(doctor: UUID, session: Keeper, put: FromDishka[PutHours], new: NewHours) -> CalledOff:
    """The doctor receives at these hours too."""
    return CalledOff(called_off=await put(session.member.actor, DoctorId(doctor), **new.model_dump()))


@rest.put("/doctors/{doctor}/hours/{hours}", responses=WRITE, dependencies=[Depends(call_signed)])
async def put_hours(doctor: UUID, hours: UUID, session: Keeper, put: FromDishka[PutHours], new: NewHours) -> CalledOff:
    """Put these hours in place of the ones of that id: appointments that have no time any more are called off."""
    called_off = await put(session.member.actor, DoctorId(doctor), hours=hours, **new.model_dump())
    return CalledOff(called_off=called_off)


@rest.delete("/doctors/{doctor}/hours/{hours}", responses=WRITE, dependencies=[Depends(call_signed)])
async def drop_hours(doctor: UUID, hours: UUID, session: Keeper, drop: FromDishka[DropHours]) -> CalledOff:
    """The doctor receives at these hours no more."""
    return CalledOff(called_off=await drop(session.member.actor, DoctorId(doctor), hours))


@rest.post("/facilities/{facility}/days", status_code=201, responses=WRITE, dependencies=[Depends(call_signed)])
async def add_day(facility: UUID, session: Keeper, put: FromDishka[PutException], new: NewDay) -> CalledOff:
    """A day differs, for a doctor or for the whole facility."""
    return CalledOff(called_off=await put(session.member.actor, FacilityId(facility), **_told(new)))


@rest.put("/facilities/{facility}/days/{exceptional}", responses=WRITE, dependencies=[Depends(call_signed)])
async def put_day(
    facility: UUID, exceptional: UUID, session: Keeper, put: FromDishka[PutException], new: NewDay
) -> CalledOff:
    """Put this in place of the day of that id."""
    called_off = await put(session.member.actor, FacilityId(facility), exceptional=exceptional, **_told(new))
    return CalledOff(called_off=called_off)


@rest.delete("/facilities/{facility}/days/{exceptional}", responses=WRITE, dependencies=[Depends(call_signed)])
async def drop_day(facility: UUID, exceptional: UUID, session: Keeper, drop: FromDishka[DropException]) -> CalledOff:
    """The day is as any other of its weekday again."""
    return CalledOff(called_off=await drop(session.member.actor, FacilityId(facility), exceptional))


def _told(new: NewDay) -> dict[str, Any]:
    return {**new.model_dump(exclude={"doctor"}), "doctor": DoctorId(new.doctor) if new.doctor else None}
