"""`medkarta staff`, the rest of it: who may come in, from where, with which role, and what each one does."""

from collections.abc import Sequence
from typing import Annotated

import typer
from dishka import AsyncContainer
from rich.console import Console
from rich.table import Table

from core.domain.actor import Role
from core.domain.ids import StaffId, TeamId
from core.domain.staff import OpenSession, StaffMembers
from core.domain.support import SupportTopic
from core.domain.team import Duties, Team, TeamNotThere
from core.ports import Transaction
from core.services.staff import (
    COMMAND,
    ChangeRole,
    EnableStaff,
    EndSession,
    ListSessions,
    NoSuchMember,
    Roster,
    ViewStaff,
)
from core.services.team import RemoveTeam, SaveTeam, SetDuty, ViewTeams
from ops.commands.staff import app, told_plainly
from ops.commands.work import scope
from ops.settings import Settings

Login = Annotated[str, typer.Argument(help="Whose.")]
NONE = "none"

__all__ = ["app"]


@app.command()
def enable(login: Annotated[str, typer.Argument(help="Who is let in again.")]) -> None:
    """Let in again somebody who was disabled or locked out, with the password and key they have."""

    async def work() -> None:
        async with scope(Settings.read()) as request:
            await (await request.get(EnableStaff))(login)

    told_plainly(work())
    _say(f"{login} can sign in.")


@app.command()
def role(
    login: Login,
    role: Annotated[Role, typer.Argument(help="What they may do from now on.")],
    name: Annotated[str | None, typer.Option(help="The name that colleagues see, where it changes.")] = None,
) -> None:
    """Give somebody another role; it holds at once, in the sessions that they have."""

    async def work() -> None:
        async with scope(Settings.read()) as request:
            await (await request.get(ChangeRole))(login, role, name=name)

    told_plainly(work())
    _say(f"{login} is {role.value}.")


@app.command()
def duty(
    login: Login,
    capacity: Annotated[int | None, typer.Option(help="Conversations at once, 1 to 50.")] = None,
    skill: Annotated[list[SupportTopic] | None, typer.Option(help="A topic they know; may be repeated.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="ru or en; may be repeated.")] = None,
    team: Annotated[str | None, typer.Option(help="The name of their group, or `none`.")] = None,
) -> None:
    """Show what somebody does, or set what is said of it."""

    async def work() -> str:
        async with scope(Settings.read()) as request:
            member, teams = await _known(request, login), await _teams(request)
            async with (await request.get(Transaction)).looking():
                known = await (await request.get(Duties)).of(member)
            if not (capacity is None and skill is None and language is None and team is None):
                known = await (await request.get(SetDuty))(
                    COMMAND,
                    member,
                    capacity=known.capacity if capacity is None else capacity,
                    skills=known.skills if skill is None else skill,
                    languages=known.languages if language is None else language,
                    team=known.team if team is None else None if team == NONE else _named(teams, team).id,
                )
        group = next((each.name for each in teams if each.id == known.team), NONE)
        return (
            f"{login}: {known.presence.value}, {known.load} of {known.capacity} at once, group {group}, "
            f"{' and '.join(sorted(known.languages))}, {', '.join(sorted(known.skills))}"
        )

    _say(told_plainly(work()))


@app.command()
def sessions(login: Login) -> None:
    """Show where somebody is signed in."""

    async def work() -> Sequence[OpenSession]:
        async with scope(Settings.read()) as request:
            return await (await request.get(ListSessions))(COMMAND, await _known(request, login))

    table = Table("Since", "Seen", "Network", "Browser")
    for each in told_plainly(work()):
        since, seen = (f"{moment:%Y-%m-%d %H:%M} UTC" for moment in (each.started_at, each.seen_at))
        table.add_row(since, seen, each.network, f"{each.browser} {each.system}".strip())
    Console().print(table)


@app.command("end-sessions")
def end_sessions(login: Login) -> None:
    """End every session of somebody at once."""

    async def work() -> int:
        async with scope(Settings.read()) as request:
            return await (await request.get(EndSession))(COMMAND, None, await _known(request, login))

    _say(f"{told_plainly(work())} ended.")


@app.command()
def teams() -> None:
    """Show the groups."""

    async def work() -> Roster:
        async with scope(Settings.read()) as request:
            return await (await request.get(ViewStaff))(COMMAND)

    roster = told_plainly(work())
    table = Table("Group", "Networks", "Topics", "Members")
    for each in roster.teams:
        members = [person.login for person in roster.people if person.duty.team == each.id]
        table.add_row(each.name, "\n".join(each.networks) or "any", ", ".join(sorted(each.topics)), ", ".join(members))
    Console().print(table)


@app.command()
def team(
    name: Annotated[str, typer.Argument(help="The group's name.")],
    topic: Annotated[list[SupportTopic] | None, typer.Option(help="What it is asked about; may be repeated.")] = None,
    rename: Annotated[str | None, typer.Option(help="Its name from now on.")] = None,
    remove: Annotated[bool, typer.Option(help="Take it apart: its members have none from then on.")] = False,
) -> None:
    """Make a group, or change or remove the one of this name."""

    async def work() -> str:
        async with scope(Settings.read()) as request:
            known = next((each for each in await _teams(request) if each.name == name), None)
            if remove:
                await (await request.get(RemoveTeam))(COMMAND, _id(known))
                return f"{name} is gone."
            made = await (await request.get(SaveTeam))(
                COMMAND,
                rename or name,
                networks=known.networks if known else (),
                topics=topic if topic is not None else known.topics if known else (),
                team=known.id if known else None,
                version=known.version if known else 1,
            )
            return f"{made.name} is kept."

    _say(told_plainly(work()))


@app.command()
def networks(
    name: Annotated[str, typer.Argument(help="The group's name.")],
    network: Annotated[
        list[str] | None, typer.Argument(help="Networks, for example 203.0.113.0/24. None: any.")
    ] = None,
) -> None:
    """Say from which networks the members of a group may sign in and work; with none named, from anywhere."""

    async def work() -> Team:
        async with scope(Settings.read()) as request:
            known = _named(await _teams(request), name)
            return await (await request.get(SaveTeam))(
                *(COMMAND, known.name),
                networks=network or (),
                topics=known.topics,
                team=known.id,
                version=known.version,
            )

    kept = told_plainly(work())
    _say(f"{kept.name}: {', '.join(kept.networks) or 'from anywhere'}")


async def _known(request: AsyncContainer, login: str) -> StaffId:
    async with (await request.get(Transaction)).looking():
        member = await (await request.get(StaffMembers)).by_login(login)
    if member is None:
        raise NoSuchMember
    found: StaffId = member.id
    return found


async def _teams(request: AsyncContainer) -> Sequence[Team]:
    return await (await request.get(ViewTeams))(COMMAND)


def _named(teams: Sequence[Team], name: str) -> Team:
    found = next((each for each in teams if each.name == name), None)
    if found is None:
        raise TeamNotThere
    return found


def _id(team: Team | None) -> TeamId:
    if team is None:
        raise TeamNotThere
    return team.id


def _say(words: str) -> None:
    Console(highlight=False).print(words, soft_wrap=True, markup=False)
