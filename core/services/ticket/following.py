"""/tickets: what became of a request, as its citizen sees it, and what they do with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core.domain.actor import Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.ids import RemarkId, TicketId
from core.domain.record.looking import Paging
from core.domain.ticket import (
    LONGEST_REMARK,
    OPEN_AT_MOST,
    REOPENED_A_DAY,
    REOPENED_WITHIN,
    Attachment,
    BadRating,
    Remark,
    RemarkSide,
    ReopenedTooOften,
    Ticket,
    TicketNotThere,
    Tickets,
    TicketState,
    TooLateToReopen,
    TooManyTickets,
)
from core.ports import Clock, Transaction
from core.services.ticket.clerk import Clerk, words
from core.services.ticket.enclosing import FileCheck, few
from core.services.ticket.filing import Filing, not_full, own_key
from core.services.ticket.joining import joined

PER_PAGE = 6
DAY = timedelta(days=1)
RATED = frozenset({TicketState.ANSWERED, TicketState.CLOSED})


@dataclass(frozen=True, slots=True)
class TicketList:
    """A page of the citizen's requests, what changed last first. `draft`: one is being written."""

    tickets: Sequence[Ticket]
    paging: Paging
    draft: bool


@dataclass(frozen=True, slots=True)
class TicketView:
    """A request with what was said in it, in order; those that went into it included. `came_from`: it was asked for by that number.

    `asks`: a paper is waited for. `reopen_until`: None unless it is closed.
    """

    ticket: Ticket
    remarks: Sequence[Remark] = field(repr=False)
    came_from: str | None = None
    merged: tuple[str, ...] = ()
    asks: bool = False
    reopen_until: datetime | None = None
    earlier: bool = False
    """Something was said before: it is `back` by one more."""


@dataclass(frozen=True, slots=True)
class ListTickets:
    """«Мои обращения»."""

    transaction: Transaction
    tickets: Tickets
    audit: AuditLog

    async def __call__(self, citizen: Citizen, page: int = 1) -> TicketList:
        async with self.transaction.looking():
            paging = Paging(await self.tickets.count_of(citizen), PER_PAGE, page)
            found = await self.tickets.of(citizen, PER_PAGE, paging.offset)
            draft = await self.tickets.draft_of(citizen)
            self.audit.record(citizen, Operation.TICKETS_VIEWED, citizen.account)
        return TicketList(found, paging, draft is not None)


@dataclass(frozen=True, slots=True)
class ViewTicket:
    """The citizen looks at one; one that went into another leads there. `back`: so many portions of remarks before the last.

    Raises TicketNotThere.
    """

    transaction: Transaction
    tickets: Tickets
    filing: Filing
    audit: AuditLog

    async def __call__(self, citizen: Citizen, ticket: TicketId, back: int = 0) -> TicketView:
        async with self.transaction.looking():
            asked = await self.tickets.own(citizen, ticket)
            found = await self.filing.led(citizen, ticket)
            merged = await self.tickets.merged_into(found.id)
            said = await self.tickets.portion([found.id, *(each.id for each in merged)], back, notes=False)
            self.audit.record(citizen, Operation.TICKET_VIEWED, found.account, ticket=str(found.id))
        waits = found.state is TicketState.WAITING
        closed = found.state is TicketState.CLOSED
        return TicketView(
            ticket=found,
            remarks=joined(found, merged, said),
            earlier=said.earlier,
            came_from=asked.number if asked.id != found.id else None,
            merged=tuple(each.number for each in merged),
            asks=waits,
            reopen_until=found.closed_at + REOPENED_WITHIN if closed and found.closed_at else None,
        )


@dataclass(frozen=True, slots=True)
class AddRemark:
    """The citizen answers within it, in words, files or both: with one file that is not taken nothing is said.

    `key` makes a repeated call one remark. Raises WordsWanted, TicketNotThere, TicketClosed, TooManyRemarks, TooManyFiles,
    BadFile with the reason.
    """

    transaction: Transaction
    filing: Filing
    check: FileCheck

    async def __call__(
        self,
        citizen: Citizen,
        ticket: TicketId,
        text: str,
        files: Sequence[tuple[str, bytes]] = (),
        key: str | None = None,
    ) -> Remark:
        said = words(text, empty=bool(files))
        few(files)
        if files:
            async with self.transaction.looking():
                # Nobody who may not bring anything lets the inspector work.
                await self.filing.open_one(citizen, ticket)
        enclosed = [await self.check(name, content) for name, content in files]
        async with self.transaction:
            return await self.filing.add(citizen, ticket, said, enclosed, key)


