"""The ledger of promises: what citizens were told is written down, and renewed before it is broken, never silently."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from core.domain.account import Accounts
from core.domain.audit import AuditLog, Operation
from core.domain.chat import DEFAULT_ZONE, Chats
from core.domain.conversation import Conversations, DeskEvent, DeskEvents, Happening
from core.domain.ids import ConversationId, TicketId
from core.domain.notification import Topic
from core.domain.sla import Limits, Promise, Sla, Wait, Waits, Work
from core.domain.ticket import Pledge, Tickets, TicketState
from core.domain.worktime import NeverOpen, Worktime, Worktimes
from core.ports import Clock, Transaction
from core.services.conversation.floor import Carrier
from core.services.sla.watching import EVERYTHING, OVER, WATCH
from core.services.telling import Teller

WRITTEN = {"ru": "d MMMM, HH:mm", "en": "d MMMM, HH:mm"}


@dataclass(frozen=True, slots=True)
class Renewal:
    """Tells one citizen a new time. Works inside the open transaction of whoever uses it."""

    waits: Waits
    conversations: Conversations
    carrier: Carrier
    tickets: Tickets
    events: DeskEvents
    accounts: Accounts
    chats: Chats
    teller: Teller
    audit: AuditLog
    clock: Clock

    async def __call__(self, wait: Wait, limits: Limits, hours: Worktime) -> Promise | None:
        """Return the new promise; None when somebody answered meanwhile, or nobody knows a later time."""
        now, pledge = self.clock.now(), Pledge(limits, hours)
        try:
            until = limits.due(wait.work, hours, now) if wait.work is Work.CONVERSATION else pledge.due(now)
        except NeverOpen:
            return None
        if wait.promised is None or until <= wait.promised:
            return None
        move = self._conversation if wait.work is Work.CONVERSATION else self._ticket
        if not await move(wait, wait.promised, until, now):
            return None
        self.audit.record(WATCH, Operation.PROMISE_RENEWED, wait.account, until=until.isoformat())
        return Promise(wait.work, wait.subject, until, now, wait.account, wait.chat)

    async def _conversation(self, wait: Wait, promised: datetime, until: datetime, now: datetime) -> bool:
        conversation = ConversationId(wait.subject)
        if not await self.waits.promise(conversation, promised, until):
            return False
        found = await self.conversations.get(conversation)
        chat = await self.chats.get(found.chat)
        said = spoken(until, chat.zone if chat else DEFAULT_ZONE, found.language)
        await self.carrier.say(found, "sla.renewed.conversation", {"until": said})
        self.events.tell(DeskEvent(0, Happening.CHANGED, now, found.id, None, found.ticket, found.owner, found.team))
        return True

    async def _ticket(self, wait: Wait, promised: datetime, until: datetime, now: datetime) -> bool:
        ticket = await self.tickets.at_desk(EVERYTHING, TicketId(wait.subject), hold=True)
        if ticket.state is not TicketState.IN_WORK or ticket.due_at != promised:
            return False
        await self.tickets.save(replace(ticket, due_at=until))
        account = await self.accounts.get(ticket.account)
        chat = await self.chats.bound_to(ticket.account)
        said = spoken(until, chat.zone if chat else DEFAULT_ZONE, chat.language if chat else ticket.language)
        values = {"number": ticket.number, "until": said}
        await self.teller.citizen(
            account,
            "sla.renewed.ticket",
            values,
            topic=Topic.TICKETS,
            letter="sla.mail.renewed",
            letter_values=values,
            subject=ticket.id,
            valid_until=until,
        )
        self.events.tell(DeskEvent(0, Happening.TICKET, now, None, None, ticket.id, ticket.owner, ticket.team))
        return True


@dataclass(frozen=True, slots=True)
class RenewPromises:
    """Write down what citizens were told, settle what was answered, and tell a new time before the old one is over."""

    transaction: Transaction
    sla: Sla
    worktimes: Worktimes
    waits: Waits
    renewal: Renewal
    clock: Clock

    async def __call__(self) -> int:
        """Return how many were told a new time."""
        renewed = 0
        for work in Work:
            async with self.transaction:
                limits, hours = await self.sla.limits(), await self.worktimes.current()
                now, standing = self.clock.now(), dict(await self.sla.standing(work))
                waits = [(wait, wait.promised) for wait in await self.waits.all(work) if wait.promised is not None]
                for wait, promised in waits:
                    known = standing.pop(wait.subject, None)
                    if known is None or known.until != promised:
                        told = wait.began_at if known is None and wait.first else now
                        await self.sla.tell(Promise(work, wait.subject, promised, told, wait.account, wait.chat))
                await self.sla.settle(list(standing.values()), now)
            for wait, promised in waits:
                if limits.renews_at(work, promised) <= now:
                    with suppress(*OVER):
                        renewed += await self._renewed(wait, limits, hours)
        return renewed

    async def _renewed(self, wait: Wait, limits: Limits, hours: Worktime) -> bool:
        async with self.transaction:
            fresh = await self.renewal(wait, limits, hours)
            return fresh is not None and await self.sla.tell(fresh)


def spoken(moment: datetime, zone: str, language: str) -> str:
    """Return a moment by the person's own clock: «24 ноября, 10:00»."""
    return format_datetime(
        moment,
        WRITTEN.get(language, WRITTEN["ru"]),
        tzinfo=ZoneInfo(zone),
        locale=language if language in WRITTEN else "ru",
    )
