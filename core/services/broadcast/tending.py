"""The worker looks after broadcasts: finds their people, counts, stops what is refused, and sees them to their end."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.domain.actor import System
from core.domain.audit import AuditLog, Operation
from core.domain.broadcast import (
    AHEAD,
    CANARY,
    LIFETIME,
    Audience,
    Broadcast,
    Broadcasts,
    BroadcastState,
    Person,
    count_every,
    room,
)
from core.domain.ids import NotificationId, new_id
from core.domain.notification import Channel, Lane, Notification, Outbox
from core.domain.subscription import may_go_at
from core.ports import Clock, Transaction
from core.services.broadcast.crowd import Crowd

PAGE = 500
"""People looked at in one transaction: some 20 ms, for which the embedded database lets nobody else write."""
SOON = timedelta(seconds=1)
LATER = timedelta(seconds=5)
KEY = "broadcast"
WORKER = System("worker")


@dataclass(frozen=True, slots=True)
class TendBroadcast:
    """The worker looks after one broadcast whose turn it is. Returns whether there was one.

    Messages and the place up to which people were looked at are one transaction, so a kill at any instant neither leaves
    anybody out nor writes to anybody twice; another worker passes over the broadcast meanwhile. No more messages are made
    than are about to leave: a pause, a correction, a person who turns the topic off take effect at once.
    """

    transaction: Transaction
    broadcasts: Broadcasts
    audience: Audience
    crowd: Crowd
    outbox: Outbox
    audit: AuditLog
    clock: Clock

    async def __call__(self) -> bool:
        now = self.clock.now()
        async with self.transaction:
            broadcast = await self.broadcasts.take_due(now)
            if broadcast is None:
                return False
            if broadcast.state is BroadcastState.SCHEDULED:
                broadcast = self._began(broadcast, now)
            if broadcast.outlived(now):
                broadcast = self._outlived(broadcast, now)
            match broadcast.state:
                case BroadcastState.SENDING:
                    broadcast = await self._sent_on(broadcast, now)
                case BroadcastState.PAUSED | BroadcastState.STOPPED:
                    # Again: a message that was under way may have come back to wait.
                    await self.outbox.hold(broadcast.id)
                    broadcast = replace(await self._counted(broadcast, now), visit_at=now + LATER)
                case _:
                    broadcast = await self._closed(broadcast, now)
            await self.broadcasts.save(broadcast)
        return True

    def _began(self, broadcast: Broadcast, now: datetime) -> Broadcast:
        self.audit.record(WORKER, Operation.BROADCAST_STARTED, **_named(broadcast))
        return replace(broadcast.moved(BroadcastState.SENDING, now), started_at=now)

    def _outlived(self, broadcast: Broadcast, now: datetime) -> Broadcast:
        if broadcast.state in {BroadcastState.PAUSED, BroadcastState.STOPPED}:
            self.audit.record(WORKER, Operation.BROADCAST_CANCELLED, **_named(broadcast))
            return broadcast.moved(BroadcastState.CANCELLED, now)
        return replace(broadcast, expanded_at=broadcast.expanded_at or now)

    async def _counted(self, broadcast: Broadcast, now: datetime) -> Broadcast:
        return replace(broadcast, counts=await self.broadcasts.counts(broadcast), counted_at=now)

    async def _sent_on(self, broadcast: Broadcast, now: datetime) -> Broadcast:
        # While the first few are out, each answer matters: the rest must not follow on old numbers.
        canary = broadcast.counts.settled < CANARY
        recent = broadcast.counted_at is not None and now < broadcast.counted_at + count_every(broadcast.made)
        counted = recent and not canary
        if not counted:
            broadcast = await self._counted(broadcast, now)
            if broadcast.baseline.too_many(broadcast.counts):
                return await self._stopped(broadcast, now)
            broadcast = replace(broadcast, baseline=broadcast.baseline.moved(broadcast.counts))
        if broadcast.expanded_at is None:
            return await self._expanded(broadcast, now)
        if not counted and not broadcast.counts.unsettled:
            self.audit.record(WORKER, Operation.BROADCAST_DONE, **_named(broadcast))
            return replace(broadcast.moved(BroadcastState.DONE, now), visit_at=None)
        return replace(broadcast, visit_at=now + SOON)

    async def _stopped(self, broadcast: Broadcast, now: datetime) -> Broadcast:
        await self.outbox.hold(broadcast.id)
        self.audit.record(WORKER, Operation.BROADCAST_STOPPED, failed=str(broadcast.counts.failed), **_named(broadcast))
        return await self._counted(broadcast.moved(BroadcastState.STOPPED, now), now)

    async def _closed(self, broadcast: Broadcast, now: datetime) -> Broadcast:
        """See a cancelled one to its end: what was under way may come back to wait until the last answer is there."""
        await self.outbox.cancel_broadcast(broadcast.id, now)
        broadcast = await self._counted(broadcast, now)
        return replace(broadcast, visit_at=now + LATER if broadcast.counts.unsettled else None)

    async def _expanded(self, broadcast: Broadcast, now: datetime) -> Broadcast:
        free = room(broadcast.counts, await self.broadcasts.due(broadcast.id, now, AHEAD))
        if not free:
            return replace(broadcast, visit_at=now + SOON)
        people = await self.audience.page(broadcast.segment, broadcast.cursor, PAGE)
        if broadcast.segment.asks_age and people:
            self.audit.record(WORKER, Operation.BROADCAST_AGES_OPENED, people=str(len(people)), **_named(broadcast))
        messages: list[Notification] = []
        left_out, cursor = 0, broadcast.cursor
        looked = await self.crowd.look(people, broadcast.segment, broadcast.topic, now, urgent=broadcast.urgent)
        for each in looked:
            if len(messages) == free:
                break
            cursor = each.person.account
            message = _message(broadcast, each.person, now)
            goes_at = may_go_at(message, each.subscription, now) if each.meant and each.wants else None
            if goes_at is not None:
                messages.append(replace(message, due_at=goes_at))
            elif each.meant:
                left_out += 1
        all_seen = len(people) < PAGE and (not people or cursor == people[-1].account)
        return replace(
            broadcast,
            made=broadcast.made + (await self.outbox.add_many(messages) if messages else 0),
            left_out=broadcast.left_out + left_out,
            cursor=cursor,
            expanded_at=now if all_seen else None,
            # With room left the next page follows at once.
            visit_at=now + SOON if all_seen or len(messages) == free else now,
        )


def _message(broadcast: Broadcast, person: Person, now: datetime) -> Notification:
    return Notification(
        id=NotificationId(new_id(now)),
        channel=Channel.TELEGRAM,
        lane=Lane.BULK,
        key=KEY,
        language=person.language if person.language in broadcast.texts else "ru",
        due_at=now,
        account=person.account,
        chat=person.chat,
        valid_until=(broadcast.started_at or now) + LIFETIME,
        topic=broadcast.topic,
        urgent=broadcast.urgent,
        broadcast=broadcast.id,
    )


def _named(broadcast: Broadcast) -> dict[str, str]:
    return {"broadcast": str(broadcast.id), "ordered_by": broadcast.created_by}
