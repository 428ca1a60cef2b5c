"""Requests found by their words: under short keyed hashes as those of lines are (decision 0025), then opened and looked at."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update

from core.domain.conversation import Sight
from core.domain.ids import TicketId
from core.domain.ticket import RemarkSide, Ticket, read_number
from core.ports import BlindIndexes, Files
from core.storage.conversation.words import indexed, stems
from core.storage.key import Seals
from core.storage.ticket.narrowing import seen
from core.storage.ticket.rows import TicketRow, TicketWordRow
from core.storage.ticket.tickets import SENT, SqlTickets
from core.storage.transaction import SqlTransaction

FIELD = "ticket word"
"""Not that of lines: whoever has the database alone does not see that a line and a request share a word."""
BATCH = 50
SCANNED = 1000
"""So many requests are opened for one page at most; the next page goes on behind them."""


@dataclass(frozen=True, slots=True)
class SqlTicketWords:
    """`core.domain.ticket.TicketWords`."""

    transaction: SqlTransaction
    seals: Seals
    files: Files
    indexes: BlindIndexes

    async def search(
        self, sight: Sight, words: str, after: TicketId | None, limit: int
    ) -> tuple[list[Ticket], TicketId | None]:
        """Return those that say all of the words, the newest first, and where the next page begins."""
        if not stems(words):
            return [], None
        likely = select(TicketRow).where(SENT, *seen(sight), self._likely(words)).order_by(TicketRow.id.desc())
        found, opened, more = list[Ticket](), 0, True
        while more and opened < SCANNED and len(found) < limit:
            asked = likely if after is None else likely.where(TicketRow.id < after)
            some = await self._tickets.read(asked.limit(BATCH))
            for each in some:
                after, opened = each.id, opened + 1
                if await self._says(each, words):
                    found.append(each)
                if len(found) == limit:
                    break
            more = len(some) == BATCH or len(found) == limit
        return found, after if more else None

    async def index(self, limit: int) -> int:
        """Make so many anew that were changed since; returns how many."""
        changed = select(TicketRow).where(SENT, ~TicketRow.searchable).order_by(TicketRow.id).limit(limit)
        tickets = await self._tickets.read(changed.with_for_update(skip_locked=True))
        for each in tickets:
            texts = [] if each.unreadable else [_head(each), *await self._said(each)]
            hashes = sorted({word for text in texts for word in indexed(self.indexes, text, FIELD)})
            await self.transaction.change(delete(TicketWordRow).where(TicketWordRow.ticket == each.id))
            if hashes:
                connection = await self.transaction.session.connection()
                await connection.execute(insert(TicketWordRow), [{"word": one, "ticket": each.id} for one in hashes])
            as_read = (TicketRow.id == each.id, TicketRow.version == each.version)
            await self.transaction.change(update(TicketRow).where(*as_read).values(searchable=True))
        return len(tickets)

    def _likely(self, words: str) -> ColumnElement[bool]:
        """Those that may say it, and those whose words nobody has indexed since they changed."""
        hashes = indexed(self.indexes, words, FIELD)
        either: list[ColumnElement[bool]] = [~TicketRow.searchable, TicketRow.number == read_number(words)]
        if hashes:
            having = (
                select(TicketWordRow.ticket)
                .where(TicketWordRow.word.in_(hashes))
                .group_by(TicketWordRow.ticket)
                .having(func.count() == len(hashes))
            )
            either.append(TicketRow.id.in_(having))
        else:
            numbers = (TicketRow.number.contains(each, autoescape=True) for each in stems(words))
            either.append(and_(*numbers))
        return or_(*either)

    async def _says(self, ticket: Ticket, words: str) -> bool:
        if read_number(words) == ticket.number:
            return True
        wanted = {each for each in stems(words) if not (each.isdigit() and each in ticket.number)}
        if wanted <= stems(_head(ticket)):
            return True
        return wanted <= stems(" ".join((_head(ticket), *await self._said(ticket))))

    async def _said(self, ticket: Ticket) -> Iterable[str]:
        said = await self._tickets.remarks([ticket.id])
        return [each.text for each in said if each.side is not RemarkSide.EVENT]

    @property
    def _tickets(self) -> SqlTickets:
        return SqlTickets(self.transaction, self.seals, self.files)


def _head(ticket: Ticket) -> str:
    """Return what of a request itself can be found, its number aside."""
    return " ".join((ticket.description, ticket.rated, *ticket.tags))
