"""Broadcasts as administrators see them. The page of one that is on its way asks by itself: a look is noted once in ten minutes."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from core.domain.actor import Actor
from core.domain.audit import Operation
from core.domain.broadcast import Broadcast, Broadcasts
from core.domain.ids import BroadcastId, StaffId
from core.domain.staff import StaffMembers
from core.ports import Transaction
from core.services.audit import Sparing
from core.services.broadcast.writing import require_sender

LOOKED_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class BroadcastView:
    """A broadcast, and the login of who wrote it; None for one written from the command line."""

    broadcast: Broadcast
    author: str | None


@dataclass(frozen=True, slots=True)
class ListBroadcasts:
    """An administrator looks at the latest broadcasts, newest first."""

    transaction: Transaction
    broadcasts: Broadcasts
    sparing: Sparing

    async def __call__(self, actor: Actor, limit: int = 50) -> list[Broadcast]:
        require_sender(actor)
        async with self.transaction.looking():
            await self.sparing.once(LOOKED_EVERY, actor, Operation.BROADCAST_VIEWED)
            return await self.broadcasts.recent(limit)


@dataclass(frozen=True, slots=True)
class ViewBroadcast:
    """An administrator looks at one broadcast. Raises NotAllowed."""

    transaction: Transaction
    broadcasts: Broadcasts
    staff: StaffMembers
    sparing: Sparing

    async def __call__(self, actor: Actor, broadcast: BroadcastId) -> BroadcastView:
        require_sender(actor)
        async with self.transaction.looking():
            found = await self.broadcasts.get(broadcast)
            await self.sparing.once(LOOKED_EVERY, actor, Operation.BROADCAST_VIEWED, None, broadcast=str(broadcast))
            kind, _, name = found.created_by.partition(":")
            member = StaffId(UUID(name)) if kind == "staff" else None
            names = await self.staff.names({member}) if member else {}
        return BroadcastView(found, names.get(member) if member else None)
