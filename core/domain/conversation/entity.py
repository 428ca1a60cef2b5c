"""A conversation of a citizen with an operator, and its lines."""

from dataclasses import dataclass, field
from datetime import datetime

from core.domain.conversation.states import ConversationState, Delivery, Ending, Happening, LineKind, Side
from core.domain.ids import AccountId, ChatId, ConversationId, LineId, StaffId, TeamId, TicketId
from core.domain.support import SupportTopic, Urgency

LONGEST_LINE = 4096
"""Telegram's limit of a message, after entities."""
MOST_LINES = 2000
"""So long a conversation takes words of its citizen; its operator can still say something."""
MOST_EDITS = 50
"""So often a citizen changes one line: what it said before is kept each time."""
MOST_BYTES, MOST_BYTES_A_DAY = 200 * 1024 * 1024, 200 * 1024 * 1024
"""So much the citizen's files are together in one conversation, and of one chat in 24 hours."""
PATRONYMIC = ("вич", "вна", "чна", "оглы", "кызы")
LARGEST_FILE = 20 * 1024 * 1024
"""What a bot can fetch from Telegram; an operator's file is no larger."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation. `epoch` grows with each change of owner, and is the fence: what was written under an older is not sent.

    `lines` is the number of the last line. `asked_at` is its place in the queue, kept when it comes back there. `doing`: the
    place the citizen was at. `waits_since`: since when the citizen waits for an answer, None while we wait for them.
    `promised_at`: until when the citizen was told that there is an answer. `read`: the last of the citizen's lines that
    the operator has seen.
    """

    id: ConversationId
    chat: ChatId
    account: AccountId | None
    language: str
    topic: SupportTopic
    urgency: Urgency
    state: ConversationState
    asked_at: datetime
    epoch: int = 1
    lines: int = 0
    owner: StaffId | None = None
    team: TeamId | None = None
    taken_at: datetime | None = None
    first_answer_at: datetime | None = None
    waits_since: datetime | None = None
    promised_at: datetime | None = None
    read: int = 0
    doing: str = "menu"
    tags: frozenset[str] = frozenset()
    ticket: TicketId | None = None
    ended_at: datetime | None = None
    ending: Ending | None = None
    rating: int | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a line: its bytes are read apart. `key` names it in the file store."""

    name: str = field(repr=False)
    mime: str
    size: int


@dataclass(frozen=True, slots=True)
class Version:
    """What a line said before it was edited at `until`."""

    text: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One line. Numbers have no gaps within a conversation. `message` is Telegram's id. `key` makes a repeated call one line.

    `reply_to` is the number of the line that it answers. `mentions`: the staff that a note calls. `at` when it was said.
    """

    id: LineId
    conversation: ConversationId
    number: int
    side: Side
    kind: LineKind
    at: datetime
    text: str = field(default="", repr=False)
    author: StaffId | None = None
    file: Attached | None = None
    point: tuple[float, float] | None = field(default=None, repr=False)
    reply_to: int | None = None
    message: int | None = None
    delivery: Delivery | None = None
    reason: str | None = None
    epoch: int = 1
    mentions: frozenset[StaffId] = frozenset()
    earlier: tuple[Version, ...] = field(default=(), repr=False)
    edited_at: datetime | None = None
    gone_at: datetime | None = None
    """Taken back by the operator. Telegram tells no deletions of citizens."""
    version: int = 1
    unreadable: bool = False
    """What was sealed does not open: nothing may be written over it."""


@dataclass(frozen=True, slots=True)
class DeskEvent:
    """One thing that happened at the desk. `number` has no gaps over the whole desk and grows in the order of commits.

    It carries ids alone. `line` is the number of the line that it is about; `staff` whose the conversation is, of MENTIONED
    who is called by a note.
    """

    number: int
    happening: Happening
    at: datetime
    conversation: ConversationId | None = None
    line: int | None = None
    ticket: TicketId | None = None
    staff: StaffId | None = None
    team: TeamId | None = None


def called(name: str) -> str:
    """Return what a citizen calls an operator by: the given name, which stands second where a patronymic is the third."""
    words = name.split()
    if len(words) == 3 and words[2].endswith(PATRONYMIC):
        return words[1]
    if len(words) < 2 or words[1].endswith("."):
        return name
    return words[0]
