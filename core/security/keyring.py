"""The key ring: one master key, the key-encryption keys it wraps, a key for indexes and one that signs checkpoints."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.security import ringfile
from core.security.master import MasterKey, RsaKey
from core.security.ringfile import KeyRingBroken, RingFile, Stored

__all__ = ["Kek", "KeyRing", "KeyRingBroken", "UnknownKey"]


class UnknownKey(KeyRingBroken):
    """Something was encrypted under a key that the ring does not hold."""


@dataclass(frozen=True, slots=True)
class Kek:
    """A key-encryption key: AES-256; `id` is 16 hexadecimal digits."""

    id: str
    made_at: datetime
    secret: bytes = field(repr=False)


class KeyRing:
    """The keys in use. Safe to share between threads; sees what other processes change in its folder."""

    def __init__(self, folder: Path, master: MasterKey, ring: RingFile) -> None:
        self._folder = folder
        self._master = master
        self._lock = Lock()
        self._derived: dict[str, bytes] = {}
        self._mark = self._seen()
        self._index = self._unwrap("index", ring.index)
        self._audit = Ed25519PrivateKey.from_private_bytes(self._unwrap("audit", ring.audit))
        self._keks = {key.id: self._kek(key) for key in ring.keys}  # oldest first; replaced as a whole, never changed

    def __repr__(self) -> str:
        return f"KeyRing({str(self._folder)!r}, {len(self._keks)} keys)"

    @classmethod
    def open(cls, path: Path, master: MasterKey | None = None) -> Self:
        """Open the ring in the folder `path`, or make one there on the first start; raises KeyRingBroken.

        Without `master` the master key is the file `master.pem` beside it. Its first key is as old as the lock file.
        """
        if not (path / ringfile.RING).exists():
            with ringfile.locked(path):
                if not (path / ringfile.RING).exists():
                    _begin(path, master)
        ringfile.check_folder(path)
        return cls(path, master or _master(path), ringfile.read_ring(path))

    @property
    def current(self) -> Kek:
        """Return the key that wraps new data keys: the newest, also when another process has just added it."""
        if self._seen() not in (None, self._mark):
            self._reload()
        return self.keks[-1]

    def kek(self, kek: str) -> Kek:
        """Return a key by its id, looking on disk for one not known yet; raises UnknownKey."""
        if kek not in self._keks:
            self._reload()
        try:
            return self._keks[kek]
        except KeyError:
            where = self._folder / ringfile.RING
            raise UnknownKey(f"{where} has no key {kek}: put back a backup of the keys that has it.") from None

    @property
    def keks(self) -> tuple[Kek, ...]:
        """Return all keys, oldest first; the last is the current one."""
        return tuple(self._keks.values())

    def rotate(self, now: datetime) -> str:
        """Add a key, make it the current one and return its id. Old ones go on unwrapping until retired."""
        with ringfile.locked(self._folder):
            ring = ringfile.read_ring(self._folder)
            fresh = _fresh(self._master, now)
            self._write(ring.added(fresh))
        self._reload()
        return fresh.id

    def retire(self, kek: str) -> None:
        """Remove a key, not the current one (ValueError). What it still wraps is lost: rewrap everything first."""
        with ringfile.locked(self._folder):
            ring = ringfile.read_ring(self._folder)
            if ring.keys[-1].id == kek:
                raise ValueError(f"{kek} is the current key: rotate first")
            self._write(ring.without(kek))
        self._reload()

    def derived(self, purpose: str) -> bytes:
        """Return 32 bytes that depend on the ring and the purpose alone (HKDF-SHA256 over the index key)."""
        key = self._derived.get(purpose)
        if key is None:
            info = b"medkarta " + purpose.encode()
            key = self._derived[purpose] = HKDF(hashes.SHA256(), 32, salt=None, info=info).derive(self._index)
        return key

    def sign(self, content: bytes) -> bytes:
        """Return the Ed25519 signature under the audit key: 64 bytes."""
        return self._audit.sign(content)

    @property
    def audit_key(self) -> Ed25519PublicKey:
        """Return the public half of the audit key; an auditor may keep it apart from the ring."""
        return self._audit.public_key()

    def _write(self, ring: RingFile) -> None:
        ringfile.write(self._folder / ringfile.RING, ring.dumps())

    def _reload(self) -> None:
        with self._lock:
            mark = self._seen()
            ring = ringfile.read_ring(self._folder)
            self._keks = {key.id: self._keks.get(key.id) or self._kek(key) for key in ring.keys}
            self._mark = mark

    def _seen(self) -> tuple[int, int, int] | None:
        try:
            found = (self._folder / ringfile.RING).stat()
        except OSError:
            return None  # the keys in memory go on serving when the folder is unmounted
        return found.st_mtime_ns, found.st_ino, found.st_size

    def _kek(self, stored: Stored) -> Kek:
        return Kek(stored.id, stored.made_at, self._unwrap(f"kek {stored.id}", stored.wrapped))

    def _unwrap(self, purpose: str, wrapped: bytes) -> bytes:
        path = self._folder / ringfile.RING
        try:
            label, _, secret = self._master.unwrap(wrapped).partition(b"\0")
        except ValueError as error:
            raise KeyRingBroken(f"{path} does not belong to this master key: put both back from one backup.") from error
        if label.decode("ascii", "replace") != purpose or len(secret) != 32:
            raise KeyRingBroken(f"{path} was changed by hand: put it back from the backup of the keys.")
        return secret


def _begin(folder: Path, master: MasterKey | None) -> None:
    # The ring is prepared under another name before the master key appears, and takes its own name last. So a crash at
    # any point is told from a lost file: a master key alone is a loss, one with a prepared ring is a first start.
    prepared, key_file = folder / ringfile.RING_NEW, folder / ringfile.MASTER
    made_at = datetime.fromtimestamp((folder / ringfile.LOCK).stat().st_mtime, UTC)
    if master:
        ringfile.write(prepared, _first(master, made_at).dumps())
    elif not key_file.exists():
        rsa = RsaKey.generate()
        ringfile.write(prepared, _first(rsa, made_at).dumps())
        ringfile.write(key_file, rsa.pem())
    elif not prepared.exists():
        raise KeyRingBroken(f"{folder / ringfile.RING} is missing: put the folder back from the backup of the keys.")
    ringfile.move(prepared, folder / ringfile.RING)


def _master(folder: Path) -> MasterKey:
    path = folder / ringfile.MASTER
    try:
        return RsaKey.from_pem(ringfile.read(path))
    except ValueError as error:
        raise KeyRingBroken(f"{path} is no RSA key that can be used ({error}): put it back from the backup.") from error


def _first(master: MasterKey, now: datetime) -> RingFile:
    def wrapped(purpose: str) -> bytes:
        return master.wrap(purpose.encode() + b"\0" + secrets.token_bytes(32))

    return RingFile((_fresh(master, now),), wrapped("index"), wrapped("audit"))


def _fresh(master: MasterKey, now: datetime) -> Stored:
    name = secrets.token_hex(8)
    return Stored(name, now, master.wrap(f"kek {name}".encode() + b"\0" + secrets.token_bytes(32)))
