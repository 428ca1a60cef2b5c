"""Where conversations, their lines and what happens at the desk are kept."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from core.domain.conversation.entity import Conversation, DeskEvent, Line
from core.domain.conversation.states import ConversationState, Ending
from core.domain.ids import AccountId, ChatId, ConversationId, StaffId, TeamId, TicketId
from core.domain.support import SupportTopic, Urgency


@dataclass(frozen=True, slots=True)
class Sight:
    """What a member may see: everything, or what belongs to nobody's group, to their own group, or to themselves."""

    staff: StaffId
    team: TeamId | None = None
    everything: bool = False

    def reaches(self, team: TeamId | None, staff: StaffId | None) -> bool:
        """Whether they may see what belongs to that group, and to that member."""
        return self.everything or team is None or team == self.team or staff == self.staff

    def hears(self, event: DeskEvent) -> bool:
        """Whether they are told of it: it carries the group and the owner of what it is about."""
        return self.reaches(event.team, event.staff)


@dataclass(frozen=True, slots=True)
class Sought:
    """Which of the queue. `owner`: whose; `others`: anybody's but theirs; `spare`: nobody's or theirs.

    Empty fields narrow nothing; `among` does unless it is None.
    """

    states: frozenset[ConversationState] = frozenset({ConversationState.WAITING, ConversationState.TAKEN})
    owner: StaffId | None = None
    others: StaffId | None = None
    spare: StaffId | None = None
    topics: frozenset[SupportTopic] = frozenset()
    languages: frozenset[str] = frozenset()
    team: TeamId | None = None
    tag: str | None = None
    words: str = field(default="", repr=False)
    fitting: bool = False
    """`topics` and `languages` are all that is wanted, even where they are empty."""
    among: frozenset[ConversationId] | None = None


@dataclass(frozen=True, slots=True)
class NewLine:
    """A new line, before it has a number. `content` are the bytes of `file`."""

    line: Line
    content: bytes | None = field(default=None, repr=False)
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A line that was searched for."""

    conversation: ConversationId
    number: int
    at: datetime


class Conversations(Protocol):
    """The conversations. Each change of ownership is one conditional UPDATE that raises the epoch."""

    async def open(self, conversation: Conversation) -> bool:
        """Store it and let the chat know; False when one is open there already."""
        ...

    async def of_chat(self, chat: ChatId) -> Conversation | None:
        """Return the open one."""
        ...

    async def of_chats(self, chats: Collection[ChatId]) -> Sequence[Conversation]:
        """Return the open ones of several."""
        ...

    async def latest_of(self, chat: ChatId) -> Conversation | None:
        """Return the last one, open or not."""
        ...

    async def seen(self, sight: Sight, conversation: ConversationId, *, hold: bool = False) -> Conversation:
        """Return one that the member may see; ConversationNotThere otherwise. `hold`: nobody changes it meanwhile."""
        ...

    async def get(self, conversation: ConversationId) -> Conversation:
        """For the product's own work. Raises ConversationNotThere."""
        ...

    async def some(self, sight: Sight, wanted: Collection[ConversationId]) -> Mapping[ConversationId, Conversation]:
        """Return those of them that the member may see."""
        ...

    async def listed(
        self, sight: Sight, sought: Sought, *, after: str | None = None, limit: int = 50
    ) -> tuple[Sequence[Conversation], str | None]:
        """Return a page in the order of the queue, and where the next one begins; None after the last."""
        ...

    async def waiting(self) -> Sequence[Conversation]:
        """Return all that wait for an operator, in the order of the queue."""
        ...

    async def places(self, wanted: Collection[ConversationId]) -> Mapping[ConversationId, int]:
        """Return the place in the queue of those of them that wait: 1 is next."""
        ...

    async def open_ones(self) -> Sequence[Conversation]:
        """Return all that are taken."""
        ...

    async def loads(self) -> Mapping[StaffId, int]:
        """Return how many each operator has now."""
        ...

    async def waits(self, since: datetime, limit: int) -> Sequence[timedelta]:
        """Return how long the last ones waited in the queue until they were taken."""
        ...

    async def take(self, conversation: Conversation, by: StaffId, now: datetime, *, capacity: int | None) -> int | None:
        """Give it to a member if nobody was faster, which its epoch tells; returns the new epoch, else None.

        Raises Full when the member has `capacity` already.
        """
        ...

    async def put_back(self, conversation: Conversation, team: TeamId | None, now: datetime) -> int | None:
        """Let it wait again at its old place; returns the new epoch, None when somebody was faster."""
        ...

    async def end(
        self, conversation: Conversation, ending: Ending, now: datetime, *, fenced: bool = True
    ) -> int | None:
        """End it, forget what was shown of the record in it, and free the chat; returns the new epoch.

        None when it was over (`fenced`: or has another epoch since).
        """
        ...

    async def forget_shared(self, account: AccountId) -> None:
        """Forget what its owner has shown of the record, and let nothing be shown meanwhile."""
        ...

    async def hurry(self, conversation: ConversationId, urgency: Urgency) -> bool:
        """Let an open one be answered sooner; False when it is as urgent already."""
        ...

    async def rate(self, conversation: ConversationId, stars: int) -> bool: ...

    async def tag(self, conversation: ConversationId, tags: frozenset[str]) -> None: ...

    async def link(self, conversation: ConversationId, ticket: TicketId) -> None: ...

    async def mark_read(self, conversation: ConversationId, line: int) -> bool:
        """The owner has seen the lines up to this; False when they had before."""
        ...

    async def silent(self, before: datetime, limit: int) -> Sequence[Conversation]:
        """Return open ones in which nobody has said anything since."""
        ...

    async def blocked(self, before: datetime, limit: int) -> Sequence[Conversation]:
        """Return open ones whose citizen has blocked the bot since before that."""
        ...


