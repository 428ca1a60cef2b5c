"""The stream of what happens at the desk, and the search over what was said."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from core.domain.actor import Staff
from core.domain.audit import AuditLog, Operation
from core.domain.conversation import Conversations, DeskEvent, DeskEvents, Lines, Sight
from core.domain.ids import StaffId
from core.ports import Transaction
from core.services.conversation.floor import Floor
from core.services.conversation.queue import Listing
from core.services.conversation.views import FoundLine, SearchPage

EVENTS_AT_ONCE, FOUND_AT_ONCE = 500, 20
NOBODY = Sight(StaffId(UUID(int=0)), everything=True)
"""Reads for all; whoever is told of what is asked for each."""


@dataclass(frozen=True, slots=True)
class ReadEvents:
    """A member reads on in the stream, after a number: only what they may see."""

    transaction: Transaction
    events: DeskEvents
    floor: Floor

    async def __call__(self, staff: Staff, after: int, limit: int = EVENTS_AT_ONCE) -> list[DeskEvent]:
        async with self.transaction.looking():
            sight = await self.floor.sight(staff)
            return list(await self.events.after(sight, after, min(limit, EVENTS_AT_ONCE)))


@dataclass(frozen=True, slots=True)
class HearDesk:
    """A process reads on for all who listen there: `Sight.hears` tells who may be told of each."""

    transaction: Transaction
    events: DeskEvents

    async def __call__(self, after: int, limit: int = EVENTS_AT_ONCE) -> list[DeskEvent]:
        async with self.transaction.looking():
            return list(await self.events.after(NOBODY, after, min(limit, EVENTS_AT_ONCE)))


@dataclass(frozen=True, slots=True)
class SightOf:
    """What a member may see now. Raises NotAllowed."""

    transaction: Transaction
    floor: Floor

    async def __call__(self, staff: Staff) -> Sight:
        async with self.transaction.looking():
            return await self.floor.sight(staff)


@dataclass(frozen=True, slots=True)
class LastEvent:
    """The number of the last event."""

    transaction: Transaction
    events: DeskEvents

    async def __call__(self) -> int:
        async with self.transaction.looking():
            return await self.events.last()


@dataclass(frozen=True, slots=True)
class SearchConversations:
    """Look for words, in whatever form, over everything that the member may see; the latest first. Raises InvalidCursor."""

    transaction: Transaction
    conversations: Conversations
    lines: Lines
    listing: Listing
    floor: Floor
    audit: AuditLog

    async def __call__(
        self, staff: Staff, words: str, after: str | None = None, limit: int = FOUND_AT_ONCE
    ) -> SearchPage:
        async with self.transaction.looking():
            sight = await self.floor.sight(staff)
            hits, onward = await self.lines.search(sight, words, after=after, limit=min(limit, FOUND_AT_ONCE))
            there = await self.conversations.some(sight, {hit.conversation for hit in hits})
            people = await self.listing.people({each.account for each in there.values() if each.account is not None})
            found = []
            for hit in hits:
                conversation, line = there[hit.conversation], await self.lines.at(hit.conversation, hit.number)
                if line is not None:
                    name = people.get(conversation.account) if conversation.account else None
                    found.append(FoundLine(hit, conversation, line, name))
            # Whose words are shown reads in their journal who saw them; what was looked for stands nowhere.
            shown = Counter(each.conversation.account for each in found)
            for account in shown or (None,):
                self.audit.record(staff, Operation.CONVERSATIONS_SEARCHED, account, found=str(shown[account]))
        return SearchPage(found, onward)
