"""Who waits for an answer, read from the tables of conversations and tickets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, select, update

from core.domain.conversation import ConversationState
from core.domain.ids import ChatId, ConversationId, TeamId
from core.domain.sla import Wait, Work
from core.domain.support import Urgency
from core.domain.ticket import TicketState
from core.storage.conversation import ConversationRow
from core.storage.ticket import TicketRow
from core.storage.transaction import SqlTransaction

OPEN = ConversationRow.state.in_((ConversationState.WAITING.value, ConversationState.TAKEN.value))


@dataclass(frozen=True, slots=True)
class SqlOpenWaits:
    """`core.domain.sla.Waits`."""

    transaction: SqlTransaction

    async def all(self, work: Work) -> Sequence[Wait]:
        """Return everybody who waits now, longest first."""
        return await (self._in_conversations() if work is Work.CONVERSATION else self._in_tickets())

    async def promise(self, conversation: ConversationId, promised: datetime, until: datetime) -> bool:
        """Move the time that its citizen was told; False when somebody answered or told another one since."""
        same = (
            ConversationRow.id == conversation,
            ConversationRow.promised_at == promised,
            ConversationRow.first_answer_at.is_(None),
            OPEN,
        )
        moved = update(ConversationRow).where(*same).values(promised_at=until)
        return bool(await self.transaction.change(moved))

    async def lift(self, conversation: ConversationId, team: TeamId | None) -> None:
        """Make it HIGH unless it is URGENT; where nobody has it and a group is named, it is that group's."""
        here = update(ConversationRow).where(ConversationRow.id == conversation, OPEN)
        urgent = ConversationRow.urgency == Urgency.URGENT.value
        raised = case((urgent, ConversationRow.urgency), else_=Urgency.HIGH.value)
        await self.transaction.change(here.values(urgency=raised))
        if team is not None:
            await self.transaction.change(here.where(ConversationRow.owner.is_(None)).values(team=team))

    async def _in_conversations(self) -> Sequence[Wait]:
        row = ConversationRow
        asked = select(row.id, row.waits_since, row.promised_at, row.first_answer_at, row.account, row.chat).where(
            OPEN, row.waits_since.is_not(None)
        )
        return [
            Wait(
                Work.CONVERSATION,
                each.id,
                each.first_answer_at is None,
                each.waits_since,
                each.promised_at if each.first_answer_at is None else None,
                each.account,
                ChatId(each.chat),
            )
            for each in await self.transaction.session.execute(asked.order_by(row.waits_since))
        ]

    async def _in_tickets(self) -> Sequence[Wait]:
        row = TicketRow
        asked = select(
            row.id, row.opened_at, row.changed_at, row.due_at, row.first_answer_at, row.account, row.chat
        ).where(row.state == TicketState.IN_WORK.value, row.due_at.is_not(None))
        return [
            Wait(
                Work.TICKET,
                each.id,
                each.first_answer_at is None,
                each.opened_at if each.first_answer_at is None else each.changed_at,
                each.due_at,
                each.account,
                None if each.chat is None else ChatId(each.chat),
            )
            for each in await self.transaction.session.execute(asked.order_by(row.due_at))
        ]
