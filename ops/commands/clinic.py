"""`medkarta clinic`: the organisations that deliver medical data."""

import asyncio
import json
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from core.domain.clinic import Clinic, ClinicExists
from core.services.clinic import AddClinic, BadClinic, ChangeClinic, ClinicView, ListClinics, NoSuchClinic, ViewClinic
from ops.commands.work import scope
from ops.settings import Settings

app = typer.Typer(no_args_is_help=True, help="The organisations that deliver medical data.")
T = TypeVar("T")
ClientId = Annotated[str, typer.Argument(help="The client id, as `list` shows it.", show_default=False)]
Keys = Annotated[Path, typer.Option(help="A file with its public keys, a JWK set; - reads standard input.")]
Networks = Annotated[
    list[str] | None, typer.Option(help="An address or network it speaks from, like 203.0.113.0/24; repeat for more.")
]
FAULTS: dict[type[Exception], str] = {
    ClinicExists: "There is an organisation with this client id already: see `medkarta clinic keys` and `network`.",
    NoSuchClinic: "There is no organisation with this client id: see `medkarta clinic list`.",
}


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What citizens and staff read, for example «Поликлиника № 1».")],
    client_id: Annotated[str, typer.Option(help="What it calls itself when it signs in.")],
    keys: Keys,
    network: Networks = None,
) -> None:
    """Register an organisation; what it signs with its key is believed from then on."""
    settings, told = Settings.read(), read_keys(keys)

    async def work() -> Clinic:
        async with scope(settings) as request:
            return await (await request.get(AddClinic))(name, client_id, told, network or [])

    clinic, console = told_plainly(work()), Console(highlight=False)
    console.print(f"{clinic.client_id} may deliver now.")
    console.print(f"  Token endpoint  {settings.api_url}/oauth/token", soft_wrap=True)
    console.print(f"  FHIR            {settings.api_url}/fhir", soft_wrap=True)


@app.command("list")
def list_() -> None:
    """Show every organisation."""

    async def work(settings: Settings) -> list[Clinic]:
        async with scope(settings) as request:
            return list(await (await request.get(ListClinics))())

    table = Table("Client id", "Name", "Networks", "Keys", "State")
    for each in told_plainly(work(Settings.read())):
        networks = ", ".join(map(str, each.networks))
        state = "disabled" if each.disabled else "active"
        table.add_row(each.client_id, each.name, networks, str(len(each.keys["keys"])), state)
    Console().print(table)


@app.command()
def show(client_id: ClientId) -> None:
    """Show one, and how much of each type it has delivered: kept, and of that shown to citizens."""

    async def work(settings: Settings) -> ClinicView:
        async with scope(settings) as request:
            return await (await request.get(ViewClinic))(client_id)

    view, console = told_plainly(work(Settings.read())), Console(highlight=False)
    console.print(f"{view.clinic.name} ({view.clinic.client_id}), {'disabled' if view.clinic.disabled else 'active'}")
    console.print(f"Speaks from {', '.join(map(str, view.clinic.networks))}", soft_wrap=True)
    table = Table("Type", "Kept", "Shown")
    for type_, (kept, shown) in view.counts.items():
        table.add_row(type_, str(kept), str(shown))
    console.print(table if view.counts else "It has delivered nothing yet.")


@app.command()
def keys(client_id: ClientId, file: Annotated[Path, typer.Argument(help="Its new public keys, a JWK set.")]) -> None:
    """Give it other keys; its tokens end at once."""
    told = read_keys(file)
    _changed(client_id, "has new keys.", keys=told)


@app.command()
def network(client_id: ClientId, networks: Annotated[list[str], typer.Argument(help="All it speaks from.")]) -> None:
    """Say which addresses it speaks from; its tokens end at once."""
    _changed(client_id, "speaks from there now.", networks=networks)


@app.command()
def disable(client_id: ClientId) -> None:
    """End its access at once; `enable` gives it back."""
    _changed(client_id, "is out.", disabled=True)


@app.command()
def enable(client_id: ClientId) -> None:
    """Give its access back."""
    _changed(client_id, "may deliver again.", disabled=False)


def read_keys(file: Path) -> object:
    """Read a JWK set; a file that cannot be read ends the command with one line."""
    try:
        text = typer.get_text_stream("stdin").read() if str(file) == "-" else file.read_text("utf-8")
        return json.loads(text)
    except (OSError, ValueError, RecursionError) as fault:
        why = fault.strerror if isinstance(fault, OSError) else "it is not JSON"
        Console(stderr=True).print(f"{file} cannot be read: {why}.", soft_wrap=True)
        raise typer.Exit(1) from None


def told_plainly(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work; a fault that has a plain sentence is told in it."""
    try:
        return asyncio.run(work)
    except BadClinic as fault:
        sentence = str(fault)
    except tuple(FAULTS) as fault:
        sentence = FAULTS[type(fault)]
    Console(stderr=True).print(sentence, soft_wrap=True)
    raise typer.Exit(1)


def _changed(client_id: str, said: str, **changes: Any) -> None:
    async def work(settings: Settings) -> Clinic:
        async with scope(settings) as request:
            return await (await request.get(ChangeClinic))(client_id, **changes)

    Console(highlight=False).print(f"{told_plainly(work(Settings.read())).client_id} {said}")
