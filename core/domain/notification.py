"""What a person is told: a row written with the fact it tells, sent by the worker."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from core.domain.ids import AccountId, BroadcastId, ChatId, NotificationId


class Channel(StrEnum):
    """How it travels."""

    TELEGRAM = "telegram"
    SMS = "sms"
    MAIL = "mail"


class Lane(StrEnum):
    """Who goes first: answers, codes, notices, bulk, in this order (SUPPORT.md)."""

    ANSWER = "0_answer"
    CODE = "1_code"
    NOTICE = "2_notice"
    BULK = "3_bulk"


class Topic(StrEnum):
    """What a person can choose to be told about, in the order that they are shown. No topic: it cannot be turned off."""

    CARD = "card"
    RESULTS = "results"
    APPOINTMENTS = "appointments"
    VACCINATIONS = "vaccinations"
    TICKETS = "tickets"
    NEWS = "news"


class NotificationState(StrEnum):
    """WAITING until due, SENDING under a claim, HELD aside, then one of six ends. UNCERTAIN may have arrived.

    HELD: its broadcast is paused, or the person blocked the bot. UNWANTED: the person chose not to be told of it.
    """

    WAITING = "waiting"
    SENDING = "sending"
    HELD = "held"
    SENT = "sent"
    REFUSED = "refused"
    EXPIRED = "expired"
    UNCERTAIN = "uncertain"
    UNWANTED = "unwanted"
    CANCELLED = "cancelled"


MOVES: Mapping[NotificationState, frozenset[NotificationState]] = {
    NotificationState.WAITING: frozenset(
        {
            NotificationState.SENDING,
            NotificationState.HELD,
            NotificationState.EXPIRED,
            NotificationState.UNWANTED,
            NotificationState.CANCELLED,
        }
    ),
    NotificationState.SENDING: frozenset(
        {
            NotificationState.SENT,
            NotificationState.WAITING,
            NotificationState.HELD,
            NotificationState.REFUSED,
            NotificationState.UNCERTAIN,
            NotificationState.EXPIRED,
            NotificationState.UNWANTED,
        }
    ),
    NotificationState.HELD: frozenset(
        {NotificationState.WAITING, NotificationState.EXPIRED, NotificationState.REFUSED, NotificationState.CANCELLED}
    ),
    NotificationState.SENT: frozenset(),
    NotificationState.REFUSED: frozenset({NotificationState.WAITING}),
    NotificationState.UNCERTAIN: frozenset({NotificationState.WAITING}),
    NotificationState.EXPIRED: frozenset(),
    NotificationState.UNWANTED: frozenset(),
    NotificationState.CANCELLED: frozenset(),
}

TRIES = 8


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a push: the key of its words, and the place that it opens (`card`, `status`, `menu` ...)."""

    label_key: str
    place: str


@dataclass(frozen=True, slots=True)
class WallTime:
    """A time as a clock on the wall of a place shows it: `due_at` follows from it by the law of that place's zone today."""

    at: datetime
    """Naive, local."""
    zone: str
    """An IANA name."""


@dataclass(frozen=True, slots=True)
class Notification:
    """One thing to tell one person on one channel. `values` fill the words of `key`; `address` for SMS and mail only.

    `values` and `address` are personal: stored encrypted, wiped once sent. `account` None: a chat without an account.
    `topic` None cannot be turned off; `urgent` passes quiet hours and digests; `in_digest` is told together with others of
    its chat. `subject` is the id of what a reminder reminds of. `broadcast` is whose text it carries instead of `key`'s.
    """

    id: NotificationId
    channel: Channel
    lane: Lane
    key: str
    language: str
    due_at: datetime
    account: AccountId | None = None
    chat: ChatId | None = None
    address: str | None = field(default=None, repr=False)
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    buttons: tuple[Button, ...] = ()
    valid_until: datetime | None = None
    topic: Topic | None = None
    urgent: bool = False
    in_digest: bool = False
    subject: UUID | None = None
    wall: WallTime | None = None
    broadcast: BroadcastId | None = None
    state: NotificationState = NotificationState.WAITING
    tries: int = 0


class Outbox(Protocol):
    """The notifications, written in the transaction of the fact they tell."""

    async def add(self, notification: Notification) -> None: ...

    async def claim(self, now: datetime, lease: datetime, limit: int) -> list[Notification]:
        """Take due rows, best lane first, that nobody else can take before `lease`; rows whose lease ran out are taken again."""
        ...

    async def settle(
        self,
        notification: NotificationId,
        to: NotificationState,
        now: datetime,
        *,
        due_at: datetime | None = None,
        reason: str | None = None,
    ) -> None:
        """Write what became of a claimed row; sent, refused and expired ones lose their personal values."""
        ...

    async def next_due(self) -> datetime | None:
        """When the earliest waiting row is due."""
        ...

    async def counts(self) -> Mapping[NotificationState, int]: ...

    async def forget_before(self, moment: datetime) -> int:
        """Remove rows that were settled before that; returns how many."""
        ...
