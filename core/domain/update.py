"""Once: an update of Telegram takes effect exactly once, and is answered at least once. What cannot be handled now waits."""

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class AlreadyDone(Exception):
    """This update took effect before: nothing is to be done again, only shown again."""


class LostLock(Exception):
    """Another process has taken the chat over since: nothing was stored, and whoever holds the chat now does the rest."""


class UpdateNotThere(Exception):
    """No such update is set aside: it was handled again or dropped meanwhile, or never was there."""


class UpdateState(StrEnum):
    """NEW was never seen through; DONE took effect, its answer may not have been sent; ANSWERED is over."""

    NEW = "new"
    DONE = "done"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Held:
    """A chat held by this process, and the fence under which it is: a number that grows with every holder."""

    chat: int
    fence: int


HELD: ContextVar[Held | None] = ContextVar("HELD", default=None)
"""What the task that handles an update holds. None where no other process can be there: nothing is checked then."""


@dataclass(slots=True)
class Incoming:
    """The update that is being handled, told to the transaction by the front-end; None outside of Telegram."""

    id: int | None = None
    held: Held | None = field(default_factory=HELD.get)


class Standing(StrEnum):
    """TRIED failed and still lies with Telegram; WAITING is kept here to be handled; ASIDE was given up."""

    TRIED = "tried"
    WAITING = "waiting"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class Kept:
    """An update as Telegram sent it, `raw` in JSON: what a person typed may stand there. `kind` is Telegram's word for it.

    `put_back`: it was given up once, and an administrator has it handled again.
    """

    id: int
    chat: int
    kind: str
    raw: str = field(repr=False)
    tries: int = 0
    put_back: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong: the name of its class and places in the code. Never its text: that may hold what a person typed."""

    name: str
    places: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """An update that was given up, as an administrator sees it."""

    id: int
    chat: int
    kind: str
    fault: Fault
    tries: int
    at: datetime


class Updates(Protocol):
    """The done marks. The mark itself is written by the transaction of the update's effect."""

    async def state(self, update: int) -> UpdateState: ...

    async def finish(self, update: int, now: datetime) -> None:
        """Mark the update answered, whether or not it had an effect of its own."""
        ...

    async def forget_before(self, moment: datetime) -> int:
        """Remove marks older than that (Telegram repeats nothing after 24 hours); returns how many.

        An update that waits or is set aside keeps its mark. Tries of updates that Telegram cannot repeat go as well.
        """
        ...


class Inbox(Protocol):
    """Updates that are kept here: sealed, and wiped when they are done."""

    async def keep(self, updates: Sequence[Kept], now: datetime) -> None:
        """Store updates to be handled from here; one that is here already stays as it is, but waits from now on."""
        ...

    async def chats(self) -> list[int]:
        """Return the chats for which something waits."""
        ...

    async def of_chat(self, chat: int, limit: int) -> list[Kept]:
        """Return what waits for a chat, oldest first. What does not open any more is set aside, and is not among them."""
        ...

    async def leave(self, update: int) -> None:
        """Remove an update that was seen through, or its tries; nothing happens where there is none."""
        ...

    async def count_try(self, update: Kept, fault: Fault, now: datetime) -> tuple[int, Standing]:
        """Count one more failure, whichever process met it. Returns how many there are now, and where the update stands.

        What waits or was given up does so since it began to, not since its last failure.
        """
        ...

    async def set_aside(self, update: Kept, fault: Fault, now: datetime) -> None:
        """Give it up, and keep it for an administrator."""
        ...

    async def aside(self, limit: int) -> list[SetAside]:
        """Return what was set aside, newest first."""
        ...

    async def retry(self, update: int, now: datetime) -> None:
        """Let it wait to be handled again, its tries forgotten. Raises UpdateNotThere."""
        ...

    async def retry_all(self, now: datetime) -> int:
        """Let everything that is set aside wait again, in the order of its chats; returns how many."""
        ...

    async def drop(self, update: int) -> None:
        """Remove what was set aside. Raises UpdateNotThere."""
        ...

    async def count(self) -> dict[Standing, tuple[int, datetime | None]]:
        """Return how many stand where, and since when the oldest of them does."""
        ...
