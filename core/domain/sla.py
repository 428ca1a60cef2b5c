"""How soon people are answered: the limits, when one warns, who hears of what is late, and what citizens were promised."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from core.domain.ids import AccountId, ChatId, ConversationId, StaffId, TeamId
from core.domain.worktime import Worktime

SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(days=30)
MOST_WARNINGS = 5
RENEWED_BEFORE = {"conversation": timedelta(minutes=5), "ticket": timedelta(hours=1)}
"""So long before a promise would be broken a new time is told; for a short limit a sixth of it."""


class Work(StrEnum):
    """What somebody waits for an answer in."""

    CONVERSATION = "conversation"
    TICKET = "ticket"


class Noted(StrEnum):
    """What a note of the watch says. `warned` has `percent` and `until` (ISO 8601); the others but `late` have `whom`.

    ESCALATED: it is theirs now. TOLD: somebody else has it. SENIORS: they could not be given it, any senior takes it.
    """

    WARNED = "sla.note.warned"
    ESCALATED = "sla.note.escalated"
    TOLD = "sla.note.told"
    SENIORS = "sla.note.seniors"
    LATE = "sla.note.late"


@dataclass(frozen=True, slots=True)
class Note:
    """A note that nobody in particular wrote: what it says is kept, its words are those of whoever reads it."""

    what: Noted
    values: Mapping[str, str] = field(default_factory=dict)

    def written(self) -> str:
        """Return it as it is kept."""
        return f"{self.what}?{urlencode(self.values)}"

    @classmethod
    def read(cls, text: str) -> "Note | None":
        """Return what is kept so; None for words, as such notes were kept before."""
        what, mark, values = text.partition("?")
        return cls(Noted(what), dict(parse_qsl(values))) if mark and what in set(Noted) else None


class InvalidLimits(Exception):
    """A limit is a minute to thirty days; warnings are percents of it, each once; one is escalated to somebody that is there."""

    message_key = "sla.invalid_limits"


@dataclass(frozen=True, slots=True)
class Limits:
    """What an administrator set. Those of conversations are working time; of tickets the clock's, unless `working_tickets`.

    `warn_at`: percents of a limit, rising. `staff` or `team`: who hears of what is late; neither: it is said at the desk.
    """

    conversation: timedelta = timedelta(minutes=30)
    ticket: timedelta = timedelta(hours=24)
    working_tickets: bool = False
    warn_at: tuple[int, ...] = (50, 80)
    staff: StaffId | None = None
    team: TeamId | None = None
    version: int = 0

    def checked(self) -> "Limits":
        """Return these limits if they make sense. Raises InvalidLimits."""
        limits = (self.conversation, self.ticket)
        rising = all(0 < each < 100 for each in self.warn_at) and sorted(set(self.warn_at)) == list(self.warn_at)
        both = self.staff is not None and self.team is not None
        if not all(SHORTEST <= each <= LONGEST for each in limits) or not rising or both:
            raise InvalidLimits
        if len(self.warn_at) > MOST_WARNINGS:
            raise InvalidLimits
        return self

    def of(self, work: Work) -> timedelta:
        """Return how soon it is to be answered."""
        return self.conversation if work is Work.CONVERSATION else self.ticket

    def working(self, work: Work) -> bool:
        """Whether its clock stands still while nobody is at work."""
        return work is Work.CONVERSATION or self.working_tickets

    def due(self, work: Work, hours: Worktime, since: datetime) -> datetime:
        """Return when somebody who waits since then is to be answered. Raises NeverOpen."""
        return due(hours, since, self.of(work), working=self.working(work))

    def left(self, work: Work, hours: Worktime, now: datetime, until: datetime) -> timedelta:
        """Return how much is left; less than nothing when it is late."""
        if not self.working(work):
            return until - now
        return hours.between(now, until) if until >= now else -hours.between(until, now)

    def resumed(self, work: Work, hours: Worktime, now: datetime, left_s: int) -> datetime:
        """Return when an answer is due now that a clock goes on which stood still with so many seconds left."""
        return due(hours, now, timedelta(seconds=max(left_s, 0)), working=self.working(work))

    def used(self, work: Work, hours: Worktime, began: datetime, now: datetime, until: datetime) -> int:
        """Return how many percent of a wait that began then are over; 100 and more when it is late."""
        if now >= until:
            return 100
        whole, gone = (hours.between(began, each) if self.working(work) else each - began for each in (until, now))
        return int(gone * 100 / whole) if whole else 100

    def renews_at(self, work: Work, until: datetime) -> datetime:
        """Return when a promise for `until` is renewed if nobody has answered."""
        return until - min(RENEWED_BEFORE[work], self.of(work) / 6)


def due(hours: Worktime, since: datetime, limit: timedelta, *, working: bool = True) -> datetime:
    """Return when `limit` is over for somebody who waits since then, in working time or by the clock. Raises NeverOpen."""
    return hours.after(since, limit) if working else since + limit


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody waits for an answer now. `promised`: what they were told. `subject` is the conversation's or ticket's id.

    `first`: nobody has answered them yet.
    """

    work: Work
    subject: UUID
    first: bool
    began_at: datetime
    promised: datetime | None
    account: AccountId | None
    chat: ChatId | None


