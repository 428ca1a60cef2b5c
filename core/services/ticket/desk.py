"""Requests as the desk sees them: the list, one with the person beside it, its files, and what is searched for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from core.domain.account import Accounts, Verification
from core.domain.actor import Actor
from core.domain.application import Applications
from core.domain.audit import TICKETS_SHOWN, AuditLog, Operation
from core.domain.card import Cards, CardState
from core.domain.chat import DEFAULT_ZONE, Chats
from core.domain.consent import Consents, ConsentState
from core.domain.conversation import Sight
from core.domain.ids import AccountId, RemarkId, StaffId, TicketId
from core.domain.support import UNREADABLE
from core.domain.ticket import (
    Attachment,
    Remark,
    Ticket,
    TicketFilter,
    TicketNotThere,
    TicketWords,
    place_of,
)
from core.ports import Clock, Transaction, Unreadable
from core.services.audit import Sparing
from core.services.ticket.counter import TicketCounter
from core.services.ticket.joining import joined
from core.services.ticket.told import Known, known_of

MOST = 100
LISTED_EVERY = timedelta(hours=1)
INDEXED_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Asker:
    """Whose request it is. `known` is masked, and None once consent was withdrawn."""

    name: str = field(repr=False)
    verification: Verification
    card: CardState | None
    region: str | None
    zone: str
    language: str
    known: Known | None = field(default=None, repr=False)
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class TicketLine:
    """One in a list. `left`: until it is due, below zero when it is late; None while it is not."""

    ticket: Ticket
    name: str = field(repr=False)
    owner: str | None
    left: timedelta | None


@dataclass(frozen=True, slots=True)
class TicketPage:
    """A page of a list; `after` is where the next one begins, None after the last."""

    lines: Sequence[TicketLine]
    after: str | None


@dataclass(frozen=True, slots=True)
class TicketAtDesk:
    """A request with all that was said, notes included, and with those that went into it. `names` of staff by id."""

    ticket: Ticket
    remarks: Sequence[Remark] = field(repr=False)
    asker: Asker
    names: Mapping[StaffId, str]
    left: timedelta | None
    merged: Sequence[Ticket] = ()
    into: Ticket | None = None
    into_number: str | None = None
    """Where it went, which whoever sees it is told though the other one be out of their sight: `into` is None then."""
    linked: Sequence[Ticket] = ()
    others: Sequence[Ticket] = ()
    """What else of theirs is open, as far as the member may see it."""
    earlier: bool = False
    """Something was said before: it is `back` by one more."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Makes the lines of a page, inside the open transaction of whoever uses it."""

    accounts: Accounts
    counter: TicketCounter
    clock: Clock

    async def lines(self, tickets: Sequence[Ticket]) -> list[TicketLine]:
        """Return them with the names of whose they are and of who has them."""
        owners = await self.counter.names([each.owner for each in tickets])
        people: dict[AccountId, str] = {}
        for each in tickets:
            if each.account not in people:
                people[each.account] = await self._name(each.account)
        now = self.clock.now()
        return [
            TicketLine(
                each,
                people[each.account],
                owners.get(each.owner) if each.owner else None,
                each.due_at - now if each.due_at else None,
            )
            for each in tickets
        ]

    async def _name(self, account: AccountId) -> str:
        try:
            return (await self.accounts.get(account)).first_name
        except Unreadable:
            return UNREADABLE


@dataclass(frozen=True, slots=True)
class ViewTickets:
    """A member looks at the list. Raises NotAllowed, BadCursor.

    The page asks anew by itself: the journal names each request once an hour for whoever saw it.
    """

    transaction: Transaction
    counter: TicketCounter
    listing: Listing
    sparing: Sparing

    async def __call__(
        self, actor: Actor, narrowed: TicketFilter | None = None, after: str | None = None, limit: int = 50
    ) -> TicketPage:
        limit = max(1, min(limit, MOST))
        async with self.transaction.looking():
            staff, sight = await self.counter.sight(actor)
            found = await self.counter.tickets.listed(sight, narrowed or TicketFilter(), after, limit + 1)
            lines = await self.listing.lines(found[:limit])
            await self.sparing.named(LISTED_EVERY, staff, Operation.TICKETS_VIEWED, [each.id for each in found[:limit]])
        return TicketPage(lines, place_of(found[limit - 1]) if len(found) > limit else None)


