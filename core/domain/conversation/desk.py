"""Beside the lines: what is on its way to Telegram, drafts, what the desk hears, what was decided for all of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from core.domain.conversation.collection import Sight
from core.domain.conversation.entity import Attached, Conversation, DeskEvent
from core.domain.conversation.states import Delivery
from core.domain.ids import ChatId, ConversationId, LineId, StaffId


class Assigning(StrEnum):
    """How a waiting conversation finds its operator."""

    BY_HAND = "by_hand"
    IN_TURN = "in_turn"
    BY_SKILL = "by_skill"


@dataclass(frozen=True, slots=True)
class Relayed:
    """An operator's line as it leaves: `prefix` is the name of who speaks, where that is new to the citizen.

    `message` is Telegram's id once it is there; `answered` of the line that it replies to. `stale`: ownership moved on, or it
    is over. `handle` is what the store needs for its bytes. `unreadable`: its sealed values do not open.
    """

    line: LineId
    conversation: ConversationId
    number: int
    text: str = field(repr=False)
    speaker: str | None = field(default=None, repr=False)
    file: Attached | None = None
    message: int | None = None
    answered: int | None = None
    stale: bool = False
    gone: bool = False
    handle: bytes | None = field(default=None, repr=False)
    unreadable: bool = False


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What became of a relayed line. `message` is Telegram's id."""

    line: LineId
    delivery: Delivery
    message: int | None = None
    reason: str | None = None


class Relays(Protocol):
    """What of the lines is on its way to Telegram."""

    async def of(self, lines: Collection[LineId]) -> Mapping[LineId, Relayed]:
        """Return what is to leave, as it stands now."""
        ...

    async def content(self, relayed: Relayed) -> bytes:
        """Return the bytes of its file; no transaction is needed. FileNotFoundError where there are none."""
        ...

    async def settled(self, outcomes: Sequence[Outgoing], now: datetime) -> None:
        """Write what became of lines, and tell the desk."""
        ...

    async def turn(self, chat: ChatId, now: datetime) -> datetime:
        """Return when something is due that leaves behind everything that waits for the chat: now, or a moment later."""
        ...

    async def touch(self, line: LineId) -> bool:
        """Whether it has not left and nobody can take it before this transaction ends."""
        ...

    async def cancel(self, line: LineId, now: datetime) -> bool:
        """Take it back before it left; False when it is too late for that."""
        ...

    async def outdate(self, conversation: ConversationId, epoch: int, now: datetime) -> Sequence[int]:
        """Take back what waits of older epochs; returns the numbers of these lines, which are STALE now."""
        ...

    async def go_along(self, conversation: ConversationId, epoch: int) -> None:
        """Let what waits leave all the same, under the new epoch: nobody comes after who said it."""
        ...


class Drafts(Protocol):
    """What operators have begun to write."""

    async def keep(self, conversation: Conversation, staff: StaffId, text: str, now: datetime) -> None:
        """Keep it; empty: forget it."""
        ...

    async def of(self, conversation: Conversation, staff: StaffId) -> str: ...


class DeskEvents(Protocol):
    """What happens at the desk, numbered without gaps in the order of commits."""

    def tell(self, event: DeskEvent) -> None:
        """Write it with the open transaction, whose last act it is; its number is given then."""
        ...

    async def after(self, sight: Sight, number: int, limit: int) -> Sequence[DeskEvent]:
        """Return what came after a number, as far as the member may see it."""
        ...

    async def last(self) -> int:
        """Return the number of the last one; 0 when there is none."""
        ...

    async def forget_before(self, moment: datetime, limit: int) -> int:
        """Remove old ones; returns how many."""
        ...


class DeskSettings(Protocol):
    """What an administrator decided for the whole desk."""

    async def assigning(self) -> Assigning: ...

    async def assign(self, how: Assigning) -> None: ...
