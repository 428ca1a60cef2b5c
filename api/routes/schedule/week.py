"""A facility's week at the desk: doctors, their weekly hours, days that differ."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.routes.schedule.shown import names_of, shown, specialities, week_of
from api.routes.schedule.written import exceptional_of, hours_of, typed
from api.sessions import Keeper, form_signed
from api.words import words_for
from core.domain.actor import Actor
from core.domain.ids import DoctorId, FacilityId
from core.domain.schedule import InvalidDoctor, InvalidHours, InvalidWhy, KeptElsewhere, NoSuchDoctor
from core.services.schedule import (
    AddDoctor,
    ChangeDoctor,
    DropException,
    DropHours,
    PutException,
    PutHours,
    TimetableView,
    ViewTimetable,
)

pages = APIRouter(prefix="/desk/schedule/{facility}", route_class=DishkaRoute, include_in_schema=False)
IN_THE_WAY = (InvalidDoctor, InvalidHours, InvalidWhy, KeptElsewhere)


@pages.get("")
async def page(request: Request, facility: UUID, session: Keeper, view: FromDishka[ViewTimetable]) -> Response:
    """The week, the days that differ, and what can be changed."""
    return await _week(request, session.member.actor, facility, view)


@pages.post("/doctors", dependencies=[Depends(form_signed)])
async def add_doctor(
    request: Request, facility: UUID, session: Keeper, view: FromDishka[ViewTimetable], add: FromDishka[AddDoctor]
) -> Response:
    """A doctor begins to receive: the next page asks for the hours."""
    form, actor = await typed(request), session.member.actor
    more = {name: form.get(name, "") for name in ("room", "note")}
    try:
        made = await add(actor, FacilityId(facility), form.get("name", ""), form.get("speciality", ""), **more)
    except IN_THE_WAY as error:
        return await _week(request, actor, facility, view, "doctor", form, error)
    return _to(facility, f"/doctors/{made.id}", "doctor")


@pages.post("/days", dependencies=[Depends(form_signed)])
async def put_day(
    request: Request, facility: UUID, session: Keeper, view: FromDishka[ViewTimetable], put: FromDishka[PutException]
) -> Response:
    """A day differs, for a doctor or for the whole facility."""
    form, actor = await typed(request), session.member.actor
    try:
        doctor = _doctor(form.get("doctor", ""))
        called_off = await put(actor, FacilityId(facility), doctor=doctor, **exceptional_of(form))
    except (*IN_THE_WAY, NoSuchDoctor) as error:
        return await _week(request, actor, facility, view, "day", form, error)
    return _to(facility, "", "day", called_off)


@pages.post("/days/{exceptional}/drop", dependencies=[Depends(form_signed)])
async def drop_day(facility: UUID, exceptional: UUID, session: Keeper, drop: FromDishka[DropException]) -> Response:
    """A day is as any other again."""
    return _to(facility, "", "day", await drop(session.member.actor, FacilityId(facility), exceptional))


@pages.get("/doctors/{doctor}")
async def doctor_page(
    request: Request, facility: UUID, doctor: UUID, session: Keeper, view: FromDishka[ViewTimetable]
) -> Response:
    """One doctor with the weekly hours."""
    return await _one(request, session.member.actor, facility, doctor, view)


@pages.post("/doctors/{doctor}", dependencies=[Depends(form_signed)])
async def change_doctor(
    request: Request,
    facility: UUID,
    doctor: UUID,
    session: Keeper,
    view: FromDishka[ViewTimetable],
    change: FromDishka[ChangeDoctor],
) -> Response:
    """Change name, speciality, room, note; or the doctor receives here no more."""
    form, actor = await typed(request), session.member.actor
    told: dict[str, str | bool] = {name: form.get(name, "") for name in ("name", "speciality", "room", "note")}
    try:
        if form.get("gone"):
            return _to(facility, "", "gone", await change(actor, DoctorId(doctor), gone=True))
        called_off = await change(actor, DoctorId(doctor), **told)
    except IN_THE_WAY as error:
        return await _one(request, actor, facility, doctor, view, "doctor", form, error)
    return _to(facility, f"/doctors/{doctor}", "doctor", called_off)


@pages.post("/doctors/{doctor}/hours", dependencies=[Depends(form_signed)])
async def put_hours(
    request: Request,
    facility: UUID,
    doctor: UUID,
    session: Keeper,
    view: FromDishka[ViewTimetable],
    put: FromDishka[PutHours],
) -> Response:
    """Add weekly hours, or change those that the form names."""
    form, actor = await typed(request), session.member.actor
    try:
        known = _id(form.get("hours", ""))
        called_off = await put(actor, DoctorId(doctor), hours=known, **hours_of(form))
    except IN_THE_WAY as error:
        return await _one(request, actor, facility, doctor, view, form.get("hours") or "new", form, error)
    return _to(facility, f"/doctors/{doctor}", "hours", called_off)


@pages.post("/doctors/{doctor}/hours/{hours}/drop", dependencies=[Depends(form_signed)])
async def drop_hours(
    facility: UUID, doctor: UUID, hours: UUID, session: Keeper, drop: FromDishka[DropHours]
) -> Response:
    """The doctor receives at these hours no more."""
    called_off = await drop(session.member.actor, DoctorId(doctor), hours)
    return _to(facility, f"/doctors/{doctor}", "hours", called_off)


async def _week(
    request: Request,
    actor: Actor,
    facility: UUID,
    view: ViewTimetable,
    form_name: str = "",
    form: Mapping[str, str] | None = None,
    error: Exception | None = None,
) -> Response:
    found = await view(actor, FacilityId(facility))
    values = {**await _shared(request, found), "form_name": form_name, "form": form or {}}
    return await shown(request, "schedule_week.html", error, **values)


async def _one(
    request: Request,
    actor: Actor,
    facility: UUID,
    doctor: UUID,
    view: ViewTimetable,
    form_name: str = "",
    form: Mapping[str, str] | None = None,
    error: Exception | None = None,
) -> Response:
    found = await view(actor, FacilityId(facility))
    one = next((each for each in found.doctors if each.doctor.id == doctor), None)
    if one is None:
        raise NoSuchDoctor
    values = {**await _shared(request, found), "one": one, "form_name": form_name, "form": form or {}}
    return await shown(request, "schedule_doctor.html", error, **values)


async def _shared(request: Request, found: TimetableView) -> dict[str, Any]:
    options = specialities((await words_for(request)).language)
    return {
        "facility": found.facility,
        "found": found,
        "week": week_of(found.doctors, found.today),
        "names": names_of(found.doctors),
        "options": options,
        "speciality": dict(options),
        "today": found.today,
    }


def _to(facility: UUID, place: str, done: str, called_off: int = 0) -> Response:
    told = f"&called_off={called_off}" if called_off else ""
    return RedirectResponse(f"/desk/schedule/{facility}{place}?done={done}{told}", 303)


def _doctor(text: str) -> DoctorId | None:
    found = _id(text)
    return None if found is None else DoctorId(found)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NoSuchDoctor from None
