"""Facilities at the desk: which ones one keeps; an administrator adds and changes them, and says who keeps them."""

from uuid import UUID

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.routes.schedule.shown import shown
from api.routes.schedule.written import facility_of, typed
from api.sessions import Administrator, Keeper, administrator, form_signed
from core.domain.actor import Actor
from core.domain.ids import FacilityId, StaffId
from core.domain.region import REGIONS
from core.domain.schedule import FacilityExists, InvalidFacility
from core.services.schedule import (
    AddFacility,
    AssignKeeper,
    ChangeFacility,
    EntrustFacility,
    ListFacilities,
    ListKeepers,
    NotAKeeper,
    RelieveKeeper,
)

pages = APIRouter(prefix="/desk/schedule", route_class=DishkaRoute, include_in_schema=False)
IN_THE_WAY = (FacilityExists, InvalidFacility)


@pages.get("")
async def page(request: Request, session: Keeper, listed: FromDishka[ListFacilities]) -> Response:
    """The facilities whose schedule one keeps."""
    return await shown(request, "schedule.html", facilities=await listed(session.member.actor))


@pages.get("/new", dependencies=[Depends(administrator)])
async def new(request: Request) -> Response:
    """The form of a new facility."""
    return await _form(request)


@pages.post("/new", dependencies=[Depends(form_signed)])
async def add(request: Request, session: Administrator, use_case: FromDishka[AddFacility]) -> Response:
    """Add one; what stands in the way is said on the same page, with everything typed still in its field."""
    form = await typed(request)
    try:
        facility = await use_case(session.member.actor, **facility_of(form))
    except IN_THE_WAY as error:
        return await _form(request, form, error)
    return RedirectResponse(f"/desk/schedule/{facility.id}?done=facility", 303)


@pages.get("/{facility}/keepers")
async def keepers(
    request: Request, facility: UUID, session: Administrator, listed: FromDishka[ListKeepers]
) -> Response:
    """Who keeps a facility's schedule, what is known of it, and which organisation speaks for it."""
    return await _keepers(request, session.member.actor, FacilityId(facility), listed)


@pages.post("/{facility}/keepers", dependencies=[Depends(form_signed)])
async def assign(
    request: Request,
    facility: UUID,
    session: Administrator,
    listed: FromDishka[ListKeepers],
    use_case: FromDishka[AssignKeeper],
) -> Response:
    """Let a registrar or a doctor keep it."""
    member = (await typed(request)).get("member", "")
    try:
        await use_case(session.member.actor, _member(member), FacilityId(facility))
    except NotAKeeper as error:
        return await _keepers(request, session.member.actor, FacilityId(facility), listed, error=error)
    return RedirectResponse(f"/desk/schedule/{facility}/keepers?done=keeper", 303)


@pages.post("/{facility}/keepers/{member}/relief", dependencies=[Depends(form_signed)])
async def relieve(
    facility: UUID, member: UUID, session: Administrator, use_case: FromDishka[RelieveKeeper]
) -> Response:
    """Take it from somebody."""
    await use_case(session.member.actor, StaffId(member), FacilityId(facility))
    return RedirectResponse(f"/desk/schedule/{facility}/keepers?done=relieved", 303)


@pages.post("/{facility}/facts", dependencies=[Depends(form_signed)])
async def change(
    request: Request,
    facility: UUID,
    session: Administrator,
    listed: FromDishka[ListKeepers],
    use_case: FromDishka[ChangeFacility],
) -> Response:
    """Change what is known of it, or close it for good."""
    form, actor = await typed(request), session.member.actor
    try:
        if form.get("closed"):
            called_off = await use_case(actor, FacilityId(facility), closed=True)
            return RedirectResponse(f"/desk/schedule?done=closed&called_off={called_off}", 303)
        told = {name: value for name, value in facility_of(form).items() if name not in {"code", "source", "url"}}
        called_off = await use_case(actor, FacilityId(facility), **told)
    except InvalidFacility as error:
        return await _keepers(request, actor, FacilityId(facility), listed, form, error)
    return RedirectResponse(f"/desk/schedule/{facility}/keepers?done=facility&called_off={called_off}", 303)


@pages.post("/{facility}/organisation", dependencies=[Depends(form_signed)])
async def entrust(
    request: Request,
    facility: UUID,
    session: Administrator,
    listed: FromDishka[ListKeepers],
    use_case: FromDishka[EntrustFacility],
) -> Response:
    """Say which organisation speaks for it at /fhir."""
    form, actor = await typed(request), session.member.actor
    try:
        await use_case(actor, FacilityId(facility), form.get("client_id", ""))
    except InvalidFacility as error:
        return await _keepers(request, actor, FacilityId(facility), listed, form, error)
    return RedirectResponse(f"/desk/schedule/{facility}/keepers?done=facility", 303)


async def _form(request: Request, form: dict[str, str] | None = None, error: Exception | None = None) -> Response:
    values = {"form": form or {"zone": "Europe/Moscow", "limit": "3"}, "regions": REGIONS}
    return await shown(request, "schedule_new.html", error, **values)


async def _keepers(
    request: Request,
    actor: Actor,
    facility: FacilityId,
    listed: ListKeepers,
    form: dict[str, str] | None = None,
    error: Exception | None = None,
) -> Response:
    found = await listed(actor, facility)
    where = found.facility
    point = f"{where.point.latitude}, {where.point.longitude}" if where.point else ""
    known = {name: getattr(where, name) for name in ("name", "address", "region", "zone", "phone")}
    known |= {"client_id": found.client_id, "limit": str(where.limit), "point": point}
    values = {"found": found, "facility": where, "regions": REGIONS, "form": known | (form or {})}
    return await shown(request, "schedule_keepers.html", error, **values)


def _member(text: str) -> StaffId:
    try:
        return StaffId(UUID(text))
    except ValueError:
        raise NotAKeeper from None
