"""`medkarta keys`: the key-encryption keys."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console

from core.security.keyring import KeyRing
from core.storage.rotation import Rotated, SqlKeys
from ops.clock import SystemClock
from ops.commands.work import scope
from ops.settings import Settings

app = typer.Typer(no_args_is_help=True, help="The keys that everything personal is encrypted with.")


@app.command()
def rotate() -> None:
    """Make a new key-encryption key and wrap every data key anew; running processes go on."""
    settings = Settings.read()

    async def work() -> Rotated:
        async with scope(settings) as request:
            keyring = await request.get(KeyRing)
            keyring.rotate(SystemClock().now())
            keys = await request.get(SqlKeys)
            return await keys.rotate()

    done = asyncio.run(work())
    Console(highlight=False).print(f"Wrapped anew: {done.people} keys of people, {done.files} keys of files.")


@app.command()
def show() -> None:
    """List the key-encryption keys and how many data keys each wraps."""
    settings = Settings.read()

    async def work() -> None:
        async with scope(settings) as request:
            keyring = await request.get(KeyRing)
            in_use = await (await request.get(SqlKeys)).in_use()
            for kek in keyring.keks:
                Console(highlight=False).print(
                    f"{kek.id}  {kek.made_at:%Y-%m-%d %H:%M}  {in_use.get(kek.id, 0)} data keys"
                )

    asyncio.run(work())


@app.command()
def retire(kek: Annotated[str, typer.Argument(help="Its id, as `medkarta keys show` prints it.")]) -> None:
    """Remove an old key that wraps nothing any more; refuses the current one and one in use."""
    settings = Settings.read()

    async def work() -> str | None:
        async with scope(settings) as request:
            keyring = await request.get(KeyRing)
            if kek not in {each.id for each in keyring.keks[:-1]}:
                return "There is no such old key."
            if used := (await (await request.get(SqlKeys)).in_use()).get(kek, 0):
                return f"It still wraps {used} data keys: run `medkarta keys rotate` first."
            keyring.retire(kek)
            return None

    if refusal := asyncio.run(work()):
        Console(stderr=True).print(refusal)
        raise typer.Exit(1)
    Console(highlight=False).print("Removed.")
