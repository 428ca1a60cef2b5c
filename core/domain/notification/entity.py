"""One message to one person, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from core.domain.ids import AccountId, BroadcastId, ChatId, ExtractId, LineId, NotificationId
from core.domain.notification.states import Channel, Lane, NotificationState, Outcome, Topic


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a push: the key of its words, and the place that it opens (`card`, `status`, `menu` ...).

    `arg` is the id of what the place is about, where it is about one thing of several.
    """

    label_key: str
    place: str
    arg: str = ""


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
    `tries` counts claims and only grows, so it names the claim; `calls` is how many calls were begun for it before this claim,
    `doubts` how many of these ended with nobody knowing.
    `attachment` is the paper that a letter brings along: its bytes are read when it is sent.
    `line` is what an operator said: its words and its file are read when it is sent, and it is not sent under another owner.
    `pinned_until`: it comes silently, and is pinned to the top of its chat once it is there, until then.
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
    attachment: ExtractId | None = None
    pinned_until: datetime | None = None
    line: LineId | None = None
    state: NotificationState = NotificationState.WAITING
    tries: int = 0
    calls: int = 0
    doubts: int = 0
    doubtful: bool = False
    """An earlier attempt may have arrived."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a claimed row, and how its attempt ended.

    `tries` names the claim: a worker that comes late changes nothing in a row that another has taken since.
    `message` is Telegram's id; `reason` the channel's own word. `free`: no call was made, so its attempt is struck out.
    `anew`: its turn in the chat begins at `due_at`; without it, what was placed later still waits for it.
    """

    notification: NotificationId
    tries: int
    to: NotificationState
    outcome: Outcome
    due_at: datetime | None = None
    reason: str | None = None
    message: int | None = None
    free: bool = False
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """What an administrator sees of a message that was not delivered: never its words, values or address.

    `tries`: how many calls were made.
    """

    id: NotificationId
    channel: Channel
    lane: Lane
    key: str
    topic: Topic | None
    state: NotificationState
    reason: str | None
    tries: int
    made_at: datetime
    settled_at: datetime | None
    valid_until: datetime | None
    wiped: bool

    def sendable(self, now: datetime) -> bool:
        """Whether its values are still kept and it still makes sense, so that it can be sent again."""
        ended = self.state in {NotificationState.REFUSED, NotificationState.UNCERTAIN}
        return ended and not self.wiped and (self.valid_until is None or self.valid_until > now)


class NotSendable(Exception):
    """It cannot be sent again: it was sent, it ran out, or its values are wiped."""

    message_key = "notification.not_sendable"
