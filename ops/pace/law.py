"""The numbers of the law, and how a ledger answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

WINDOW_MS = 1000
SPARE_MS = 2
"""Clocks are read in whole milliseconds, on either side once."""
LEASE_MS = 40_000
"""A slot whose holder died: longer than any call may last."""
COLD_MS = 1000
"""After a start nobody knows what left within the last second."""
WAITER_MS = 600
"""How long a better lane is waited for without hearing from it again."""
AHEAD_MS = 25
"""Bulk may have slots that come free within that long, to be used from then on: none lies idle between two questions."""
KNOWN_MS = 60_000
"""A process that took no slot for so long is not counted any more."""
UNKNOWN_PROCESSES = 4
"""How many share the budget, as far as a process knows that never heard from Redis."""
CHAT_MS = 1000
CHAT_BURST = 3
"""Telegram lets short bursts pass; two fewer than the five that were seen, since a slot may come later than the claim."""
EVERYBODY_MS = 10_000
"""A pause this long is about the bot, not about the chat."""
TOGETHER_MS = 1000
"""So are two chats that were refused within a second."""
LEAST_PERCENT, STEP_PERCENT, STEP_MS = 10, 10, 5000
"""Bulk halves at a 429, at most once a second, down to a tenth, and comes back by a tenth each five seconds."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`lane`: 0 is the best, 3 is bulk. `name` is that of this waiter; its slots are `name:1` and so on.

    `ahead_ms`: slots that come free within that long will do. `process` is who asks, `name` apart.
    """

    lane: int
    wanted: int
    name: str
    chat: int | None = None
    ahead_ms: int = 0
    process: str = "?"


@dataclass(frozen=True, slots=True)
class Answer:
    """The slots that were granted, each with the milliseconds until it may be used; with none, when to ask again.

    `processes`: how many share the budget.
    """

    waits: Sequence[float]
    wait_ms: float
    processes: int = 1

    @property
    def granted(self) -> int:
        """How many."""
        return len(self.waits)


class Ledger(Protocol):
    """Where the slots are written down. Times in milliseconds."""

    async def take(self, asked: Asked, rate: int) -> Answer: ...

    async def give_back(self, answered: Mapping[str, float], unused: Sequence[str]) -> None:
        """`answered`: for each slot, how many milliseconds ago its call was answered."""
        ...

    async def chats(self, chats: Sequence[int]) -> Mapping[int, float]:
        """Spend one message of each; the waits of the others."""
        ...

    async def pause(self, chat: int, wait_ms: float) -> None: ...

    async def leave(self, lane: int, name: str) -> None:
        """Whoever waited has gone."""
        ...

    async def chill(self) -> None:
        """Grant nothing for a second: nobody knows what left within the last one."""
        ...
