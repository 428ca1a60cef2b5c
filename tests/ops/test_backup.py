"""`medkarta backup` and `medkarta restore`: all comes back as it was, under way or not, and damage is found."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from core.domain.actor import Citizen
from core.domain.audit import Operation
from core.domain.document import Purpose
from core.gateways.files import LocalFiles
from core.security.keyring import KeyRing
from core.storage.engine import make_engine
from ops.cli import app
from ops.commands.backup import database as database_files
from ops.commands.backup.making import back_up
from ops.commands.backup.manifest import BackupRefused, Manifest
from ops.commands.backup.restoring import put_back, wrong_after
from ops.settings import Settings
from tests.core.storage.house import START, House, a_scan
from tests.databases import KINDS, empty_database, fresh_database

SCAN = b"\x89PNG a passport, scanned"


on_one_kind = pytest.mark.parametrize("old", ["sqlite"], indirect=True)
"""For what does not depend on the database."""


class Place(SimpleNamespace):
    """A machine: its settings, and the house of its storage."""

    settings: Settings
    house: House

    async def somebody_with_a_scan(self) -> Citizen:
        """A newcomer who uploads a scan; the journal gets its line."""
        citizen, here = await self.house.newcomer(), self.house.request()
        async with here.transaction:
            await here.documents.put(a_scan(citizen, self.house.clock.now()), SCAN)
            here.audit.record(citizen, Operation.DOCUMENT_UPLOADED, citizen.account)
        return citizen

    async def sign(self) -> None:
        here = self.house.request()
        async with here.transaction.looking():
            await here.trail.checkpoint(self.house.clock.pass_(minutes=1))

    async def scan_of(self, citizen: Citizen) -> bytes:
        here = self.house.request()
        async with here.transaction.looking():
            (scan,) = await here.documents.of(citizen, Purpose.APPLICATION)
            return await here.documents.content(citizen, scan.id)


def a_place(url: str, state: Path, keys: Path | None = None) -> Place:
    settings = Settings(database_url=SecretStr(url), state_dir=state, keyring_path=keys)
    engine = make_engine(url)
    return Place(settings=settings, engine=engine, house=None, state=state)


def settled(place: Place) -> Place:
    """Open the house on the keys that are there."""
    ring = KeyRing.open(place.settings.keyring)
    outside = place.state / "audit" / "checkpoints.jsonl"
    place.house = House(place.engine, ring, place.engine.dialect.name, outside)
    place.house.shelf = LocalFiles(place.state / "files")  # type: ignore[assignment] # the real shelf, not the one in memory
    return place


@pytest.fixture(params=KINDS)
async def old(request: pytest.FixtureRequest, tmp_path: Path, keyring_folder: Path) -> AsyncIterator[Place]:
    """The machine that is backed up."""
    shutil.copytree(keyring_folder, tmp_path / "old" / "keys")
    (tmp_path / "old").chmod(0o700)
    async with fresh_database(request.param, tmp_path) as url:
        place = settled(a_place(url, tmp_path / "old"))
        yield place
        await place.engine.dispose()


@pytest.fixture
async def new(old: Place, tmp_path: Path) -> AsyncIterator[Place]:
    """A bare machine of the same kind."""
    async with empty_database(old.house.kind, tmp_path) as url:
        place = a_place(url, tmp_path / "new")
        yield place
        await place.engine.dispose()


async def copied(old: Place, tmp_path: Path) -> tuple[Path, Path]:
    folder, keys = tmp_path / "backup", tmp_path / "apart" / "keys.tar"
    keys.parent.mkdir()
    await asyncio.to_thread(back_up, old.settings, folder, keys, START)
    return folder, keys


async def test_everything_comes_back_on_a_bare_machine(old: Place, new: Place, tmp_path: Path) -> None:
    citizens = [await old.somebody_with_a_scan() for _ in range(3)]
    await old.sign()
    await old.somebody_with_a_scan()
    folder, keys = await copied(old, tmp_path)
    restored = await asyncio.to_thread(put_back, new.settings, folder, keys)
    assert restored.scans == 4
    assert await wrong_after(new.settings) == []
    for citizen in citizens:
        assert await settled(new).scan_of(citizen) == SCAN


async def test_a_backup_under_a_steady_writer_is_whole(old: Place, new: Place, tmp_path: Path) -> None:
    before = [await old.somebody_with_a_scan() for _ in range(5)]
    done, written = asyncio.Event(), []

    async def write() -> None:
        while not done.is_set():
            written.append(await old.somebody_with_a_scan())
            await old.sign()

    async with asyncio.TaskGroup() as group:
        group.create_task(write())
        folder, keys = await copied(old, tmp_path)
        done.set()
    assert written
    restored = await asyncio.to_thread(put_back, new.settings, folder, keys)
    assert len(before) <= restored.scans <= len(before) + len(written)
    assert await wrong_after(new.settings) == []
    there = settled(new)
    for citizen in before:
        assert await there.scan_of(citizen) == SCAN
    await _every_row_has_its_file(there)


async def _every_row_has_its_file(place: Place) -> None:
    here = place.house.request()
    async with here.transaction.looking():
        rows = await here.documents.waiting(10_000)
    files = {path.name for path in (place.state / "files").rglob("*") if path.is_file()}
    assert {str(row.id) for row in rows} <= files


@on_one_kind
async def test_the_keys_are_never_beside_the_data(old: Place, tmp_path: Path) -> None:
    await old.somebody_with_a_scan()
    folder, keys = await copied(old, tmp_path)
    assert keys.stat().st_mode & 0o777 == 0o600
    names = {path.name for path in folder.rglob("*") if path.is_file()}
    assert not names & {"master.pem", "ring.json", keys.name}
    assert not any(b"PRIVATE KEY" in path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert [path for path in [folder, *folder.rglob("*")] if path.stat().st_mode & 0o077] == []


@on_one_kind
async def test_a_place_for_keys_within_the_backup_or_over_others_is_refused(old: Place, tmp_path: Path) -> None:
    folder, kept = tmp_path / "backup", tmp_path / "keys.tar"
    kept.write_bytes(b"other keys")
    for place, told in ((folder / "keys.tar", "apart"), (kept, "written over"), (tmp_path / "no" / "keys", "no such")):
        with pytest.raises(BackupRefused, match=told):
            back_up(old.settings, folder, place, START)
    assert kept.read_bytes() == b"other keys"
    assert not folder.exists()


@on_one_kind
@pytest.mark.parametrize("damage", ["changed", "missing", "added", "shortened manifest", "no manifest"])
async def test_damage_is_found_before_anything_is_restored(old: Place, new: Place, tmp_path: Path, damage: str) -> None:
    await old.somebody_with_a_scan()
    folder, keys = await copied(old, tmp_path)
    scan = next(path for path in (folder / "files").rglob("*") if path.is_file())
    manifest = folder / "manifest.json"
    match damage:
        case "changed":
            content = bytearray(scan.read_bytes())
            content[7] ^= 1
            scan.write_bytes(content)
        case "missing":
            scan.unlink()
        case "added":
            (folder / "files" / "more").write_bytes(b"?")
        case "shortened manifest":
            manifest.write_text(manifest.read_text()[:-9])
        case _:
            manifest.unlink()
    with pytest.raises(BackupRefused) as refused:
        await asyncio.to_thread(put_back, new.settings, folder, keys)
    told = {"changed": scan.name, "missing": scan.name, "added": "more"}.get(damage, "backup")
    assert told in str(refused.value)
    assert not (tmp_path / "new").exists()
    assert database_files.database(new.settings.database).is_empty()


async def test_nothing_is_replaced_unless_asked(old: Place, tmp_path: Path) -> None:
    first = await old.somebody_with_a_scan()
    folder, keys = await copied(old, tmp_path)
    later = await old.somebody_with_a_scan()
    with pytest.raises(BackupRefused, match="the database, files of people"):
        await asyncio.to_thread(put_back, old.settings, folder, keys)
    assert await old.scan_of(later) == SCAN
    await old.engine.dispose()
    await asyncio.to_thread(put_back, old.settings, folder, keys, force=True)
    assert await wrong_after(old.settings) == []
    assert await old.scan_of(first) == SCAN
    here = old.house.request()
    async with here.transaction.looking():
        assert await here.documents.of(later, Purpose.APPLICATION) == []


async def test_a_journal_cut_before_the_backup_is_told_after_the_restore(
    old: Place, new: Place, tmp_path: Path
) -> None:
    await old.somebody_with_a_scan()
    await old.sign()
    await old.somebody_with_a_scan()
    await old.sign()
    checkpoints = old.state / "audit" / "checkpoints.jsonl"
    lines = checkpoints.read_text().splitlines()
    forged = json.loads(lines[-1])
    forged["checkpoint"]["heads"] = {
        chain: [seq + 5, hash_] for chain, (seq, hash_) in forged["checkpoint"]["heads"].items()
    }
    checkpoints.write_text("\n".join([lines[0], json.dumps(forged)]) + "\n")
    folder, keys = await copied(old, tmp_path)
    await asyncio.to_thread(put_back, new.settings, folder, keys)
    assert [line for line in await wrong_after(new.settings) if "signature is wrong" in line]


@on_one_kind
async def test_a_restore_without_keys_says_so_and_makes_none(old: Place, new: Place, tmp_path: Path) -> None:
    await old.somebody_with_a_scan()
    folder, _ = await copied(old, tmp_path)
    with pytest.raises(BackupRefused, match="--keys FILE"):
        await asyncio.to_thread(put_back, new.settings, folder, None)
    assert not new.settings.keyring.exists()


@on_one_kind
async def test_keys_of_another_ring_are_refused(old: Place, new: Place, tmp_path: Path) -> None:
    await old.somebody_with_a_scan()
    folder, keys = await copied(old, tmp_path)
    manifest = Manifest.read(folder)
    body = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**body, "key": "0" * 16}))
    with pytest.raises(BackupRefused, match="do not belong"):
        await asyncio.to_thread(put_back, new.settings, folder, keys)
    manifest.write(folder)
    (tmp_path / "note.txt").write_text("hello")
    with pytest.raises(BackupRefused, match="not a backup of keys"):
        await asyncio.to_thread(put_back, new.settings, folder, tmp_path / "note.txt")


@on_one_kind
async def test_a_backup_of_a_newer_product_is_left_to_it(old: Place, new: Place, tmp_path: Path) -> None:
    folder, keys = await copied(old, tmp_path)
    body = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**body, "revision": "9999", "version": "9.0"}))
    with pytest.raises(BackupRefused, match=r"Medkarta 9\.0, which is newer"):
        await asyncio.to_thread(put_back, new.settings, folder, keys)


@on_one_kind
async def test_a_failed_backup_leaves_nothing_behind(
    old: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ops.commands.backup.making.os.sync", full)
    with pytest.raises(OSError, match="No space"):
        await copied(old, tmp_path)
    assert not (tmp_path / "backup").exists()
    assert list((tmp_path / "apart").iterdir()) == []
    assert not [path for path in tmp_path.iterdir() if "unfinished" in path.name]


def test_the_commands_do_it_and_say_it(tmp_path: Path, keyring_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = CliRunner()
    monkeypatch.chdir(tmp_path)
    shutil.copytree(keyring_folder, tmp_path / "keys")
    monkeypatch.setenv("KEYRING_PATH", str(tmp_path / "keys"))
    assert "nothing to back up" in run.invoke(app, ["backup", "copy"]).output
    assert run.invoke(app, ["staff", "add", "anna", "--role", "administrator"]).exit_code == 0
    made = run.invoke(app, ["backup", "copy"])
    assert (made.exit_code, "The keys are not in it" in made.output) == (0, True)
    refused = run.invoke(app, ["restore", "copy"])
    assert (refused.exit_code, refused.output) == (
        1,
        "There is something already: the database. Add --force to replace it.\n",
    )
    monkeypatch.setenv("STATE_DIR", str(tmp_path / "new"))
    restored = run.invoke(app, ["restore", "copy"])
    assert (restored.exit_code, "The journal is whole" in restored.output) == (0, True)
    assert "anna" in run.invoke(app, ["staff", "list"]).output
