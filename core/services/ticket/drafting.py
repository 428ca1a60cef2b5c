"""/support: a request put together answer by answer in an encrypted draft, and sent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from core.domain.account import Accounts
from core.domain.actor import Citizen
from core.domain.application import Applications
from core.domain.audit import AuditLog, Operation
from core.domain.chat import Chats
from core.domain.ids import AccountId, TicketId, new_id
from core.domain.notification import Topic
from core.domain.support import SupportTopic
from core.domain.ticket import (
    LONGEST_DESCRIPTION,
    OPEN_AT_MOST,
    SENT_A_DAY,
    SHORTEST_DESCRIPTION,
    Attachment,
    DescriptionWanted,
    DraftGone,
    RemarkSide,
    Ticket,
    TicketNotThere,
    Tickets,
    TicketState,
    TooManyTickets,
    TooManyToday,
    number_of,
    read_number,
    year_of,
)
from core.ports import Clock, Transaction
from core.services.telling import Teller
from core.services.ticket.clerk import Clerk
from core.services.ticket.enclosing import Enclosed, FileCheck, enclose, light
from core.services.ticket.filing import Filing
from core.services.ticket.told import Known, described, known_of

RECENT = 5
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TicketDraft:
    """A draft as far as it is. `recent`: the citizen's own requests, one of which it may be about."""

    ticket: Ticket
    known: Known
    files: tuple[Attachment, ...] = ()
    recent: Sequence[Ticket] = ()

    @property
    def ready(self) -> bool:
        """Whether it can be sent."""
        return bool(self.ticket.description)


@dataclass(frozen=True, slots=True)
class Desktop:
    """What the steps share, inside the open transaction of whoever uses it."""

    tickets: Tickets
    accounts: Accounts
    applications: Applications
    clerk: Clerk

    async def draft(self, citizen: Citizen) -> Ticket:
        """Raises DraftGone."""
        found = await self.tickets.draft_of(citizen)
        if found is None:
            raise DraftGone
        return found

    async def may_send(self, account: AccountId) -> None:
        """Raises TooManyTickets, TooManyToday."""
        if len(await self.tickets.open_of(account)) >= OPEN_AT_MOST:
            raise TooManyTickets
        if await self.tickets.sent_since(account, self.clerk.clock.now() - DAY) >= SENT_A_DAY:
            raise TooManyToday

    async def view(self, citizen: Citizen, ticket: Ticket) -> TicketDraft:
        """Return a draft with what goes along."""
        account = await self.accounts.of(citizen)
        said = await self.tickets.remarks([ticket.id])
        files = tuple(file for remark in said for file in remark.files)
        known = known_of(account, await self.applications.completed_of(account.id))
        return TicketDraft(ticket, known, files, await self.tickets.of(citizen, RECENT))


@dataclass(frozen=True, slots=True)
class BeginTicket:
    """A topic was chosen: what was begun goes on under it.

    Raises TooManyTickets, TooManyToday, and NotAllowed for a chat that no longer speaks for its account.
    """

    transaction: Transaction
    desktop: Desktop
    chats: Chats
    clock: Clock

    async def __call__(self, citizen: Citizen, topic: SupportTopic) -> TicketDraft:
        async with self.transaction:
            tickets, account = self.desktop.tickets, await self.desktop.accounts.of(citizen)
            ticket = await tickets.draft_of(citizen)
            if ticket is not None:
                ticket = await self.desktop.clerk.keep(
                    citizen, replace(ticket, topic=topic, changed_at=self.clock.now()), Operation.TICKET_DRAFTED
                )
                return await self.desktop.view(citizen, ticket)
            await self.desktop.may_send(account.id)
            now, chat = self.clock.now(), await self.chats.bound_to(account.id)
            ticket = Ticket(
                id=TicketId(new_id(now)),
                number="",
                account=account.id,
                chat=citizen.chat,
                language=chat.language if chat else "ru",
                topic=topic,
                state=TicketState.DRAFT,
                opened_at=now,
                changed_at=now,
            )
            await tickets.begin(ticket)
            self.desktop.clerk.audit.record(citizen, Operation.TICKET_DRAFTED, account.id, ticket=str(ticket.id))
            return await self.desktop.view(citizen, ticket)


@dataclass(frozen=True, slots=True)
class ViewTicketDraft:
    """The citizen looks at what is put together; None where nothing is."""

    transaction: Transaction
    desktop: Desktop
    audit: AuditLog

    async def __call__(self, citizen: Citizen) -> TicketDraft | None:
        async with self.transaction.looking():
            ticket = await self.desktop.tickets.draft_of(citizen)
            if ticket is None:
                return None
            self.audit.record(citizen, Operation.TICKET_VIEWED, citizen.account, ticket=str(ticket.id))
            return await self.desktop.view(citizen, ticket)


