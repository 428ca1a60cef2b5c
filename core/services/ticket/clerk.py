"""What every change of a request shares: the remark, the state and its clock, the journal, the desk's stream, the push."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from core.domain.account import Accounts
from core.domain.actor import Actor
from core.domain.audit import AuditLog, Operation
from core.domain.conversation import DeskEvent, DeskEvents, Happening
from core.domain.hook import HookEvent, Hooks
from core.domain.ids import RemarkId, StaffId, TicketId, new_id
from core.domain.notification import Button, Topic
from core.domain.sla import Sla
from core.domain.ticket import (
    LONGEST_REMARK,
    Pledge,
    Remark,
    RemarkSide,
    Ticket,
    Tickets,
    TicketState,
    WordsWanted,
    came_to,
)
from core.domain.worktime import Worktimes
from core.ports import Clock
from core.services.telling import Teller

PLACE, PAPER = "ticket", "bring"
"""The places of the bot that a push's button opens."""
LETTER = "ticket.mail.changed"


@dataclass(frozen=True, slots=True)
class Clerk:
    """Works inside the open transaction of whoever uses it; nothing is stored of a ticket before `keep`.

    `news` is what programs of others are told once a ticket is kept.
    """

    tickets: Tickets
    sla: Sla
    worktimes: Worktimes
    events: DeskEvents
    accounts: Accounts
    teller: Teller
    hooks: Hooks
    audit: AuditLog
    clock: Clock
    news: dict[TicketId, HookEvent] = field(default_factory=dict, init=False, compare=False)

    async def say(
        self,
        ticket: Ticket,
        side: RemarkSide,
        text: str = "",
        *,
        author: StaffId | None = None,
        asks: bool = False,
        mentions: Collection[StaffId] = (),
        key: str | None = None,
    ) -> tuple[Ticket, Remark]:
        """Add a remark; returns the ticket as it is to be kept."""
        now = self.clock.now()
        remark = Remark(
            id=RemarkId(new_id(now)),
            ticket=ticket.id,
            side=side,
            at=now,
            text=text,
            author=author,
            asks=asks,
            number=ticket.last_remark + 1,
            mentions=frozenset(mentions),
            key=key,
        )
        await self.tickets.say(remark)
        return replace(ticket, last_remark=remark.number, changed_at=now), remark

    async def move(self, ticket: Ticket, to: TicketState, *, author: StaffId | None = None) -> Ticket:
        """Bring it into another state, its clock set and an EVENT written; nothing where it is there. Raises WrongMove."""
        if ticket.state is to:
            return ticket
        pledge = Pledge(await self.sla.limits(), await self.worktimes.current())
        moved = came_to(ticket, to, self.clock.now(), pledge)
        moved, _ = await self.say(moved, RemarkSide.EVENT, to.value, author=author)
        begun = ticket.state is TicketState.DRAFT
        self.news[ticket.id] = HookEvent.TICKET_CREATED if begun else HookEvent.TICKET_STATUS_CHANGED
        return moved

    async def open(self, ticket: Ticket) -> Ticket:
        """Store one that was never a draft, in work; it is still to be kept."""
        pledge = Pledge(await self.sla.limits(), await self.worktimes.current())
        opened = came_to(ticket, TicketState.IN_WORK, self.clock.now(), pledge)
        await self.tickets.begin(opened)
        opened, _ = await self.say(opened, RemarkSide.EVENT, opened.state.value)
        self.news[opened.id] = HookEvent.TICKET_CREATED
        return opened

    def call(self, members: Collection[StaffId], ticket: Ticket, remark: Remark) -> None:
        """Tell colleagues that a note calls them."""
        for each in members:
            told = Happening.MENTIONED, self.clock.now(), None, remark.number, ticket.id, each, ticket.team
            self.events.tell(DeskEvent(0, *told))

    async def keep(self, actor: Actor, ticket: Ticket, operation: Operation, **details: str) -> Ticket:
        """Store it, with its line in the journal and its event at the desk. Raises WrongMove."""
        kept = await self.tickets.save(ticket)
        self.audit.record(actor, operation, kept.account, ticket=str(kept.id), **details)
        news = self.news.pop(kept.id, None)
        if news is not None:
            await self.hooks.tell(news, kept)
        if kept.state is not TicketState.DRAFT:
            self.events.tell(
                DeskEvent(0, Happening.TICKET, self.clock.now(), ticket=kept.id, staff=kept.owner, team=kept.team)
            )
        return kept

    async def tell(self, ticket: Ticket, what: str, place: str = PLACE) -> None:
        """Push that there is something, and in which request: never what."""
        account = await self.accounts.get(ticket.account)
        values = {"number": ticket.number}
        await self.teller.citizen(
            account,
            f"ticket.push.{what}",
            values,
            topic=Topic.TICKETS,
            letter=LETTER,
            letter_values=values,
            buttons=(Button(f"ticket.push.open_{place}", place, str(ticket.id)),),
            subject=ticket.id,
        )


def words(text: str, *, empty: bool = False) -> str:
    """Return what was written, without the ends; WordsWanted for too much, and for nothing unless that may be `empty`."""
    said = text.replace("\x00", "").strip()
    if not (0 if empty else 1) <= len(said) <= LONGEST_REMARK:
        raise WordsWanted
    return said
