"""A citizen calls an operator, looks how long it will take, leaves, and says how it was."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median

from core.domain.actor import Citizen, NotAllowed, Visitor
from core.domain.audit import Operation
from core.domain.chat import Chats
from core.domain.conversation import (
    LONGEST_LINE,
    Conversation,
    ConversationNotThere,
    Conversations,
    ConversationState,
    Ended,
    Happening,
    Lines,
    NewLine,
    OutsideHours,
    Side,
    called,
)
from core.domain.ids import ChatId, ConversationId, new_id
from core.domain.sla import Sla, Work
from core.domain.support import SupportTopic, Urgency
from core.domain.team import Duties
from core.domain.worktime import NeverOpen, Worktimes
from core.ports import Clock, Transaction
from core.services.conversation.floor import Carrier, Floor
from core.services.conversation.parting import Parting, is_theirs
from core.services.conversation.views import QueuePlace

LAST_WAITS, WAITS_OF = 20, timedelta(hours=4)
MOST_STARS = 5


@dataclass(frozen=True, slots=True)
class Waiting:
    """Tells how long it takes, in the open transaction of whoever uses it."""

    conversations: Conversations
    duties: Duties
    floor: Floor
    clock: Clock

    async def place(self, conversation: Conversation) -> QueuePlace:
        """Return where one conversation stands."""
        return (await self.places([conversation]))[conversation.chat]

    async def places(self, wanted: Sequence[Conversation]) -> Mapping[ChatId, QueuePlace]:
        """Return where each stands. A fair time: what the last ones waited, by the places before, by those who answer."""
        waiting = {each.id for each in wanted if each.state is ConversationState.WAITING}
        queue = await self.conversations.places(waiting) if waiting else {}
        one = await self._one() if waiting else None
        names = await self.floor.names({each.owner for each in wanted})
        found = {}
        for each in wanted:
            place = queue.get(each.id, 0)
            name = names.get(each.owner, "") if each.owner else ""
            wait = one * place if one is not None and place else None
            found[each.chat] = QueuePlace(
                each.id,
                each.state,
                place,
                wait=wait,
                operator=called(name) or None,
                answers_by=each.promised_at,
                urgent=each.urgency is Urgency.URGENT,
            )
        return found

    async def _one(self) -> timedelta | None:
        """Return how long one place takes; None when nobody can say."""
        now = self.clock.now()
        waits = [each.total_seconds() for each in await self.conversations.waits(now - WAITS_OF, LAST_WAITS)]
        here = sum(duty.is_here(now) for duty in await self.duties.all())
        return timedelta(seconds=median(waits) / here) if waits and here else None


@dataclass(frozen=True, slots=True)
class CallOperator:
    """A citizen asks for a person: `bot` is what was said before, `doing` the place they were at.

    A call while one is open returns its place; what it says, and that it is urgent, counts all the same. One that is left open
    of whoever was signed in here before ends.
    Raises OutsideHours: a request can be left then.
    """

    transaction: Transaction
    conversations: Conversations
    lines: Lines
    chats: Chats
    worktimes: Worktimes
    sla: Sla
    waiting: Waiting
    parting: Parting
    floor: Floor
    carrier: Carrier
    clock: Clock

    async def __call__(
        self,
        actor: Visitor | Citizen,
        *,
        topic: SupportTopic = SupportTopic.OTHER,
        words: str = "",
        doing: str = "menu",
        urgent: bool = False,
        bot: Sequence[tuple[Side, str]] = (),
    ) -> QueuePlace:
        async with self.transaction:
            before = await self.conversations.of_chat(actor.chat)
            if before is not None and not is_theirs(before, actor):
                await self.parting.leave(actor, actor.chat)
            elif before is not None:
                return await self.waiting.place(await self._again(before, words, urgent=urgent))
            now = self.clock.now()
            conversation = await self._new(actor, topic, doing, urgent=urgent, now=now)
            if not await self.conversations.open(conversation):
                raise Ended
            for side, text in bot:
                said = self.carrier.blank(conversation, Side.CITIZEN if side is Side.CITIZEN else Side.BOT, text)
                await self.lines.append(NewLine(replace(said, text=text[:LONGEST_LINE])))
            if words.strip():
                said = self.carrier.blank(conversation, Side.CITIZEN, words.strip()[:LONGEST_LINE])
                await self.lines.append(NewLine(said))
            self.floor.note(actor, Operation.CONVERSATION_ASKED, conversation, topic=topic.value)
            self.floor.tell(Happening.ASKED, conversation, now)
            return await self.waiting.place(conversation)

    async def _again(self, before: Conversation, words: str, *, urgent: bool) -> Conversation:
        """What is said in calling once more goes into the open one; words of distress move it to the head of the queue."""
        now = self.clock.now()
        if words.strip():
            said = self.carrier.blank(before, Side.CITIZEN, words.strip()[:LONGEST_LINE])
            line = await self.lines.append(NewLine(said))
            self.floor.tell(Happening.LINE, before, now, line.number)
        if not urgent or not await self.conversations.hurry(before.id, Urgency.URGENT):
            return before
        self.floor.tell(Happening.CHANGED, before, now)
        return replace(before, urgency=Urgency.URGENT)

    async def _new(
        self, actor: Visitor | Citizen, topic: SupportTopic, doing: str, *, urgent: bool, now: datetime
    ) -> Conversation:
        hours = await self.worktimes.current()
        try:
            opens_at = hours.opens_at(now)
            promised_at = (await self.sla.limits()).due(Work.CONVERSATION, hours, now)
        except NeverOpen:
            raise OutsideHours(now) from None
        if opens_at > now:
            raise OutsideHours(opens_at)
        chat = await self.chats.meet(actor.chat, "ru", now)
        return Conversation(
            ConversationId(new_id(now)),
            actor.chat,
            actor.account if isinstance(actor, Citizen) else None,
            chat.language,
            topic,
            Urgency.URGENT if urgent else Urgency.NORMAL,
            ConversationState.WAITING,
            now,
            waits_since=now,
            promised_at=promised_at,
            doing=doing,
        )


@dataclass(frozen=True, slots=True)
class ViewQueuePlace:
    """The citizen looks where their conversation stands; None when there is none."""

    transaction: Transaction
    conversations: Conversations
    waiting: Waiting

    async def __call__(self, actor: Visitor | Citizen) -> QueuePlace | None:
        async with self.transaction.looking():
            found = await self.conversations.of_chat(actor.chat)
            return await self.waiting.place(found) if found is not None and is_theirs(found, actor) else None


@dataclass(frozen=True, slots=True)
class WatchPlaces:
    """The bot looks where the conversations of several chats stand, to keep what it shows up."""

    transaction: Transaction
    conversations: Conversations
    waiting: Waiting

    async def __call__(self, chats: Collection[ChatId]) -> Mapping[ChatId, QueuePlace]:
        async with self.transaction.looking():
            return await self.waiting.places(await self.conversations.of_chats(chats))


@dataclass(frozen=True, slots=True)
class LeaveConversation:
    """The citizen ends it. What the operator has not sent by then does not come any more. Nothing where there is none."""

    transaction: Transaction
    conversations: Conversations
    parting: Parting

    async def __call__(self, actor: Visitor | Citizen) -> None:
        async with self.transaction:
            found = await self.conversations.of_chat(actor.chat)
            word = "left" if found is not None and is_theirs(found, actor) else "signed_out"
            await self.parting.leave(actor, actor.chat, word)


@dataclass(frozen=True, slots=True)
class RateConversation:
    """The citizen says how the last one was, from 1 to 5. Raises ConversationNotThere, NotAllowed."""

    transaction: Transaction
    conversations: Conversations
    floor: Floor
    clock: Clock

    async def __call__(self, actor: Visitor | Citizen, stars: int) -> None:
        if not 1 <= stars <= MOST_STARS:
            raise NotAllowed
        async with self.transaction:
            found = await self.conversations.latest_of(actor.chat)
            if found is None or not _is_over(found, actor):
                raise ConversationNotThere
            await self.conversations.rate(found.id, stars)
            self.floor.note(actor, Operation.CONVERSATION_RATED, found, stars=str(stars))
            self.floor.tell(Happening.CHANGED, found, self.clock.now())


@dataclass(frozen=True, slots=True)
class MayRate:
    """Whether the last conversation is over, was answered by somebody, and was not rated yet: only then it is asked about."""

    transaction: Transaction
    conversations: Conversations

    async def __call__(self, actor: Visitor | Citizen) -> bool:
        async with self.transaction.looking():
            found = await self.conversations.latest_of(actor.chat)
        return found is not None and _is_over(found, actor) and found.rating is None


def _is_over(conversation: Conversation, actor: Visitor | Citizen) -> bool:
    """Whether it was this person's, somebody answered it, and it has ended."""
    ended = conversation.state is ConversationState.ENDED and conversation.taken_at is not None
    return ended and is_theirs(conversation, actor)