@dataclass(frozen=True, slots=True)
class ViewTicketAtDesk:
    """A member opens one. `back`: so many portions of remarks before the last. Raises NotAllowed, TicketNotThere."""

    transaction: Transaction
    counter: TicketCounter
    accounts: Accounts
    applications: Applications
    cards: Cards
    chats: Chats
    consents: Consents
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, ticket: TicketId, back: int = 0) -> TicketAtDesk:
        async with self.transaction.looking():
            staff, sight = await self.counter.sight(actor)
            tickets = self.counter.tickets
            found = await tickets.at_desk(sight, ticket)
            went = await tickets.merged_into(found.id)
            merged = [each for each in went if sight.reaches(each.team, each.owner)]
            said = await tickets.portion([found.id, *(each.id for each in merged)], back, notes=True)
            into, into_number = await self._into(sight, found)
            linked = await tickets.linked(sight, found.id)
            others = [each for each in await tickets.open_of(found.account) if each.id != found.id]
            seen = [each for each in others if sight.reaches(each.team, each.owner)]
            asker = await self._asker(found)
            authors = {found.owner}.union(*({each.author, *each.mentions} for each in said.remarks))
            names = await self.counter.names(authors)
            self.audit.record(staff, Operation.TICKET_VIEWED, found.account, ticket=str(found.id))
        left = found.due_at - self.clock.now() if found.due_at else None
        remarks = joined(found, merged, said)
        return TicketAtDesk(
            *(found, remarks, asker, names, left, merged, into, into_number, linked, seen, said.earlier)
        )

    async def _into(self, sight: Sight, ticket: Ticket) -> tuple[Ticket | None, str | None]:
        if ticket.merged_into is None:
            return None, None
        try:
            into = await self.counter.tickets.at_desk(sight, ticket.merged_into)
        except TicketNotThere:
            return None, await self.counter.tickets.number_of(ticket.merged_into)
        return into, into.number

    async def _asker(self, ticket: Ticket) -> Asker:
        account = await self.accounts.get(ticket.account)
        card, chat = await self.cards.of_account(account.id), await self.chats.bound_to(account.id)
        consent = await self.consents.latest(account.id)
        withdrawn = consent is not None and consent.state is ConsentState.WITHDRAWN
        return Asker(
            name=account.first_name,
            verification=account.verification,
            card=card.state if card else None,
            region=chat.region if chat else None,
            zone=chat.zone if chat else DEFAULT_ZONE,
            language=ticket.language,
            known=None if withdrawn else known_of(account, await self.applications.completed_of(account.id)),
            blocked=chat is not None and chat.blocked_at is not None,
        )


@dataclass(frozen=True, slots=True)
class OpenTicketFile:
    """A member opens a file. Raises NotAllowed, TicketNotThere."""

    transaction: Transaction
    counter: TicketCounter
    audit: AuditLog

    async def __call__(self, actor: Actor, remark: RemarkId, place: int) -> tuple[Attachment, bytes]:
        async with self.transaction.looking():
            staff, sight = await self.counter.sight(actor)
            ticket = await self.counter.tickets.of_remark(remark)
            found = await self.counter.tickets.at_desk(sight, ticket)
            file, content = await self.counter.tickets.content(remark, place)
            self.audit.record(staff, Operation.TICKET_FILE_OPENED, found.account, ticket=str(ticket))
        return file, content


@dataclass(frozen=True, slots=True)
class SearchTickets:
    """A member looks for words, a number or a tag in all that they may see, the newest first.

    `after` is a ticket's id, as the page before gave it. Raises NotAllowed.
    """

    transaction: Transaction
    counter: TicketCounter
    words: TicketWords
    listing: Listing
    audit: AuditLog

    async def __call__(
        self, actor: Actor, words: str, after: TicketId | None = None, limit: int = 50
    ) -> tuple[Sequence[TicketLine], TicketId | None]:
        limit = max(1, min(limit, MOST))
        async with self.transaction.looking():
            staff, sight = await self.counter.sight(actor)
            found, onward = await self.words.search(sight, words, after, limit)
            lines = await self.listing.lines(found)
            # What was looked for stands nowhere; what was shown does.
            told = {TICKETS_SHOWN: " ".join(str(each.id) for each in found)} if found else {}
            self.audit.record(staff, Operation.TICKETS_SEARCHED, found=str(len(found)), **told)
        return lines, onward


@dataclass(frozen=True, slots=True)
class IndexTickets:
    """The worker makes requests findable by their words that were written or changed since; returns how many, a few at a time."""

    transaction: Transaction
    words: TicketWords

    async def __call__(self) -> int:
        async with self.transaction:
            return await self.words.index(INDEXED_AT_ONCE)
