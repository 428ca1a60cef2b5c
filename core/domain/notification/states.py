"""The ways a message can go: channels, lanes, topics, states, and what to do when nobody knows how it ended."""

from collections.abc import Mapping
from enum import StrEnum


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


def road(channel: Channel, lane: Lane) -> str:
    """Return the name of what it is sent side by side with, by which its senders are woken: bulk holds back no answer."""
    return "bulk" if channel is Channel.TELEGRAM and lane is Lane.BULK else channel.value


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
"""Calls of unknown outcome for one message, at most."""
TRIES_AWAY = 300
"""Calls that never left, since the channel is away, before an administrator has to decide: with the pauses, about a day."""


class Rule(StrEnum):
    """What to do when nobody knows whether a message arrived: the call was made, its answer never came.

    AGAIN: better twice than never, the second marked «повторно». SAME_KEY: again only where the channel takes a key
    once (the SMS gateway); elsewhere the person asks for a new code. NEVER: it stays UNCERTAIN, and is counted.
    """

    AGAIN = "again"
    SAME_KEY = "same_key"
    NEVER = "never"


UNKNOWN: Mapping[Lane, Rule] = {
    Lane.ANSWER: Rule.AGAIN,
    Lane.CODE: Rule.SAME_KEY,
    Lane.NOTICE: Rule.AGAIN,
    Lane.BULK: Rule.NEVER,
}


def goes_again(lane: Lane, channel: Channel) -> bool:
    """Whether a message of unknown outcome is sent again by itself."""
    rule = UNKNOWN[lane]
    return rule is Rule.AGAIN or (rule is Rule.SAME_KEY and channel is Channel.SMS)


class Outcome(StrEnum):
    """How one attempt to send ended. None in its row: it was never heard of again."""

    SENT = "sent"
    REFUSED = "refused"
    BLOCKED = "blocked"
    """Refused since the person blocked the bot or is gone: a broadcast counts them apart, and does not stop for them."""
    LATER = "later"
    NEVER_LEFT = "never_left"
    UNCERTAIN = "uncertain"
    NOT_MADE = "not_made"
    """No call was made: it had expired, nobody wanted it, its turn had not come."""
