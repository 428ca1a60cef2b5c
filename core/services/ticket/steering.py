"""Who has a request, what it belongs to, and what it is called: by the desk."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from core.domain.account import WrongMove
from core.domain.actor import Actor, NotAllowed
from core.domain.audit import Operation
from core.domain.chat import Chats
from core.domain.conversation import Conversations, ConversationState, NotYours, TakenBy
from core.domain.ids import ConversationId, StaffId, TeamId, TicketId, new_id
from core.domain.support import SupportTopic
from core.domain.team import Teams
from core.domain.ticket import (
    OPEN_AT_MOST,
    BadTags,
    OtherPerson,
    RemarkSide,
    Ticket,
    TicketState,
    TooManyTickets,
    number_of,
    year_of,
)
from core.ports import Clock, Transaction
from core.services.ticket.clerk import Clerk
from core.services.ticket.counter import ABOVE, OVER, TicketCounter
from core.services.ticket.told import described

TAG = re.compile(r"[\w][\w -]{0,39}")
MOST_TAGS = 10


@dataclass(frozen=True, slots=True)
class TakeTicket:
    """«Взять»: it is theirs. Raises NotAllowed, TicketNotThere, TicketClosed, TakenBy when somebody else was faster."""

    transaction: Transaction
    counter: TicketCounter
    clerk: Clerk

    async def __call__(self, actor: Actor, ticket: TicketId) -> Ticket:
        async with self.transaction:
            staff, found = await self.counter.hold(actor, ticket, going=True)
            if found.owner == staff.staff:
                return found
            if found.owner is not None:
                names = await self.counter.names([found.owner])
                raise TakenBy(names.get(found.owner, ""))
            taken = replace(found, owner=staff.staff)
            return await self.clerk.keep(staff, taken, Operation.TICKET_ASSIGNED, to=str(staff.staff))


@dataclass(frozen=True, slots=True)
class AssignTicket:
    """A senior gives it to somebody, to a group, or back to all (both None); whoever has it may let it go, or to a group.

    Raises NotAllowed, TicketNotThere, TicketClosed, TeamNotThere.
    """

    transaction: Transaction
    counter: TicketCounter
    teams: Teams
    clerk: Clerk

    async def __call__(
        self, actor: Actor, ticket: TicketId, to: StaffId | None = None, team: TeamId | None = None
    ) -> Ticket:
        async with self.transaction:
            staff, found = await self.counter.hold(actor, ticket, going=True)
            own = found.owner == staff.staff and to in {None, staff.staff}
            if staff.role not in ABOVE and not own:
                raise NotAllowed
            if to is not None:
                await self.counter.colleagues([to])
            if team is not None:
                await self.teams.get(team)
            given = replace(found, owner=to, team=team)
            return await self.clerk.keep(
                staff, given, Operation.TICKET_ASSIGNED, to=str(to or "nobody"), team=str(team or "all")
            )


@dataclass(frozen=True, slots=True)
class MergeTickets:
    """One goes into another of the same person, where all goes on; the citizen is told. Returns the other.

    Raises NotAllowed, TicketNotThere, OtherPerson, WrongMove.
    """

    transaction: Transaction
    counter: TicketCounter
    clerk: Clerk

    async def __call__(self, actor: Actor, ticket: TicketId, into: TicketId) -> Ticket:
        if ticket == into:
            raise WrongMove
        async with self.transaction:
            # Two that are merged into one another at once: always the older is held first.
            held = {each: await self.counter.hold(actor, each) for each in sorted((ticket, into))}
            staff, gone = held[ticket]
            _, stays = held[into]
            if gone.account != stays.account:
                raise OtherPerson
            if gone.state in OVER or stays.state in OVER:
                raise WrongMove
            gone = await self.clerk.move(replace(gone, merged_into=stays.id), TicketState.MERGED, author=staff.staff)
            await self.clerk.keep(staff, gone, Operation.TICKET_MERGED, into=str(stays.id))
            earliest = min((each.due_at for each in (held[ticket][1], stays) if each.due_at), default=None)
            if stays.due_at is not None:
                stays = replace(stays, due_at=earliest)
            # What a group alone could read stays with a group.
            stays = replace(stays, team=stays.team or gone.team)
            stays, _ = await self.clerk.say(stays, RemarkSide.EVENT, f"joined:{gone.number}", author=staff.staff)
            stays = await self.clerk.keep(staff, stays, Operation.TICKET_MERGED, joined=str(gone.id))
            await self.clerk.tell(stays, "merged")
        return stays


@dataclass(frozen=True, slots=True)
class LinkTickets:
    """Two belong together, each by itself. Twice is once. Raises NotAllowed, TicketNotThere, WrongMove for one with itself."""

    transaction: Transaction
    counter: TicketCounter
    clerk: Clerk

    async def __call__(self, actor: Actor, one: TicketId, other: TicketId) -> None:
        if one == other:
            raise WrongMove
        async with self.transaction:
            held = {each: await self.counter.hold(actor, each) for each in sorted((one, other))}
            await self.counter.tickets.link(one, other)
            for each, beside in ((one, other), (other, one)):
                staff, found = held[each]
                await self.clerk.keep(staff, found, Operation.TICKET_LINKED, other=str(beside))


@dataclass(frozen=True, slots=True)
class TagTicket:
    """The tags that it has from now on. Raises NotAllowed, TicketNotThere, BadTags."""

    transaction: Transaction
    counter: TicketCounter
    clerk: Clerk

    async def __call__(self, actor: Actor, ticket: TicketId, tags: Collection[str]) -> Ticket:
        named = frozenset(" ".join(each.casefold().split()) for each in tags)
        if len(named) > MOST_TAGS or not all(TAG.fullmatch(each) for each in named):
            raise BadTags
        async with self.transaction:
            staff, found = await self.counter.hold(actor, ticket)
            return await self.clerk.keep(staff, replace(found, tags=named), Operation.TICKET_TAGGED)


@dataclass(frozen=True, slots=True)
class TicketFromConversation:
    """What is not settled in the chat goes on as a request of its citizen, given to who makes it; the citizen is told.

    Whoever has the conversation makes it, or a senior; once it has ended a senior alone. Raises NotAllowed,
    ConversationNotThere, NotYours, DescriptionWanted, TooManyTickets, OtherPerson where the chat has no account. A
    conversation that has a request already returns that one.
    """

    transaction: Transaction
    counter: TicketCounter
    conversations: Conversations
    chats: Chats
    clerk: Clerk
    clock: Clock

    async def __call__(
        self, actor: Actor, conversation: ConversationId, topic: SupportTopic, description: str
    ) -> Ticket:
        said = described(description)
        async with self.transaction:
            staff, sight = await self.counter.sight(actor)
            talk = await self.conversations.seen(sight, conversation, hold=True)
            has_it = talk.state is ConversationState.TAKEN and talk.owner == staff.staff
            if not has_it and staff.role not in ABOVE:
                raise NotYours
            if talk.account is None:
                raise OtherPerson
            if talk.ticket is not None:
                return await self.counter.tickets.at_desk(sight, talk.ticket)
            await self.counter.tickets.hold(talk.account)
            if len(await self.counter.tickets.open_of(talk.account)) >= OPEN_AT_MOST:
                raise TooManyTickets
            now = self.clock.now()
            year = year_of(now)
            # Begun as every request is, under a number that nobody has; one that its citizen writes stays as it is.
            ticket = Ticket(
                id=TicketId(new_id(now)),
                number=number_of(year, await self.counter.tickets.next_number(year)),
                account=talk.account,
                chat=talk.chat,
                language=talk.language,
                topic=topic,
                state=TicketState.DRAFT,
                opened_at=now,
                changed_at=now,
                description=said,
                urgency=talk.urgency,
                owner=staff.staff,
                team=talk.team,
            )
            opened = await self.clerk.open(ticket)
            opened = await self.clerk.keep(staff, opened, Operation.TICKET_SENT, conversation=str(conversation))
            await self.conversations.link(conversation, opened.id)
            await self.clerk.tell(opened, "opened")
        return opened
