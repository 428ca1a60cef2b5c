"""`medkarta backup` and `medkarta restore`: everything that people entrusted, in a folder; the keys apart from it."""

import asyncio
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from core.security.keyring import KeyRingBroken
from ops.clock import SystemClock
from ops.commands.backup.making import back_up
from ops.commands.backup.manifest import BackupRefused
from ops.commands.backup.restoring import put_back, wrong_after
from ops.settings import Settings

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the backup.", show_default=False)]
KeysFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="The backup of the keys: a file in another place than DIR.")
]


def backup(folder: Folder, keys: KeysFile = None) -> None:
    """Copy the database, the files and the journal's checkpoints into a new folder, while the product goes on."""
    settings, console = Settings.read(), Console(highlight=False)
    try:
        made = back_up(settings, folder, keys, SystemClock().now())
    except (BackupRefused, KeyRingBroken, OSError) as fault:
        _end(fault)
    console.print(
        f"{folder}: the database and {made.scans} files, as of {made.made_at:%Y-%m-%d %H:%M} UTC.", soft_wrap=True
    )
    if keys:
        console.print(f"{keys}: the keys. Take them to another place than the data.", soft_wrap=True)
    else:
        console.print("The keys are not in it, and nothing can be read without them: back them up with --keys FILE.")


def restore(
    folder: Folder,
    keys: KeysFile = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there; stop the product first.")] = False,
) -> None:
    """Check a backup, put it back where nothing is yet, and check the journal. Ends with 1 and says what is wrong."""
    settings, console = Settings.read(), Console(highlight=False)
    try:
        restored = put_back(settings, folder, keys, force=force)
        wrong = asyncio.run(wrong_after(settings))
    except (BackupRefused, KeyRingBroken, OSError) as fault:
        _end(fault)
    console.print(
        f"Restored: the database and {restored.scans} files, as of {restored.made_at:%Y-%m-%d %H:%M} UTC.",
        soft_wrap=True,
    )
    for each in wrong:
        console.print(each, soft_wrap=True)
    if wrong:
        raise typer.Exit(1)
    console.print("The journal is whole, and the keys open everything.")


def _end(fault: Exception) -> NoReturn:
    Console(stderr=True, highlight=False).print(str(fault), soft_wrap=True)
    raise typer.Exit(1) from None
