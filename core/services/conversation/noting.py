"""What operators keep beside a conversation: notes, drafts, tags, how far they have read, that they are writing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from core.domain.actor import NotAllowed, Staff
from core.domain.audit import Operation
from core.domain.conversation import LONGEST_LINE, Conversation, Conversations, Drafts, Happening, Line
from core.domain.ids import ConversationId, StaffId, TicketId
from core.domain.ticket import Tickets
from core.ports import Bell, Clock, Transaction
from core.services.audit import Sparing
from core.services.conversation.answering import worded
from core.services.conversation.floor import Carrier, Floor

MOST_TAGS, LONGEST_TAG = 10, 32
LONGEST_DRAFT = 10_000
NOTED_EVERY = timedelta(minutes=10)
"""So often a draft and a mark of reading are written down: they come at every stop of the typing and at every line."""


@dataclass(frozen=True, slots=True)
class WriteNote:
    """A note that staff alone see; those mentioned are told.

    Raises KeyTaken, NothingSaid, LineTooLong, Ended, ConversationNotThere.
    """

    transaction: Transaction
    floor: Floor
    carrier: Carrier
    clock: Clock

    async def __call__(
        self,
        staff: Staff,
        conversation: ConversationId,
        text: str,
        mentions: Collection[StaffId] = (),
        key: str | None = None,
    ) -> Line:
        said = worded(text, LONGEST_LINE)
        async with self.transaction:
            found = await self.floor.seen(staff, conversation)
            there = frozenset(await self.floor.names(mentions))
            line = await self.carrier.note(found, staff.staff, said, there, key)
            self.floor.note(staff, Operation.CONVERSATION_NOTED, found, line=str(line.number))
            self.floor.tell(Happening.LINE, found, self.clock.now(), line.number)
            await self.floor.call(there, found, self.clock.now(), line.number)
        return line


@dataclass(frozen=True, slots=True)
class MarkRead:
    """Its operator has read up to a line. From others nothing."""

    transaction: Transaction
    conversations: Conversations
    floor: Floor
    sparing: Sparing
    clock: Clock

    async def __call__(self, staff: Staff, conversation: ConversationId, line: int) -> None:
        async with self.transaction:
            found = await self.floor.seen(staff, conversation)
            if found.owner == staff.staff and await self.conversations.mark_read(found.id, line):
                await _note(self.sparing, staff, Operation.CONVERSATION_READ, found)
                self.floor.tell(Happening.CHANGED, found, self.clock.now())


@dataclass(frozen=True, slots=True)
class KeepDraft:
    """What somebody has begun to write; empty forgets it. Raises NotAllowed for one that could never be sent."""

    transaction: Transaction
    drafts: Drafts
    floor: Floor
    sparing: Sparing
    clock: Clock

    async def __call__(self, staff: Staff, conversation: ConversationId, text: str) -> None:
        if len(text) > LONGEST_DRAFT:
            raise NotAllowed
        async with self.transaction:
            found = await self.floor.seen(staff, conversation)
            await self.drafts.keep(found, staff.staff, text, self.clock.now())
            await _note(self.sparing, staff, Operation.CONVERSATION_DRAFTED, found)


@dataclass(frozen=True, slots=True)
class ShowTyping:
    """Somebody writes in it: colleagues see it, and of its operator the citizen does, unless it is a note.

    The other way round nothing is shown: Telegram does not tell a bot that a person writes.
    """

    transaction: Transaction
    floor: Floor
    bell: Bell

    async def __call__(self, staff: Staff, conversation: ConversationId, *, note: bool = False) -> None:
        async with self.transaction.looking():
            found = await self.floor.seen(staff, conversation)
        word = "typing" if found.owner == staff.staff and not note else "noting"
        await self.bell.ring(f"{word} {found.id} {staff.staff} {found.team or '-'} {found.owner or '-'}")


@dataclass(frozen=True, slots=True)
class TagConversation:
    """Give it tags, in place of those it had. Raises NotAllowed for more or longer ones than are kept."""

    transaction: Transaction
    conversations: Conversations
    floor: Floor
    clock: Clock

    async def __call__(self, staff: Staff, conversation: ConversationId, tags: Collection[str]) -> None:
        kept = frozenset(" ".join(tag.split()).casefold() for tag in tags) - {""}
        if len(kept) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in kept):
            raise NotAllowed
        async with self.transaction:
            found = await self.floor.seen(staff, conversation)
            await self.conversations.tag(found.id, kept)
            self.floor.note(staff, Operation.CONVERSATION_CHANGED, found, what="tags")
            self.floor.tell(Happening.CHANGED, found, self.clock.now())


@dataclass(frozen=True, slots=True)
class LinkTicket:
    """Say which ticket it belongs to. Raises TicketNotThere, ConversationNotThere."""

    transaction: Transaction
    conversations: Conversations
    tickets: Tickets
    floor: Floor
    clock: Clock

    async def __call__(self, staff: Staff, conversation: ConversationId, ticket: TicketId) -> None:
        async with self.transaction:
            found = await self.floor.seen(staff, conversation)
            there = await self.tickets.at_desk(await self.floor.sight(staff), ticket)
            if there.account != found.account:
                raise NotAllowed
            await self.conversations.link(found.id, ticket)
            self.floor.note(staff, Operation.CONVERSATION_CHANGED, found, what="ticket")
            self.floor.tell(Happening.CHANGED, found, self.clock.now())


async def _note(sparing: Sparing, staff: Staff, operation: Operation, conversation: Conversation) -> None:
    await sparing.once(NOTED_EVERY, staff, operation, conversation.account, conversation=str(conversation.id))
