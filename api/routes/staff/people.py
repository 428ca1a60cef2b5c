"""The staff for programs: listed, added, given roles and duties, let in and out; sessions listed and ended."""

from typing import Annotated
from uuid import UUID

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends, Query

from api.idempotency import WITHHELD, OnceRoute
from api.openapi import READ, WRITE, problems
from api.routes.staff.shown import (
    DutyBody,
    DutyShown,
    Ended,
    Members,
    NewMemberBody,
    PasswordBody,
    RoleBody,
    Secrets,
    Sessions,
    duty_shown,
    member_shown,
    secrets_shown,
    session_shown,
)
from api.sessions import Address, Administrator, Colleague, Current, call_signed
from core.domain.actor import Role
from core.domain.ids import StaffId, TeamId
from core.services.staff import (
    AddStaff,
    ChangePassword,
    ChangeRole,
    DisableStaff,
    EnableStaff,
    EndSession,
    ListSessions,
    ResetStaff,
    ViewStaff,
)
from core.services.team import SetDuty

rest = APIRouter(prefix="/api/v1", route_class=OnceRoute, tags=["staff"])
WRITING = [Depends(call_signed)]


@rest.get("/staff", responses=problems(401, 403, 422))
async def read(
    session: Colleague,
    view: FromDishka[ViewStaff],
    after: Annotated[str, Query(max_length=64)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> Members:
    """Members by login: administrators see everybody, the others those who answer."""
    roster = await view(session.member.actor)
    whole = session.member.role is Role.ADMINISTRATOR
    rest_ = [each for each in roster.people if each.login > after]
    page = rest_[:limit]
    return Members(
        staff=[member_shown(each, whole=whole) for each in page],
        next=page[-1].login if len(rest_) > limit else None,
    )


@rest.post("/staff", status_code=201, responses=WRITE, dependencies=[*WRITING, WITHHELD])
async def add(session: Administrator, use_case: FromDishka[AddStaff], body: NewMemberBody) -> Secrets:
    """Add a member. Password and authenticator key are shown this once."""
    login = body.login.replace("\0", "")
    added = await use_case(login, body.name, body.role, body.password, by=session.member.actor)
    return secrets_shown(added)


@rest.put("/staff/{member}/role", status_code=204, responses=WRITE, dependencies=WRITING)
async def change_role(member: UUID, session: Administrator, use_case: FromDishka[ChangeRole], body: RoleBody) -> None:
    """Give another role: it holds from their next call, in the sessions that they have."""
    await use_case(StaffId(member), body.role, name=body.name, by=session.member.actor)


@rest.put("/staff/{member}/duty", responses=WRITE, dependencies=WRITING)
async def set_duty(
    member: UUID, session: Administrator, use_case: FromDishka[SetDuty], address: Address, body: DutyBody
) -> DutyShown:
    """Say what somebody knows, how much they take at once, and which group is theirs."""
    duty = await use_case(
        session.member.actor,
        StaffId(member),
        capacity=body.capacity,
        skills=body.skills,
        languages=body.languages,
        team=None if body.team is None else TeamId(body.team),
        address=address,
    )
    return duty_shown(duty)


@rest.post("/staff/{member}/secrets", responses=WRITE, dependencies=[*WRITING, WITHHELD])
async def reset(member: UUID, session: Administrator, use_case: FromDishka[ResetStaff]) -> Secrets:
    """Give a new password and authenticator key, shown this once; their sessions end."""
    return secrets_shown(await use_case(StaffId(member), by=session.member.actor))


@rest.post("/staff/{member}/disable", status_code=204, responses=WRITE, dependencies=WRITING)
async def disable(member: UUID, session: Administrator, use_case: FromDishka[DisableStaff]) -> None:
    """End somebody's work at the desk at once."""
    await use_case(StaffId(member), by=session.member.actor)


@rest.post("/staff/{member}/enable", status_code=204, responses=WRITE, dependencies=WRITING)
async def enable(member: UUID, session: Administrator, use_case: FromDishka[EnableStaff]) -> None:
    """Let in again whoever was disabled or locked out."""
    await use_case(StaffId(member), by=session.member.actor)


@rest.get("/staff/{member}/sessions", responses=READ)
async def sessions_of(member: UUID, session: Administrator, view: FromDishka[ListSessions]) -> Sessions:
    """Where somebody is signed in."""
    found = await view(session.member.actor, StaffId(member))
    return Sessions(sessions=[session_shown(each, session.id) for each in found])


@rest.delete("/staff/{member}/sessions", responses=WRITE, dependencies=WRITING)
async def end_sessions(member: UUID, session: Administrator, use_case: FromDishka[EndSession]) -> Ended:
    """End all sessions of a member."""
    return Ended(ended=await use_case(session.member.actor, None, StaffId(member)))


@rest.delete("/staff/{member}/sessions/{session_id}", status_code=204, responses=WRITE, dependencies=WRITING)
async def end_theirs(member: UUID, session_id: UUID, session: Administrator, use_case: FromDishka[EndSession]) -> None:
    """End one session of a member."""
    await use_case(session.member.actor, session_id, StaffId(member))


@rest.get("/sessions", responses=problems(401, 403, 422))
async def own_sessions(session: Current, view: FromDishka[ListSessions]) -> Sessions:
    """Where you are signed in."""
    return Sessions(sessions=[session_shown(each, session.id) for each in await view(session.member.actor)])


@rest.put(
    "/me/password",
    status_code=204,
    responses=problems(400, 401, 403, 413, 422, 429),
    dependencies=WRITING,
)
async def change_password(session: Current, use_case: FromDishka[ChangePassword], body: PasswordBody) -> None:
    """Take another password; your other sessions end."""
    await use_case(session.member.actor, session.id, body.password, body.code, body.new)


@rest.delete("/sessions/{session_id}", status_code=204, responses=WRITE, dependencies=WRITING)
async def end_own(session_id: UUID, session: Current, use_case: FromDishka[EndSession]) -> None:
    """End one of your sessions."""
    await use_case(session.member.actor, session_id)
