"""What carries words to people, and how fast it may."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from core.domain.notification import Lane


class Carried(StrEnum):
    """How Telegram shows a file that goes along."""

    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a message."""

    kind: Carried
    name: str = field(repr=False)
    mime: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Push:
    """One message to one chat, ready to send: HTML text and rows of (label, place) buttons; `url` places open a page.

    `offer/<id>` is the place `offer`, about one thing of several. With an enclosure `text` is its caption. `reply_to` is the
    id of the message that it answers; where that is gone, it goes without.
    """

    text: str
    buttons: tuple[tuple[tuple[str, str], ...], ...] = ()
    silent: bool = False
    enclosure: Enclosure | None = None
    reply_to: int | None = None


class Refused(Exception):
    """The channel said no for good (blocked, no such chat, address refused); `reason` is its own word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Uncertain(Exception):
    """The request was written and no whole answer came: it may have had its effect. `system` as in Unavailable."""

    def __init__(self, system: str) -> None:
        super().__init__(system)
        self.system = system


class Later(Exception):
    """The channel asks to come back after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:g} s")
        self.seconds = seconds


class Messenger(Protocol):
    """Telegram as the worker sees it. Raises Refused, Later, Unavailable (no effect), Uncertain. It never repeats a call."""

    async def send(self, chat: int, push: Push) -> int:
        """Send and return the message id."""
        ...

    async def pin(self, chat: int, message: int) -> None:
        """Put a message to the top of its chat, silently; twice is once."""
        ...

    async def unpin(self, chat: int, message: int) -> None:
        """Take it down."""
        ...

    async def edit(self, chat: int, message: int, text: str, *, caption: bool = False) -> None:
        """Let a message say something else; saying what it says already is no fault. `caption`: it is a file's."""
        ...

    async def remove(self, chat: int, message: int) -> None:
        """Delete it; one that is gone already is no fault."""
        ...

    async def typing(self, chat: int) -> None:
        """Show for some five seconds that somebody writes."""
        ...


class Sms(Protocol):
    """The SMS gateway. Raises Refused, Later, Unavailable, Uncertain. The same `key` twice sends once."""

    async def send(self, phone: str, text: str, *, key: UUID) -> None: ...


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter. `name` is what it is saved as; `mime` its type, `application/pdf` for example."""

    name: str
    mime: str
    content: bytes = field(repr=False)


class Mail(Protocol):
    """The mail relay. Raises Refused, Later, Unavailable, Uncertain. `key` becomes the Message-ID."""

    async def send(
        self, address: str, subject: str, text: str, *, key: UUID, attached: Attachment | None = None
    ) -> None: ...


class Wording(Protocol):
    """The words of a message key in a language; values are inserted as they are, not escaped."""

    def say(self, key: str, language: str, values: Mapping[str, str]) -> str: ...


class Congested(Exception):
    """Nobody knows how much of the budget is left, since Redis is away: what can wait, waits `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:g} s")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Slot:
    """The right to send one message from `at` on, a reading of its `Pace`; free again a second after it was given back."""

    name: str
    at: float = 0.0


class Pace(Protocol):
    """Telegram's budget, shared by all processes: in no second do more messages leave than the rate, best lane first."""

    @property
    def rate(self) -> int:
        """Messages a second."""
        ...

    async def take(self, lane: Lane, wanted: int, chat: int | None = None) -> Sequence[Slot]:
        """Return one slot at least and `wanted` at most, as soon as there are any.

        `chat` is told of a message that goes whatever its own budget says: a live answer. Raises Congested.
        """
        ...

    async def due(self, slot: Slot) -> None:
        """Wait until the slot may be used: a moment at most."""
        ...

    def give_back(self, slots: Sequence[Slot], *, used: bool = True) -> None:
        """The calls of these slots have just been answered, or were never made."""
        ...

    async def chats(self, chats: Sequence[int]) -> Mapping[int, float]:
        """Spend one message of each chat; return the seconds that the others have to wait. Raises Congested."""
        ...

    async def pause(self, chat: int, seconds: float) -> None:
        """Telegram answered 429: the chat waits, bulk slows down, and everybody waits when it is about everybody."""
        ...
