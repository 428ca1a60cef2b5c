"""`medkarta records`: what was signed into the records, verified again."""

import asyncio

import typer
from rich.console import Console

from core.services.vaccination import Verified, VerifyCorrections
from ops.commands.work import scope
from ops.settings import Settings

app = typer.Typer(no_args_is_help=True, help="What was signed into the records.")


@app.callback()
def records() -> None:
    """What was signed into the records."""


@app.command()
def verify() -> None:
    """Verify every correction that a specialist signed: prints valid, or what is wrong."""
    settings = Settings.read()

    async def work() -> Verified:
        async with scope(settings) as request:
            return await (await request.get(VerifyCorrections))()

    found = asyncio.run(work())
    console = Console(highlight=False)
    for each in found.wrong:
        console.print(f"{each.claim}: {each.what}", soft_wrap=True)
    if found.wrong:
        console.print(f"{len(found.wrong)} of {found.number} corrections are wrong.")
        raise typer.Exit(1)
    console.print(f"valid: {found.number} corrections")
