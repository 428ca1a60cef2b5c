"""The states of a ticket and what may follow what."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

REOPENED_WITHIN = timedelta(days=14)


class TicketState(StrEnum):
    """DRAFT is being written. IN_WORK («в обработке»), WAITING for papers or words of the citizen, ANSWERED, CLOSED.

    MERGED: it went into another. A new one and a reopened one are IN_WORK.
    """

    DRAFT = "draft"
    IN_WORK = "in_work"
    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"
    MERGED = "merged"


MOVES: Mapping[TicketState, frozenset[TicketState]] = {
    TicketState.DRAFT: frozenset({TicketState.IN_WORK}),
    TicketState.IN_WORK: frozenset({TicketState.WAITING, TicketState.ANSWERED, TicketState.CLOSED, TicketState.MERGED}),
    TicketState.WAITING: frozenset({TicketState.IN_WORK, TicketState.ANSWERED, TicketState.CLOSED, TicketState.MERGED}),
    TicketState.ANSWERED: frozenset({TicketState.IN_WORK, TicketState.WAITING, TicketState.CLOSED, TicketState.MERGED}),
    TicketState.CLOSED: frozenset({TicketState.IN_WORK}),
    TicketState.MERGED: frozenset(),
}
"""CLOSED to IN_WORK: within REOPENED_WITHIN, by its citizen; by staff at any time."""


class RemarkSide(StrEnum):
    """Who wrote a remark. NOTE is seen by staff alone; EVENT is a change of state."""

    CITIZEN = "citizen"
    STAFF = "staff"
    NOTE = "note"
    EVENT = "event"
