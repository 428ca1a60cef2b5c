"""What a person is told: a row written with the fact it tells, sent by the worker."""

from core.domain.notification.entity import Button, Failure, Notification, NotSendable, Settlement, WallTime
from core.domain.notification.outbox import Outbox
from core.domain.notification.pinning import Pin, Pins, PinState
from core.domain.notification.states import (
    MOVES,
    TRIES,
    TRIES_AWAY,
    UNKNOWN,
    Channel,
    Lane,
    NotificationState,
    Outcome,
    Rule,
    Topic,
    goes_again,
    road,
)

__all__ = [
    "MOVES",
    "TRIES",
    "TRIES_AWAY",
    "UNKNOWN",
    "Button",
    "Channel",
    "Failure",
    "Lane",
    "NotSendable",
    "Notification",
    "NotificationState",
    "Outbox",
    "Outcome",
    "Pin",
    "PinState",
    "Pins",
    "Rule",
    "Settlement",
    "Topic",
    "WallTime",
    "goes_again",
    "road",
]
