"""A broadcast: its state, the ways between states, and where it is kept."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, Self

from core.domain.account import WrongMove
from core.domain.broadcast.progress import Baseline, Counts, at
from core.domain.broadcast.segment import Segment
from core.domain.ids import AccountId, BroadcastId
from core.domain.notification import Topic

LIFETIME = timedelta(days=7)
"""What has not left a week after the start is news no more, and is not sent."""


class BroadcastState(StrEnum):
    """DRAFT until launched, SCHEDULED until its time, then SENDING. STOPPED: by itself, since too many were refused."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"
    CANCELLED = "cancelled"


MOVES: Mapping[BroadcastState, frozenset[BroadcastState]] = {
    BroadcastState.DRAFT: frozenset({BroadcastState.SCHEDULED, BroadcastState.CANCELLED}),
    BroadcastState.SCHEDULED: frozenset({BroadcastState.SENDING, BroadcastState.PAUSED, BroadcastState.CANCELLED}),
    BroadcastState.SENDING: frozenset(
        {BroadcastState.PAUSED, BroadcastState.STOPPED, BroadcastState.DONE, BroadcastState.CANCELLED}
    ),
    BroadcastState.PAUSED: frozenset({BroadcastState.SCHEDULED, BroadcastState.SENDING, BroadcastState.CANCELLED}),
    BroadcastState.STOPPED: frozenset({BroadcastState.SENDING, BroadcastState.CANCELLED}),
    BroadcastState.DONE: frozenset(),
    BroadcastState.CANCELLED: frozenset(),
}
ENDS = frozenset(state for state, ways in MOVES.items() if not ways)


class BroadcastMoved(WrongMove):
    """It is past what was asked for: launched, halted or ended by somebody else or by itself meanwhile."""

    message_key = "broadcast.moved"


class KeyReused(Exception):
    """The key of an earlier broadcast came with another message: nobody can tell which of the two is meant."""

    message_key = "broadcast.key_reused"


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One message to many. `texts` are plain, by language, Russian always there. `created_by` is the audit's name of who.

    People are looked for in the order of their accounts: `cursor` is the last one looked at, None before the first,
    `expanded_at` is when all were. `left_out` do not want the topic and got no message. `counts` are as of
    `counted_at`. `visit_at` is when the worker looks at it next, None when there is nothing left to do.
    """

    id: BroadcastId
    title: str
    texts: Mapping[str, str]
    segment: Segment
    topic: Topic
    urgent: bool
    created_by: str
    created_at: datetime
    state: BroadcastState = BroadcastState.DRAFT
    scheduled_at: datetime | None = None
    started_at: datetime | None = None
    expanded_at: datetime | None = None
    ended_at: datetime | None = None
    visit_at: datetime | None = None
    cursor: AccountId | None = None
    made: int = 0
    left_out: int = 0
    counts: Counts = field(default_factory=Counts)
    counted_at: datetime | None = None
    baseline: Baseline = field(default_factory=Baseline)
    version: int = 1

    @property
    def started(self) -> bool:
        """Whether anybody may have been written to."""
        return self.started_at is not None

    @property
    def fingerprint(self) -> str:
        """What is said to whom, as SHA-256 in hex: the journal's proof of what was written, changed and sent."""
        said = [dict(self.texts), str(self.segment), self.topic.value, self.urgent]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def moved(self, to: BroadcastState, now: datetime) -> Self:
        """Return the broadcast in the state `to`; BroadcastMoved when MOVES has no such way."""
        if to not in MOVES[self.state]:
            raise BroadcastMoved
        return replace(self, state=to, visit_at=now, ended_at=now if to in ENDS else None)

    def launched(self, moment: datetime, now: datetime) -> Self:
        """Return it waiting for its moment. BroadcastMoved when it was launched before."""
        if self.state is not BroadcastState.DRAFT:
            raise BroadcastMoved
        return replace(self.moved(BroadcastState.SCHEDULED, now), scheduled_at=moment, visit_at=moment)

    def resumed(self, now: datetime) -> Self:
        """Return it going on; refusals so far are forgiven, since somebody has looked at them. BroadcastMoved."""
        if self.state not in {BroadcastState.PAUSED, BroadcastState.STOPPED}:
            raise BroadcastMoved
        if not self.started and self.scheduled_at is not None:
            waits = self.moved(BroadcastState.SCHEDULED, now)
            return replace(waits, visit_at=max(now, self.scheduled_at))
        return replace(self.moved(BroadcastState.SENDING, now), baseline=at(self.counts))

    def outlived(self, now: datetime) -> bool:
        """Whether its week is over."""
        return self.started_at is not None and now >= self.started_at + LIFETIME


class Broadcasts(Protocol):
    """The broadcasts."""

    async def texts(self, ids: Collection[BroadcastId]) -> Mapping[BroadcastId, Mapping[str, str]]:
        """Return the texts of those broadcasts per language, safe for Telegram's HTML; `ru` is always there."""
        ...

    async def add(self, broadcast: Broadcast, key: str) -> Broadcast:
        """Store it; whoever repeats the key gets what the key made the first time."""
        ...

    async def get(self, broadcast: BroadcastId) -> Broadcast:
        """Return it as it stands; NotAllowed where there is none."""
        ...

    async def take(self, broadcast: BroadcastId) -> Broadcast:
        """Return it and let nobody else change it until the transaction ends; NotAllowed where there is none."""
        ...

    async def take_due(self, now: datetime) -> Broadcast | None:
        """Return one whose `visit_at` has come, the longest waiting first, passing over those that somebody else holds."""
        ...

    async def save(self, broadcast: Broadcast) -> Broadcast:
        """Store a changed one; BroadcastMoved when somebody else changed it since it was read."""
        ...

    async def recent(self, limit: int) -> list[Broadcast]:
        """Return the newest first."""
        ...

    async def counts(self, broadcast: Broadcast) -> Counts:
        """Count what became of its messages, by the messages themselves: dear where there are many."""
        ...

    async def due(self, broadcast: BroadcastId, now: datetime, limit: int) -> int:
        """Return how many of its messages are to leave now, counted up to `limit`."""
        ...
