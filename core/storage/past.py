"""What of the support is past its time, removed in portions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select, tuple_, update

from core.domain.conversation import ConversationState
from core.domain.ids import TicketId
from core.domain.past import Past
from core.domain.ticket import TicketState
from core.ports import Files
from core.storage.conversation import ConversationRow, DraftRow, LineRow, VersionRow, WordRow
from core.storage.sla import ClockRow, PromiseRow
from core.storage.ticket import FileRow, LinkRow, RemarkRow, TicketRow, TicketWordRow
from core.storage.transaction import SqlTransaction

OVER = ConversationRow.state == ConversationState.ENDED.value
SETTLED = or_(PromiseRow.kept_at.is_not(None), PromiseRow.broken_at.is_not(None), PromiseRow.renewed_at.is_not(None))


@dataclass(frozen=True, slots=True)
class SqlPasts:
    """`core.domain.past.Pasts`."""

    transaction: SqlTransaction
    files: Files

    async def forget(self, what: Past, before: datetime, limit: int) -> int:
        """Remove so many of what was over before that, the oldest first; returns how many went."""
        match what:
            case Past.WORDS:
                return await self._words(before, limit)
            case Past.TALKS:
                return await self._talks(before, limit)
            case Past.TICKET_DRAFTS:
                begun = (TicketRow.state == TicketState.DRAFT.value, TicketRow.changed_at < before)
                return await self._tickets(begun, TicketRow.changed_at, limit)
            case Past.TICKETS:
                closed = (TicketRow.state == TicketState.CLOSED.value, TicketRow.closed_at < before)
                return await self._tickets(closed, TicketRow.closed_at, limit)
            case Past.WAITS:
                return await self._waits(before, limit)

    async def _words(self, before: datetime, limit: int) -> int:
        ended = select(ConversationRow.id).where(OVER, ConversationRow.ended_at < before)
        lines = select(LineRow.id).where(LineRow.conversation.in_(ended), LineRow.id.in_(select(WordRow.line)))
        gone = await self._all(lines.limit(limit))
        if gone:
            await self.transaction.change(delete(WordRow).where(WordRow.line.in_(gone)))
        begun = await self._all(select(DraftRow.conversation).where(DraftRow.conversation.in_(ended)).limit(limit))
        if begun:
            await self.transaction.change(delete(DraftRow).where(DraftRow.conversation.in_(begun)))
        return max(len(gone), len(begun))

    async def _talks(self, before: datetime, limit: int) -> int:
        ended = select(ConversationRow.id).where(OVER, ConversationRow.ended_at < before)
        gone = await self._all(ended.order_by(ConversationRow.ended_at).limit(limit))
        if not gone:
            return 0
        lines = select(LineRow.id).where(LineRow.conversation.in_(gone))
        self._delete_later(await self._all(lines.where(LineRow.wrapped.is_not(None))))
        for row in (VersionRow, WordRow):
            await self.transaction.change(delete(row).where(row.line.in_(lines)))
        for beside in (LineRow, DraftRow):
            await self.transaction.change(delete(beside).where(beside.conversation.in_(gone)))
        return await self.transaction.change(delete(ConversationRow).where(ConversationRow.id.in_(gone)))

    async def _tickets(self, which: Sequence[Any], order: Any, limit: int) -> int:  # noqa: ANN401 - a column
        # Held against whoever opens one again at this moment: it is asked for once more under the lock.
        held = select(TicketRow.id).where(*which).order_by(order).limit(limit).with_for_update()
        roots = await self._all(held)
        gone, into = list[TicketId](roots), roots
        while into:
            # Those that went into another live as long as that one: what was said in them is shown there.
            into = await self._all(select(TicketRow.id).where(TicketRow.merged_into.in_(into)))
            gone += into
        if gone:
            await self._remove(gone)
        return len(roots)

    async def _remove(self, gone: Collection[TicketId]) -> None:
        self._delete_later(await self._all(select(FileRow.id).where(FileRow.ticket.in_(gone))))
        for row in (FileRow, RemarkRow, TicketWordRow):
            await self.transaction.change(delete(row).where(row.ticket.in_(gone)))
        await self.transaction.change(delete(LinkRow).where(or_(LinkRow.one.in_(gone), LinkRow.other.in_(gone))))
        spoken_of = update(ConversationRow).where(ConversationRow.ticket.in_(gone))
        await self.transaction.change(spoken_of.values(ticket=None, version=ConversationRow.version + 1))
        await self.transaction.change(delete(TicketRow).where(TicketRow.id.in_(gone)))

    async def _waits(self, before: datetime, limit: int) -> int:
        clock = (ClockRow.work, ClockRow.subject, ClockRow.began_at)
        stopped = select(*clock).where(ClockRow.stopped_at < before).limit(limit)
        promise = (PromiseRow.work, PromiseRow.subject, PromiseRow.until)
        told = select(*promise).where(PromiseRow.told_at < before, SETTLED).limit(limit)
        return max(
            await self.transaction.change(delete(ClockRow).where(tuple_(*clock).in_(stopped))),
            await self.transaction.change(delete(PromiseRow).where(tuple_(*promise).in_(told))),
        )

    def _delete_later(self, files: Collection[UUID]) -> None:
        for file in files:
            self._drop_after_commit(str(file))

    def _drop_after_commit(self, name: str) -> None:
        self.transaction.after_commit(lambda: self.files.delete(name))

    async def _all(self, asked: Any) -> list[Any]:  # noqa: ANN401 - ids of whatever is asked for
        return list((await self.transaction.session.scalars(asked)).all())
