"""What a member of staff says in a request, and the states that it comes to by that."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from core.domain.account import WrongMove
from core.domain.actor import Actor, Staff
from core.domain.audit import Operation
from core.domain.ids import StaffId, TicketId
from core.domain.ticket import MOVES, Remark, RemarkSide, Ticket, TicketState
from core.ports import Transaction
from core.services.ticket.clerk import PAPER, PLACE, Clerk, words
from core.services.ticket.counter import TicketCounter
from core.services.ticket.enclosing import Enclosed, Enclosing, enclose

BY_HAND = frozenset({TicketState.IN_WORK, TicketState.WAITING, TicketState.ANSWERED, TicketState.CLOSED})
"""The others are come to by sending and by merging."""


@dataclass(frozen=True, slots=True)
class AnswerTicket:
    """The answer, in words, files or both: the citizen is told that there is one. The same key again is the same remark.

    Whoever answers what nobody has has it from then on. `files` are names and bytes: with one that is not taken nothing is
    said. Raises NotAllowed, TicketNotThere, TicketClosed, WordsWanted, TooManyFiles, BadFile with the reason.
    """

    transaction: Transaction
    counter: TicketCounter
    clerk: Clerk
    enclosing: Enclosing

    async def __call__(
        self, actor: Actor, ticket: TicketId, text: str, key: str, files: Sequence[tuple[str, bytes]] = ()
    ) -> Remark:
        said = words(text, empty=bool(files))
        enclosed = await self.enclosing(actor, ticket, key, files)
        async with self.transaction:
            staff, found = await self.counter.hold(actor, ticket)
            before = await self.counter.tickets.said(found.id, key)
            if before is not None:
                return before
            staff, found = await self.counter.hold(actor, ticket, going=True)
            found, remark = await self.clerk.say(found, RemarkSide.STAFF, said, author=staff.staff, key=key)
            remark = await enclose(self.counter.tickets, remark, enclosed)
            found = await self.clerk.move(answered(found, staff, remark), TicketState.ANSWERED, author=staff.staff)
            found = await self.clerk.keep(staff, found, Operation.TICKET_ANSWERED, **_counted(enclosed))
            await self.clerk.tell(found, "answered")
        return remark


@dataclass(frozen=True, slots=True)
class AskInTicket:
    """A paper or words are asked for: the clock stands still until they come. Otherwise as AnswerTicket."""

    transaction: Transaction
    counter: TicketCounter
    clerk: Clerk
    enclosing: Enclosing

    async def __call__(
        self, actor: Actor, ticket: TicketId, text: str, key: str, files: Sequence[tuple[str, bytes]] = ()
    ) -> Remark:
        said = words(text)
        enclosed = await self.enclosing(actor, ticket, key, files)
        async with self.transaction:
            staff, found = await self.counter.hold(actor, ticket)
            before = await self.counter.tickets.said(found.id, key)
            if before is not None:
                return before
            staff, found = await self.counter.hold(actor, ticket, going=True)
            found, remark = await self.clerk.say(found, RemarkSide.STAFF, said, author=staff.staff, asks=True, key=key)
            remark = await enclose(self.counter.tickets, remark, enclosed)
            found = await self.clerk.move(answered(found, staff, remark), TicketState.WAITING, author=staff.staff)
            found = await self.clerk.keep(staff, found, Operation.TICKET_ASKED, **_counted(enclosed))
            await self.clerk.tell(found, "asked", PAPER)
        return remark


@dataclass(frozen=True, slots=True)
class NoteInTicket:
    """A note among staff; whoever is mentioned works at the desk, and hears of it if they may see the request.

    Raises NotAllowed, TicketNotThere, WordsWanted.
    """

    transaction: Transaction
    counter: TicketCounter
    clerk: Clerk

    async def __call__(
        self, actor: Actor, ticket: TicketId, text: str, mentions: Collection[StaffId] = (), key: str | None = None
    ) -> Remark:
        said = words(text)
        async with self.transaction:
            staff, found = await self.counter.hold(actor, ticket)
            before = await self.counter.tickets.said(found.id, key) if key else None
            if before is not None:
                return before
            called = await self.counter.colleagues(mentions)
            noted, remark = await self.clerk.say(
                found, RemarkSide.NOTE, said, author=staff.staff, mentions=called, key=key
            )
            # A note is no change that the citizen could see.
            kept = await self.clerk.keep(staff, replace(noted, changed_at=found.changed_at), Operation.TICKET_NOTED)
            self.clerk.call(await self.counter.seeing(called, kept), kept, remark)
        return remark


@dataclass(frozen=True, slots=True)
class MoveTicket:
    """Another state by hand, of the version that was looked at. The citizen is told.

    Raises NotAllowed, TicketNotThere, WrongMove when it changed meanwhile or has no such way.
    """

    transaction: Transaction
    counter: TicketCounter
    clerk: Clerk

    async def __call__(self, actor: Actor, ticket: TicketId, to: TicketState, version: int) -> Ticket:
        async with self.transaction:
            staff, found = await self.counter.hold(actor, ticket)
            if found.version != version or to not in BY_HAND or to not in MOVES[found.state]:
                raise WrongMove
            moved = await self.clerk.move(found, to, author=staff.staff)
            moved = await self.clerk.keep(staff, moved, Operation.TICKET_MOVED, to=to.value)
            await self.clerk.tell(moved, to.value, PAPER if to is TicketState.WAITING else PLACE)
        return moved


def answered(ticket: Ticket, staff: Staff, remark: Remark) -> Ticket:
    """Return the ticket as it is once a member has said something to the citizen."""
    return replace(ticket, owner=ticket.owner or staff.staff, first_answer_at=ticket.first_answer_at or remark.at)


def _counted(files: Sequence[Enclosed]) -> Mapping[str, str]:
    """Return what the journal is told of files: how many, never what they are called."""
    return {"files": str(len(files))} if files else {}
