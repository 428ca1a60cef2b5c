"""How a broadcast goes: what became of its messages, when it stops itself, how far ahead people are looked for."""

from dataclasses import dataclass, fields, replace
from datetime import timedelta

CANARY = 50
"""So many go first, and the rest waits for what becomes of them (SUPPORT: the sender)."""
AHEAD = 5000
"""So many wait to be sent at most: 2 s of the fastest sending there is, times what a busy worker may be late."""
WINDOW = 500
FEWEST = 20
"""Of fewer answers nothing is concluded."""
TOO_MANY = 0.2
MANY = 50_000
COUNT_EVERY = timedelta(seconds=2)
COUNT_SELDOM = timedelta(seconds=6)


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the messages so far. `failed` were refused for another reason than a block of the bot.

    `skipped` do not want the topic. `waiting` are not sent yet, those under way included; `held` wait out a pause.
    """

    sent: int = 0
    blocked: int = 0
    failed: int = 0
    skipped: int = 0
    uncertain: int = 0
    expired: int = 0
    cancelled: int = 0
    waiting: int = 0
    held: int = 0

    @property
    def judged(self) -> int:
        """How many were answered in a way that tells something of the message."""
        return self.sent + self.failed

    @property
    def settled(self) -> int:
        """How many came to their end, skipped ones aside."""
        return self.sent + self.blocked + self.failed + self.uncertain + self.expired + self.cancelled

    @property
    def unsettled(self) -> int:
        """How many have no end yet."""
        return self.waiting + self.held

    @property
    def found(self) -> int:
        """Everybody found so far."""
        return sum(getattr(self, each.name) for each in fields(self))

    def stopped(self) -> "Counts":
        """Return the counts once everything that waited was set aside."""
        return replace(self, waiting=0, held=self.unsettled)


@dataclass(frozen=True, slots=True)
class Baseline:
    """Up to where refusals were looked at: answers and failures that count no more."""

    judged: int = 0
    failed: int = 0

    def too_many(self, counts: Counts) -> bool:
        """Whether more than a fifth of the answers since was a refusal."""
        judged = counts.judged - self.judged
        return judged >= FEWEST and counts.failed - self.failed > TOO_MANY * judged

    def moved(self, counts: Counts) -> "Baseline":
        """Return the next one: what went well long ago must not outweigh what goes wrong now."""
        return at(counts) if counts.judged - self.judged >= WINDOW else self


def at(counts: Counts) -> Baseline:
    """Return the baseline that forgives everything so far."""
    return Baseline(counts.judged, counts.failed)


def room(counts: Counts, due: int) -> int:
    """How many more messages may be written now. `due` are to leave now; who sleeps holds up nobody who is awake."""
    free = max(0, AHEAD - due)
    return free if counts.settled >= CANARY else max(0, min(free, CANARY - counts.settled - due))


def count_every(made: int) -> timedelta:
    """How often the messages are counted: counting a million of them takes the database a while."""
    return COUNT_EVERY if made < MANY else COUNT_SELDOM
