"""Everything in one process, on embedded defaults, with the playground unless a bot token is set."""

import asyncio
import contextlib
import sys
from pathlib import Path

from rich.console import Console

from core.storage.schema import upgrade
from ops.acquaintance import meet_playground_clinic, meet_playground_facilities
from ops.processes import playground, run_api, run_bot, run_worker, stop_on_signals, wired
from ops.settings import Settings


async def run_all(settings: Settings) -> None:
    """Migrate, start all parts, say where they are, and stop them together."""
    settings.state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    console = Console(highlight=False)
    if not (settings.keyring / "ring.json").exists() and not settings.keyring.exists():
        console.print("First start: making the keys, this takes a few seconds.")
    await upgrade(settings.database)
    stop = stop_on_signals()
    async with contextlib.AsyncExitStack() as stack:
        if settings.with_playground:
            await stack.enter_async_context(playground(settings))
        container = await stack.enter_async_context(wired(settings))
        if settings.with_playground:
            await meet_playground_clinic(settings, container)
            await meet_playground_facilities(settings, container)
        async with asyncio.TaskGroup() as group:
            group.create_task(run_api(settings, container, stop))
            group.create_task(run_bot(settings, container, stop))
            group.create_task(run_worker(container, stop))
            say_where(console, settings)


def say_where(console: Console, settings: Settings) -> None:
    """Print the addresses."""
    console.print()
    if settings.with_playground:
        console.print(f"  Chat page            {settings.playground_url}/")
    console.print(f"  Operator desk        {settings.api_url}/desk")
    if settings.with_playground:
        console.print(f"  SMS and mail inbox   {settings.playground_url}/inbox")
        console.print(f"  A clinic that sends  {settings.playground_url}/clinic")
        console.print(f"  Clinics' schedules   {settings.playground_url}/schedules")
    console.print()
    called = sys.argv[0] if Path(sys.argv[0]).name == "medkarta" else "medkarta"
    console.print(f"  First sign-in at the desk: {called} staff add LOGIN --role administrator", soft_wrap=True)
    console.print("  Stop with Ctrl+C.")
