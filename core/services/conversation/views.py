"""What citizens and operators see of conversations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from core.domain.account import Verification
from core.domain.conversation import Conversation, ConversationState, Hit, Line, LineKind
from core.domain.ids import ConversationId, StaffId, TeamId
from core.domain.support import SupportTopic
from core.domain.ticket import Ticket


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """Where a citizen's conversation stands. `place` 1 is next, 0 when it does not wait; `wait` None: nobody can say.

    `operator` is the first name of who has it. `answers_by`: what was promised.
    """

    conversation: ConversationId
    state: ConversationState
    place: int
    wait: timedelta | None = None
    operator: str | None = field(default=None, repr=False)
    answers_by: datetime | None = None
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What a citizen said. `message` and `reply_to_message` are Telegram's ids; `file` is name, MIME type and bytes."""

    kind: LineKind
    text: str = field(repr=False)
    message: int
    at: datetime
    reply_to_message: int | None = None
    file: tuple[str, str, bytes] | None = field(default=None, repr=False)
    point: tuple[float, float] | None = field(default=None, repr=False)


class Whose(StrEnum):
    """Which part of the queue: all that may be seen, one's own, nobody's, what is escalated, or what others have."""

    ALL = "all"
    MINE = "mine"
    WAITING = "waiting"
    LATE = "late"
    OTHERS = "others"


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What an operator looks for. Empty fields narrow nothing; `by_skill`: what suits one's own skills and languages."""

    whose: Whose = Whose.ALL
    states: frozenset[ConversationState] = frozenset({ConversationState.WAITING, ConversationState.TAKEN})
    topics: frozenset[SupportTopic] = frozenset()
    languages: frozenset[str] = frozenset()
    team: TeamId | None = None
    by_skill: bool = False
    tag: str | None = None
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """One conversation in the queue. `name` is «Анна И.», None without an account; `last` what was said last.

    `unread`: how many of the citizen's lines its operator has not seen. `left`: until what was promised; below zero: overdue.
    `late`: the limit of an answer is over, and it was escalated.
    """

    conversation: Conversation
    name: str | None = field(repr=False)
    owner: str | None
    last: Line | None
    unread: int
    left: timedelta | None
    blocked: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of the queue; `after` is where the next one begins. `event`: the stream goes on from there.

    `late`: how many in the whole queue are escalated, nobody's or their own; of all for seniors and administrators.
    """

    entries: Sequence[QueueEntry]
    after: str | None
    event: int
    late: int = 0


@dataclass(frozen=True, slots=True)
class PersonBeside:
    """Who the operator speaks with. `identifiers` are masked, by their name; none are shown once consent was withdrawn.

    `card` is the stage: a state of the card, of the application for it, or None. `blocked`: they blocked the bot.
    """

    name: str | None = field(repr=False)
    verification: Verification | None
    card: str | None
    region: str | None
    zone: str
    language: str
    doing: str
    identifiers: Mapping[str, str] = field(repr=False)
    withdrawn: bool = False
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class ConversationView:
    """A conversation as its operator sees it. `names` of staff by id: authors, owner, those mentioned. `draft` is one's own."""

    conversation: Conversation
    lines: Sequence[Line]
    person: PersonBeside
    tickets: Sequence[Ticket]
    draft: str = field(repr=False)
    names: Mapping[StaffId, str]
    blocked: bool
    left: timedelta | None
    mine: bool
    event: int


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A line that was searched for, with the conversation that it stands in."""

    hit: Hit
    conversation: Conversation
    line: Line
    name: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of what was found, the latest first."""

    found: Sequence[FoundLine]
    after: str | None