@dataclass(frozen=True, slots=True)
class DescribeTicket:
    """What is wrong, in own words. Raises DescriptionWanted, DraftGone."""

    transaction: Transaction
    desktop: Desktop

    async def __call__(self, citizen: Citizen, text: str) -> None:
        said = described(text)
        async with self.transaction:
            ticket = await self.desktop.draft(citizen)
            await self.desktop.clerk.keep(citizen, replace(ticket, description=said), Operation.TICKET_DRAFTED)


@dataclass(frozen=True, slots=True)
class NameEarlier:
    """The number of an earlier request of the citizen's own; empty: there is none. Raises TicketNotThere, DraftGone."""

    transaction: Transaction
    desktop: Desktop

    async def __call__(self, citizen: Citizen, number: str) -> None:
        read = read_number(number) if number else ""
        if read is None:
            raise TicketNotThere
        async with self.transaction:
            ticket = await self.desktop.draft(citizen)
            if read and await self.desktop.tickets.own_numbered(citizen, read) is None:
                raise TicketNotThere
            await self.desktop.clerk.keep(citizen, replace(ticket, earlier=read or None), Operation.TICKET_DRAFTED)


@dataclass(frozen=True, slots=True)
class AttachToTicket:
    """A photo or a file, looked into, cleaned and encrypted: for the draft, or for a request that was sent.

    There, what comes one after another within two minutes is one remark. `words`: what was written below it. Returns how
    many files are together. Raises BadFile with the reason, TooManyFiles, TooManyRemarks, DraftGone, TicketNotThere, TicketClosed.
    """

    transaction: Transaction
    desktop: Desktop
    filing: Filing
    check: FileCheck

    async def __call__(
        self, citizen: Citizen, name: str, content: bytes, ticket: TicketId | None = None, words: str = ""
    ) -> int:
        light(content)
        async with self.transaction.looking():
            # Nobody who may not bring anything lets the inspector work.
            if ticket is None:
                await self.desktop.draft(citizen)
            else:
                await self.filing.open_one(citizen, ticket)
        enclosed = await self.check(name, content)
        async with self.transaction:
            if ticket is not None:
                return await self.filing.bring(citizen, ticket, enclosed, words.strip())
            return await self._to_draft(citizen, enclosed, words)

    async def _to_draft(self, citizen: Citizen, enclosed: Enclosed, words: str) -> int:
        draft = await self.desktop.draft(citizen)
        tickets, clerk = self.desktop.tickets, self.desktop.clerk
        said = await tickets.remarks([draft.id])
        if said:
            remark = said[0]
        else:
            draft, remark = await clerk.say(draft, RemarkSide.CITIZEN)
        remark = await enclose(tickets, remark, [enclosed])
        if not draft.description and SHORTEST_DESCRIPTION <= len(words.strip()) <= LONGEST_DESCRIPTION:
            draft = replace(draft, description=described(words))
        await clerk.keep(citizen, draft, Operation.TICKET_FILE_ATTACHED, mime=enclosed.file.mime)
        return len(remark.files)


@dataclass(frozen=True, slots=True)
class SendTicket:
    """«Отправить»: it gets its number and waits for the desk from now on. The number goes by mail, too, where that is wanted.

    Raises DraftGone, DescriptionWanted, TooManyTickets, TooManyToday.
    """

    transaction: Transaction
    desktop: Desktop
    teller: Teller
    clock: Clock

    async def __call__(self, citizen: Citizen) -> Ticket:
        async with self.transaction:
            tickets, clerk = self.desktop.tickets, self.desktop.clerk
            account = await self.desktop.accounts.of(citizen)
            # Two that are sent at once are counted one after the other.
            await tickets.hold(account.id)
            draft = await self.desktop.draft(citizen)
            if not draft.description:
                raise DescriptionWanted
            await self.desktop.may_send(account.id)
            now = self.clock.now()
            year = year_of(now)
            number = number_of(year, await tickets.next_number(year))
            sent = replace(draft, number=number, opened_at=now, chat=citizen.chat)
            sent = await clerk.move(sent, TicketState.IN_WORK)
            sent = await clerk.keep(citizen, sent, Operation.TICKET_SENT)
            if account.email:
                values = {"number": number}
                await self.teller.mail(account, account.email, "ticket.mail.sent", values, topic=Topic.TICKETS)
        return sent


@dataclass(frozen=True, slots=True)
class DropTicketDraft:
    """The citizen thinks better of it: words and files are gone. Twice is once."""

    transaction: Transaction
    desktop: Desktop
    audit: AuditLog

    async def __call__(self, citizen: Citizen) -> None:
        async with self.transaction:
            draft = await self.desktop.tickets.draft_of(citizen)
            if draft is not None:
                await self.desktop.tickets.drop(draft)
                self.audit.record(citizen, Operation.TICKET_DRAFTED, citizen.account, ticket=str(draft.id))
