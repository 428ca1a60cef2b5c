"""Facilities for programs: listed, added, changed, and who keeps them."""

from typing import Any
from uuid import UUID

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends

from api.idempotency import OnceRoute
from api.openapi import READ, WRITE, problems
from api.routes.schedule.models import CalledOff, FacilityOf, KeeperOf, facility_of
from api.routes.schedule.wanted import FacilityChange, NewFacility, Organisation, PointOf
from api.routes.schedule.written import served_at
from api.sessions import Administrator, Keeper, call_signed
from core.domain.ids import FacilityId, StaffId
from core.domain.schedule import Point
from core.services.schedule import (
    AddFacility,
    AssignKeeper,
    ChangeFacility,
    EntrustFacility,
    ListFacilities,
    ListKeepers,
    RelieveKeeper,
)

rest = APIRouter(prefix="/api/v1/facilities", route_class=OnceRoute, tags=["schedule"])


@rest.get("", responses=problems(401, 403, 422))
async def listed(session: Keeper, use_case: FromDishka[ListFacilities]) -> list[FacilityOf]:
    """The facilities whose schedule you keep, by name."""
    return [facility_of(each) for each in await use_case(session.member.actor)]


@rest.post("", status_code=201, responses=problems(400, 401, 403, 409, 413, 422), dependencies=[Depends(call_signed)])
async def add(session: Administrator, use_case: FromDishka[AddFacility], new: NewFacility) -> FacilityOf:
    """Add a facility whose schedule is kept here, or on a server of its own."""
    told = new.model_dump(exclude={"point", "url"}) | served_at(new.url)
    return facility_of(await use_case(session.member.actor, **told, point=_point(new.point)))


@rest.patch("/{facility}", responses=WRITE, dependencies=[Depends(call_signed)])
async def change(
    facility: UUID, session: Administrator, use_case: FromDishka[ChangeFacility], told: FacilityChange
) -> CalledOff:
    """Change what is known of it, or close it for good: then its coming appointments are called off."""
    changes: dict[str, Any] = told.model_dump(exclude_none=True, exclude={"point"})
    if told.point is not None:
        changes["point"] = _point(told.point)
    return CalledOff(called_off=await use_case(session.member.actor, FacilityId(facility), **changes))


@rest.put("/{facility}/organisation", status_code=204, responses=WRITE, dependencies=[Depends(call_signed)])
async def entrust(
    facility: UUID, session: Administrator, use_case: FromDishka[EntrustFacility], told: Organisation
) -> None:
    """Say which organisation sends its schedule at /fhir and reads its appointments."""
    await use_case(session.member.actor, FacilityId(facility), told.client_id)


@rest.get("/{facility}/keepers", responses=READ)
async def keepers(facility: UUID, session: Administrator, use_case: FromDishka[ListKeepers]) -> list[KeeperOf]:
    """Who keeps its schedule."""
    found = await use_case(session.member.actor, FacilityId(facility))
    return [KeeperOf(id=each.id, login=each.login, name=each.name) for each in found.keepers]


@rest.put("/{facility}/keepers/{member}", status_code=204, responses=WRITE, dependencies=[Depends(call_signed)])
async def assign(facility: UUID, member: UUID, session: Administrator, use_case: FromDishka[AssignKeeper]) -> None:
    """Let a registrar or a doctor keep its schedule."""
    await use_case(session.member.actor, StaffId(member), FacilityId(facility))


@rest.delete("/{facility}/keepers/{member}", status_code=204, responses=WRITE, dependencies=[Depends(call_signed)])
async def relieve(facility: UUID, member: UUID, session: Administrator, use_case: FromDishka[RelieveKeeper]) -> None:
    """Take it from somebody who keeps it."""
    await use_case(session.member.actor, StaffId(member), FacilityId(facility))


def _point(point: PointOf | None) -> Point | None:
    return Point(point.latitude, point.longitude) if point else None
