"""The staff as an administrator manages them: a list, and a page for each member."""

from typing import Annotated
from uuid import UUID

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.context import clock_of
from api.errors import detail, told
from api.rendering import render
from api.routes.staff.shown import grouped, picture_of
from api.sessions import Address, Administrator, form_signed
from api.words import words_for
from core.domain.actor import Actor, NotAllowed, Role
from core.domain.ids import StaffId, TeamId
from core.domain.staff import HANDED_FOR, LastAdministrator, LoginTaken
from core.domain.support import SupportTopic
from core.domain.team import LANGUAGES, MOST, BadDuty, SelfShutOut, TeamNotThere
from core.services.staff import (
    AddStaff,
    BadLogin,
    ChangeRole,
    Colleague,
    DisableStaff,
    EnableStaff,
    EndSession,
    ListSessions,
    NameWanted,
    NewMember,
    ResetStaff,
    Roster,
    ViewStaff,
)
from core.services.team import SetDuty

pages = APIRouter(prefix="/desk/staff", route_class=DishkaRoute, include_in_schema=False)
IN_THE_WAY = (BadLogin, NameWanted, LoginTaken, LastAdministrator, BadDuty, SelfShutOut, TeamNotThere)
GIVEN = [role for role in Role if role is not Role.AUDITOR]
"""The command alone makes auditors."""
DONE = frozenset({"role", "duty", "disabled", "enabled", "sessions"})
Text = Annotated[str, Form()]
SIGNED = [Depends(form_signed)]


@pages.get("")
async def everybody(request: Request, session: Administrator, view: FromDishka[ViewStaff]) -> Response:
    """Everybody, and the form that adds somebody."""
    return await _list(request, await view(session.member.actor))


@pages.post("", dependencies=SIGNED)
async def add(
    request: Request,
    session: Administrator,
    use_case: FromDishka[AddStaff],
    view: FromDishka[ViewStaff],
    login: Text = "",
    name: Text = "",
    role: Text = "",
) -> Response:
    """Add a member and show what is shown once; what stands in the way is said beside the form."""
    actor, login = session.member.actor, login.replace("\0", "").strip()
    try:
        added = await use_case(login, name, _role(role), by=actor)
    except IN_THE_WAY as error:
        return await _list(request, await view(actor), login=login, name=name, role=role, error=error)
    return await _once(request, login, added)


@pages.get("/{member}")
async def one(
    request: Request,
    member: UUID,
    session: Administrator,
    view: FromDishka[ViewStaff],
    sessions: FromDishka[ListSessions],
    done: str = "",
) -> Response:
    """One member: role, duty, sessions, access."""
    return await _one(request, member, session.member.actor, view, sessions, done=done if done in DONE else None)


@pages.post("/{member}/role", dependencies=SIGNED)
async def change_role(
    request: Request,
    member: UUID,
    session: Administrator,
    use_case: FromDishka[ChangeRole],
    view: FromDishka[ViewStaff],
    sessions: FromDishka[ListSessions],
    name: Text = "",
    role: Text = "",
) -> Response:
    """Give another role or name."""
    actor = session.member.actor
    try:
        await use_case(StaffId(member), _role(role), name=name, by=actor)
    except IN_THE_WAY as error:
        return await _one(request, member, actor, view, sessions, error=error)
    return _back(member, "role")


@pages.post("/{member}/duty", dependencies=SIGNED)
async def set_duty(
    request: Request,
    member: UUID,
    session: Administrator,
    use_case: FromDishka[SetDuty],
    view: FromDishka[ViewStaff],
    sessions: FromDishka[ListSessions],
    address: Address,
    skills: Annotated[list[str], Form()] = [],  # noqa: B006 - read and never changed; FastAPI copies it
    languages: Annotated[list[str], Form()] = [],  # noqa: B006 - as above
    capacity: Text = "",
    team: Text = "",
) -> Response:
    """Say what they know, how much they take at once, and which group is theirs."""
    actor = session.member.actor
    try:
        await use_case(
            actor,
            StaffId(member),
            capacity=int(capacity) if capacity.isascii() and capacity.isdigit() and len(capacity) < 4 else 0,
            skills=[topic for topic in SupportTopic if topic.value in skills],
            languages=[language for language in sorted(LANGUAGES) if language in languages],
            team=_team(team),
            address=address,
        )
    except IN_THE_WAY as error:
        return await _one(request, member, actor, view, sessions, error=error)
    return _back(member, "duty")


