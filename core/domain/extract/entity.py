"""A paper from the card: what was ordered, what became of it, what it says."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.domain.extract.errors import BadPeriod, WordsTooLong, WordsWanted
from core.domain.extract.states import UNDER_WAY, Aim, ExtractKind, ExtractState, Span
from core.domain.ids import AccountId, ExtractId, StaffId
from core.domain.record import Period
from core.domain.record.looking import FIRST_DAY

ZONE = ZoneInfo("Europe/Moscow")
"""Days of papers are days in Moscow."""
WORDS_LIMIT = 200
CONCLUSION_LIMIT = 2000
DIGITS = "23456789"
"""Without 0 and 1: people read numbers out over the phone."""


@dataclass(frozen=True, slots=True)
class Order:
    """What the citizen chose so far. `since` and `until` are days that belong to the period, only with Span.OWN."""

    span: Span | None = None
    since: date | None = None
    until: date | None = None
    aim: Aim | None = None
    words: str = field(default="", repr=False)

    @property
    def complete(self) -> bool:
        """Whether it can be confirmed."""
        own = self.span is not Span.OWN or (self.since is not None and self.until is not None)
        return (
            self.span is not None and own and self.aim is not None and (self.aim is not Aim.OTHER or bool(self.words))
        )

    def days(self, today: date) -> tuple[date | None, date]:
        """Return the first and the last day of the period; the first is None for all time."""
        match self.span:
            case Span.MONTH:
                return today - timedelta(days=30), today
            case Span.YEAR:
                return today - timedelta(days=365), today
            case Span.OWN:
                return self.since, self.until or today
            case _:
                return None, today


@dataclass(frozen=True, slots=True)
class Seen:
    """A line of the draft that the doctor sees: the day, where and with whom, what was found."""

    day: str
    where: str
    found: str


@dataclass(frozen=True, slots=True)
class Extract:
    """A paper. `token` stands in its QR code; `conclusion`, `seen` and `doctor_name` are of the doctor's paper alone.

    `tries` counts claims and names the last one. `digest` is the SHA-256 of the signed file. `confirmed` says how the order
    was confirmed: a simple electronic signature. `version` is 0 before it was first stored.
    """

    id: ExtractId
    account: AccountId
    kind: ExtractKind
    state: ExtractState
    asked_at: datetime
    language: str = "ru"
    number: str = ""
    token: str = field(default="", repr=False)
    order: Order = field(default=Order(), repr=False)
    confirmed: str = field(default="", repr=False)
    seen: tuple[Seen, ...] = field(default=(), repr=False)
    conclusion: str = field(default="", repr=False)
    reason: str = field(default="", repr=False)
    doctor: StaffId | None = None
    doctor_name: str = field(default="", repr=False)
    ordered_at: datetime | None = None
    made_at: datetime | None = None
    kept_until: datetime | None = None
    mailed_at: datetime | None = None
    due_at: datetime | None = None
    tries: int = 0
    digest: bytes | None = None
    size: int = 0
    version: int = 0

    @property
    def under_way(self) -> bool:
        """Whether somebody waits for it."""
        return self.state in UNDER_WAY

    @property
    def period(self) -> Period:
        """The period as moments: from the first day's midnight until after the last day's end, in Moscow."""
        since, until = self.order.days(day_of(self.ordered_at or self.asked_at))
        return Period(_midnight(since) if since else None, _midnight(until + timedelta(days=1)))


def day_of(moment: datetime) -> date:
    """Return the day that a moment is in on papers."""
    return moment.astimezone(ZONE).date()


def fresh_number(now: datetime) -> str:
    """Return a number for a paper: year and month, then eight digits that cannot be counted up."""
    body = "".join(secrets.choice(DIGITS) for _ in range(8))
    return f"{day_of(now):%y%m}-{body[:4]}-{body[4:]}"


def fresh_token() -> str:
    """Return the secret of the page that verifies a paper: 128 random bits."""
    return secrets.token_urlsafe(16)


def checked_days(first: date, last: date, today: date) -> tuple[date, date]:
    """Return the two days in order, if they have been. Raises BadPeriod."""
    since, until = min(first, last), max(first, last)
    if until > today or since < FIRST_DAY:
        raise BadPeriod
    return since, until


def checked_words(text: str, limit: int) -> str:
    """Return what was typed, in one line's spacing. Raises WordsWanted, WordsTooLong."""
    lines = [" ".join(line.split()) for line in text.replace("\0", "").splitlines()]
    words = "\n".join(line for line in lines if line)
    if len(words) < 3:
        raise WordsWanted
    if len(words) > limit:
        raise WordsTooLong(limit)
    return words


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE).astimezone(UTC)
