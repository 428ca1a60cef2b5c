"""The collection over its rows."""

import logging
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, delete, func, or_, select, update

from core.domain.account import WrongMove
from core.domain.actor import Citizen, NotAllowed
from core.domain.conversation import Sight
from core.domain.ids import AccountId, RemarkId, TicketId
from core.domain.support import UNREADABLE
from core.domain.ticket import (
    OPEN,
    REMARKS_AT_ONCE,
    Attachment,
    Portion,
    Remark,
    RemarkSide,
    Ticket,
    TicketFilter,
    TicketNotThere,
    TicketState,
)
from core.ports import Files
from core.security.envelope import Tampered
from core.storage.account import AccountRow
from core.storage.key import Seals
from core.storage.ticket.files import SqlTicketFiles
from core.storage.ticket.narrowing import DUE, behind, matching, mine, seen
from core.storage.ticket.rows import (
    REMARKS,
    TICKETS,
    LinkRow,
    NumberRow,
    RemarkRow,
    TicketRow,
    heard,
    lines_of,
    opened,
    values_of,
)
from core.storage.transaction import SqlTransaction

log = logging.getLogger(__name__)
SENT = TicketRow.state != TicketState.DRAFT.value
IS_OPEN = TicketRow.state.in_(sorted(state.value for state in OPEN))


