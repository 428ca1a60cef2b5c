"""Where requests are kept, and who sees which of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.domain.actor import Citizen
from core.domain.conversation import Sight
from core.domain.ids import AccountId, RemarkId, StaffId, TeamId, TicketId
from core.domain.support import SupportTopic
from core.domain.ticket.entity import Attachment, Remark, Ticket
from core.domain.ticket.states import TicketState

OPEN = frozenset({TicketState.IN_WORK, TicketState.WAITING})
OPEN_AT_MOST = 5
"""So many requests of one person wait at once."""
SENT_A_DAY = 10
"""So many one person sends within 24 hours, closed ones included."""
REOPENED_A_DAY = 5
"""So often one request is opened again within 24 hours."""
REMARKS_AT_ONCE = 50
"""So many are opened to be shown."""
MOST_REMARKS = 300
"""So long a request takes more of its citizen; the desk can still answer."""


@dataclass(frozen=True, slots=True)
class TicketFilter:
    """What is listed. Empty: everything. `unowned`: nobody has taken it."""

    states: frozenset[TicketState] = OPEN
    topics: frozenset[SupportTopic] = frozenset()
    owner: StaffId | None = None
    unowned: bool = False
    team: TeamId | None = None
    language: str | None = None
    tag: str | None = None
    account: AccountId | None = None


@dataclass(frozen=True, slots=True)
class Portion:
    """A part of what was said. `earlier`: something was said before it. `until`: when the next part begins, None for the last."""

    remarks: Sequence[Remark]
    earlier: bool = False
    until: datetime | None = None

    def covers(self, moment: datetime) -> bool:
        """Whether something of that moment stands in it."""
        begun = not self.earlier or not self.remarks or self.remarks[0].at <= moment
        return begun and (self.until is None or moment < self.until)


class Tickets(Protocol):
    """The requests, their remarks and files. What belongs to somebody else is not there."""

    async def draft_of(self, citizen: Citizen) -> Ticket | None: ...

    async def begin(self, ticket: Ticket) -> None:
        """Store a draft; `account.WrongMove` when there is one."""
        ...

    async def drop(self, ticket: Ticket) -> None:
        """Remove a draft with its files."""
        ...

    async def of(self, citizen: Citizen, limit: int, offset: int = 0) -> Sequence[Ticket]:
        """Return what was sent, what changed last first."""
        ...

    async def count_of(self, citizen: Citizen) -> int: ...

    async def hold(self, account: AccountId) -> None:
        """Nobody else counts or adds a request of this account before the transaction ends."""
        ...

    async def open_of(self, account: AccountId) -> Sequence[Ticket]:
        """Return what waits, for staff too."""
        ...

    async def sent_since(self, account: AccountId, moment: datetime) -> int:
        """Count what was sent since then, whatever became of it."""
        ...

    async def own(self, citizen: Citizen, ticket: TicketId, *, hold: bool = False) -> Ticket:
        """Return one that was sent. `hold`: nobody changes it before the transaction ends. Raises TicketNotThere."""
        ...

    async def own_numbered(self, citizen: Citizen, number: str) -> Ticket | None: ...

    async def at_desk(self, sight: Sight, ticket: TicketId, *, hold: bool = False) -> Ticket:
        """Return one that a member of staff sees; never a draft. Raises TicketNotThere."""
        ...

    async def listed(self, sight: Sight, narrowed: TicketFilter, after: str | None, limit: int) -> Sequence[Ticket]:
        """Return by urgency, then what is due first, then the newest. `after` is a `place_of`. Raises BadCursor."""
        ...

    async def newest(self, sight: Sight, after: TicketId | None, limit: int) -> Sequence[Ticket]:
        """Return whatever they see, the newest first, older than `after`."""
        ...

    async def merged_into(self, ticket: TicketId) -> Sequence[Ticket]:
        """Return those that lead to it, over others as well."""
        ...

    async def number_of(self, ticket: TicketId) -> str:
        """Return what it is called, and nothing else of it: for whoever sees one that went into it. Raises TicketNotThere."""
        ...

    async def linked(self, sight: Sight, ticket: TicketId) -> Sequence[Ticket]: ...

    async def link(self, one: TicketId, other: TicketId) -> None:
        """Twice is once, and the order says nothing."""
        ...

    async def save(self, ticket: Ticket) -> Ticket:
        """Store what changed; `account.WrongMove` when it changed since it was read."""
        ...

    async def next_number(self, year: int) -> int:
        """Count one more, in the open transaction."""
        ...

    async def say(self, remark: Remark) -> None: ...

    async def said(self, ticket: TicketId, key: str) -> Remark | None:
        """Return what a call with this key has written already."""
        ...

    async def remarks(self, tickets: Collection[TicketId]) -> Sequence[Remark]:
        """Return what was said in them, in order."""
        ...

    async def portion(self, tickets: Collection[TicketId], back: int, *, notes: bool) -> Portion:
        """Return the last REMARKS_AT_ONCE of what was said in them, in order; or those so many portions before."""
        ...

    async def weight(self, ticket: TicketId) -> tuple[int, int]:
        """Count the files of all its remarks, and their bytes."""
        ...

    async def attach(self, remark: Remark, file: Attachment, content: bytes) -> None:
        """Store a file behind those that the remark has, encrypted under a key of its own."""
        ...

    async def of_remark(self, remark: RemarkId) -> TicketId:
        """Return which request it was said in, and nothing of it: who may see that is asked next. Raises TicketNotThere."""
        ...

    async def content(self, remark: RemarkId, place: int) -> tuple[Attachment, bytes]:
        """Return a file, opened: that it may be seen was asked before. Raises TicketNotThere."""
        ...


class TicketWords(Protocol):
    """What people wrote in requests, found by words while it is sealed."""

    async def search(
        self, sight: Sight, words: str, after: TicketId | None, limit: int
    ) -> tuple[Sequence[Ticket], TicketId | None]:
        """Return those seen that say all of the words in whatever form, or have the number; the newest first, older than `after`.

        With them, where the next page begins; None after the last.
        """
        ...

    async def index(self, limit: int) -> int:
        """Index so many anew that were changed since; returns how many. Until then they are found by being opened."""
        ...


def place_of(ticket: Ticket) -> str:
    """Return where a ticket stands in `listed`."""
    due_at = ticket.due_at.isoformat() if ticket.due_at else ""
    return f"{ticket.urgency.value}~{due_at}~{ticket.id}"
