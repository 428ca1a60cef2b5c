"""Codes, passwords and keyed hashes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


class Codes(Protocol):
    """One-time codes of six digits, kept as salted hashes."""

    def fresh(self) -> str:
        """Return six random digits."""
        ...

    def digest(self, code: str, *, salt: bytes) -> bytes:
        """Return the keyed hash that is stored: 32 bytes."""
        ...

    def matches(self, code: str, digest: bytes, *, salt: bytes) -> bool:
        """Compare in constant time."""
        ...

    def token(self) -> str:
        """Return 256 random bits as URL-safe text: states, nonces, verifiers, session names."""
        ...


class Passwords(Protocol):
    """argon2id, off the event loop."""

    async def hash(self, password: str) -> str: ...

    async def matches(self, password: str, hashed: str | None) -> bool:
        """Compare; with None takes as long and answers False, so that nobody learns which logins exist."""
        ...


class Totp(Protocol):
    """Time-based one-time passwords (RFC 6238): SHA-1, 6 digits, 30 s, one step of drift either way."""

    def fresh_secret(self) -> str: ...

    def step(self, secret: str, code: str, at: datetime) -> int | None:
        """Return the time step that the code belongs to, or None when it is wrong."""
        ...

    def uri(self, secret: str, login: str) -> str:
        """Return the otpauth:// address for an authenticator."""
        ...


class Unreadable(Exception):
    """What is stored sealed does not open: it was changed, or its key was."""


class BlindIndexes(Protocol):
    """Keyed hashes for looking personal values up without storing them in clear."""

    def of(self, field: str, canonical: str) -> bytes:
        """Return 32 bytes: HMAC-SHA256 under the key of that field."""
        ...


class AssertionRefused(Exception):
    """An assertion that proves nothing; the text says why, for the journal alone."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """A checked assertion: its own name, and until when it could be used again."""

    jti: str
    expires_at: datetime


class Assertions(Protocol):
    """What clients sign with their own keys (RFC 7523): RS384, ES384, RS256 or ES256, good for five minutes at most."""

    def issuer(self, assertion: str) -> str:
        """Return who says to have signed it; nothing is checked yet. Raises AssertionRefused."""
        ...

    def accept(self, assertion: str, keys: Mapping[str, Any], issuer: str, audience: str, now: datetime) -> Assertion:
        """Check signature, issuer, audience and times. Raises AssertionRefused; whether it was used is not looked at."""
        ...

    def usable(self, keys: object) -> Mapping[str, Any]:
        """Return a JWK set as it is kept: public signing keys alone. Raises ValueError with a sentence."""
        ...


class BadKey(Exception):
    """A file that holds no public key that can be used; the text says why."""


class Signatures(Protocol):
    """Signatures of specialists by their own keys: RSA of 4096 bits (PKCS #1 v1.5, SHA-256), or Ed25519."""

    def usable(self, content: bytes) -> tuple[str, str]:
        """Return a public key as it is kept, PEM, and its fingerprint. Raises BadKey with a sentence."""
        ...

    def verify(self, pem: str, content: bytes, signature: bytes) -> bool:
        """Tell whether the key signed the content."""
        ...

    def is_ed25519(self, pem: str) -> bool:
        """Tell which of the two it is: the command that signs differs."""
        ...
