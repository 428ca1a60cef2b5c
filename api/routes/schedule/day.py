"""The day of a facility at the desk: who comes when; calling off, moving, and whether a slip is good."""

from datetime import date
from typing import Any
from uuid import UUID

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.routes.schedule.shown import beside, shown
from api.routes.schedule.told import result_of, visit_of
from api.routes.schedule.written import day_of, typed
from api.sessions import Receptionist, form_signed
from api.words import words_for
from core.domain.actor import Actor
from core.domain.booking import LONGEST_REASON, BookingOver, InvalidReason, NoBooking
from core.domain.ids import BookingId, DoctorId, FacilityId, SlotId
from core.domain.schedule import InvalidHours, KeptElsewhere, SlotTaken
from core.services.schedule import CallOffBooking, CheckSlip, MoveBooking, Slip, ViewAppointment, ViewDay

pages = APIRouter(prefix="/desk/schedule/{facility}", route_class=DishkaRoute, include_in_schema=False)
IN_THE_WAY = (BookingOver, InvalidReason, KeptElsewhere, SlotTaken)


@pages.get("/day")
async def page(
    request: Request,
    facility: UUID,
    session: Receptionist,
    view: FromDishka[ViewDay],
    day: str = "",
    doctor: str = "",
    page: int = 1,
) -> Response:
    """Who comes on a day; today unless another is asked for."""
    return await _day(request, session.member.actor, facility, view, day, doctor, page)


@pages.post("/day", dependencies=[Depends(form_signed)])
async def check(
    request: Request,
    facility: UUID,
    session: Receptionist,
    view: FromDishka[ViewDay],
    check_slip: FromDishka[CheckSlip],
) -> Response:
    """Look whether a slip is good: the answer stands on the page of the day."""
    actor, form = session.member.actor, await typed(request)
    try:
        slip = await check_slip(actor, FacilityId(facility), form.get("slip", ""))
    except NoBooking:
        return await _day(request, actor, facility, view, typed_slip=form.get("slip", ""), unknown=True)
    return await _day(request, actor, facility, view, slip=slip, typed_slip=form.get("slip", ""))


@pages.get("/appointments/{booking}")
async def one_page(
    request: Request, facility: UUID, booking: UUID, session: Receptionist, view: FromDishka[ViewAppointment]
) -> Response:
    """One appointment, with what can be done."""
    return await _one(request, session.member.actor, facility, booking, view)


@pages.post("/appointments/{booking}/calling-off", dependencies=[Depends(form_signed)])
async def call_off(
    request: Request,
    facility: UUID,
    booking: UUID,
    session: Receptionist,
    view: FromDishka[ViewAppointment],
    use_case: FromDishka[CallOffBooking],
) -> Response:
    """Call it off with a reason, which its person reads."""
    actor, form = session.member.actor, await typed(request)
    try:
        await use_case(actor, BookingId(booking), form.get("reason", ""))
    except IN_THE_WAY as error:
        return await _one(request, actor, facility, booking, view, form, error)
    return RedirectResponse(f"/desk/schedule/{facility}/appointments/{booking}?done=called_off", 303)


@pages.post("/appointments/{booking}/move", dependencies=[Depends(form_signed)])
async def move(
    request: Request,
    facility: UUID,
    booking: UUID,
    session: Receptionist,
    view: FromDishka[ViewAppointment],
    use_case: FromDishka[MoveBooking],
) -> Response:
    """Move it to another free time."""
    actor, form = session.member.actor, await typed(request)
    try:
        await use_case(actor, BookingId(booking), _slot(form.get("slot", "")))
    except IN_THE_WAY as error:
        return await _one(request, actor, facility, booking, view, form, error)
    return RedirectResponse(f"/desk/schedule/{facility}/appointments/{booking}?done=moved", 303)


async def _day(
    request: Request,
    actor: Actor,
    facility: UUID,
    view: ViewDay,
    day: str = "",
    doctor: str = "",
    page: int = 1,
    slip: Slip | None = None,
    typed_slip: str = "",
    *,
    unknown: bool = False,
) -> Response:
    found = await view(actor, FacilityId(facility), _read(day), doctor=_doctor(doctor), page=page)
    values: dict[str, Any] = {
        "found": found,
        "facility": found.facility,
        "beside": beside(found.day),
        "slip": slip,
        "typed_slip": typed_slip,
        "unknown": unknown,
    }
    return await shown(request, "schedule_day.html", **values)


async def _one(
    request: Request,
    actor: Actor,
    facility: UUID,
    booking: UUID,
    view: ViewAppointment,
    form: dict[str, str] | None = None,
    error: Exception | None = None,
) -> Response:
    found = await view(actor, BookingId(booking))
    if found.facility.id != facility:
        raise NoBooking
    language = (await words_for(request)).language
    values: dict[str, Any] = {
        "found": found,
        "facility": found.facility,
        "visits": [visit_of(each, language) for each in found.visits or ()],
        "results": [result_of(each, language) for each in found.results or ()],
        "limit": LONGEST_REASON,
        "form": form or {},
    }
    return await shown(request, "schedule_appointment.html", error, **values)


def _read(day: str) -> date | None:
    """An address that was written by hand and names no day leads to today."""
    try:
        return day_of(day)
    except InvalidHours:
        return None


def _doctor(text: str) -> DoctorId | None:
    try:
        return DoctorId(UUID(text)) if text else None
    except ValueError:
        return None


def _slot(text: str) -> SlotId:
    try:
        return SlotId(UUID(text))
    except ValueError:
        raise SlotTaken from None
