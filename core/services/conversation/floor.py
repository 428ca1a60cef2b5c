"""What every use case at the desk asks first: who may see what, and how the desk, the journal and the citizen are told."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.actor import Actor, Role, Staff
from core.domain.audit import AuditLog, Operation
from core.domain.conversation import (
    Conversation,
    Conversations,
    DeskEvent,
    DeskEvents,
    Happening,
    Line,
    LineKind,
    Lines,
    NewLine,
    NotYours,
    Relays,
    Side,
    Sight,
)
from core.domain.ids import ConversationId, LineId, NotificationId, StaffId, new_id
from core.domain.notification import Button, Channel, Lane, Notification, Outbox
from core.domain.staff import StaffMembers, require_role
from core.domain.team import Duties
from core.ports import Clock

DESK = (Role.OPERATOR, Role.SENIOR, Role.ADMINISTRATOR)
ABOVE = frozenset({Role.SENIOR, Role.ADMINISTRATOR})
"""Who sees all groups, assigns to others and takes more than their share."""
LINE, EDIT, TAKE_BACK = "conversation.line", "conversation.edit", "conversation.take_back"
"""What a row of the outbox does with its line."""


@dataclass(frozen=True, slots=True)
class Floor:
    """Works inside the open transaction of whoever uses it."""

    conversations: Conversations
    duties: Duties
    members: StaffMembers
    events: DeskEvents
    audit: AuditLog

    async def sight(self, actor: Actor, roles: Collection[Role] = DESK) -> Sight:
        """Return what somebody at the desk may see. Raises NotAllowed."""
        staff = require_role(actor, *roles)
        if staff.role in ABOVE:
            return Sight(staff.staff, everything=True)
        return Sight(staff.staff, await self.duties.team_of(staff.staff))

    async def seen(self, actor: Actor, conversation: ConversationId) -> Conversation:
        """Return one that they may see. Raises NotAllowed, ConversationNotThere."""
        return await self.conversations.seen(await self.sight(actor), conversation)

    async def owned(self, actor: Actor, conversation: ConversationId, epoch: int | None = None) -> Conversation:
        """Return one that is theirs, under that epoch. Raises NotAllowed, ConversationNotThere, NotYours."""
        found = await self.seen(actor, conversation)
        if not isinstance(actor, Staff) or found.owner != actor.staff or (epoch is not None and epoch != found.epoch):
            raise NotYours
        return found

    async def names(self, staff: Collection[StaffId | None]) -> Mapping[StaffId, str]:
        """Return the names that colleagues see."""
        wanted = {each for each in staff if each is not None}
        members = await self.members.some(wanted) if wanted else []
        return {member.id: member.name or member.login for member in members}

    async def name(self, staff: StaffId | None) -> str:
        """Return one name; empty where there is nobody."""
        return (await self.names([staff])).get(staff, "") if staff is not None else ""

    def note(self, actor: Actor, operation: Operation, conversation: Conversation, **details: str) -> None:
        """Write a line in the journal, on the account whose conversation it is."""
        self.audit.record(actor, operation, conversation.account, conversation=str(conversation.id), **details)

    async def call(self, mentioned: Collection[StaffId], conversation: Conversation, now: datetime, line: int) -> None:
        """Tell those whom a note calls that it does, as far as they may see the conversation."""
        members = await self.members.some(set(mentioned)) if mentioned else []
        duties = await self.duties.of_many([member.id for member in members])
        for member in members:
            sight = Sight(member.id, duties[member.id].team, everything=member.role in ABOVE)
            if member.role in DESK and sight.reaches(conversation.team, conversation.owner):
                told = Happening.MENTIONED, now, conversation.id, line, None, member.id, conversation.team
                self.events.tell(DeskEvent(0, *told))

    def tell(self, happening: Happening, conversation: Conversation, now: datetime, line: int | None = None) -> None:
        """Tell the desk, as the conversation stands now."""
        self.events.tell(
            DeskEvent(
                0, happening, now, conversation.id, line, conversation.ticket, conversation.owner, conversation.team
            )
        )


@dataclass(frozen=True, slots=True)
class Carrier:
    """Puts lines into a conversation, and what the citizen is to read into the outbox."""

    lines: Lines
    relays: Relays
    outbox: Outbox
    events: DeskEvents
    clock: Clock

    def blank(self, conversation: Conversation, side: Side, text: str, *, kind: LineKind = LineKind.TEXT) -> Line:
        """Return a line that is still without a number."""
        now = self.clock.now()
        return Line(LineId(new_id(now)), conversation.id, 0, side, kind, now, text=text, epoch=conversation.epoch)

    async def event(self, conversation: Conversation, word: str, author: StaffId | None = None) -> Line:
        """Write down what happened: `word` is the key of its words."""
        line = replace(self.blank(conversation, Side.EVENT, word, kind=LineKind.EVENT), author=author)
        return await self.lines.append(NewLine(line))

    async def note(
        self,
        conversation: Conversation,
        author: StaffId,
        text: str,
        mentions: frozenset[StaffId],
        key: str | None = None,
    ) -> Line:
        """Write a note that staff alone see."""
        line = replace(self.blank(conversation, Side.NOTE, text), author=author, mentions=mentions)
        return await self.lines.append(NewLine(line, key=key))

    async def send(
        self, conversation: Conversation, line: Line, *, key: str = LINE, buttons: Sequence[Button] = ()
    ) -> None:
        """Let a line leave, after those that were written before it; its words are read when it leaves."""
        await self._add(conversation, key, {}, line=line.id, buttons=buttons)

    async def say(
        self, conversation: Conversation, key: str, values: Mapping[str, str], buttons: Sequence[Button] = ()
    ) -> None:
        """Tell the citizen something in the product's own words, in the order of the conversation."""
        await self._add(conversation, key, values, buttons=buttons)

    async def outdate(self, conversation: Conversation) -> None:
        """Take back what waits of older epochs; the desk is told."""
        now = self.clock.now()
        for number in await self.relays.outdate(conversation.id, conversation.epoch, now):
            self.events.tell(
                DeskEvent(
                    0, Happening.DELIVERY, now, conversation.id, number, None, conversation.owner, conversation.team
                )
            )

    async def let_go(self, conversation: Conversation) -> None:
        """Let what its operator has said before they ended it leave all the same."""
        await self.relays.go_along(conversation.id, conversation.epoch)

    async def _add(
        self,
        conversation: Conversation,
        key: str,
        values: Mapping[str, str],
        *,
        line: LineId | None = None,
        buttons: Sequence[Button] = (),
    ) -> None:
        now = self.clock.now()
        await self.outbox.add(
            Notification(
                id=NotificationId(new_id(now)),
                channel=Channel.TELEGRAM,
                lane=Lane.ANSWER,
                key=key,
                language=conversation.language,
                due_at=await self.relays.turn(conversation.chat, now),
                account=conversation.account,
                chat=conversation.chat,
                values=values,
                buttons=tuple(buttons),
                urgent=True,
                line=line,
            )
        )