@pages.post("/{member}/secrets", dependencies=SIGNED)
async def reset(
    request: Request,
    member: UUID,
    session: Administrator,
    use_case: FromDishka[ResetStaff],
    view: FromDishka[ViewStaff],
) -> Response:
    """Give a new password and key and show them once."""
    known = _known(await view(session.member.actor), member)
    return await _once(request, known.login, await use_case(StaffId(member), by=session.member.actor))


@pages.post("/{member}/disable", dependencies=SIGNED)
async def disable(
    request: Request,
    member: UUID,
    session: Administrator,
    use_case: FromDishka[DisableStaff],
    view: FromDishka[ViewStaff],
    sessions: FromDishka[ListSessions],
) -> Response:
    """End somebody's work at the desk."""
    actor = session.member.actor
    try:
        await use_case(StaffId(member), by=actor)
    except IN_THE_WAY as error:
        return await _one(request, member, actor, view, sessions, error=error)
    return _back(member, "disabled")


@pages.post("/{member}/enable", dependencies=SIGNED)
async def enable(member: UUID, session: Administrator, use_case: FromDishka[EnableStaff]) -> Response:
    """Let in again whoever was disabled or locked out."""
    await use_case(StaffId(member), by=session.member.actor)
    return _back(member, "enabled")


@pages.post("/{member}/sessions/end", dependencies=SIGNED)
async def end_sessions(member: UUID, session: Administrator, use_case: FromDishka[EndSession]) -> Response:
    """End all of their sessions."""
    await use_case(session.member.actor, None, StaffId(member))
    return _back(member, "sessions")


def _role(said: str) -> Role:
    try:
        return Role(said)
    except ValueError:
        raise NotAllowed from None


def _team(said: str) -> TeamId | None:
    try:
        return TeamId(UUID(said)) if said else None
    except ValueError:
        raise TeamNotThere from None


def _known(roster: Roster, member: UUID) -> Colleague:
    found = next((each for each in roster.people if each.id == member), None)
    if found is None:
        raise NotAllowed
    return found


def _back(member: UUID, done: str) -> Response:
    return RedirectResponse(f"/desk/staff/{member}?done={done}", 303)


async def _list(
    request: Request,
    roster: Roster,
    *,
    login: str = "",
    name: str = "",
    role: str = "",
    error: Exception | None = None,
) -> Response:
    words = await words_for(request)
    return await render(
        request,
        "staff.html",
        told(error)[0] if error else 200,
        roster=roster,
        roles=GIVEN,
        login=login,
        name=name,
        role=role or Role.OPERATOR.value,
        error=detail(error, words) if error else None,
    )


async def _one(
    request: Request,
    member: UUID,
    actor: Actor,
    view: ViewStaff,
    sessions: ListSessions,
    *,
    done: str | None = None,
    error: Exception | None = None,
) -> Response:
    words, roster = await words_for(request), await view(actor)
    return await render(
        request,
        "staff_member.html",
        told(error)[0] if error else 200,
        member=_known(roster, member),
        roster=roster,
        open=await sessions(actor, StaffId(member)),
        roles=GIVEN,
        topics=list(SupportTopic),
        most=MOST,
        done=done,
        error=detail(error, words) if error else None,
    )


async def _once(request: Request, login: str, added: NewMember) -> Response:
    words = await words_for(request)
    until = (await clock_of(request)).now() + HANDED_FOR
    picture, groups = picture_of(added.totp_uri, words("staff.once.picture_alt")), grouped(added.totp_secret)
    return await render(
        request, "staff_once.html", login=login, added=added, groups=groups, picture=picture, until=until
    )
