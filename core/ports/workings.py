"""What every use case stands on: the time, the transaction, locks, wake-ups."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from core.domain.actor import Citizen
from core.domain.ids import ChatId
from core.domain.update import Held


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class ChatLink:
    """Where a letter leads a person on to: the chat."""

    url: str


class Collided(Exception):
    """Two transactions waited for one another, and the database ended this one: nothing is stored, it may be begun anew."""


class Transaction(Protocol):
    """One durable block: everything stored inside is committed together on a clean exit and forgotten otherwise.

    On its first commit within one incoming update it also stores the update's done mark (see `core.domain.update`).
    Not nested: entering it twice is a programming error and raises RuntimeError.
    Raises `core.domain.update.AlreadyDone` on exit, storing nothing, when this update took effect before; Collided on exit
    where what was asked of the database failed for that.
    """

    def looking(self) -> AbstractAsyncContextManager[None]:
        """Return the same for a use case that only looks: its audit lines are committed, the update is not marked done."""
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Glance(Protocol):
    """A look ahead within the open transaction: what will be asked one after another is read together.

    Nothing depends on it but the number of round trips.
    """

    async def at(self, citizen: Citizen) -> None:
        """What a turn of the application asks of a citizen."""
        ...

    async def at_arrival(self, update: int, chat: ChatId) -> None:
        """What is asked of an update that has come in."""
        ...


class HeldElsewhere(Exception):
    """Another process holds the chat, and did not let go of it in time."""


class TooFast(Exception):
    """The chat has sent more than its pace allows, over all processes; in so many `seconds` it may go on."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Turn:
    """A chat that is held now, for one piece of work.

    `held` is None where no other process can be there. `deaths`: so many processes died over this same work, one after another.
    """

    held: Held | None = None
    deaths: int = 0


class ChatLocks(Protocol):
    """One holder a chat, over all processes. Within a process whoever comes first is first.

    What is done under a lock is written down and struck out at its end, so that whoever dies over it leaves a trace.
    """

    def hold(
        self, chat: int, lost: Callable[[], None], work: int, *, pays: bool = False
    ) -> AbstractAsyncContextManager[Turn]:
        """Hold the chat while the block runs; `work` is the number of what is done there.

        `lost` is called when the hold ran out meanwhile: somebody else may be at it from then on.
        `pays`: it counts for the pace of the chat. One process alone has its own count, and keeps none here.
        Raises HeldElsewhere after a while, TooFast, and what the store raises when it is away.
        """
        ...

    async def dare(self, chat: int, work: int, deaths: int) -> None:
        """Write down that work over which so many have died is begun once more, under a hold of the chat."""
        ...


@dataclass(frozen=True, slots=True)
class Leftover:
    """A message that could not be removed from its chat yet; `age_s` is how long it has been tried."""

    name: str
    chat: int
    message: int
    age_s: float


class Leftovers(Protocol):
    """What is to be removed from chats, remembered over the ends of processes. Nothing here costs an error."""

    async def put(self, chat: int, messages: Sequence[int], seconds: float) -> None:
        """Remember messages of a chat that are to be tried in so many seconds."""
        ...

    async def due(self, limit: int) -> list[Leftover]:
        """Return those whose time has come; for a while nobody else gets them."""
        ...

    async def again(self, leftovers: Sequence[Leftover], seconds: float) -> None:
        """Try them again in so many seconds."""
        ...

    async def gone(self, leftovers: Sequence[Leftover]) -> None:
        """Forget them."""
        ...

    async def only_here(self) -> list[Leftover]:
        """Return what would be lost with this process."""
        ...


class ChatNotes(Protocol):
    """Small words about chats that processes share: a language, that something was said. Never personal; may be lost.

    Nothing here costs an error: what cannot be noted is not noted, what cannot be read was not.
    """

    async def first(self, chat: int, word: str, seconds: float) -> bool:
        """Whether nobody has noted this of the chat within the last so many seconds; from now on somebody has."""
        ...

    async def put(self, chat: int, word: str, value: str, seconds: float) -> None:
        """Note a value for so many seconds."""
        ...

    async def get(self, chat: int, word: str) -> str | None:
        """Return the value that was noted."""
        ...

    async def forget(self, chat: int, word: str) -> None:
        """Nothing is noted any more."""
        ...


class Events(Protocol):
    """A tap on the shoulder between processes: there is something to send. May be lost; whoever waits looks by itself too."""

    async def wake(self, road: str = "") -> None:
        """Wake who waits on that road (`core.domain.notification.road`), in every worker; everybody where none is named.

        Costs nobody an error when Redis is away.
        """
        ...

    def taps(self, road: str = "") -> int:
        """How many were heard so far on it, on any where none is named: read it, look for work, then wait for more."""
        ...

    async def wait(self, seconds: float, seen: int, road: str = "") -> None:
        """Wait for a tap on that road beyond those `seen`, but no longer than that."""
        ...


class Bell(Protocol):
    """A ring between processes about what happens at the desk. May be lost: whoever listens looks by itself too.

    A word is short and never personal: `event`, or that somebody writes to the citizen or a note: `typing` or `noting`, then the
    ids of conversation, writer, group and owner, `-` for none.
    """

    async def ring(self, word: str) -> None:
        """Tell everybody who listens, in every process. Costs nobody an error when Redis is away."""
        ...

    def heard(self) -> AbstractAsyncContextManager[AsyncIterator[str]]:
        """Return the words that come while the block runs; the iterator gives "" every few seconds when nothing is heard."""
        ...


class Readiness(Protocol):
    """Whether the parts that the product stands on answer."""

    async def missing(self) -> list[str]:
        """Return the names of the parts that do not answer: `database`, `migrations`, `redis`."""
        ...
