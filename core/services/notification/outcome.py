"""What follows from how a call ended."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from core.domain.notification import (
    TRIES,
    TRIES_AWAY,
    Lane,
    Notification,
    NotificationState,
    Outcome,
    Settlement,
    goes_again,
)
from core.ports import Later, Refused, Unavailable, Uncertain

BLOCKED = "blocked"
LONGEST_WAIT = timedelta(minutes=10)
SOON = (0.05, 0.25)
Chance = Callable[[float, float], float]


def failed(notification: Notification, fault: Exception, now: datetime, chance: Chance = random.uniform) -> Settlement:
    """Return what a fault of the channel means for one notification."""
    made = notification.calls + 1
    match fault:
        case Refused(reason=reason) if reason == BLOCKED:
            return _end(notification, blocked_state(notification), Outcome.BLOCKED, BLOCKED)
        case Refused(reason=reason):
            return _end(notification, NotificationState.REFUSED, Outcome.REFUSED, reason)
        case Later(seconds=seconds):
            return _again(notification, Outcome.LATER, now + timedelta(seconds=seconds))
        case Unavailable(system=system):
            if made >= TRIES_AWAY and notification.valid_until is None:
                return _end(notification, NotificationState.REFUSED, Outcome.NEVER_LEFT, f"{system} away")
            return _again(notification, Outcome.NEVER_LEFT, now + backoff(made, chance), system)
        case Uncertain(system=system):
            if goes_again(notification.lane, notification.channel) and notification.doubts + 1 < TRIES:
                return _again(notification, Outcome.UNCERTAIN, now + backoff(made, chance), system)
            return _end(notification, NotificationState.UNCERTAIN, Outcome.UNCERTAIN, f"{system} did not answer")
    return _end(notification, NotificationState.REFUSED, Outcome.NOT_MADE, type(fault).__name__)


def blocked_state(notification: Notification) -> NotificationState:
    """A notice waits until the person comes back; news do not."""
    return NotificationState.REFUSED if notification.lane is Lane.BULK else NotificationState.HELD


def not_made(
    notification: Notification, to: NotificationState, due_at: datetime | None = None, *, anew: bool = False
) -> Settlement:
    """Return the settlement of a row for which no call was made; back to WAITING its attempt, if it was begun, is struck out."""
    waits = to is NotificationState.WAITING
    return Settlement(
        notification.id, notification.tries, to, Outcome.NOT_MADE, due_at=due_at, free=waits, anew=waits and anew
    )


def back_soon(notification: Notification, now: datetime, chance: Chance = random.uniform) -> Settlement:
    """Return the settlement of a row that could not begin: two that were in each other's way come back at two moments."""
    return not_made(notification, NotificationState.WAITING, now + timedelta(seconds=chance(*SOON)))


def backoff(tries: int, chance: Chance = random.uniform) -> timedelta:
    """Return a wait of up to twice the last, from a second to ten minutes; anywhere within, so that many spread."""
    whole = min(2.0 ** max(0, tries - 1), LONGEST_WAIT.total_seconds())
    return timedelta(seconds=chance(0.0, whole))


def _end(notification: Notification, to: NotificationState, outcome: Outcome, reason: str) -> Settlement:
    return Settlement(notification.id, notification.tries, to, outcome, reason=reason)


def _again(notification: Notification, outcome: Outcome, due_at: datetime, reason: str | None = None) -> Settlement:
    to = NotificationState.WAITING
    return Settlement(notification.id, notification.tries, to, outcome, due_at=due_at, reason=reason)
