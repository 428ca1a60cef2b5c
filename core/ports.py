"""What the core needs of the outside, in its own words. Adapters stand in gateways, security, storage and bot."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self
from uuid import UUID

from core.domain.account import PortalPerson


class Unavailable(Exception):
    """An outside system did not answer in time or answered with a fault; `system` is its name for messages."""

    message_key = "outside.unavailable"

    def __init__(self, system: str) -> None:
        super().__init__(system)
        self.system = system


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


class Transaction(Protocol):
    """One durable block: everything stored inside is committed together on a clean exit and forgotten otherwise.

    On its first commit within one incoming update it also stores the update's done mark (see `core.domain.update`).
    Not nested: entering it twice is a programming error and raises RuntimeError.
    Raises `core.domain.update.AlreadyDone` on exit, storing nothing, when this update took effect before.
    """

    def looking(self) -> AbstractAsyncContextManager[None]:
        """Return the same for a use case that only looks: its audit lines are committed, the update is not marked done."""
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class SignInRefused(Exception):
    """The portal refused, or its answer failed a check (state, nonce, signature, audience, PKCE)."""

    message_key = "account.sign_in_failed"


class Portal(Protocol):
    """The state portal, spoken to by OpenID Connect: authorization code with PKCE."""

    async def authorization_url(self, *, state: str, nonce: str, verifier: str) -> str:
        """Return where the person's browser goes to sign in. Raises Unavailable."""
        ...

    async def person(self, *, code: str, nonce: str, verifier: str) -> PortalPerson:
        """Exchange the code and return who signed in. Raises SignInRefused, Unavailable."""
        ...


class Verdict(StrEnum):
    """What a registry says of one value."""

    VALID = "valid"
    NOT_FOUND = "not_found"
    MISMATCH = "mismatch"
    EXPIRED = "expired"


class Registries(Protocol):
    """The state registries: passports (МВД), СНИЛС (СФР), policies (ОМС). Each call raises Unavailable."""

    async def passport(self, series: str, number: str, *, surname: str | None, birth_date: date | None) -> Verdict: ...

    async def snils(self, snils: str, *, surname: str | None, birth_date: date | None) -> Verdict: ...

    async def policy(
        self, number: str, *, series: str | None, surname: str | None, birth_date: date | None
    ) -> Verdict: ...


@dataclass(frozen=True, slots=True)
class Push:
    """One message to one chat, ready to send: HTML text and rows of (label, place) buttons; `url` places open a page."""

    text: str
    buttons: tuple[tuple[tuple[str, str], ...], ...] = ()
    silent: bool = False


class Refused(Exception):
    """The channel said no for good (blocked, no such chat, address refused); `reason` is its own word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Later(Exception):
    """The channel asks to come back after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:g} s")
        self.seconds = seconds


class Messenger(Protocol):
    """Telegram as the worker sees it. Raises Refused, Later, Unavailable."""

    async def send(self, chat: int, push: Push) -> int:
        """Send and return the message id."""
        ...


class Sms(Protocol):
    """The SMS gateway. Raises Refused, Later, Unavailable. The same `key` twice sends once."""

    async def send(self, phone: str, text: str, *, key: UUID) -> None: ...


class Mail(Protocol):
    """The mail relay. Raises Refused, Later, Unavailable. `key` becomes the Message-ID."""

    async def send(self, address: str, subject: str, text: str, *, key: UUID) -> None: ...


class Files(Protocol):
    """Where ciphertext of files lies. Keys are opaque names made by the caller."""

    async def put(self, key: str, content: bytes) -> None: ...

    async def get(self, key: str) -> bytes:
        """Return the content; FileNotFoundError where there is none."""
        ...

    async def delete(self, key: str) -> None:
        """Remove it; nothing happens where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file looked into: `mime` by its bytes, pages of a PDF or 1, `content` re-encoded and free of anything active."""

    mime: str
    pages: int
    content: bytes = field(repr=False)


class Inspector(Protocol):
    """Looks into an upload. Raises `core.domain.document.BadFile` with the reason."""

    async def inspect(self, content: bytes) -> Inspected: ...


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


class BlindIndexes(Protocol):
    """Keyed hashes for looking personal values up without storing them in clear."""

    def of(self, field: str, canonical: str) -> bytes:
        """Return 32 bytes: HMAC-SHA256 under the key of that field."""
        ...


class Wording(Protocol):
    """The words of a message key in a language; values are inserted as they are, not escaped."""

    def say(self, key: str, language: str, values: Mapping[str, str]) -> str: ...


class Readiness(Protocol):
    """Whether the parts that the product stands on answer."""

    async def missing(self) -> list[str]:
        """Return the names of the parts that do not answer: `database`, `migrations`, `redis`."""
        ...
