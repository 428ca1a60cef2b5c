"""Groups of staff, and whether you are here."""

from typing import Annotated
from uuid import UUID

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from api.errors import detail, told
from api.idempotency import OnceRoute
from api.openapi import WRITE, problems
from api.rendering import render
from api.routes.staff.shown import DutyShown, duty_shown
from api.sessions import Address, Administrator, Colleague, call_signed, form_signed
from api.words import words_for
from core.domain.account import WrongMove
from core.domain.actor import Staff
from core.domain.conversation import Assigning
from core.domain.ids import TeamId
from core.domain.support import SupportTopic
from core.domain.team import (
    LONGEST_NAME,
    MOST_NETWORKS,
    BadTeam,
    Presence,
    SelfShutOut,
    Team,
    TeamNameTaken,
    TeamNotThere,
)
from core.services.conversation import SetAssignment, ViewAssignment
from core.services.team import NotePresent, RemoveTeam, SaveTeam, SetPresence, ViewTeams

pages = APIRouter(prefix="/desk/teams", route_class=DishkaRoute, include_in_schema=False)
rest = APIRouter(prefix="/api/v1", route_class=OnceRoute, tags=["team"])
IN_THE_WAY = (BadTeam, TeamNameTaken, TeamNotThere, SelfShutOut, WrongMove)
DONE = frozenset({"saved", "removed", "assigned"})
Text = Annotated[str, Form()]


class PresenceBody(BaseModel):
    """HERE takes new conversations, AWAY keeps those they have, OFF gives them back to the queue."""

    model_config = ConfigDict(extra="forbid")

    presence: Presence


class AssignmentBody(BaseModel):
    """How a waiting conversation finds its operator: `by_hand` somebody takes it, `in_turn` whoever was given one longest

    ago and has room gets it, `by_skill` the same among those who know its topic.
    """

    model_config = ConfigDict(extra="forbid")

    how: Assigning


class TeamBody(BaseModel):
    """A group: its name, where its members may work from (CIDR; none: anywhere), what it is asked about."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    networks: Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=MOST_NETWORKS)] = []
    topics: Annotated[list[SupportTopic], Field(max_length=len(SupportTopic))] = []


class TeamChange(TeamBody):
    """A group as it shall be. `version` is what was read: 409 when somebody changed it since."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]


class TeamShown(BaseModel):
    """A group."""

    id: UUID
    name: str
    networks: list[str]
    topics: list[SupportTopic]
    version: int


class Teams(BaseModel):
    """The groups by name."""

    teams: list[TeamShown]


def _shown(team: Team) -> TeamShown:
    return TeamShown(
        id=team.id,
        name=team.name,
        networks=list(team.networks),
        topics=sorted(team.topics),
        version=team.version,
    )


@rest.put("/presence", responses=WRITE, dependencies=[Depends(call_signed)])
async def set_presence(session: Colleague, use_case: FromDishka[SetPresence], body: PresenceBody) -> DutyShown:
    """Say whether you are here."""
    return duty_shown(await use_case(session.member.actor, body.presence))


@rest.post("/presence/seen", responses=WRITE, dependencies=[Depends(call_signed)])
async def note_present(session: Colleague, use_case: FromDishka[NotePresent]) -> DutyShown:
    """Say that your page is still open; two minutes after the last time your conversations go back to the queue."""
    return duty_shown(await use_case(session.member.actor))


@rest.get("/teams", responses=problems(401, 403, 422))
async def read(session: Colleague, view: FromDishka[ViewTeams]) -> Teams:
    """The groups by name."""
    return Teams(teams=[_shown(team) for team in await view(session.member.actor)])


@rest.post("/teams", status_code=201, responses=WRITE, dependencies=[Depends(call_signed)])
async def create(session: Administrator, use_case: FromDishka[SaveTeam], address: Address, body: TeamBody) -> TeamShown:
    """Make a group."""
    made = await use_case(session.member.actor, body.name, networks=body.networks, topics=body.topics, address=address)
    return _shown(made)


