"""Deliveries out of order and twice, on purpose, within what Telegram allows: the order inside one queue always holds."""

import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self, TypeVar

LONGEST_HOLD_MS = 10_000
_FIELDS = {"deliveries", "twice", "hold_ms", "seed"}


class Queued(Protocol):
    """What stands in a queue: one chat's messages, or one person's presses."""

    @property
    def queue(self) -> tuple[str, int]: ...


Q = TypeVar("Q", bound=Queued)


@dataclass(slots=True)
class Disorder:
    """What happens to the next `deliveries` updates.

    Chats come in any order, and a person's presses before or after their messages; a share `twice` comes twice (from a
    webhook side by side, or one after the other); a delivery is held back for up to `hold_ms`, and a poll with it.
    """

    deliveries: int = 0
    twice: float = 0.0
    hold_ms: int = 0
    seed: int = 0
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    @classmethod
    def parse(cls, asked: dict[str, Any]) -> Self:
        """Raises ValueError with a sentence when it makes no sense."""
        unknown = set(asked) - _FIELDS
        if unknown:
            raise ValueError(f"unknown fields: {', '.join(sorted(unknown))}")
        wanted = cls(**asked)
        for number in (wanted.deliveries, wanted.hold_ms, wanted.seed):
            if isinstance(number, bool) or not isinstance(number, int) or number < 0:
                raise ValueError("deliveries, hold_ms and seed are whole numbers, not below zero")
        if wanted.hold_ms > LONGEST_HOLD_MS:
            raise ValueError(f"hold_ms is at most {LONGEST_HOLD_MS}")
        if not isinstance(wanted.twice, int | float) or not 0 <= wanted.twice <= 1:
            raise ValueError("twice is a share from 0 to 1")
        return wanted

    def delivered(self) -> bool:
        """One more update goes out; True when it is to go out twice."""
        if self.deliveries <= 0:
            return False
        self.deliveries -= 1
        return self.dice.random() < self.twice

    def at_once(self) -> bool:
        """Whether the two of what goes out twice go side by side, and not one after the other."""
        return self.dice.random() < 0.5

    def hold(self) -> float:
        """Seconds that a delivery waits."""
        return self.dice.uniform(0, self.hold_ms / 1000) if self.deliveries > 0 else 0.0

    def shuffled(self, updates: Sequence[Q]) -> list[Q]:
        """The batch of one poll in another order: queues mixed at random, each in its own order."""
        if self.deliveries <= 0:
            return list(updates)
        queues: dict[tuple[str, int], deque[Q]] = {}
        for update in updates:
            queues.setdefault(update.queue, deque()).append(update)
        mixed: list[Q] = []
        while queues:
            key = self.dice.choice(list(queues))
            mixed.append(queues[key].popleft())
            if not queues[key]:
                del queues[key]
        return mixed
