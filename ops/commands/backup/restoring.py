"""A backup put back, and looked at once it is there."""

import os
import shutil
from pathlib import Path

from alembic.script import ScriptDirectory
from alembic.util import CommandError

from core.security import ringfile
from core.security.keyring import KeyRing
from core.services.audit import VerifyTrail
from core.storage.rotation import SqlKeys
from core.storage.schema import config
from ops.commands.backup import keys as key_files
from ops.commands.backup.database import Database, database
from ops.commands.backup.manifest import CHECKPOINTS, FILES, BackupRefused, Manifest
from ops.commands.backup.shelf import copy_file, within
from ops.commands.work import scope
from ops.settings import Settings


def put_back(settings: Settings, folder: Path, keys: Path | None, *, force: bool = False) -> Manifest:
    """Restore the backup in `folder`, its hashes checked first. Raises BackupRefused, KeyRingBroken, OSError.

    Nothing may be there yet, unless `force` lets it be replaced: nothing else may run on it then.
    """
    manifest = Manifest.read(folder)
    manifest.check(folder)
    target = database(settings.database)
    _check_kind(manifest, target)
    ring = _ring(settings, keys)
    if manifest.key not in key_files.ids(ring[ringfile.RING]):
        raise BackupRefused(f"The keys do not belong to this backup: key {manifest.key} is not among them.")
    if not force and (there := _what_is_there(settings, target, ring)):
        raise BackupRefused(f"There is something already: {', '.join(there)}. Add --force to replace it.")
    settings.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    key_files.install(ring, settings.keyring, f"{manifest.made_at:%Y%m%dT%H%M%S}")
    target.restore(folder / target.copy)
    _replace(folder / FILES, settings.state_dir / "files")
    _replace_checkpoints(folder / CHECKPOINTS, settings.state_dir / "audit" / CHECKPOINTS)
    os.sync()
    return manifest


async def wrong_after(settings: Settings) -> list[str]:
    """Return what is wrong with what was restored, a line each: the journal, and keys that are missing."""
    async with scope(settings) as request:
        found = [f"{each.where}: {each.what}" for each in await (await request.get(VerifyTrail))()]
        known = {kek.id for kek in (await request.get(KeyRing)).keks}
        used = await (await request.get(SqlKeys)).in_use()
        return found + [f"key {kek}: is missing, {used[kek]} data keys want it" for kek in sorted(used.keys() - known)]


def _check_kind(manifest: Manifest, target: Database) -> None:
    if manifest.database != target.kind:
        raise BackupRefused(f"The backup is of {manifest.database}, and DATABASE_URL names {target.kind}.")
    try:
        ScriptDirectory.from_config(config()).get_revision(manifest.revision)
    except CommandError:
        raise BackupRefused(
            f"The backup is of Medkarta {manifest.version}, which is newer: restore it with that."
        ) from None


def _ring(settings: Settings, keys: Path | None) -> dict[str, bytes]:
    if keys is not None:
        return key_files.unpack(keys)
    if not (settings.keyring / ringfile.RING).exists():
        raise BackupRefused(f"There are no keys in {settings.keyring}: give their backup with --keys FILE.")
    paths = {name: settings.keyring / name for name in key_files.NAMES}
    return {name: ringfile.read(path) for name, path in paths.items() if path.exists()}


def _what_is_there(settings: Settings, target: Database, ring: dict[str, bytes]) -> list[str]:
    shelf, checkpoints = settings.state_dir / "files", settings.state_dir / "audit" / CHECKPOINTS
    here = settings.keyring / ringfile.RING
    return [
        name
        for name, stands in (
            ("the database", not target.is_empty()),
            ("files of people", any(within(shelf))),
            ("checkpoints of the journal", checkpoints.exists()),
            ("other keys", here.exists() and ringfile.read(here) != ring[ringfile.RING]),
        )
        if stands
    ]


def _replace(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    for name in within(source):
        copy_file(source / name, target, name)


def _replace_checkpoints(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    if source.exists():
        copy_file(source, target.parent, target.name)
