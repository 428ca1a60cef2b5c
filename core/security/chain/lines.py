"""What a line of the audit chain says, and how it is linked to the line before it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

GENESIS = bytes(32)
"""What stands before the first line of every chain and before the first checkpoint."""
LINE = b"medkarta audit line 1\0"
"""What every hash of a line begins with."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """The content of a line. `seq` counts from 1 within its chain; `at` is aware; `details` hold no personal values."""

    chain: int
    seq: int
    at: datetime
    actor: str
    operation: str
    subject: str
    details: Mapping[str, str]
    channel: str = "-"

    def canonical(self) -> bytes:
        """Return the bytes that are hashed: JSON in ASCII with sorted names, the time in UTC with microseconds."""
        return canonical(self._body())

    def around_number(self) -> tuple[bytes, bytes]:
        """Return the canonical bytes before the number and after it: for whoever knows the number later than the rest."""
        before: dict[str, object] = {}
        after: dict[str, object] = {}
        for name, value in self._body().items():
            if name != "seq":
                (before if name < "seq" else after)[name] = value
        return canonical(before)[:-1] + b',"seq":', b"," + canonical(after)[1:]

    def _body(self) -> dict[str, object]:
        return {
            "chain": self.chain,
            "seq": self.seq,
            "at": moment(self.at),
            "actor": self.actor,
            "operation": self.operation,
            "subject": self.subject,
            "details": dict(self.details),
            "channel": self.channel,
        }


@dataclass(frozen=True, slots=True)
class ChainLine:
    """A line as it is kept: its content, the hash of the line before it, and its own."""

    entry: AuditEntry
    previous: bytes
    hash: bytes


def link(previous: bytes, entry: AuditEntry) -> bytes:
    """Return the hash of a line, 32 bytes of SHA-256, from the hash of the line before it (GENESIS for the first)."""
    return hashlib.sha256(LINE + previous + entry.canonical()).digest()


def chain_of(subject: str, chains: int) -> int:
    """Return which of `chains` chains, 0 to chains - 1, the lines of a subject belong to: always the same."""
    return int.from_bytes(hashlib.sha256(subject.encode()).digest()[:8]) % chains


def canonical(body: Mapping[str, object]) -> bytes:
    """Return the one JSON text of a body."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode()


def moment(at: datetime) -> str:
    """Return a moment in UTC with microseconds; ValueError for one without a zone, which could mean anything."""
    if at.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")
