"""What an operator says to a citizen, and what is changed of it afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from core.domain.actor import NotAllowed, Staff
from core.domain.audit import Operation
from core.domain.conversation import (
    LARGEST_FILE,
    Conversation,
    ConversationNotThere,
    Delivery,
    FileTooLarge,
    Happening,
    Line,
    LineKind,
    Lines,
    LineTooLong,
    NewLine,
    NothingSaid,
    NotYours,
    Relays,
    Side,
    TooLate,
)
from core.domain.ids import ConversationId
from core.domain.notification import Button
from core.ports import Clock, Transaction, Wording
from core.services.conversation.floor import EDIT, TAKE_BACK, Carrier, Floor
from core.services.conversation.guarding import FileGuard

LONGEST_ANSWER, LONGEST_CAPTION = 4000, 930
"""Telegram takes 4096 and, with a file, 1024: the name of who speaks stands before them."""
CHANGED_WITHIN = timedelta(hours=48)
PICTURES = frozenset({"image/jpeg", "image/png"})
VOICES = frozenset({"audio/ogg"})
PLACES = frozenset(
    {"card", "status", "consent", "book", "appointments", "documents", "scans", "results", "visits", "vaccinations",
     "notifications", "security", "support", "tickets"}
)  # fmt: skip
"""Places of the bot that an operator can open for a citizen; each behind its own gate."""
PAPER = Button("conversation.paper_button", "paper")


@dataclass(frozen=True, slots=True)
class Speaking:
    """Puts an operator's line into a conversation and into the outbox, in the open transaction of whoever uses it."""

    lines: Lines
    floor: Floor
    carrier: Carrier
    clock: Clock

    async def say(
        self,
        staff: Staff,
        conversation: Conversation,
        new: NewLine,
        *,
        seen: int | None = None,
        buttons: Sequence[Button] = (),
    ) -> Line:
        """Say it. Raises NotYours, StaleView, Ended."""
        blank = new.line
        line = await self.lines.append(new, epoch=blank.epoch, owner=staff.staff, seen=seen)
        if line.id == blank.id:
            await self.carrier.send(conversation, line, buttons=buttons)
            self.floor.note(staff, Operation.CONVERSATION_ANSWERED, conversation, line=str(line.number))
            self.floor.tell(Happening.LINE, conversation, self.clock.now(), line.number)
        return line

    def blank(self, staff: Staff, conversation: Conversation, text: str, epoch: int) -> Line:
        """Return an operator's line that is still without a number."""
        line = self.carrier.blank(conversation, Side.OPERATOR, text)
        return replace(line, author=staff.staff, delivery=Delivery.WAITING, epoch=epoch)


@dataclass(frozen=True, slots=True)
class SayToCitizen:
    """Its operator answers. `seen` is the last line on their screen; the same `key` again is the same line.

    Raises KeyTaken, NotYours, StaleView, Ended, NothingSaid, LineTooLong, FileTooLarge, ConversationNotThere.
    """

    transaction: Transaction
    lines: Lines
    guard: FileGuard
    speaking: Speaking
    floor: Floor

    async def __call__(
        self,
        staff: Staff,
        conversation: ConversationId,
        *,
        text: str,
        epoch: int,
        seen: int,
        key: str,
        reply_to: int | None = None,
        file: tuple[str, bytes] | None = None,
    ) -> Line:
        said = worded(text, LONGEST_CAPTION if file else LONGEST_ANSWER, empty=file is not None)
        if file is not None and len(file[1]) > LARGEST_FILE:
            raise FileTooLarge
        if file is not None and not file[1]:
            raise NothingSaid
        attached, content = None, None
        if file is not None:
            async with self.transaction.looking():
                await self.floor.seen(staff, conversation)
            attached, content = await self.guard(*file)
        async with self.transaction:
            found = await self.floor.seen(staff, conversation)
            line = self.speaking.blank(staff, found, said, epoch)
            if reply_to is not None and await self.lines.at(found.id, reply_to) is not None:
                line = replace(line, reply_to=reply_to)
            if attached is not None:
                line = replace(line, kind=_kind(attached.mime), file=attached)
            return await self.speaking.say(staff, found, NewLine(line, content=content, key=key), seen=seen)


