"""What papers there are, and the ways one can go."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum


class ExtractKind(StrEnum):
    """«Выписка из истории болезни», «Справка о состоянии здоровья», «Справка о прививках» (the article, «Документы»)."""

    HISTORY = "history"
    HEALTH = "health"
    VACCINATIONS = "vaccinations"


class Aim(StrEnum):
    """What a paper is for."""

    CONSULTATION = "consultation"
    INSURANCE = "insurance"
    SCHOOL = "school"
    WORK = "work"
    OTHER = "other"


class Span(StrEnum):
    """The time that a paper tells of."""

    MONTH = "month"
    YEAR = "year"
    ALL = "all"
    OWN = "own"


class ExtractState(StrEnum):
    """ASKED is still put together; WAITING waits for the attending doctor; WITHDRAWN does not hold any more.

    REFUSED by the doctor; FAILED three times in the making; DROPPED before it was ordered.
    """

    ASKED = "asked"
    ORDERED = "ordered"
    DRAFTING = "drafting"
    WAITING = "waiting"
    READY = "ready"
    ARCHIVED = "archived"
    RESTORING = "restoring"
    REFUSED = "refused"
    FAILED = "failed"
    DROPPED = "dropped"
    WITHDRAWN = "withdrawn"


MOVES: Mapping[ExtractState, frozenset[ExtractState]] = {
    ExtractState.ASKED: frozenset({ExtractState.ORDERED, ExtractState.DROPPED}),
    ExtractState.ORDERED: frozenset({ExtractState.DRAFTING}),
    # Back to ORDERED: a try that failed, or whose worker died.
    ExtractState.DRAFTING: frozenset(
        {ExtractState.READY, ExtractState.WAITING, ExtractState.ORDERED, ExtractState.FAILED}
    ),
    # To ORDERED: signed by the doctor, so that it is made with their name.
    ExtractState.WAITING: frozenset({ExtractState.ORDERED, ExtractState.REFUSED}),
    ExtractState.READY: frozenset({ExtractState.ARCHIVED, ExtractState.WITHDRAWN}),
    ExtractState.ARCHIVED: frozenset({ExtractState.RESTORING, ExtractState.WITHDRAWN}),
    ExtractState.RESTORING: frozenset({ExtractState.READY}),
    ExtractState.REFUSED: frozenset(),
    ExtractState.FAILED: frozenset(),
    ExtractState.DROPPED: frozenset(),
    ExtractState.WITHDRAWN: frozenset(),
}

UNDER_WAY = frozenset({ExtractState.ORDERED, ExtractState.DRAFTING, ExtractState.WAITING, ExtractState.RESTORING})
"""Somebody waits for it, and is told when it is there."""
BEING_MADE = UNDER_WAY - {ExtractState.WAITING}
"""The product itself is at it: a minute, and no working day."""
MADE = frozenset({ExtractState.READY, ExtractState.ARCHIVED, ExtractState.RESTORING, ExtractState.WITHDRAWN})
"""There is a signed file."""

TRIES = 3
A_DAY = 10
"""So many can be ordered within a day."""
KEPT = timedelta(days=365)
"""The article: a year, then the archive."""
KEPT_AGAIN = timedelta(days=30)
"""After it was brought back from the archive."""
LATER = timedelta(hours=1)
"""After so long what could not go to the archive, or come back from it, is tried again."""
LEASE = timedelta(minutes=2)
"""A worker that has not finished by then is taken for dead."""
PAUSE = timedelta(seconds=20)
"""Between a try that failed and the next."""
MAIL_PAUSE = timedelta(minutes=5)
"""Between two letters with the same paper."""


class Step(StrEnum):
    """What happens to a paper on its way, in this order. DRAFTED and SIGNED are of the doctor's paper alone."""

    ORDERED = "ordered"
    DRAFTED = "drafted"
    SIGNED = "signed"
    SEALED = "sealed"


class Progress(StrEnum):
    """Where a step stands."""

    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"


def steps_of(kind: ExtractKind, state: ExtractState, *, signed: bool) -> list[tuple[Step, Progress]]:
    """Return the steps of a paper that is being made, and how far each is; `signed`: by the doctor."""
    doctors = kind is ExtractKind.HEALTH
    steps = list(Step) if doctors else [Step.ORDERED, Step.SEALED]
    done = 1 + 2 * (doctors and signed) + (state is ExtractState.WAITING)
    busy = state in {ExtractState.DRAFTING, ExtractState.WAITING}
    first_ahead = done + busy
    return [
        (step, Progress.DONE if place < done else Progress.NOW if place < first_ahead else Progress.AHEAD)
        for place, step in enumerate(steps)
    ]


def movable(to: ExtractState) -> list[str]:
    """Return the states from which one may go there, for a conditional UPDATE."""
    return [state.value for state, ways in MOVES.items() if to in ways]