@rest.put("/teams/{team_id}", responses=WRITE, dependencies=[Depends(call_signed)])
async def change(
    team_id: UUID, session: Administrator, use_case: FromDishka[SaveTeam], address: Address, body: TeamChange
) -> TeamShown:
    """Change a group. What its networks keep out is out from the next call on."""
    changed = await use_case(
        session.member.actor,
        body.name,
        networks=body.networks,
        topics=body.topics,
        team=TeamId(team_id),
        version=body.version,
        address=address,
    )
    return _shown(changed)


@rest.delete("/teams/{team_id}", status_code=204, responses=WRITE, dependencies=[Depends(call_signed)])
async def remove(team_id: UUID, session: Administrator, use_case: FromDishka[RemoveTeam]) -> None:
    """Take a group apart: its members have none, and what waits for it waits for everybody."""
    await use_case(session.member.actor, TeamId(team_id))


@rest.get("/assignment", responses=problems(401, 403))
async def read_assignment(session: Colleague, view: FromDishka[ViewAssignment]) -> AssignmentBody:
    """How waiting conversations find their operators."""
    return AssignmentBody(how=await view(session.member.actor))


@rest.put("/assignment", status_code=204, responses=WRITE, dependencies=[Depends(call_signed)])
async def set_assignment(session: Administrator, use_case: FromDishka[SetAssignment], body: AssignmentBody) -> None:
    """Decide it; what waits already is given in the new way."""
    await use_case(session.member.actor, body.how)


@pages.get("")
async def page(
    request: Request,
    session: Administrator,
    view: FromDishka[ViewTeams],
    assignment: FromDishka[ViewAssignment],
    done: str = "",
) -> Response:
    """The groups, each with its form, a form for a new one, and how conversations are given out."""
    return await _page(request, session.member.actor, view, assignment, done=done if done in DONE else None)


@pages.post("/assignment", dependencies=[Depends(form_signed)])
async def assign_on_page(
    session: Administrator, use_case: FromDishka[SetAssignment], how: Annotated[Assigning, Form()]
) -> Response:
    """Decide how conversations are given out."""
    await use_case(session.member.actor, how)
    return RedirectResponse("/desk/teams?done=assigned", 303)


@pages.post("", dependencies=[Depends(form_signed)])
async def save(
    request: Request,
    session: Administrator,
    use_case: FromDishka[SaveTeam],
    view: FromDishka[ViewTeams],
    assignment: FromDishka[ViewAssignment],
    address: Address,
    topics: Annotated[list[str], Form()] = [],  # noqa: B006 - read and never changed; FastAPI copies it
    name: Text = "",
    networks: Text = "",
    team: Text = "",
    version: Text = "1",
) -> Response:
    """Make or change one; what stands in the way is said, with everything typed still in its field."""
    actor = session.member.actor
    typed: dict[str, object] = {"team": team, "name": name, "networks": networks, "topics": topics}
    try:
        await use_case(
            actor,
            name,
            networks=[line for line in networks.replace(",", "\n").splitlines() if line.strip()],
            topics=[topic for topic in SupportTopic if topic.value in topics],
            team=_id(team),
            version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0,
            address=address,
        )
    except IN_THE_WAY as error:
        return await _page(request, actor, view, assignment, typed=typed, error=error)
    return RedirectResponse("/desk/teams?done=saved", 303)


@pages.post("/{team_id}/remove", dependencies=[Depends(form_signed)])
async def remove_on_page(team_id: UUID, session: Administrator, use_case: FromDishka[RemoveTeam]) -> Response:
    """Take one apart."""
    await use_case(session.member.actor, TeamId(team_id))
    return RedirectResponse("/desk/teams?done=removed", 303)


def _id(said: str) -> TeamId | None:
    try:
        return TeamId(UUID(said)) if said else None
    except ValueError:
        raise TeamNotThere from None


async def _page(
    request: Request,
    actor: Staff,
    view: ViewTeams,
    assignment: ViewAssignment,
    *,
    typed: dict[str, object] | None = None,
    done: str | None = None,
    error: Exception | None = None,
) -> Response:
    words = await words_for(request)
    return await render(
        request,
        "teams.html",
        told(error)[0] if error else 200,
        teams=await view(actor),
        topics=list(SupportTopic),
        ways=list(Assigning),
        assigned=await assignment(actor),
        typed=typed or {"team": None, "name": "", "networks": "", "topics": []},
        longest=LONGEST_NAME,
        done=done,
        error=detail(error, words) if error else None,
    )
