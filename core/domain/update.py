"""Once: an update of Telegram takes effect exactly once, and is answered at least once."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class AlreadyDone(Exception):
    """This update took effect before: nothing is to be done again, only shown again."""


class UpdateState(StrEnum):
    """NEW was never seen through; DONE took effect, its answer may not have been sent; ANSWERED is over."""

    NEW = "new"
    DONE = "done"
    ANSWERED = "answered"


@dataclass(slots=True)
class Incoming:
    """The update that is being handled, told to the transaction by the front-end; None outside of Telegram."""

    id: int | None = None


class Updates(Protocol):
    """The done marks. The mark itself is written by the transaction of the update's effect."""

    async def state(self, update: int) -> UpdateState: ...

    async def finish(self, update: int, now: datetime) -> None:
        """Mark the update answered, whether or not it had an effect of its own."""
        ...

    async def forget_before(self, moment: datetime) -> int:
        """Remove marks older than that (Telegram repeats nothing after 24 hours); returns how many."""
        ...
