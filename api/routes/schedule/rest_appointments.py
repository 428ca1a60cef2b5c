"""The day of a facility for programs: who comes, calling off, moving, slips."""

from typing import Annotated
from uuid import UUID

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends, Query

from api.idempotency import OnceRoute
from api.openapi import READ, WRITE
from api.routes.schedule.models import AppointmentsOf, CheckedSlip, FreeTime, OneAppointment
from api.routes.schedule.told import appointments_of, free_of, one_of, slip_of
from api.routes.schedule.wanted import CallingOff, Day, Move, SlipOf
from api.sessions import Receptionist, call_signed
from core.domain.ids import BookingId, DoctorId, FacilityId, SlotId
from core.services.schedule import CallOffBooking, CheckSlip, MoveBooking, ViewAppointment, ViewDay

rest = APIRouter(prefix="/api/v1", route_class=OnceRoute, tags=["schedule"])


@rest.get("/facilities/{facility}/appointments", responses=READ)
async def listed(
    facility: UUID,
    session: Receptionist,
    view: FromDishka[ViewDay],
    day: Annotated[Day | None, Query(description="By the facility's clock; today where absent.")] = None,
    doctor: UUID | None = None,
    page: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> AppointmentsOf:
    """Who comes on a day, sixty a page. Everybody on it sees in their journal that you looked."""
    of = DoctorId(doctor) if doctor else None
    return appointments_of(await view(session.member.actor, FacilityId(facility), day, doctor=of, page=page))


@rest.get("/appointments/{booking}", responses=READ)
async def read(booking: UUID, session: Receptionist, view: FromDishka[ViewAppointment]) -> OneAppointment:
    """One appointment; for a doctor with what its person lets go along."""
    return one_of(await view(session.member.actor, BookingId(booking)))


@rest.post("/appointments/{booking}/calling-off", status_code=204, responses=WRITE, dependencies=[Depends(call_signed)])
async def call_off(
    booking: UUID, session: Receptionist, use_case: FromDishka[CallOffBooking], told: CallingOff
) -> None:
    """Call it off; its person is told at once, with the three nearest times."""
    await use_case(session.member.actor, BookingId(booking), told.reason)


@rest.post("/appointments/{booking}/move", responses=WRITE, dependencies=[Depends(call_signed)])
async def move(booking: UUID, session: Receptionist, use_case: FromDishka[MoveBooking], told: Move) -> FreeTime:
    """Move it to another free time of the same speciality there; its person is told at once."""
    return free_of(await use_case(session.member.actor, BookingId(booking), SlotId(told.slot)))


@rest.post("/facilities/{facility}/slips", responses=WRITE, dependencies=[Depends(call_signed)])
async def check(facility: UUID, session: Receptionist, use_case: FromDishka[CheckSlip], told: SlipOf) -> CheckedSlip:
    """Look whether a slip is good, by its number or by what its QR code opens."""
    return slip_of(await use_case(session.member.actor, FacilityId(facility), told.slip))