class Lines(Protocol):
    """The lines of conversations, sealed."""

    async def append(
        self,
        new: NewLine,
        *,
        epoch: int | None = None,
        owner: StaffId | None = None,
        seen: int | None = None,
    ) -> Line:
        """Store it under the next number; a `key` that was used gives the line that it made.

        Raises KeyTaken where that was another line; Ended; with `epoch` and `owner` NotYours when ownership moved on;
        with `seen` StaleView when the citizen said something since. After a citizen's line they wait for an answer, after an
        operator's no longer.
        """
        ...

    async def of(
        self, conversation: ConversationId, after: int = 0, limit: int = 500, *, before: int | None = None
    ) -> Sequence[Line]:
        """Return the last ones after a number (and before another), in their order."""
        ...

    async def at(self, conversation: ConversationId, number: int) -> Line | None: ...

    async def keyed(self, conversation: ConversationId, key: str) -> Line | None:
        """Return the line that a call with this key made."""
        ...

    async def by_message(self, conversation: ConversationId, message: int) -> Line | None:
        """Return the line of a message of Telegram's."""
        ...

    async def unread(self, conversations: Collection[ConversationId]) -> Mapping[ConversationId, int]:
        """Return how many of the citizen's lines the operator of each has not seen."""
        ...

    async def last(self, conversations: Collection[ConversationId]) -> Mapping[ConversationId, Line]:
        """Return the last line that citizen or operator said in each."""
        ...

    async def reword(self, line: Line, text: str, now: datetime) -> Line:
        """Let it say something else; what it said before is kept. Raises `account.WrongMove`."""
        ...

    async def take_back(self, line: Line, now: datetime) -> Line: ...

    async def content(self, line: Line) -> bytes:
        """Return the bytes of its file. Raises ConversationNotThere where there is none."""
        ...

    async def weight(self, conversation: Conversation, since: datetime) -> tuple[int, int]:
        """Return how many bytes the citizen's files are in it, and in all of its chat's since then."""
        ...

    async def search(
        self, sight: Sight, words: str, *, after: str | None, limit: int
    ) -> tuple[Sequence[Hit], str | None]:
        """Return lines that have all the words, in whatever form, the latest first. A number alone finds nothing."""
        ...

    async def saying(self, conversations: Collection[ConversationId], words: str) -> frozenset[ConversationId]:
        """Return those of them in which a line has all the words, in whatever form."""
        ...
