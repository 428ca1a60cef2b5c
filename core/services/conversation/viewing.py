"""One conversation as its operator sees it: the lines, and the files in them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.domain.actor import Staff
from core.domain.audit import Operation
from core.domain.conversation import (
    Attached,
    Conversation,
    ConversationNotThere,
    ConversationState,
    DeskEvents,
    Drafts,
    Line,
    LineKind,
    Lines,
)
from core.domain.ids import ConversationId
from core.domain.ticket import Tickets
from core.ports import Clock, Transaction
from core.services.conversation.beside import Beside
from core.services.conversation.floor import Floor
from core.services.conversation.queue import time_left
from core.services.conversation.views import ConversationView

LINES_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ViewConversation:
    """An operator opens a conversation: its last lines after a number (and before another), and who it is with.

    What the citizen showed of the record is seen by whoever has the conversation, until it ends or consent is withdrawn.
    Raises ConversationNotThere.
    """

    transaction: Transaction
    lines: Lines
    tickets: Tickets
    drafts: Drafts
    events: DeskEvents
    beside: Beside
    floor: Floor
    clock: Clock

    async def __call__(
        self, staff: Staff, conversation: ConversationId, *, after: int = 0, before: int | None = None
    ) -> ConversationView:
        async with self.transaction.looking():
            # Before what it tells of is read: what comes meanwhile is heard of, not missed.
            event = await self.events.last()
            sight = await self.floor.sight(staff)
            found = await self.floor.conversations.seen(sight, conversation)
            tickets = await self.tickets.open_of(found.account) if found.account is not None else ()
            person = await self.beside.person(found)
            lines = await self.lines.of(found.id, after, LINES_AT_ONCE, before=before)
            concerned = {each.author for each in lines} | {found.owner}
            concerned |= {mentioned for each in lines for mentioned in each.mentions}
            view = ConversationView(
                conversation=found,
                lines=_shown(lines, shared=_is_held(found, staff) and not person.withdrawn),
                person=person,
                tickets=[each for each in tickets if sight.reaches(each.team, each.owner)],
                draft=await self.drafts.of(found, staff.staff),
                names=await self.floor.names(concerned),
                blocked=person.blocked,
                left=time_left(found, self.clock.now()),
                mine=found.owner == staff.staff,
                event=event,
            )
            self.floor.note(staff, Operation.CONVERSATION_VIEWED, found)
        return view


@dataclass(frozen=True, slots=True)
class OpenLineFile:
    """An operator opens the file of a line. Raises ConversationNotThere."""

    transaction: Transaction
    lines: Lines
    beside: Beside
    floor: Floor

    async def __call__(self, staff: Staff, conversation: ConversationId, line: int) -> tuple[Attached, bytes]:
        async with self.transaction.looking():
            found = await self.floor.seen(staff, conversation)
            told = await self.lines.at(found.id, line)
            if told is None or told.file is None or await self._hidden(staff, found, told):
                raise ConversationNotThere
            content = await self.lines.content(told)
            self.floor.note(staff, Operation.CONVERSATION_FILE_OPENED, found, line=str(line))
        return told.file, content

    async def _hidden(self, staff: Staff, conversation: Conversation, line: Line) -> bool:
        if line.kind is not LineKind.SHARED:
            return False
        return not _is_held(conversation, staff) or await self.beside.withdrawn(conversation)


def _is_held(conversation: Conversation, staff: Staff) -> bool:
    return conversation.state is ConversationState.TAKEN and conversation.owner == staff.staff


def _shown(lines: Sequence[Line], *, shared: bool) -> list[Line]:
    if shared:
        return list(lines)
    return [replace(each, text="", earlier=()) if each.kind is LineKind.SHARED else each for each in lines]
