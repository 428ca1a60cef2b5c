"""The ring on disk: one folder for its owner alone, written so that a crash or two first starts at once do no harm."""

import fcntl
import json
import os
import re
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

FORMAT = 1
RING = "ring.json"
RING_NEW = "ring.json.new"
MASTER = "master.pem"
LOCK = ".lock"


class KeyRingBroken(Exception):
    """The ring cannot be used; the text is one sentence that names the file and what to do."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A key-encryption key as it lies on disk."""

    id: str
    made_at: datetime
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class RingFile:
    """What `ring.json` holds: every key wrapped by the master key; the last key-encryption key is the current one."""

    keys: tuple[Stored, ...]
    index: bytes
    audit: bytes

    def added(self, key: Stored) -> "RingFile":
        return replace(self, keys=(*self.keys, key))

    def without(self, kek: str) -> "RingFile":
        return replace(self, keys=tuple(key for key in self.keys if key.id != kek))

    def dumps(self) -> bytes:
        keys = [{"id": key.id, "made_at": key.made_at.isoformat(), "wrapped": _text(key.wrapped)} for key in self.keys]
        body = {"format": FORMAT, "keys": keys, "index": _text(self.index), "audit": _text(self.audit)}
        return json.dumps(body, indent=1).encode() + b"\n"

    @staticmethod
    def loads(content: bytes) -> "RingFile":
        """Read it; ValueError, KeyError or TypeError when it is not a ring."""
        body = json.loads(content)
        if body["format"] != FORMAT:
            raise ValueError("unknown format")
        keys = tuple(_stored(key) for key in body["keys"])
        if not keys or len({key.id for key in keys}) != len(keys):
            raise ValueError("no keys, or one of them twice")
        return RingFile(keys, b64decode(body["index"], validate=True), b64decode(body["audit"], validate=True))


def read(path: Path) -> bytes:
    """Return a file of the ring, once sure that nobody but its owner can read it."""
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & 0o077:
                raise KeyRingBroken(f"{path} is open to other users: run `chmod 600 {path}`.")
            return file.read()
    except FileNotFoundError:
        raise KeyRingBroken(
            f"{path} is missing: put the folder {path.parent} back from the backup of the keys."
        ) from None
    except OSError as error:
        raise KeyRingBroken(f"{path} cannot be read ({error.strerror}): give it to the user who runs this.") from error


def read_ring(folder: Path) -> RingFile:
    """Return the ring of a folder; KeyRingBroken when it is absent or is no ring."""
    path = folder / RING
    content = read(path)
    try:
        return RingFile.loads(content)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyRingBroken(f"{path} is not a key ring: put it back from the backup of the keys.") from error


def write(path: Path, content: bytes) -> None:
    """Put a file in its place in one step, durable, readable by its owner alone."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        sync(path.parent)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        raise KeyRingBroken(
            f"{path} cannot be written ({error.strerror}): make room and let its user write."
        ) from error


def move(source: Path, target: Path) -> None:
    """Rename within the folder, durable."""
    source.replace(target)
    sync(target.parent)


def sync(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def check_folder(folder: Path) -> None:
    """Refuse a folder that others may look into or change."""
    if folder.stat().st_mode & 0o077:
        raise KeyRingBroken(f"{folder} is open to other users: run `chmod 700 {folder}`.")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder against other processes; makes it, for its owner alone, when there is none."""
    try:
        fresh = not (folder / RING).exists()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if fresh:
            folder.chmod(0o700)
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise KeyRingBroken(
            f"{folder} cannot be used ({error.strerror}): give it to the user who runs this."
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _stored(key: dict[str, str]) -> Stored:
    if not re.fullmatch(r"[0-9a-f]{16}", key["id"]):
        raise ValueError("bad key id")
    made_at = datetime.fromisoformat(key["made_at"]).astimezone(UTC)
    return Stored(key["id"], made_at, b64decode(key["wrapped"], validate=True))


def _text(content: bytes) -> str:
    return b64encode(content).decode()