@dataclass(frozen=True, slots=True)
class Clock:
    """What was done about one wait: until when it is to be over, the percent that was warned of, when it was escalated.

    `stopped_at`: an answer was given, or we wait for the citizen.
    """

    work: Work
    subject: UUID
    began_at: datetime
    until: datetime
    warned: int = 0
    escalated_at: datetime | None = None
    stopped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """A time of answer that a citizen was told. It ends `kept_at` (answered in time), `broken_at` or `renewed_at`."""

    work: Work
    subject: UUID
    until: datetime
    told_at: datetime
    account: AccountId | None = None
    chat: ChatId | None = None
    kept_at: datetime | None = None
    broken_at: datetime | None = None
    renewed_at: datetime | None = None

    @property
    def stands(self) -> bool:
        """Whether nothing has become of it yet."""
        return self.kept_at is None and self.broken_at is None and self.renewed_at is None


class Sla(Protocol):
    """The limits, the clocks and the ledger."""

    async def limits(self) -> Limits:
        """Return what was set last; Limits() until somebody did."""
        ...

    async def set_limits(self, limits: Limits, now: datetime) -> None:
        """Store it; `account.WrongMove` when it changed since it was read."""
        ...

    async def clocks(self, work: Work) -> Mapping[UUID, Clock]:
        """Return the running ones by their subjects."""
        ...

    async def late(self) -> frozenset[UUID]:
        """Return the conversations whose wait was escalated and still goes on."""
        ...

    async def start(self, clock: Clock) -> bool:
        """A wait began; False when it was known already, which stays as it is."""
        ...

    async def stop(self, clocks: Collection[Clock], now: datetime) -> None:
        """An answer was given, or we wait for the citizen."""
        ...

    async def warn(self, clock: Clock, percent: int) -> bool:
        """Note that it was warned of; False when somebody else did. One conditional UPDATE."""
        ...

    async def escalate(self, clock: Clock, now: datetime) -> bool:
        """Note that it was escalated; False when somebody else did. One conditional UPDATE."""
        ...

    async def tell(self, promise: Promise) -> bool:
        """Write a promise down; one that stands for the same work is renewed by it. False when it is there already."""
        ...

    async def standing(self, work: Work) -> Mapping[UUID, Promise]:
        """Return the promises that nothing has become of yet, by what they are about."""
        ...

    async def settle(self, promises: Collection[Promise], now: datetime) -> None:
        """Nobody waits for these any more: they were kept, or their time was over before."""
        ...

    async def promises(self, work: Work, subject: UUID) -> Sequence[Promise]:
        """Return what was promised about it, first first."""
        ...


class Waits(Protocol):
    """Who waits for us, read from conversations and tickets themselves."""

    async def all(self, work: Work) -> Sequence[Wait]:
        """Return everybody who waits now, longest first."""
        ...

    async def promise(self, conversation: ConversationId, promised: datetime, until: datetime) -> bool:
        """Move the time that its citizen was told; False when somebody answered or told another one since."""
        ...

    async def lift(self, conversation: ConversationId, team: TeamId | None) -> None:
        """Make it HIGH unless it is URGENT; where nobody has it and a group is named, it is that group's."""
        ...
