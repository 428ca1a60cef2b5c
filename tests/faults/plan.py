"""What a run is made of, and how long it may take."""

import os
import random
from dataclasses import dataclass

from tests.faults.crew import GRACE_S, PATIENCE_S

AFTER_THE_STORM_S = 60.0
"""How long the storm may go on after its time: a part that is to be killed may be slow to come up."""


@dataclass(frozen=True)
class Plan:
    """`seed` replays the storm and the people, as far as the machine's timing allows."""

    seed: int
    kills: int
    people: int
    """How many fill in the form at a time."""
    every_s: float
    """From one kill to the next, on the average."""
    postgres: int
    redis: int
    subscribers: int
    """How many are told things: more than a broadcast's canary."""
    petitions: int
    """How many of them wait for a decision of the desk."""
    broadcasts: int
    patience_s: float = 120.0
    """How long, once the storm is over, anything that is still waited for may take."""

    @classmethod
    def short(cls, seed: int) -> "Plan":
        """Return a storm of a quarter of a minute, with every kind of fault in it."""
        return cls(
            seed, kills=8, people=5, every_s=1.9, postgres=1, redis=1, subscribers=66, petitions=12, broadcasts=1,
        )  # fmt: skip

    @classmethod
    def long(cls, seed: int, kills: int, people: int, every_s: float) -> "Plan":
        """Return a storm that grows with its kills, its servers and its desk with it."""
        return cls(
            seed, kills, people, every_s, postgres=max(1, kills // 20), redis=max(1, kills // 15),
            subscribers=70 + min(130, kills), petitions=max(12, min(120, kills)), broadcasts=max(1, kills // 25),
            patience_s=150.0,
        )  # fmt: skip

    @property
    def webhook(self) -> bool:
        """Whether updates are pushed to two bots behind one address, or polled by one."""
        return os.environ.get("FAULTS_MODE", random.Random(self.seed).choice(["webhook", "polling"])) == "webhook"

    @property
    def storm_s(self) -> float:
        """How long the storm blows."""
        return self.kills * self.every_s

    @property
    def longest_s(self) -> float:
        """How long the whole run takes at the most: starting, the storm, coming home, the last pushes, stopping."""
        return 2 * PATIENCE_S + self.storm_s + AFTER_THE_STORM_S + 2 * self.patience_s + GRACE_S + PATIENCE_S
