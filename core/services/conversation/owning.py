"""Who has a conversation: taken, given, handed on, returned, ended. One conditional UPDATE each, behind an epoch."""

from dataclasses import dataclass, replace

from core.domain.actor import NotAllowed, Staff
from core.domain.audit import Operation
from core.domain.conversation import (
    LONGEST_LINE,
    Conversation,
    Conversations,
    ConversationState,
    Ended,
    Ending,
    Happening,
    NotYours,
    ReceiverGone,
    TakenBy,
    called,
)
from core.domain.ids import ConversationId, StaffId, TeamId
from core.domain.notification import Button
from core.domain.team import Duties, Presence, Teams
from core.ports import Clock, Transaction
from core.services.conversation.answering import worded
from core.services.conversation.floor import ABOVE, DESK, Carrier, Floor

BACK = (Button("conversation.back", "return"),)
"""The person goes on where they were."""

SHARE, END = Button("talk.share", "share"), Button("talk.end", "leave")


def joined(conversation: Conversation) -> tuple[Button, ...]:
    """Return what the citizen can do from now on: show something of the record, where there is one, and end it."""
    return (SHARE, END) if conversation.account is not None else (END,)


@dataclass(frozen=True, slots=True)
class Handing:
    """Gives conversations to people, in the open transaction of whoever uses it; everybody concerned is told."""

    conversations: Conversations
    duties: Duties
    floor: Floor
    carrier: Carrier
    clock: Clock

    async def held(self, staff: Staff, conversation: ConversationId) -> Conversation:
        """Return one that they may hand on: their own, or any for a senior. Raises NotYours, Ended, ConversationNotThere."""
        found = await self.floor.seen(staff, conversation)
        if found.state is ConversationState.ENDED:
            raise Ended
        if found.owner != staff.staff and staff.role not in ABOVE:
            raise NotYours
        return found

    async def receiver(self, staff: Staff, to: StaffId) -> None:
        """Make sure that somebody answers conversations, and is at work now. Raises NotAllowed, ReceiverGone."""
        members = await self.floor.members.some({to})
        if not members or members[0].disabled or members[0].role not in DESK:
            raise NotAllowed
        if to == staff.staff:
            await self.here(staff)
        elif (await self.duties.of(to)).is_gone(self.clock.now()):
            raise ReceiverGone

    async def here(self, staff: Staff) -> None:
        """Whoever takes a conversation is here: else it would go back to the queue at the worker's next look."""
        now = self.clock.now()
        if (await self.duties.of(staff.staff)).is_gone(now):
            await self.duties.be(staff.staff, Presence.HERE, now)

    async def give(self, conversation: Conversation, to: StaffId, *, capacity: int | None) -> Conversation:
        """Give it to somebody, if it still is as it was. Raises TakenBy, Ended, Full."""
        now = self.clock.now()
        epoch = await self.conversations.take(conversation, to, now, capacity=capacity)
        if epoch is None:
            raise await self.lost(conversation)
        given = replace(conversation, epoch=epoch, owner=to, state=ConversationState.TAKEN, taken_at=now)
        await self.carrier.outdate(given)
        name = await self.floor.name(to)
        await self.carrier.event(given, "conversation.event.taken", to)
        await self.carrier.say(given, "conversation.joined", {"name": called(name)}, joined(given))
        if conversation.owner is not None:
            self.floor.tell(Happening.TRANSFERRED, conversation, now)
        self.floor.tell(Happening.TAKEN, given, now)
        return given

    async def release(self, conversation: Conversation, team: TeamId | None, word: str) -> Conversation:
        """Put it back into the queue, at its old place. Raises TakenBy, Ended."""
        now = self.clock.now()
        epoch = await self.conversations.put_back(conversation, team, now)
        if epoch is None:
            raise await self.lost(conversation)
        free = replace(conversation, epoch=epoch, owner=None, team=team, state=ConversationState.WAITING)
        await self.carrier.outdate(free)
        await self.carrier.event(free, word, conversation.owner)
        self.floor.tell(Happening.RETURNED, conversation, now)
        self.floor.tell(Happening.RETURNED, free, now)
        return free

    async def close(self, conversation: Conversation, ending: Ending) -> None:
        """End it and say so. Raises TakenBy, Ended."""
        now = self.clock.now()
        await self.carrier.event(conversation, f"conversation.event.{ending.value}", conversation.owner)
        epoch = await self.conversations.end(conversation, ending, now)
        if epoch is None:
            raise await self.lost(conversation)
        over = replace(conversation, epoch=epoch, state=ConversationState.ENDED)
        await self.carrier.let_go(over)
        if ending is not Ending.BLOCKED:
            await self.carrier.say(over, f"conversation.ended_by.{ending.value}", {}, BACK)
        self.floor.tell(Happening.ENDED, over, now)

    async def lost(self, conversation: Conversation) -> Exception:
        """Return why it could not be changed."""
        now = await self.conversations.get(conversation.id)
        if now.state is ConversationState.ENDED:
            return Ended()
        return TakenBy(await self.floor.name(now.owner)) if now.owner else NotYours()


