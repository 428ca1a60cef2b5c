"""A backup made while the product goes on."""

import os
import shutil
from contextlib import suppress
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from core.security import ringfile
from core.security.chain import Checkpoint
from ops.commands.backup import keys as key_files
from ops.commands.backup.database import Database, database
from ops.commands.backup.manifest import CHECKPOINTS, FILES, NAME, BackupRefused, Manifest, hashed
from ops.commands.backup.shelf import copy_file, within
from ops.settings import Settings


def back_up(settings: Settings, folder: Path, keys: Path | None, now: datetime) -> Manifest:
    """Make a backup in `folder`, which appears when it is finished. Raises BackupRefused, KeyRingBroken, OSError.

    With `keys` the key ring goes into that file, mode 0600, which must lie outside of `folder`.
    """
    source, folder = database(settings.database), folder.resolve()
    _check_places(settings, source, folder, keys)
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700, parents=True)
    try:
        manifest = _fill(settings, source, unfinished, keys, now)
        os.sync()
        unfinished.replace(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        if keys:
            keys.unlink(missing_ok=True)
        raise
    return manifest


def _check_places(settings: Settings, source: Database, folder: Path, keys: Path | None) -> None:
    if source.is_empty():
        raise BackupRefused("There is no database yet, so there is nothing to back up.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupRefused(f"{folder}: there is something already, a backup wants a new folder.")
    ringfile.read_ring(settings.keyring)
    if keys is None:
        return
    if keys.resolve().is_relative_to(folder):
        raise BackupRefused(f"{keys}: keys lie apart from the data, choose a place outside of {folder}.")
    if keys.exists():
        raise BackupRefused(f"{keys}: there is a file already, and keys are never written over.")
    if not keys.parent.is_dir():
        raise BackupRefused(f"{keys.parent}: there is no such folder.")


def _fill(settings: Settings, source: Database, folder: Path, keys: Path | None, now: datetime) -> Manifest:
    shelf = settings.state_dir / "files"
    # A file is stored before its row and removed after it: copied before and after the database, none is missing there.
    _copy_new(shelf, folder / FILES)
    # While the ring is held no key is added or retired, so its copy opens what the database's copy holds.
    with ringfile.locked(settings.keyring):
        ring = ringfile.read(settings.keyring / ringfile.RING)
        revision = source.revision()
        source.dump(folder / source.copy)
        if keys:
            key_files.pack(settings.keyring, keys)
    _copy_new(shelf, folder / FILES)
    newest = source.newest_checkpoint(folder / source.copy)
    _copy_checkpoints(settings.state_dir / "audit" / CHECKPOINTS, folder / CHECKPOINTS, newest)
    (folder / source.copy).chmod(0o600)
    manifest = Manifest(
        made_at=now,
        version=version("medkarta"),
        database=source.kind,
        revision=revision,
        key=key_files.newest(ring),
        sums={name: hashed(folder / name) for name in sorted(within(folder)) if name != NAME},
    )
    manifest.write(folder)
    return manifest


def _copy_new(shelf: Path, target: Path) -> None:
    for name in within(shelf):
        copy = target / name
        # A name with a dot is being written, and gets its own name when it is whole.
        if copy.exists() or copy.name.startswith("."):
            continue
        with suppress(FileNotFoundError):  # removed in the meantime
            copy_file(shelf / name, target, name)


def _copy_checkpoints(source: Path, target: Path, newest: int) -> None:
    # Those that the database's copy does not know yet would look like a cut tail. The last line may be under way.
    if source.exists():
        whole = source.read_text("utf-8").rpartition("\n")[0].splitlines()
        target.touch(mode=0o600)
        target.write_text("".join(f"{line}\n" for line in whole if _number(line) <= newest), "utf-8")


def _number(line: str) -> int:
    try:
        return Checkpoint.loads(line).number
    except ValueError:
        return -1  # kept: the check of the journal tells about it
