"""Broadcasts as administrators see them. Nothing here is personal, so looking leaves no line in the journal."""

from dataclasses import dataclass
from uuid import UUID

from core.domain.actor import Actor
from core.domain.broadcast import Broadcast, Broadcasts
from core.domain.ids import BroadcastId, StaffId
from core.domain.staff import StaffMembers
from core.ports import Transaction
from core.services.broadcast.writing import require_sender


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

    async def __call__(self, actor: Actor, limit: int = 50) -> list[Broadcast]:
        require_sender(actor)
        async with self.transaction.looking():
            return await self.broadcasts.recent(limit)


@dataclass(frozen=True, slots=True)
class ViewBroadcast:
    """An administrator looks at one broadcast. Raises NotAllowed."""

    transaction: Transaction
    broadcasts: Broadcasts
    staff: StaffMembers

    async def __call__(self, actor: Actor, broadcast: BroadcastId) -> BroadcastView:
        require_sender(actor)
        async with self.transaction.looking():
            found = await self.broadcasts.get(broadcast)
            kind, _, name = found.created_by.partition(":")
            member = StaffId(UUID(name)) if kind == "staff" else None
            names = await self.staff.names({member}) if member else {}
        return BroadcastView(found, names.get(member) if member else None)
