"""The desk's work read to be counted: times, owners and stars alone, nothing that anybody said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from core.domain.conversation import ConversationState
from core.domain.figures import MOST, Ledger, Piece, Standing
from core.domain.ids import StaffId
from core.domain.sla import Work
from core.domain.ticket import TicketState
from core.storage.conversation import ConversationRow
from core.storage.sla import PromiseRow
from core.storage.ticket import TicketRow
from core.storage.transaction import SqlTransaction

UNSENT = (TicketState.DRAFT.value, TicketState.MERGED.value)
"""What nobody has asked yet, and what is answered where it went to."""


@dataclass(frozen=True, slots=True)
class SqlWorks:
    """`core.domain.figures.Works`."""

    transaction: SqlTransaction

    async def pieces(
        self, work: Work, since: datetime, until: datetime, owner: StaffId | None = None
    ) -> Sequence[Piece]:
        """Return what began in that time, at most MOST of it, the latest first; of one member where they are named."""
        talk, ticket = ConversationRow, TicketRow
        if work is Work.CONVERSATION:
            began = talk.asked_at
            told = select(began, talk.first_answer_at, talk.first_taken_at, talk.ended_at, talk.owner, talk.rating)
            mine = talk.owner == owner
        else:
            began = ticket.opened_at
            told = select(began, ticket.first_answer_at, began, ticket.closed_at, ticket.owner, ticket.rating).where(
                ticket.state.not_in(UNSENT)
            )
            mine = ticket.owner == owner
        asked = told.where(began >= since, began < until).order_by(began.desc()).limit(MOST)
        rows = await self.transaction.session.execute(asked if owner is None else asked.where(mine))
        return [Piece(*row) for row in rows]

    async def promises(self, since: datetime, until: datetime) -> Ledger:
        """Return what became of promises told in that time."""
        kept_at, renewed_at, broken_at = (
            func.count(each) for each in (PromiseRow.kept_at, PromiseRow.renewed_at, PromiseRow.broken_at)
        )
        told = select(func.count(), kept_at, renewed_at, broken_at).select_from(PromiseRow)
        here = told.where(PromiseRow.told_at >= since, PromiseRow.told_at < until)
        found = (await self.transaction.session.execute(here)).one()
        return Ledger(found[0], found[1], found[2], found[3])

    async def standing(self, now: datetime) -> Standing:
        """Return how the desk stands."""
        talk, ticket = ConversationRow, TicketRow
        waits, taken = ConversationState.WAITING.value, ConversationState.TAKEN.value
        queue = select(
            func.count(case((talk.state == waits, 1))),
            func.min(case((talk.state == waits, talk.asked_at))),
            func.count(case((talk.state == taken, 1))),
        ).where(talk.state.in_((waits, taken)))
        waiting, longest, talking = (await self.transaction.session.execute(queue)).one()
        late = case((ticket.due_at < now, 1))
        open_ = select(func.count(), func.count(late)).where(ticket.state == TicketState.IN_WORK.value)
        tickets, late_tickets = (await self.transaction.session.execute(open_.select_from(ticket))).one()
        return Standing(waiting, longest, talking, tickets, late_tickets)
