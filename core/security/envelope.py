"""Envelope encryption: AES-256-GCM under a data key per person or file, which the ring's current key wraps.

A sealed value is bound to its place (table, row, column, version), so that values swapped in the database do not open.
"""

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import NewType
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.ports import Unreadable
from core.security.keyring import Kek, KeyRing

WrappedKey = NewType("WrappedKey", bytes)
"""Format byte, id of the key-encryption key (8 bytes), nonce (12), data key and tag (48): 69 bytes."""

FORMAT = b"\x01"
NONCE = 12
TAG = 16
KEK_ID = 8
WRAPPED = len(FORMAT) + KEK_ID + NONCE + 32 + TAG


class Tampered(Unreadable):
    """A sealed value or a wrapped key was changed, or stands in a place where it was not sealed."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """The key of one person or one file: AES-256."""

    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value belongs. `version` is the column's own: raise it where an old value must stop opening."""

    table: str
    row: UUID | int | str
    column: str
    version: int = 1

    def bound(self) -> bytes:
        """Return the associated data: every part with its length before it, so that no two places read the same."""
        return _joined(
            b"field" + FORMAT, self.table.encode(), _row(self.row), self.column.encode(), b"%d" % self.version
        )


class Envelope:
    """Seals and opens. Safe to share between threads; a 50 MB file takes about 50 ms, so seal files in a thread."""

    def __init__(self, keyring: KeyRing, *, remember: int = 1024) -> None:
        """`remember` is how many unwrapped data keys stay in memory."""
        self._ring = keyring
        self._remember = remember
        self._known: OrderedDict[tuple[bytes, str], DataKey] = OrderedDict()
        self._lock = Lock()

    def new_key(self, owner: str) -> tuple[DataKey, WrappedKey]:
        """Make a data key and wrap it for its owner, for example `account:<id>`; only the wrapped one is stored."""
        key = DataKey(secrets.token_bytes(32))
        return key, self._wrap(key, owner)

    def unwrap(self, wrapped: WrappedKey, owner: str) -> DataKey:
        """Return the data key; raises Tampered, or UnknownKey when the ring lacks the key-encryption key."""
        name = (bytes(wrapped), owner)
        with self._lock:
            known = self._known.get(name)
            if known is not None:
                self._known.move_to_end(name)
                return known
        key = self._opened(wrapped, owner)
        with self._lock:
            self._known[name] = key
            while len(self._known) > self._remember:
                self._known.popitem(last=False)
        return key

    def rewrap(self, wrapped: WrappedKey, owner: str) -> WrappedKey:
        """Return the same data key wrapped by the current key; what it sealed stays as it is."""
        return self._wrap(self._opened(wrapped, owner), owner)

    def is_current(self, wrapped: WrappedKey) -> bool:
        """Tell whether the current key wraps it, that is, whether rewrapping would change anything."""
        return kek_of(wrapped) == self._ring.current.id

    def seal(self, key: DataKey, place: Place, plaintext: bytes) -> bytes:
        """Encrypt for one place: format byte, random nonce, ciphertext and tag (29 bytes more than the plaintext)."""
        nonce = secrets.token_bytes(NONCE)
        return FORMAT + nonce + AESGCM(key.secret).encrypt(nonce, plaintext, place.bound())

    def open(self, key: DataKey, place: Place, sealed: bytes) -> bytes:
        """Decrypt; raises Tampered for a wrong key, another place or a changed byte."""
        body = bytes(sealed)
        if len(body) < len(FORMAT) + NONCE + TAG or body[:1] != FORMAT:
            raise Tampered(f"{place.table}.{place.column}: not a sealed value")
        try:
            return AESGCM(key.secret).decrypt(body[1 : 1 + NONCE], body[1 + NONCE :], place.bound())
        except InvalidTag:
            raise Tampered(f"{place.table}.{place.column}: changed, or sealed for another place") from None

    def seal_text(self, key: DataKey, place: Place, text: str) -> bytes:
        """Encrypt a text as UTF-8."""
        return self.seal(key, place, text.encode())

    def open_text(self, key: DataKey, place: Place, sealed: bytes) -> str:
        """Decrypt a text; raises Tampered."""
        return self.open(key, place, sealed).decode()

    def _wrap(self, key: DataKey, owner: str) -> WrappedKey:
        kek = self._ring.current
        nonce = secrets.token_bytes(NONCE)
        body = AESGCM(kek.secret).encrypt(nonce, key.secret, _wrapping(kek, owner))
        return WrappedKey(FORMAT + bytes.fromhex(kek.id) + nonce + body)

    def _opened(self, wrapped: WrappedKey, owner: str) -> DataKey:
        kek = self._ring.kek(kek_of(wrapped))
        body = bytes(wrapped)[len(FORMAT) + KEK_ID :]
        try:
            return DataKey(AESGCM(kek.secret).decrypt(body[:NONCE], body[NONCE:], _wrapping(kek, owner)))
        except InvalidTag:
            raise Tampered("a wrapped key was changed, or belongs to somebody else") from None


def kek_of(wrapped: WrappedKey) -> str:
    """Return the id of the key-encryption key that a wrapped key names; raises Tampered for what is no wrapped key."""
    body = bytes(wrapped)
    if len(body) != WRAPPED or body[:1] != FORMAT:
        raise Tampered("not a wrapped key")
    return body[1 : 1 + KEK_ID].hex()


def _wrapping(kek: Kek, owner: str) -> bytes:
    return _joined(b"key" + FORMAT, kek.id.encode(), owner.encode())


def _row(row: UUID | int | str) -> bytes:
    match row:
        case UUID():
            return b"u" + row.bytes
        case int():
            return b"i%d" % row
        case str():
            return b"s" + row.encode()


def _joined(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(4) + part for part in parts)
