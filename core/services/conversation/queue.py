"""The queue as an operator sees it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.domain.account import Accounts
from core.domain.actor import Staff
from core.domain.audit import Operation
from core.domain.chat import Chats
from core.domain.conversation import (
    Conversation,
    Conversations,
    ConversationState,
    DeskEvents,
    Line,
    LineKind,
    Lines,
    Sight,
    Sought,
)
from core.domain.ids import AccountId, ConversationId
from core.domain.sla import Sla
from core.domain.support import UNREADABLE
from core.domain.team import Duties
from core.ports import Clock, Transaction, Unreadable
from core.services.audit import Sparing
from core.services.conversation.floor import Floor
from core.services.conversation.views import QueueEntry, QueueFilter, QueuePage, Whose

PAGE, MOST = 50, 100
LISTED_EVERY = timedelta(hours=1)
EXCERPT = 140
"""Characters of what was said last: enough to know it by, the rest stands in its conversation."""


def time_left(conversation: Conversation, now: datetime) -> timedelta | None:
    """Return until when an answer was promised, from now; None where the citizen waits for none."""
    if (
        conversation.promised_at is None
        or conversation.first_answer_at is not None
        or conversation.ended_at is not None
    ):
        return None
    return conversation.promised_at - now


@dataclass(frozen=True, slots=True)
class Listing:
    """Makes entries of conversations, in the open transaction of whoever uses it."""

    accounts: Accounts
    chats: Chats
    lines: Lines
    floor: Floor
    clock: Clock

    async def entries(self, found: Sequence[Conversation], late: Collection[ConversationId]) -> list[QueueEntry]:
        """Return one entry for each; `late` are those whose limit is over."""
        ids, now = [each.id for each in found], self.clock.now()
        names = await self.floor.names({each.owner for each in found})
        people = await self.people({each.account for each in found if each.account is not None})
        last, unread = await self.lines.last(ids), await self.lines.unread(ids)
        blocked = await self.chats.blocked({each.chat for each in found})
        return [
            QueueEntry(
                each,
                people.get(each.account) if each.account else None,
                names.get(each.owner) if each.owner else None,
                _excerpt(last.get(each.id)),
                unread.get(each.id, 0),
                time_left(each, now),
                each.chat in blocked,
                each.id in late,
            )
            for each in found
        ]

    async def people(self, accounts: Collection[AccountId]) -> Mapping[AccountId, str]:
        """Return «Анна И.» for each."""
        return {each: await self._name(each) for each in accounts}

    async def _name(self, account: AccountId) -> str:
        try:
            return (await self.accounts.get(account)).first_name
        except Unreadable:
            return UNREADABLE


@dataclass(frozen=True, slots=True)
class ViewQueue:
    """An operator looks at what waits and what is under way, a page at a time, who is to be answered first first.

    The page asks anew by itself: the journal names each conversation once an hour for whoever saw it.
    """

    transaction: Transaction
    conversations: Conversations
    duties: Duties
    sla: Sla
    events: DeskEvents
    listing: Listing
    floor: Floor
    sparing: Sparing

    async def __call__(
        self, staff: Staff, *, narrowed: QueueFilter | None = None, after: str | None = None, limit: int = PAGE
    ) -> QueuePage:
        async with self.transaction.looking():
            sight = await self.floor.sight(staff)
            event = await self.events.last()
            late = frozenset(ConversationId(each) for each in await self.sla.late())
            sought = await self._sought(sight, narrowed or QueueFilter(), late)
            found, onward = await self.conversations.listed(sight, sought, after=after, limit=min(limit, MOST))
            if sought.words.strip():
                # The index knows words by halves: only what is opened tells.
                said = await self.listing.lines.saying([each.id for each in found], sought.words)
                found = [each for each in found if each.id in said]
            entries = await self.listing.entries(found, late)
            seen = await self.conversations.some(sight, late) if late else {}
            await self.sparing.shown(LISTED_EVERY, staff, Operation.CONVERSATIONS_LISTED, found)
        mine = sum(sight.everything or each.owner in {None, sight.staff} for each in seen.values())
        return QueuePage(entries, onward, event, mine)

    async def _sought(self, sight: Sight, narrowed: QueueFilter, late: frozenset[ConversationId]) -> Sought:
        sought = Sought(
            narrowed.states,
            topics=narrowed.topics,
            languages=narrowed.languages,
            team=narrowed.team,
            tag=narrowed.tag,
            words=narrowed.text,
        )
        match narrowed.whose:
            case Whose.MINE:
                sought = replace(sought, owner=sight.staff)
            case Whose.OTHERS:
                sought = replace(sought, others=sight.staff)
            case Whose.WAITING:
                sought = replace(sought, states=frozenset({ConversationState.WAITING}))
            case Whose.LATE:
                # Seniors see to everybody's, others to their own and to nobody's.
                sought = replace(sought, among=late, spare=None if sight.everything else sight.staff)
            case Whose.ALL:
                pass
        if narrowed.by_skill:
            duty = await self.duties.of(sight.staff)
            topics = duty.skills & narrowed.topics if narrowed.topics else duty.skills
            languages = duty.languages & narrowed.languages if narrowed.languages else duty.languages
            sought = replace(sought, topics=topics, languages=languages, fitting=True)
        return sought


def _excerpt(line: Line | None) -> Line | None:
    """Return what the queue shows of a line: its beginning, and nothing of what was shown of the record or said before."""
    if line is None:
        return None
    text = "" if line.kind is LineKind.SHARED else line.text
    return replace(line, text=text if len(text) <= EXCERPT else f"{text[: EXCERPT - 1]}…", earlier=())