@dataclass(frozen=True, slots=True)
class ClaimConversation:
    """An operator takes one that waits, and by that says to be here. Raises TakenBy, Full, Ended, ConversationNotThere."""

    transaction: Transaction
    duties: Duties
    handing: Handing
    floor: Floor

    async def __call__(self, staff: Staff, conversation: ConversationId) -> Conversation:
        async with self.transaction:
            found = await self.floor.seen(staff, conversation)
            if found.owner == staff.staff:
                return found
            if found.state is not ConversationState.WAITING:
                raise await self.handing.lost(found)
            duty = await self.duties.of(staff.staff)
            given = await self.handing.give(found, staff.staff, capacity=None if staff.role in ABOVE else duty.capacity)
            await self.handing.here(staff)
            self.floor.note(staff, Operation.CONVERSATION_TAKEN, found)
        return given


@dataclass(frozen=True, slots=True)
class AssignConversation:
    """A senior gives a conversation to somebody, whoever has it. Raises TakenBy, Ended, ReceiverGone, NotAllowed,
    ConversationNotThere.
    """

    transaction: Transaction
    handing: Handing
    floor: Floor

    async def __call__(self, staff: Staff, conversation: ConversationId, to: StaffId) -> Conversation:
        async with self.transaction:
            await self.floor.sight(staff, ABOVE)
            found = await self.floor.seen(staff, conversation)
            await self.handing.receiver(staff, to)
            given = await self.handing.give(found, to, capacity=None)
            self.floor.note(staff, Operation.CONVERSATION_HANDED_ON, found, to=str(to))
        return given


@dataclass(frozen=True, slots=True)
class TransferConversation:
    """Its operator, or a senior, hands a conversation on to a person or a group, with a note for them.

    To a group it waits at its old place. Raises LineTooLong, NotYours, TakenBy, Full, Ended, ReceiverGone, NotAllowed,
    ConversationNotThere.
    """

    transaction: Transaction
    teams: Teams
    duties: Duties
    handing: Handing
    floor: Floor
    carrier: Carrier

    async def __call__(
        self,
        staff: Staff,
        conversation: ConversationId,
        *,
        to: StaffId | None = None,
        team: TeamId | None = None,
        note: str = "",
    ) -> Conversation:
        said = worded(note, LONGEST_LINE, empty=True)
        async with self.transaction:
            found = await self.handing.held(staff, conversation)
            if said:
                await self.carrier.note(found, staff.staff, said, frozenset({to} if to else ()))
            if to is not None:
                await self.handing.receiver(staff, to)
                capacity = None if staff.role in ABOVE else (await self.duties.of(to)).capacity
                after = await self.handing.give(found, to, capacity=capacity)
            else:
                if team is not None:
                    await self.teams.get(team)
                after = await self.handing.release(found, team, "conversation.event.transferred")
            self.floor.note(
                staff, Operation.CONVERSATION_HANDED_ON, found, **{"to": str(to)} if to else {"team": str(team)}
            )
        return after


@dataclass(frozen=True, slots=True)
class ReturnToBot:
    """Its operator gives the citizen back to the bot. Raises NotYours, TakenBy, Ended, ConversationNotThere."""

    transaction: Transaction
    handing: Handing
    floor: Floor

    async def __call__(self, staff: Staff, conversation: ConversationId) -> None:
        async with self.transaction:
            found = await self.handing.held(staff, conversation)
            await self.handing.close(found, Ending.BOT)
            self.floor.note(staff, Operation.CONVERSATION_RETURNED, found)


@dataclass(frozen=True, slots=True)
class EndConversation:
    """Its operator ends it, or a senior. Raises NotYours, TakenBy, Ended, ConversationNotThere."""

    transaction: Transaction
    handing: Handing
    floor: Floor

    async def __call__(self, staff: Staff, conversation: ConversationId) -> None:
        async with self.transaction:
            found = await self.handing.held(staff, conversation)
            await self.handing.close(found, Ending.OPERATOR)
            self.floor.note(staff, Operation.CONVERSATION_ENDED, found, by="operator")
