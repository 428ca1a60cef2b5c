"""A numbered request and what was said in it."""

from dataclasses import dataclass, field
from datetime import datetime

from core.domain.ids import AccountId, ChatId, RemarkId, StaffId, TeamId, TicketId
from core.domain.support import SupportTopic, Urgency
from core.domain.ticket.states import RemarkSide, TicketState

SHORTEST_DESCRIPTION = 10
LONGEST_DESCRIPTION = 3000
LONGEST_REMARK = 3000
MOST_FILES = 10
"""So many files one remark takes."""
MOST_OF_ALL = 50
"""So many files one request takes, the citizen's and the specialists' together."""

MOST_BYTES = 100 * 1024 * 1024
"""So many bytes of files one request takes, as they are kept, whoever brought them: twice what one remark may hold."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a remark; its bytes are read apart, by the remark's id and its place."""

    name: str = field(repr=False)
    mime: str
    size: int


@dataclass(frozen=True, slots=True)
class Remark:
    """Something said in a ticket. `text` of an EVENT is the state that it came to. `asks`: a paper is asked for by it.

    `number` counts a ticket's remarks. `mentions`: the staff that a note calls. `key` makes a repeated call one remark.
    """

    id: RemarkId
    ticket: TicketId
    side: RemarkSide
    at: datetime
    text: str = field(default="", repr=False)
    author: StaffId | None = None
    files: tuple[Attachment, ...] = ()
    asks: bool = False
    number: int = 0
    mentions: frozenset[StaffId] = frozenset()
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """A request. `number` is what people say on the telephone: `24-000123`, the year and a count without gaps to the eye; a
    draft has none.

    `earlier` is a number that the citizen named. `due_at` is when an answer was promised (renewed before it is broken);
    None while it waits for the citizen, when `left_s` holds the working seconds that are left. `last_remark` counts remarks.
    """

    id: TicketId
    number: str
    account: AccountId
    chat: ChatId | None
    language: str
    topic: SupportTopic
    state: TicketState
    opened_at: datetime
    changed_at: datetime
    description: str = field(default="", repr=False)
    earlier: str | None = None
    urgency: Urgency = Urgency.NORMAL
    due_at: datetime | None = None
    left_s: int | None = None
    first_answer_at: datetime | None = None
    closed_at: datetime | None = None
    owner: StaffId | None = None
    team: TeamId | None = None
    tags: frozenset[str] = frozenset()
    merged_into: TicketId | None = None
    rating: int | None = None
    rated: str = field(default="", repr=False)
    last_remark: int = 0
    version: int = 1
    unreadable: bool = False
    """What was sealed does not open: nothing may be written over it."""
