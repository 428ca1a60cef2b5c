"""Files on the local disk: whole or not at all, for their owner alone, and never outside their folder."""

import asyncio
import stat
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.gateways.files import LocalFiles

KEY = "019aaf00-0000-7000-8000-00000000abcd"


async def test_what_was_put_is_got_until_deleted(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path / "files")
    await files.put(KEY, b"one")
    await files.put(KEY, b"two")
    assert await files.get(KEY) == b"two"
    await files.delete(KEY)
    await files.delete(KEY)
    with pytest.raises(FileNotFoundError):
        await files.get(KEY)


async def test_a_file_and_its_folders_are_for_the_owner_alone(tmp_path: Path) -> None:
    await LocalFiles(tmp_path / "files").put(KEY, b"one")
    path = tmp_path / "files" / "cd" / "ab" / KEY
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (path.parent, tmp_path / "files")} == {0o700}


async def test_nothing_is_left_beside_the_file(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path / "files")
    await asyncio.gather(*(files.put(KEY, bytes([number]) * 1000) for number in range(10)))
    assert len(set(await files.get(KEY))) == 1
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [KEY]


async def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = LocalFiles(tmp_path / "files")
    await files.put(KEY, b"one")

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        await files.put(KEY, b"two")
    assert await files.get(KEY) == b"one"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [KEY]


@pytest.mark.parametrize("key", [
    "", "..", "../../etc/passwd", "/etc/passwd", "a/b", "a" * 129, "abc", "ABCDEF01", "..%2f", "abcdef0\x00", "abcdef01\n",
    "-abcdef0", "abcdef0-",
])  # fmt: skip
async def test_a_key_that_could_lead_elsewhere_is_refused(tmp_path: Path, key: str) -> None:
    files = LocalFiles(tmp_path / "files")
    for act in (files.put(key, b"x"), files.get(key), files.delete(key)):
        with pytest.raises(ValueError, match="file key"):
            await act
    assert list(tmp_path.iterdir()) == []


@given(st.uuids())
def test_every_id_has_a_place_inside_the_folder(key: UUID) -> None:
    root = Path("/files")
    for name in (str(key), key.hex):
        place = LocalFiles(root)._place(name)
        assert place.parent.parent.parent == root
        assert place.name == name
