"""`medkarta audit`: proof that nobody has touched the journal."""

import asyncio
from collections.abc import Sequence

import typer
from rich.console import Console

from core.domain.audit import Finding
from core.services.audit import SignCheckpoint, VerifyTrail
from ops.commands.work import scope
from ops.settings import Settings

app = typer.Typer(no_args_is_help=True, help="The journal of who did what.")


@app.command()
def verify() -> None:
    """Check every line and every signed checkpoint; ends with 1 and names what is wrong."""
    settings = Settings.read()

    async def work() -> Sequence[Finding]:
        async with scope(settings) as request:
            return await (await request.get(VerifyTrail))()

    findings = asyncio.run(work())
    console = Console(highlight=False)
    for finding in findings:
        console.print(f"{finding.where}: {finding.what}", soft_wrap=True)
    if findings:
        raise typer.Exit(1)
    console.print("The journal is whole.")


@app.command()
def sign() -> None:
    """Sign a checkpoint now; the worker does it every minute."""
    settings = Settings.read()

    async def work() -> None:
        async with scope(settings) as request:
            await (await request.get(SignCheckpoint))()

    asyncio.run(work())
    Console().print("Signed.")
