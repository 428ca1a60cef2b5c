"""Messages that stand at the top of their chat for a while."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from core.domain.ids import ChatId, NotificationId


class PinState(StrEnum):
    """WANTED: to be pinned once its message is there. PINNED. GONE: taken down, or it never came to be pinned."""

    WANTED = "wanted"
    PINNED = "pinned"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Pin:
    """A sent message that is to be pinned (WANTED) or taken down (PINNED). `tries` counts claims and names this one."""

    notification: NotificationId
    chat: ChatId
    message: int
    state: PinState
    tries: int


class Pins(Protocol):
    """Written with their notification, by the outbox. The message itself is none of theirs: they never send it again."""

    async def claim(self, now: datetime, lease: datetime, limit: int) -> Sequence[Pin]:
        """Take what is to be pinned or taken down now, that nobody else can take before `lease`."""
        ...

    async def settle(self, pin: Pin, to: PinState, due_at: datetime | None = None) -> None:
        """Write what became of a claimed one; `due_at`: when it is looked at again. One claimed anew since stays as it is."""
        ...

    async def take_down(self, subject: UUID, now: datetime) -> int:
        """Let whatever is pinned of a subject be taken down at once; what is not pinned yet never is. Returns how many."""
        ...

    async def leave(self, chat: ChatId, now: datetime) -> int:
        """The same of whatever is pinned in a chat: whose it was speaks there no more."""
        ...
