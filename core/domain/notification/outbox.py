"""Where messages wait."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from core.domain.ids import AccountId, BroadcastId, ChatId, NotificationId
from core.domain.notification.entity import Failure, Notification, Settlement, WallTime
from core.domain.notification.states import Channel, Lane, NotificationState


class Outbox(Protocol):
    """The notifications, written in the transaction of the fact they tell."""

    async def add(self, notification: Notification) -> None: ...

    async def add_many(self, notifications: Sequence[Notification]) -> int:
        """Store them in one statement; one that is there already (its id; its broadcast and account) stays. Returns how many."""
        ...

    async def claim(
        self,
        now: datetime,
        lease: datetime,
        limit: int,
        channels: Collection[Channel] = tuple(Channel),
        lanes: Collection[Lane] = tuple(Lane),
    ) -> list[Notification]:
        """Take due rows, best lane first, that nobody else can take before `lease`. A digest's rows come together.

        No call is on record yet: what is claimed and not begun goes back untouched when its holder dies.
        """
        ...

    async def begin(self, notifications: Sequence[Notification], now: datetime) -> frozenset[NotificationId]:
        """Put an attempt on record for each claimed row that may be sent now, just before the call.

        Left out are rows whose lease ran out or nearly did, those of a broadcast that was halted meanwhile, and those of a
        chat to which something else is under way: two claims at the same moment cannot see one another, but whoever begins
        sees every claim that stands by then.
        """
        ...

    async def renew(self, notifications: Sequence[Notification], lease: datetime) -> None:
        """Keep claimed rows until `lease`; what another has taken since stays with the other."""
        ...

    async def recover(self, now: datetime) -> int:
        """Take rows whose lease ran out from holders that died; returns how many.

        Those that were not begun wait again; of the others nobody knows whether the call was made, and UNKNOWN decides.
        """
        ...

    async def settle(self, settlements: Sequence[Settlement], now: datetime) -> None:
        """Write what became of claimed rows and end their attempts; what ended for good loses its personal values."""
        ...

    async def next_due(self, now: datetime, lanes: Collection[Lane] = tuple(Lane)) -> datetime | None:
        """When something of these lanes becomes due after `now`: a waiting row, or the end of a lease of any lane."""
        ...

    async def counts(self) -> Mapping[NotificationState, int]: ...

    async def uncertain(self) -> Mapping[Lane, int]:
        """How many attempts ended with nobody knowing."""
        ...

    async def move(self, subject: UUID, due_at: datetime, wall: WallTime | None = None) -> int:
        """Move the waiting rows of a subject to another time; returns how many."""
        ...

    async def retell(self, subject: UUID, account: AccountId, key: str, values: Mapping[str, str]) -> int:
        """Give the waiting row of a subject other words; their time stays. Returns how many."""
        ...

    async def cancel(self, subject: UUID, now: datetime) -> int:
        """Take back the rows of a subject that have not left; returns how many."""
        ...

    async def follow(self, account: AccountId, old: ChatId, new: ChatId, language: str) -> int:
        """Let what waits for an account in its old chat, and can be turned off, go to its new one; returns how many."""
        ...

    async def reckon(self, now: datetime) -> int:
        """Work the due times of waiting rows with a wall time out anew by today's law of their zones; how many moved."""
        ...

    async def hold(self, broadcast: BroadcastId) -> int:
        """Pause what has not left of a broadcast; returns how many."""
        ...

    async def release(self, broadcast: BroadcastId) -> int:
        """Let it go on; returns how many."""
        ...

    async def cancel_broadcast(self, broadcast: BroadcastId, now: datetime) -> int:
        """Take back what has not left of a broadcast; returns how many."""
        ...

    async def tally(self, broadcast: BroadcastId) -> Mapping[NotificationState, int]:
        """How many rows of a broadcast stand in each state, the empty ones included."""
        ...

    async def waiting(self, broadcast: BroadcastId) -> int:
        """How many rows of a broadcast have not left: waiting, under way or held."""
        ...

    async def release_returned(self, now: datetime) -> int:
        """Let rows go on whose person blocked the bot and came back; what ran out meanwhile is EXPIRED."""
        ...

    async def failures(self, state: NotificationState | None, limit: int) -> list[Failure]:
        """What was refused, is uncertain or is held, the newest first."""
        ...

    async def send_again(self, notification: NotificationId, now: datetime) -> None:
        """Let a refused or uncertain row be sent again. Raises NotSendable."""
        ...

    async def wipe_before(self, moment: datetime) -> int:
        """Wipe the values and the reason of what was refused or uncertain before that; returns how many."""
        ...

    async def let_go_before(self, moment: datetime, now: datetime) -> int:
        """End what has been held since before that for people who blocked the bot and never came back; how many."""
        ...

    async def forget_before(self, moment: datetime, limit: int) -> int:
        """Remove rows that were settled before that, `limit` at most; returns how many."""
        ...