@dataclass(frozen=True, slots=True)
class SqlTickets:
    """`core.domain.ticket.Tickets`."""

    transaction: SqlTransaction
    seals: Seals
    files: Files

    async def draft_of(self, citizen: Citizen) -> Ticket | None:
        """Return what is being written."""
        return await self._first(select(TicketRow).where(mine(citizen), ~SENT))

    async def begin(self, ticket: Ticket) -> None:
        """Store a draft; WrongMove when there is one."""
        seal = await self.seals.row_of(ticket.account, TICKETS, ticket.id, ticket.version)
        values = {"id": ticket.id, "account": ticket.account, **values_of(ticket, seal)}
        if not await self.transaction.insert(TicketRow, values):
            raise WrongMove

    async def drop(self, ticket: Ticket) -> None:
        """Remove a draft with its files."""
        await self._kept.drop(ticket.id)
        await self.transaction.change(delete(RemarkRow).where(RemarkRow.ticket == ticket.id))
        await self.transaction.change(delete(TicketRow).where(TicketRow.id == ticket.id, ~SENT))

    async def of(self, citizen: Citizen, limit: int, offset: int = 0) -> Sequence[Ticket]:
        """Return what was sent, what changed last first."""
        asked = select(TicketRow).where(mine(citizen), SENT).order_by(TicketRow.changed_at.desc(), TicketRow.id.desc())
        return await self.read(asked.limit(limit).offset(offset))

    async def count_of(self, citizen: Citizen) -> int:
        """Count what was sent."""
        return await self.transaction.session.scalar(select(func.count()).where(mine(citizen), SENT)) or 0

    async def hold(self, account: AccountId) -> None:
        """Lock the account's row against those who count as well; SQLite has one writer at a time anyway."""
        held = select(AccountRow.id).where(AccountRow.id == account).with_for_update(key_share=True)
        await self.transaction.session.execute(held)

    async def open_of(self, account: AccountId) -> Sequence[Ticket]:
        """Return what waits."""
        asked = select(TicketRow).where(TicketRow.account == account, IS_OPEN).order_by(TicketRow.id)
        return await self.read(asked)

    async def sent_since(self, account: AccountId, moment: datetime) -> int:
        """Count what was sent since then, whatever became of it."""
        lately = select(func.count()).where(TicketRow.account == account, SENT, TicketRow.opened_at >= moment)
        return await self.transaction.session.scalar(lately) or 0

    async def own(self, citizen: Citizen, ticket: TicketId, *, hold: bool = False) -> Ticket:
        """Return one that was sent; TicketNotThere."""
        return await self._one(select(TicketRow).where(TicketRow.id == ticket, mine(citizen), SENT), hold=hold)

    async def own_numbered(self, citizen: Citizen, number: str) -> Ticket | None:
        """Return the citizen's own with this number."""
        return await self._first(select(TicketRow).where(TicketRow.number == number, mine(citizen), SENT))

    async def at_desk(self, sight: Sight, ticket: TicketId, *, hold: bool = False) -> Ticket:
        """Return one that a member of staff sees; TicketNotThere."""
        return await self._one(select(TicketRow).where(TicketRow.id == ticket, SENT, *seen(sight)), hold=hold)

    async def listed(self, sight: Sight, narrowed: TicketFilter, after: str | None, limit: int) -> Sequence[Ticket]:
        """Return by urgency, then what is due first, then the newest; BadCursor."""
        asked = select(TicketRow).where(SENT, *seen(sight), *matching(narrowed))
        if after is not None:
            asked = asked.where(behind(after))
        return await self.read(asked.order_by(TicketRow.urgency, DUE, TicketRow.id.desc()).limit(limit))

    async def newest(self, sight: Sight, after: TicketId | None, limit: int) -> Sequence[Ticket]:
        """Return whatever they see, the newest first."""
        asked = select(TicketRow).where(SENT, *seen(sight))
        if after is not None:
            asked = asked.where(TicketRow.id < after)
        return await self.read(asked.order_by(TicketRow.id.desc()).limit(limit))

    async def merged_into(self, ticket: TicketId) -> Sequence[Ticket]:
        """Return those that lead to it, over others as well."""
        found: list[Ticket] = []
        into = [ticket]
        while into:
            led = await self.read(select(TicketRow).where(TicketRow.merged_into.in_(into)).order_by(TicketRow.id))
            found += led
            into = [each.id for each in led]
        return found

    async def number_of(self, ticket: TicketId) -> str:
        """Return what it is called; TicketNotThere."""
        found = await self.transaction.session.scalar(select(TicketRow.number).where(TicketRow.id == ticket))
        if found is None:
            raise TicketNotThere
        return found

    async def linked(self, sight: Sight, ticket: TicketId) -> Sequence[Ticket]:
        """Return those that belong to it and are seen."""
        there = select(LinkRow.other).where(LinkRow.one == ticket)
        back = select(LinkRow.one).where(LinkRow.other == ticket)
        both = or_(TicketRow.id.in_(there), TicketRow.id.in_(back))
        return await self.read(select(TicketRow).where(both, *seen(sight)).order_by(TicketRow.id))

    async def link(self, one: TicketId, other: TicketId) -> None:
        """Twice is once, and the order says nothing."""
        first, second = sorted((one, other))
        await self.transaction.insert(LinkRow, {"one": first, "other": second})

    async def save(self, ticket: Ticket) -> Ticket:
        """Store what changed; WrongMove when it changed since it was read, or did not open then."""
        if ticket.unreadable:
            raise WrongMove
        seal = await self.seals.row_of(ticket.account, TICKETS, ticket.id, ticket.version + 1)
        unchanged = (TicketRow.id == ticket.id, TicketRow.version == ticket.version)
        if not await self.transaction.change(update(TicketRow).where(*unchanged).values(values_of(ticket, seal))):
            raise WrongMove
        return replace(ticket, version=seal.version)

    async def next_number(self, year: int) -> int:
        """Count one more: whoever comes at the same moment waits for the end of this transaction."""
        await self.transaction.insert(NumberRow, {"year": year, "last": 0})
        counted = update(NumberRow).where(NumberRow.year == year).values(last=NumberRow.last + 1)
        return (await self.transaction.session.scalars(counted.returning(NumberRow.last))).one()

    async def say(self, remark: Remark) -> None:
        """Store it; WrongMove when its number or its key is there already."""
        ticket = await self.transaction.session.scalar(select(TicketRow.account).where(TicketRow.id == remark.ticket))
        if ticket is None:
            raise TicketNotThere
        seal = await self.seals.row_of(ticket, REMARKS, remark.id)
        stored = await self.transaction.insert(
            RemarkRow,
            {
                "id": remark.id,
                "ticket": remark.ticket,
                "account": ticket,
                "number": remark.number,
                "side": remark.side.value,
                "at": remark.at,
                "author": remark.author,
                "asks": remark.asks,
                "mentions": lines_of(frozenset(str(each) for each in remark.mentions)),
                "key": remark.key,
                "content": seal.shut("content", remark.text),
            },
        )
        if not stored:
            raise WrongMove

    async def said(self, ticket: TicketId, key: str) -> Remark | None:
        """Return what a call with this key has written already."""
        found = await self._heard(select(RemarkRow).where(RemarkRow.ticket == ticket, RemarkRow.key == key))
        return found[0] if found else None

    async def remarks(self, tickets: Collection[TicketId]) -> Sequence[Remark]:
        """Return what was said in them, in order."""
        asked = select(RemarkRow).where(RemarkRow.ticket.in_(tickets))
        return await self._heard(asked.order_by(RemarkRow.at, RemarkRow.ticket, RemarkRow.number))

    async def portion(self, tickets: Collection[TicketId], back: int, *, notes: bool) -> Portion:
        """Return the last REMARKS_AT_ONCE of what was said in them, in order; or those so many portions before."""
        asked = select(RemarkRow).where(RemarkRow.ticket.in_(tickets))
        if not notes:
            asked = asked.where(RemarkRow.side != RemarkSide.NOTE.value)
        # One more on either side says where the neighbours begin.
        after = 1 if back else 0
        asked = asked.order_by(RemarkRow.at.desc(), RemarkRow.ticket.desc(), RemarkRow.number.desc())
        rows = asked.offset(back * REMARKS_AT_ONCE - after).limit(REMARKS_AT_ONCE + 1 + after)
        found = await self._heard(rows)
        until = found[0].at if after and found else None
        own = found[after : after + REMARKS_AT_ONCE]
        return Portion(own[::-1], len(found) > after + REMARKS_AT_ONCE, until)

    async def weight(self, ticket: TicketId) -> tuple[int, int]:
        """Count the files of all its remarks, and their bytes."""
        return await self._kept.weight(ticket)

    async def attach(self, remark: Remark, file: Attachment, content: bytes) -> None:
        """Store a file behind those that the remark has."""
        await self._kept.put(remark, file, content)

    async def of_remark(self, remark: RemarkId) -> TicketId:
        """Return which request it was said in; TicketNotThere."""
        found = await self.transaction.session.scalar(select(RemarkRow.ticket).where(RemarkRow.id == remark))
        if found is None:
            raise TicketNotThere
        return found

    async def content(self, remark: RemarkId, place: int) -> tuple[Attachment, bytes]:
        """Return a file, opened; TicketNotThere."""
        return await self._kept.get(remark, place)

    async def read(self, asked: Select[TicketRow]) -> list[Ticket]:
        """Return the requests of rows, opened."""
        rows = (await self.transaction.session.scalars(asked)).all()
        await self._keys(rows)
        return [await self._opened(row) for row in rows]

    @property
    def _kept(self) -> SqlTicketFiles:
        return SqlTicketFiles(self.transaction, self.seals, self.files)

    async def _one(self, asked: Select[TicketRow], *, hold: bool) -> Ticket:
        found = await self._first(asked.with_for_update() if hold else asked)
        if found is None:
            raise TicketNotThere
        return found

    async def _first(self, asked: Select[TicketRow]) -> Ticket | None:
        found = await self.read(asked.limit(1))
        return found[0] if found else None

    async def _opened(self, row: TicketRow) -> Ticket:
        try:
            return opened(row, await self.seals.row_of(row.account, TICKETS, row.id, row.version))
        except (Tampered, NotAllowed):
            log.exception("ticket_tampered", extra={"ticket": str(row.id)})
            return opened(row, None)

    async def _keys(self, rows: Sequence[TicketRow] | Sequence[RemarkRow]) -> None:
        with suppress(Tampered):  # each is asked for again, and one that does not open stops no other
            await self.seals.of_accounts([row.account for row in rows])

    async def _heard(self, asked: Select[RemarkRow]) -> list[Remark]:
        rows = (await self.transaction.session.scalars(asked)).all()
        await self._keys(rows)
        files = await self._kept.of([row.id for row in rows])
        return [heard(row, tuple(files.get(row.id, ())), await self._text(row)) for row in rows]

    async def _text(self, row: RemarkRow) -> str:
        try:
            return (await self.seals.row_of(row.account, REMARKS, row.id)).open("content", row.content)
        except (Tampered, NotAllowed):
            log.exception("ticket_tampered", extra={"ticket": str(row.ticket)})
            return UNREADABLE
