"""`medkarta staff`: who sits at the desk."""

import asyncio
from collections.abc import Coroutine, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

import segno
import typer
from rich.console import Console
from rich.table import Table

from core.domain.actor import Role
from core.domain.staff import HANDED_FOR, LoginTaken, NotASigner
from core.domain.team import BadDuty, BadTeam, TeamNameTaken, TeamNotThere
from core.ports import BadKey
from core.services.staff import (
    COMMAND,
    AddStaff,
    BadLogin,
    DisableStaff,
    NameWanted,
    NewMember,
    NoSuchMember,
    ResetStaff,
    ViewStaff,
    WeakPassword,
)
from core.services.vaccination import AddStaffKey
from ops.commands.work import scope
from ops.settings import Settings

app = typer.Typer(no_args_is_help=True, help="The people at the desk.")

T = TypeVar("T")

FAULTS: Mapping[type[Exception], str] = {
    BadLogin: "A login is 3 to 32 small Latin letters, digits, dots, dashes or underscores, a letter first.",
    NameWanted: 'A doctor signs papers with their name: say it, for example --name "Anna Petrova".',
    WeakPassword: "A password has at least 12 characters.",
    LoginTaken: "There is somebody with this login already.",
    NoSuchMember: "There is nobody with this login.",
    NotASigner: "Only doctors sign corrections.",
    TeamNotThere: "There is no group of this name.",
    TeamNameTaken: "There is a group of this name already.",
    BadTeam: "A group has a name of 1 to 60 characters, and networks like 203.0.113.0/24, fifty at most.",
    BadDuty: "One to 50 conversations at once, at least one topic, and the languages ru and en.",
}


@app.command()
def add(
    login: Annotated[str, typer.Argument(help="Small Latin letters and digits, for example anna.")],
    name: Annotated[str, typer.Option(help="The name that colleagues see; a doctor signs papers with it.")] = "",
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.REVIEWER,
    password: Annotated[
        str | None, typer.Option(help="At least 12 characters; made for you when absent.", envvar="STAFF_PASSWORD")
    ] = None,
) -> None:
    """Add a member of staff; prints the password and the authenticator's key once."""
    settings = Settings.read()
    console = Console(highlight=False)
    member = told_plainly(_add(settings, login, name, role, password))
    show(console, login, role, member)
    segno.make(member.totp_uri).terminal(compact=True)


@app.command()
def reset(login: Annotated[str, typer.Argument(help="Whose password and key are made anew.")]) -> None:
    """Give a new password and authenticator key, printed once; sessions end at once."""
    settings = Settings.read()

    async def work() -> NewMember:
        async with scope(settings) as request:
            return await (await request.get(ResetStaff))(login)

    member = told_plainly(work())
    show(Console(highlight=False), login, None, member)
    segno.make(member.totp_uri).terminal(compact=True)


@app.command()
def disable(login: Annotated[str, typer.Argument(help="Who leaves the desk.")]) -> None:
    """End somebody's work at the desk at once; `reset` lets them in again."""
    settings = Settings.read()

    async def work() -> None:
        async with scope(settings) as request:
            await (await request.get(DisableStaff))(login)

    told_plainly(work())
    Console(highlight=False).print(f"{login} is out.")


def told_plainly(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work; a fault that has a plain sentence is told in it."""
    try:
        return asyncio.run(work)
    except BadKey as fault:
        Console(stderr=True).print(str(fault), soft_wrap=True)
        raise typer.Exit(1) from None
    except tuple(FAULTS) as fault:
        Console(stderr=True).print(FAULTS[type(fault)], soft_wrap=True)
        raise typer.Exit(1) from None


@app.command()
def key(
    login: Annotated[str, typer.Argument(help="Whose key it is: a doctor's.")],
    file: Annotated[Path, typer.Argument(help="The public key, PEM: Ed25519, or RSA of 4096 bits.", dir_okay=False)],
) -> None:
    """Register the public key that a specialist signs with; the one before signs nothing new, and is kept to verify."""
    settings = Settings.read()
    try:
        content = file.read_bytes()
    except OSError:
        Console(stderr=True).print(f"{file} cannot be read.", soft_wrap=True)
        raise typer.Exit(1) from None

    async def work() -> str:
        async with scope(settings) as request:
            return await (await request.get(AddStaffKey))(login, content)

    fingerprint = told_plainly(work())
    Console(highlight=False).print(f"{login} signs with {fingerprint}", soft_wrap=True)


@app.command("list")
def list_() -> None:
    """Show everybody."""
    settings = Settings.read()

    async def work() -> Table:
        async with scope(settings) as request:
            roster = await (await request.get(ViewStaff))(COMMAND)
        table = Table("Login", "Name", "Role", "Group", "State")
        for member in roster.people:
            team, state = roster.team_of(member), "disabled" if member.disabled else "active"
            if member.locked_until is not None:
                state = f"locked until {member.locked_until:%H:%M} UTC"
            elif member.handed and not member.disabled:
                state = "not yet in: handed secrets"
                if member.lapsed:
                    state = "not yet in: handed secrets lapsed, reset"
                elif member.handed_until is not None:
                    state += f", until {member.handed_until:%d.%m. %H:%M} UTC"
            table.add_row(member.login, member.name, member.role.value, team.name if team else "", state)
        return table

    Console().print(asyncio.run(work()))


async def add_samples(settings: Settings) -> None:
    """Add `reviewer` and `administrator` where they are absent."""
    console = Console(highlight=False)
    for login, role in (("reviewer", Role.REVIEWER), ("administrator", Role.ADMINISTRATOR)):
        try:
            member = await _add(settings, login, login, role, None)
        except LoginTaken:
            console.print(f"{login} is there already.")
        else:
            show(console, login, role, member)


async def _add(settings: Settings, login: str, name: str, role: Role, password: str | None) -> NewMember:
    async with scope(settings) as request:
        return await (await request.get(AddStaff))(login, name, role, password)


def show(console: Console, login: str, role: Role | None, member: NewMember) -> None:
    """Print what is shown once."""
    console.print(f"Login              {login}" + (f" ({role.value})" if role else ""))
    console.print(f"Password           {member.password}", soft_wrap=True)
    console.print(f"Authenticator key  {member.totp_secret}", soft_wrap=True)
    console.print("These are shown once. Add the key to an authenticator, or scan the picture.")
    hours = HANDED_FOR // timedelta(hours=1)
    console.print("At the first sign-in the member takes a password and a key of their own.")
    console.print(
        f"Not replaced within {hours} hours they lapse: `medkarta staff reset {login}` gives new ones.", soft_wrap=True
    )
