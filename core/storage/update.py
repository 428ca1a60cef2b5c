"""Once: the done marks of Telegram's updates."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy import update as change

from core.domain.update import UpdateState
from core.storage.transaction import SqlTransaction, UpdateRow


@dataclass(frozen=True, slots=True)
class SqlUpdates:
    """`core.domain.update.Updates`; the row stands with the transaction, which writes the mark."""

    transaction: SqlTransaction

    async def state(self, update: int) -> UpdateState:
        """How far it was seen through before."""
        row = await self.transaction.session.scalar(select(UpdateRow).where(UpdateRow.id == update))
        if row is None:
            return UpdateState.NEW
        return UpdateState.DONE if row.answered_at is None else UpdateState.ANSWERED

    async def finish(self, update: int, now: datetime) -> None:
        """Mark the update answered, whether or not it had an effect of its own."""
        if not await self.transaction.insert(UpdateRow, {"id": update, "done_at": now, "answered_at": now}):
            unanswered = change(UpdateRow).where(UpdateRow.id == update, UpdateRow.answered_at.is_(None))
            await self.transaction.change(unanswered.values(answered_at=now))

    async def forget_before(self, moment: datetime) -> int:
        """Remove marks older than that; returns how many."""
        return await self.transaction.change(delete(UpdateRow).where(UpdateRow.done_at < moment))
