"""Checkpoints: signed statements of where every chain ended, so that a tail cannot be cut off unseen.

They are kept in the database and outside it; a line added after the last checkpoint is covered by the next.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from core.security.chain.lines import GENESIS, canonical, moment


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where every chain ended at a moment: `heads` is chain to (seq, hash) of its last line. `number` counts from 0."""

    number: int
    at: datetime
    heads: Mapping[int, tuple[int, bytes]]
    previous: bytes
    signature: bytes

    def canonical(self) -> bytes:
        """Return the bytes that are signed and hashed."""
        return _body(self.number, self.at, self.heads, self.previous)

    def hash(self) -> bytes:
        """Return what the next checkpoint repeats as its `previous`: 32 bytes."""
        return hashlib.sha256(b"medkarta audit checkpoint 1\0" + self.canonical()).digest()

    def is_signed_by(self, key: Ed25519PublicKey) -> bool:
        """Tell whether the signature is of that key over this content."""
        try:
            key.verify(self.signature, _signed(self.canonical()))
        except InvalidSignature:
            return False
        return True

    def dumps(self) -> str:
        """Return one line of JSON for the file outside the database, without the line end."""
        return json.dumps(
            {"checkpoint": json.loads(self.canonical()), "signature": self.signature.hex()}, sort_keys=True
        )

    @staticmethod
    def loads(line: str) -> "Checkpoint":
        """Read such a line; ValueError when it is none."""
        try:
            outer = json.loads(line)
            body = outer["checkpoint"]
            return Checkpoint(
                number=int(body["number"]),
                at=datetime.fromisoformat(body["at"]).astimezone(UTC),
                heads={int(chain): (int(seq), bytes.fromhex(head)) for chain, (seq, head) in body["heads"].items()},
                previous=bytes.fromhex(body["previous"]),
                signature=bytes.fromhex(outer["signature"]),
            )
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ValueError("not a line of a checkpoint") from error


def sign_checkpoint(
    at: datetime,
    heads: Mapping[int, tuple[int, bytes]],
    previous: Checkpoint | None,
    sign: Callable[[bytes], bytes],
) -> Checkpoint:
    """Make the checkpoint that follows `previous` (None for the first); `sign` is `KeyRing.sign`."""
    number = previous.number + 1 if previous else 0
    before = previous.hash() if previous else GENESIS
    body = _body(number, at, heads, before)
    return Checkpoint(number, at, dict(heads), before, sign(_signed(body)))


def _signed(body: bytes) -> bytes:
    return b"medkarta audit checkpoint signature 1\0" + body


def _body(number: int, at: datetime, heads: Mapping[int, tuple[int, bytes]], previous: bytes) -> bytes:
    told = {str(chain): [seq, head.hex()] for chain, (seq, head) in heads.items()}
    return canonical({"number": number, "at": moment(at), "heads": told, "previous": previous.hex()})