@dataclass(frozen=True, slots=True)
class AskForPaper:
    """Its operator asks for a document: a line with a button that opens the upload step."""

    transaction: Transaction
    speaking: Speaking
    floor: Floor

    async def __call__(
        self, staff: Staff, conversation: ConversationId, words: str, epoch: int, key: str | None = None
    ) -> Line:
        said = worded(words, LONGEST_ANSWER)
        async with self.transaction:
            found = await self.floor.seen(staff, conversation)
            line = self.speaking.blank(staff, found, said, epoch)
            return await self.speaking.say(staff, found, NewLine(line, key=key), buttons=(PAPER,))


@dataclass(frozen=True, slots=True)
class OpenStep:
    """Its operator opens a place of the bot for the citizen: a line with a button. Raises NotAllowed for an unknown place."""

    transaction: Transaction
    wording: Wording
    speaking: Speaking
    floor: Floor

    async def __call__(
        self, staff: Staff, conversation: ConversationId, place: str, epoch: int, key: str | None = None
    ) -> Line:
        if place not in PLACES:
            raise NotAllowed
        async with self.transaction:
            found = await self.floor.seen(staff, conversation)
            label = f"conversation.step.{place}"
            name = self.wording.say(label, found.language, {})
            said = self.wording.say("conversation.step", found.language, {"place": name})
            line = self.speaking.blank(staff, found, said, epoch)
            return await self.speaking.say(
                staff, found, NewLine(line, key=key), buttons=(Button(label, f"step/{place}"),)
            )


@dataclass(frozen=True, slots=True)
class EditLine:
    """Its operator changes what they said, within 48 hours: before it left unseen, afterwards in the citizen's chat.

    Raises NotYours, TooLate, NothingSaid, LineTooLong, ConversationNotThere, WrongMove.
    """

    transaction: Transaction
    lines: Lines
    relays: Relays
    floor: Floor
    carrier: Carrier
    clock: Clock

    async def __call__(self, staff: Staff, conversation: ConversationId, line: int, text: str, epoch: int) -> Line:
        async with self.transaction:
            found = await self.floor.owned(staff, conversation, epoch)
            before = own(staff, await self.lines.at(found.id, line))
            said = worded(text, LONGEST_CAPTION if before.file else LONGEST_ANSWER, empty=before.file is not None)
            now = self.clock.now()
            if now - before.at > CHANGED_WITHIN or before.gone_at is not None:
                raise TooLate
            if said == before.text:
                return before
            unsent = await self.relays.touch(before.id)
            changed = await self.lines.reword(before, said, now)
            if not unsent:
                await self.carrier.send(found, changed, key=EDIT)
            self.floor.note(staff, Operation.CONVERSATION_EDITED, found, line=str(line))
            self.floor.tell(Happening.EDITED, found, now, line)
        return changed


@dataclass(frozen=True, slots=True)
class TakeBackLine:
    """Its operator takes back what they said, within 48 hours. Raises NotYours, TooLate, ConversationNotThere."""

    transaction: Transaction
    lines: Lines
    relays: Relays
    floor: Floor
    carrier: Carrier
    clock: Clock

    async def __call__(self, staff: Staff, conversation: ConversationId, line: int, epoch: int) -> Line:
        async with self.transaction:
            found = await self.floor.owned(staff, conversation, epoch)
            before = own(staff, await self.lines.at(found.id, line))
            now = self.clock.now()
            if before.gone_at is not None:
                return before
            if now - before.at > CHANGED_WITHIN:
                raise TooLate
            unsent = await self.relays.cancel(before.id, now)
            gone = await self.lines.take_back(before, now)
            if not unsent:
                await self.carrier.send(found, gone, key=TAKE_BACK)
            self.floor.note(staff, Operation.CONVERSATION_EDITED, found, line=str(line), taken_back="yes")
            self.floor.tell(Happening.EDITED, found, now, line)
        return gone


def worded(text: str, longest: int, *, empty: bool = False) -> str:
    """Return what can be said. Raises NothingSaid, LineTooLong."""
    said = text.strip()
    if not said and not empty:
        raise NothingSaid
    # Telegram counts in UTF-16.
    if len(said.encode("utf-16-le")) // 2 > longest:
        raise LineTooLong
    return said


def own(staff: Staff, line: Line | None) -> Line:
    """Return a line that they said. Raises ConversationNotThere, NotYours."""
    if line is None:
        raise ConversationNotThere
    if line.side is not Side.OPERATOR or line.author != staff.staff:
        raise NotYours
    return line


def _kind(mime: str) -> LineKind:
    if mime in PICTURES:
        return LineKind.PHOTO
    return LineKind.VOICE if mime in VOICES else LineKind.DOCUMENT
