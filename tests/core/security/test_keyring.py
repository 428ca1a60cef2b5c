"""The key ring: made once, readable by its owner alone, changed while others use it."""

import shutil
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import core
from core.security.envelope import Envelope, Place
from core.security.keyring import KeyRing, KeyRingBroken, UnknownKey
from core.security.master import RsaKey

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ROOT = Path(core.__file__).parent.parent
OPEN = "import sys; from pathlib import Path; from core.security.keyring import KeyRing; r = KeyRing.open(Path(sys.argv[1]));"


@pytest.fixture
def folder(keyring: KeyRing, tmp_path: Path) -> Path:
    """A folder with a ring that a test may spoil."""
    return Path(shutil.copytree(keyring._folder, tmp_path / "keys"))


def another_process(folder: Path, code: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", OPEN + code, str(folder)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_first_start_makes_a_ring_for_its_owner_alone(keyring: KeyRing) -> None:
    folder = keyring._folder
    assert mode(folder) == 0o700
    assert {path.name: mode(path) for path in folder.iterdir()} == {
        "ring.json": 0o600,
        "master.pem": 0o600,
        ".lock": 0o600,
    }
    assert keyring.current.made_at.tzinfo is not None


def test_the_second_start_finds_the_same_keys(keyring: KeyRing) -> None:
    again = KeyRing.open(keyring._folder)
    assert again.current == keyring.current
    assert again.derived("anything") == keyring.derived("anything") != keyring.derived("something else")
    assert again.sign(b"line") == keyring.sign(b"line")
    keyring.audit_key.verify(again.sign(b"line"), b"line")


def test_several_first_starts_at_once_end_up_with_one_ring(tmp_path: Path) -> None:
    starts = [another_process(tmp_path / "keys", "print(r.current.id, r.sign(b'x').hex())") for _ in range(3)]
    answers = {start.communicate()[0] for start in starts}
    assert all(start.returncode == 0 for start in starts)
    assert len(answers) == 1


def test_a_running_process_takes_up_a_key_that_another_process_added(folder: Path) -> None:
    ring = KeyRing.open(folder)
    before = ring.current.id
    with another_process(folder, "from datetime import *; print(r.rotate(datetime.fromtimestamp(0, UTC)))") as rotating:
        fresh = rotating.communicate()[0].strip()
    assert ring.current.id == fresh != before
    assert [key.id for key in ring.keks] == [before, fresh]


def test_what_was_wrapped_elsewhere_by_a_new_key_opens_here_without_a_restart(folder: Path) -> None:
    here, there = Envelope(KeyRing.open(folder)), KeyRing.open(folder)
    there.rotate(NOW)
    key, wrapped = Envelope(there).new_key("account:1")
    assert here.unwrap(wrapped, "account:1") == key


def test_after_a_rotation_old_things_open_and_can_be_rewrapped_and_the_old_key_retired(folder: Path) -> None:
    ring = KeyRing.open(folder)
    envelope, place = Envelope(ring), Place("accounts", 1, "snils")
    old = ring.current.id
    key, wrapped = envelope.new_key("account:1")
    sealed = envelope.seal_text(key, place, "112-233-445 95")
    ring.rotate(NOW)
    assert ring.current.made_at == NOW
    assert not envelope.is_current(wrapped)
    rewrapped = envelope.rewrap(wrapped, "account:1")
    assert envelope.is_current(rewrapped)
    ring.retire(old)
    fresh = Envelope(KeyRing.open(folder))
    assert fresh.open_text(fresh.unwrap(rewrapped, "account:1"), place, sealed) == "112-233-445 95"
    with pytest.raises(UnknownKey, match=old):
        fresh.unwrap(wrapped, "account:1")


def test_the_current_key_cannot_be_retired(folder: Path) -> None:
    ring = KeyRing.open(folder)
    with pytest.raises(ValueError, match="current"):
        ring.retire(ring.current.id)


def test_keys_in_memory_go_on_serving_when_the_folder_is_gone(folder: Path) -> None:
    ring = KeyRing.open(folder)
    shutil.rmtree(folder)
    assert ring.kek(ring.current.id) == ring.current


@pytest.mark.parametrize("name", ["ring.json", "master.pem"])
def test_a_lost_file_is_named_and_never_replaced_by_a_fresh_ring(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(KeyRingBroken, match=f"{name} is missing"):
        KeyRing.open(folder)


@pytest.mark.parametrize("name", ["ring.json", "master.pem"])
@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"format": 1, "keys": [7]}', b"\xff\xfe"])
def test_a_spoiled_file_is_named(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    with pytest.raises(KeyRingBroken, match=name):
        KeyRing.open(folder)


@pytest.mark.parametrize(("name", "loose"), [("ring.json", 0o640), ("master.pem", 0o604), (".", 0o755)])
def test_a_ring_open_to_others_is_refused_with_the_command_that_helps(folder: Path, name: str, loose: int) -> None:
    (folder / name).chmod(loose)
    with pytest.raises(KeyRingBroken, match="chmod"):
        KeyRing.open(folder)


def test_a_ring_of_another_master_key_is_refused(folder: Path) -> None:
    (folder / "master.pem").write_bytes(RsaKey.generate().pem())
    with pytest.raises(KeyRingBroken, match="does not belong to this master key"):
        KeyRing.open(folder)


def test_keys_that_changed_places_inside_the_ring_are_refused(folder: Path) -> None:
    path = folder / "ring.json"
    path.write_text(path.read_text().replace('"index"', '"x"').replace('"audit"', '"index"').replace('"x"', '"audit"'))
    with pytest.raises(KeyRingBroken, match="changed by hand"):
        KeyRing.open(folder)


def test_a_first_start_that_crashed_before_its_last_step_is_finished(folder: Path) -> None:
    before = KeyRing.open(folder).current.id
    (folder / "ring.json").rename(folder / "ring.json.new")
    assert KeyRing.open(folder).current.id == before


def test_a_first_start_that_crashed_before_the_master_key_begins_anew(folder: Path) -> None:
    before = KeyRing.open(folder).current.id
    (folder / "ring.json").rename(folder / "ring.json.new")
    (folder / "master.pem").unlink()
    assert KeyRing.open(folder).current.id != before


def test_a_hardware_module_takes_the_place_of_the_key_file(tmp_path: Path) -> None:
    module = RsaKey.generate()
    ring = KeyRing.open(tmp_path / "keys", module)
    assert not (tmp_path / "keys" / "master.pem").exists()
    assert KeyRing.open(tmp_path / "keys", module).current == ring.current


def test_nothing_printed_shows_a_key(keyring: KeyRing) -> None:
    envelope = Envelope(keyring)
    key, _ = envelope.new_key("account:1")
    shown = repr((keyring, keyring.current, keyring.keks, key, keyring._master))
    for secret in (keyring.current.secret, key.secret, keyring._index):
        assert repr(secret)[2:-1] not in shown
        assert secret.hex() not in shown
