"""The command line: `medkarta`."""

import asyncio
import os
from collections.abc import Coroutine
from typing import Any

import typer
import uvloop
from rich.console import Console

from ops.commands import audit, backup, broadcast, clinic, duty, facility, keys, records
from ops.logs import set_up
from ops.serve import PortTaken
from ops.settings import Settings

app = typer.Typer(
    name="medkarta",
    no_args_is_help=True,
    add_completion=False,
    # Local variables may hold what people typed.
    pretty_exceptions_show_locals=False,
    help="Medkarta: the bot, its worker, its desk.",
)
app.add_typer(keys.app, name="keys")
app.add_typer(audit.app, name="audit")
app.add_typer(duty.app, name="staff")
app.add_typer(broadcast.app, name="broadcast")
app.add_typer(clinic.app, name="clinic")
app.add_typer(facility.app, name="facility")
app.add_typer(records.app, name="records")
app.command()(backup.backup)
app.command()(backup.restore)


@app.callback()
def owner_only() -> None:
    """Whatever is written belongs to the owner alone."""
    os.umask(0o077)


def start(work: Coroutine[Any, Any, None]) -> None:
    """Run a process to its end; a fault that has a plain sentence is told in it."""
    try:
        uvloop.run(work)
    except BaseExceptionGroup as group:
        _plainly(group.exceptions[0])
    except PortTaken as fault:
        _plainly(fault)


def _plainly(fault: BaseException) -> None:
    if isinstance(fault, PortTaken):
        Console(stderr=True).print(str(fault))
        raise typer.Exit(1)
    raise fault


def prepared() -> Settings:
    """Read the settings and set the logs up."""
    settings = Settings.read()
    set_up(settings.log_level)
    return settings


@app.command()
def run() -> None:
    """Start everything in one process; with the playground unless BOT_TOKEN is set."""
    from ops.run import run_all

    start(run_all(prepared()))


@app.command()
def bot() -> None:
    """Start the bot alone."""
    from ops.probe import probed
    from ops.processes import run_bot, stop_on_signals, wired

    async def work(settings: Settings) -> None:
        async with wired(settings) as container, probed(settings, container):
            await run_bot(settings, container, stop_on_signals())

    start(work(prepared()))


@app.command()
def worker() -> None:
    """Start the worker alone."""
    from ops.probe import probed
    from ops.processes import run_worker, stop_on_signals, wired

    async def work(settings: Settings) -> None:
        async with wired(settings) as container, probed(settings, container):
            await run_worker(container, stop_on_signals())

    start(work(prepared()))


@app.command()
def api() -> None:
    """Start the desk, the portal's callback and the probes alone."""
    from ops.container import make_container
    from ops.processes import run_api, stop_on_signals

    async def work(settings: Settings) -> None:
        container = make_container(settings)
        try:
            await run_api(settings, container, stop_on_signals())
        finally:
            await container.close()

    start(work(prepared()))


@app.command()
def playground() -> None:
    """Start the outside world on this machine: local Telegram, portal, registries, SMS and mail."""
    from ops.processes import playground as world
    from ops.processes import stop_on_signals

    async def work(settings: Settings) -> None:
        stop = stop_on_signals()
        async with world(settings):
            Console(highlight=False).print(f"  Chat page  {settings.playground_url}/")
            await stop.wait()

    start(work(prepared()))


@app.command()
def migrate() -> None:
    """Bring the database to the newest shape."""
    from core.storage.schema import upgrade

    settings = prepared()
    settings.state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    asyncio.run(upgrade(settings.database))
    Console(highlight=False).print("The database is up to date.")


@app.command()
def seed() -> None:
    """Add a reviewer and an administrator to try the desk with, and print what they sign in with, once."""
    from ops.commands.staff import add_samples

    asyncio.run(add_samples(prepared()))
