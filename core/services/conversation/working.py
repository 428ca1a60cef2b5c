"""What the worker looks after: waiting conversations find somebody, abandoned ones come back, silent ones end."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.domain.actor import Role, Staff, System
from core.domain.audit import AuditLog, Operation
from core.domain.conversation import (
    Assigning,
    Conversation,
    ConversationNotThere,
    Conversations,
    DeskSettings,
    Ended,
    Ending,
    Full,
    NotYours,
    TakenBy,
)
from core.domain.ids import ConversationId, StaffId
from core.domain.team import Duties, Duty
from core.ports import ChatNotes, Clock, Later, Messenger, Refused, Transaction, Unavailable, Uncertain
from core.services.conversation.floor import DESK, Carrier, Floor
from core.services.conversation.owning import Handing

SILENT = timedelta(hours=24)
"""A conversation in which nobody has said anything for so long is over."""
BLOCKED = timedelta(hours=1)
"""So long after the person has blocked the bot nobody waits for them any more."""
AT_ONCE = 50
TYPING_S = 4.0
"""Telegram shows it for some five seconds."""
WORKER = System("worker")
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class AssignWaiting:
    """Give the first that waits to whoever is here, in turn or by skill, where an administrator has switched that on.

    Returns how many: one or none, so that each is a transaction of its own.
    """

    transaction: Transaction
    conversations: Conversations
    settings: DeskSettings
    duties: Duties
    handing: Handing
    floor: Floor
    clock: Clock

    async def __call__(self) -> int:
        async with self.transaction:
            how = await self.settings.assigning()
            if how is Assigning.BY_HAND:
                return 0
            now = self.clock.now()
            here = [duty for duty in await self.duties.all() if duty.is_here(now)]
            loads = await self.conversations.loads() if here else {}
            free = [duty for duty in here if loads.get(duty.staff, 0) < duty.capacity]
            for conversation in await self.conversations.waiting() if free else ():
                duty = _next(conversation, free, by_skill=how is Assigning.BY_SKILL)
                if duty is not None:
                    return await self._give(conversation, duty)
        return 0

    async def _give(self, conversation: Conversation, duty: Duty) -> int:
        try:
            await self.handing.give(conversation, duty.staff, capacity=duty.capacity)
        except (TakenBy, NotYours, Ended, Full):
            # Somebody was faster: the next round looks anew.
            return 0
        await self.duties.gave(duty.staff, self.clock.now())
        self.floor.note(WORKER, Operation.CONVERSATION_TAKEN, conversation, to=str(duty.staff))
        return 1


@dataclass(frozen=True, slots=True)
class ReturnAbandoned:
    """What an operator has who went away waits again, at its old place; the citizen is told once. Returns how many: one or none."""

    transaction: Transaction
    conversations: Conversations
    duties: Duties
    handing: Handing
    floor: Floor
    carrier: Carrier
    clock: Clock

    async def __call__(self) -> int:
        async with self.transaction:
            taken = await self.conversations.open_ones()
            owners: set[StaffId] = {each.owner for each in taken if each.owner is not None}
            duties = await self.duties.of_many(owners) if owners else {}
            now = self.clock.now()
            for each in taken:
                duty = duties.get(each.owner) if each.owner else None
                if duty is not None and not duty.is_gone(now):
                    continue
                try:
                    free = await self.handing.release(each, each.team, "conversation.event.abandoned")
                except (TakenBy, NotYours, Ended):
                    continue
                await self.carrier.say(free, "conversation.operator_gone", {})
                self.floor.note(WORKER, Operation.CONVERSATION_RETURNED, each)
                return 1
        return 0


@dataclass(frozen=True, slots=True)
class EndSilent:
    """End what nobody has said anything in for long, and where the citizen has blocked the bot. Returns how many: one or none."""

    transaction: Transaction
    conversations: Conversations
    handing: Handing
    floor: Floor
    clock: Clock

    async def __call__(self) -> int:
        async with self.transaction:
            now = self.clock.now()
            blocked = await self.conversations.blocked(now - BLOCKED, AT_ONCE)
            silent = await self.conversations.silent(now - SILENT, AT_ONCE)
            return await self._end(blocked, Ending.BLOCKED) or await self._end(silent, Ending.SILENCE)

    async def _end(self, some: Sequence[Conversation], ending: Ending) -> int:
        for each in some:
            await self.handing.close(each, ending)
            self.floor.note(WORKER, Operation.CONVERSATION_ENDED, each, by=ending.value)
            return 1
        return 0


@dataclass(frozen=True, slots=True)
class PassTyping:
    """Show the citizen that their operator writes, every few seconds at most. Costs nobody an error."""

    transaction: Transaction
    conversations: Conversations
    messenger: Messenger
    notes: ChatNotes

    async def __call__(self, conversation: ConversationId, staff: StaffId) -> None:
        async with self.transaction.looking():
            try:
                found = await self.conversations.get(conversation)
            except ConversationNotThere:
                return
        if found.owner != staff or not await self.notes.first(found.chat, "typing", TYPING_S):
            return
        with suppress(Refused, Later, Unavailable, Uncertain):
            await self.messenger.typing(found.chat)


@dataclass(frozen=True, slots=True)
class ViewAssignment:
    """How waiting conversations find their operators."""

    transaction: Transaction
    settings: DeskSettings
    floor: Floor
    audit: AuditLog

    async def __call__(self, staff: Staff) -> Assigning:
        async with self.transaction.looking():
            await self.floor.sight(staff, DESK)
            self.audit.record(staff, Operation.ASSIGNMENT_VIEWED)
            return await self.settings.assigning()


@dataclass(frozen=True, slots=True)
class SetAssignment:
    """An administrator decides how. Raises NotAllowed."""

    transaction: Transaction
    settings: DeskSettings
    floor: Floor
    audit: AuditLog

    async def __call__(self, staff: Staff, how: Assigning) -> None:
        async with self.transaction:
            await self.floor.sight(staff, (Role.ADMINISTRATOR,))
            await self.settings.assign(how)
            self.audit.record(staff, Operation.ASSIGNMENT_CHANGED, how=how.value)


def _next(conversation: Conversation, free: Sequence[Duty], *, by_skill: bool) -> Duty | None:
    """Return who is given it: of those who may see it and speak its language, whoever was given something longest ago."""
    fitting = [
        duty
        for duty in free
        if conversation.team in {None, duty.team}
        and conversation.language in duty.languages
        and (not by_skill or conversation.topic in duty.skills)
    ]
    return min(fitting, key=lambda duty: (duty.last_given_at or LONG_AGO, str(duty.staff)), default=None)
