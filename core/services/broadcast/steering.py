"""A broadcast is launched, paused, resumed and taken back: by an administrator, at any moment."""

from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.actor import Actor
from core.domain.audit import AuditLog, Operation
from core.domain.broadcast import Broadcast, BroadcastMoved, Broadcasts, BroadcastState, fitting
from core.domain.ids import BroadcastId
from core.domain.notification import Outbox
from core.ports import Clock, Transaction
from core.services.broadcast.writing import require_sender


@dataclass(frozen=True, slots=True)
class LaunchBroadcast:
    """An administrator lets a draft go, now or at a moment.

    With the `version` that they looked at, nothing goes that somebody else has written since. Raises BroadcastMoved when the
    draft was changed or launched before, BadMoment.
    """

    transaction: Transaction
    broadcasts: Broadcasts
    audit: AuditLog
    clock: Clock

    async def __call__(
        self, actor: Actor, broadcast: BroadcastId, at: datetime | None = None, version: int | None = None
    ) -> Broadcast:
        sender, now = require_sender(actor), self.clock.now()
        moment = now if at is None else fitting(at, now)
        async with self.transaction:
            draft = await self.broadcasts.take(broadcast)
            if version not in {None, draft.version}:
                raise BroadcastMoved
            launched = await self.broadcasts.save(draft.launched(moment, now))
            self.audit.record(
                sender,
                Operation.BROADCAST_LAUNCHED,
                broadcast=str(broadcast),
                at=moment.isoformat(timespec="seconds"),
                content=launched.fingerprint,
            )
        return launched


@dataclass(frozen=True, slots=True)
class PauseBroadcast:
    """An administrator halts a broadcast: what has not left stays. Raises BroadcastMoved when there is nothing to halt."""

    transaction: Transaction
    broadcasts: Broadcasts
    outbox: Outbox
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, broadcast: BroadcastId) -> Broadcast:
        sender = require_sender(actor)
        async with self.transaction:
            going = await self.broadcasts.take(broadcast)
            now = self.clock.now()
            paused = going.moved(BroadcastState.PAUSED, now)
            await self.outbox.hold(broadcast)
            counts = await self.broadcasts.counts(paused)
            self.audit.record(sender, Operation.BROADCAST_PAUSED, broadcast=str(broadcast))
            return await self.broadcasts.save(replace(paused, counts=counts, counted_at=now))


@dataclass(frozen=True, slots=True)
class ResumeBroadcast:
    """An administrator lets a halted broadcast go on, one that stopped itself too. Raises BroadcastMoved."""

    transaction: Transaction
    broadcasts: Broadcasts
    outbox: Outbox
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, broadcast: BroadcastId) -> Broadcast:
        sender = require_sender(actor)
        async with self.transaction:
            halted = await self.broadcasts.take(broadcast)
            now = self.clock.now()
            counts = await self.broadcasts.counts(halted)
            resumed = replace(halted, counts=counts, counted_at=now).resumed(now)
            await self.outbox.release(broadcast)
            self.audit.record(sender, Operation.BROADCAST_RESUMED, broadcast=str(broadcast))
            return await self.broadcasts.save(resumed)


@dataclass(frozen=True, slots=True)
class CancelBroadcast:
    """An administrator takes a broadcast back: what has left has left, nothing else leaves. Raises BroadcastMoved at its end."""

    transaction: Transaction
    broadcasts: Broadcasts
    outbox: Outbox
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, broadcast: BroadcastId) -> Broadcast:
        sender = require_sender(actor)
        async with self.transaction:
            going = await self.broadcasts.take(broadcast)
            now = self.clock.now()
            cancelled = going.moved(BroadcastState.CANCELLED, now)
            await self.outbox.cancel_broadcast(broadcast, now)
            counts = await self.broadcasts.counts(cancelled)
            self.audit.record(sender, Operation.BROADCAST_CANCELLED, broadcast=str(broadcast))
            return await self.broadcasts.save(replace(cancelled, counts=counts, counted_at=now))
