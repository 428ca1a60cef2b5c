"""What a citizen says to an operator, edits, and shows of the record."""

from dataclasses import dataclass, replace
from datetime import timedelta

from core.domain.account import WrongMove
from core.domain.actor import Citizen, Visitor
from core.domain.audit import Operation
from core.domain.consent import Consents, require
from core.domain.conversation import (
    LARGEST_FILE,
    LONGEST_LINE,
    MOST_BYTES,
    MOST_BYTES_A_DAY,
    MOST_EDITS,
    MOST_LINES,
    Conversation,
    Conversations,
    Ended,
    FileTooLarge,
    Happening,
    Line,
    LineKind,
    Lines,
    NewLine,
    NothingSaid,
    Side,
    TooManyBytes,
    TooMuchSaid,
)
from core.ports import Clock, Transaction
from core.services.conversation.floor import Carrier, Floor
from core.services.conversation.guarding import PLAIN, FileGuard
from core.services.conversation.parting import is_theirs
from core.services.conversation.views import Said

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SayToOperator:
    """A citizen says something. A message that was said already is the same line.

    Raises Ended, FileTooLarge, NothingSaid, and TooMuchSaid, TooManyBytes for more than is taken.
    """

    transaction: Transaction
    conversations: Conversations
    lines: Lines
    guard: FileGuard
    floor: Floor
    carrier: Carrier
    clock: Clock

    async def __call__(self, actor: Visitor | Citizen, said: Said) -> Line:
        if said.file is not None and len(said.file[2]) > LARGEST_FILE:
            raise FileTooLarge
        if not said.text.strip() and said.file is None and said.point is None:
            raise NothingSaid
        file, content, kind = None, None, said.kind
        if said.file is not None:
            async with self.transaction.looking():
                # Nobody who may not bring anything lets the inspector work.
                await _open(self.conversations, actor)
            file, content = await self.guard(said.file[0], said.file[2])
            kind = LineKind.DOCUMENT if file.mime == PLAIN else said.kind
        async with self.transaction:
            found = await _listening(self.conversations, actor)
            if said.file is not None:
                here, lately = await self.lines.weight(found, self.clock.now() - DAY)
                if here + len(said.file[2]) > MOST_BYTES or lately + len(said.file[2]) > MOST_BYTES_A_DAY:
                    raise TooManyBytes
            answered = None
            if said.reply_to_message is not None:
                answered = await self.lines.by_message(found.id, said.reply_to_message)
            line = replace(
                self.carrier.blank(found, Side.CITIZEN, said.text[:LONGEST_LINE], kind=kind),
                at=said.at,
                file=file,
                point=said.point,
                message=said.message,
                reply_to=answered.number if answered else None,
            )
            new = NewLine(line, content=content)
            line = await self.lines.append(new)
            self.floor.note(actor, Operation.CONVERSATION_SAID, found)
            self.floor.tell(Happening.LINE, found, self.clock.now(), line.number)
        return line


@dataclass(frozen=True, slots=True)
class EditSaid:
    """A citizen changed a message; what the operator read before is kept. Nothing where it is none of a line's.

    Raises Ended, TooMuchSaid for one that was changed as often as is kept.
    """

    transaction: Transaction
    conversations: Conversations
    lines: Lines
    floor: Floor
    clock: Clock

    async def __call__(self, actor: Visitor | Citizen, message: int, text: str) -> Line | None:
        async with self.transaction:
            found = await _open(self.conversations, actor)
            line = await self.lines.by_message(found.id, message)
            if line is None or line.side is not Side.CITIZEN or line.unreadable or line.text == text:
                return line
            if line.version > MOST_EDITS:
                raise TooMuchSaid
            line = await self.lines.reword(line, text[:LONGEST_LINE], self.clock.now())
            self.floor.note(actor, Operation.CONVERSATION_EDITED, found)
            self.floor.tell(Happening.EDITED, found, self.clock.now(), line.number)
        return line


@dataclass(frozen=True, slots=True)
class ShareRecord:
    """The citizen shows the operator a part of the record, for this conversation alone.

    Raises Ended, NoConsent, TooMuchSaid.
    """

    transaction: Transaction
    conversations: Conversations
    consents: Consents
    lines: Lines
    floor: Floor
    carrier: Carrier
    clock: Clock

    async def __call__(self, actor: Citizen, text: str) -> Line:
        async with self.transaction:
            found = await _listening(self.conversations, actor)
            require(await self.consents.latest(actor.account))
            if found.account != actor.account:
                raise WrongMove
            shared = self.carrier.blank(found, Side.CITIZEN, text[:LONGEST_LINE], kind=LineKind.SHARED)
            line = await self.lines.append(NewLine(shared))
            # Now that the conversation is held: whoever withdrew meanwhile has forgotten what was there, and not this.
            require(await self.consents.latest(actor.account))
            self.floor.note(actor, Operation.CONVERSATION_SHARED, found)
            self.floor.tell(Happening.LINE, found, self.clock.now(), line.number)
        return line


async def _open(conversations: Conversations, actor: Visitor | Citizen) -> Conversation:
    """Return the chat's open one. One that began under another account is none of this person's: Ended."""
    found = await conversations.of_chat(actor.chat)
    if found is None or not is_theirs(found, actor):
        raise Ended
    return found


async def _listening(conversations: Conversations, actor: Visitor | Citizen) -> Conversation:
    """The same where more can be said. Raises Ended, TooMuchSaid."""
    found = await _open(conversations, actor)
    if found.lines >= MOST_LINES:
        raise TooMuchSaid
    return found