@dataclass(frozen=True, slots=True)
class CloseTicket:
    """«Вопрос решён». Closing twice is closing once. Raises TicketNotThere."""

    transaction: Transaction
    filing: Filing
    clerk: Clerk

    async def __call__(self, citizen: Citizen, ticket: TicketId) -> Ticket:
        async with self.transaction:
            found = await self.filing.led(citizen, ticket, hold=True)
            if found.state is TicketState.CLOSED:
                return found
            moved = await self.clerk.move(found, TicketState.CLOSED)
            return await self.clerk.keep(citizen, moved, Operation.TICKET_CLOSED)


@dataclass(frozen=True, slots=True)
class ReopenTicket:
    """The citizen says why it is not over, within 14 days.

    Raises WordsWanted, TicketNotThere, TooLateToReopen, TooManyTickets, ReopenedTooOften, TooManyRemarks. One that is open
    already takes the words as a remark. `key` makes a repeated call one.
    """

    transaction: Transaction
    tickets: Tickets
    filing: Filing
    clerk: Clerk
    clock: Clock

    async def __call__(self, citizen: Citizen, ticket: TicketId, text: str, key: str | None = None) -> Ticket:
        said = words(text)
        async with self.transaction:
            found = await self.filing.led(citizen, ticket, hold=True)
            if await self.filing.said(found, key) is not None:
                return found
            not_full(found)
            if found.state is TicketState.CLOSED:
                if found.closed_at is None or self.clock.now() - found.closed_at > REOPENED_WITHIN:
                    raise TooLateToReopen
                await self.tickets.hold(found.account)
                if len(await self.tickets.open_of(found.account)) >= OPEN_AT_MOST:
                    raise TooManyTickets
                said_before = await self.tickets.remarks([found.id])
                if _closed_since(said_before, self.clock.now() - DAY) > REOPENED_A_DAY:
                    raise ReopenedTooOften
                found = await self.clerk.move(found, TicketState.IN_WORK)
            found, _ = await self.clerk.say(found, RemarkSide.CITIZEN, said, key=own_key(key))
            return await self.filing.back_to_work(citizen, found, Operation.TICKET_REOPENED)


@dataclass(frozen=True, slots=True)
class RateTicket:
    """1 to 5 and, if one likes, words: of what was answered or closed; a second rating takes the place of the first.

    Raises BadRating, WordsWanted for words that are too long, TicketNotThere.
    """

    transaction: Transaction
    filing: Filing
    clerk: Clerk

    async def __call__(self, citizen: Citizen, ticket: TicketId, stars: int, words: str = "") -> Ticket:
        if not 1 <= stars <= 5 or len(words) > LONGEST_REMARK:
            raise BadRating
        async with self.transaction:
            found = await self.filing.led(citizen, ticket, hold=True)
            if found.state not in RATED:
                raise TicketNotThere
            rated = replace(found, rating=stars, rated=words.strip() or (found.rated if found.rating == stars else ""))
            return await self.clerk.keep(citizen, rated, Operation.TICKET_RATED, stars=str(stars))


@dataclass(frozen=True, slots=True)
class WantedPaper:
    """Which of the citizen's requests waits for a paper or words of theirs, the one that asked last; None: none does."""

    transaction: Transaction
    tickets: Tickets

    async def __call__(self, citizen: Citizen) -> TicketId | None:
        async with self.transaction.looking():
            waiting = [each for each in await self.tickets.of(citizen, 50) if each.state is TicketState.WAITING]
        return waiting[0].id if waiting else None


@dataclass(frozen=True, slots=True)
class OpenOwnTicketFile:
    """The citizen opens a file of their own request. Raises TicketNotThere."""

    transaction: Transaction
    tickets: Tickets
    audit: AuditLog

    async def __call__(self, citizen: Citizen, remark: RemarkId, place: int) -> tuple[Attachment, bytes]:
        async with self.transaction.looking():
            ticket = await self.tickets.of_remark(remark)
            draft = await self.tickets.draft_of(citizen)
            if draft is None or draft.id != ticket:
                await self.tickets.own(citizen, ticket)
            said = [each for each in await self.tickets.remarks([ticket]) if each.id == remark]
            if any(each.side is RemarkSide.NOTE for each in said):
                raise TicketNotThere
            file, content = await self.tickets.content(remark, place)
            self.audit.record(citizen, Operation.TICKET_FILE_OPENED, citizen.account, ticket=str(ticket))
        return file, content


def _closed_since(remarks: Sequence[Remark], moment: datetime) -> int:
    """Count how often it was closed, which is once more than it was opened again."""
    closings = [each for each in remarks if each.side is RemarkSide.EVENT and each.text == TicketState.CLOSED.value]
    return sum(each.at >= moment for each in closings)
