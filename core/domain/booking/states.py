"""The states of a booking, as a table."""

from collections.abc import Mapping
from enum import StrEnum


class BookingState(StrEnum):
    """HELD for five minutes while somebody decides (ten when offered); ASKED: the clinic's server was asked, its answer is open.

    BOOKED stands, also after its time. LET_GO: the hold ran out or was given up. REFUSED by the clinic's server. MOVED: another
    took its place. CANCELLED by its person, CALLED_OFF by the clinic.
    """

    HELD = "held"
    ASKED = "asked"
    BOOKED = "booked"
    LET_GO = "let_go"
    REFUSED = "refused"
    MOVED = "moved"
    CANCELLED = "cancelled"
    CALLED_OFF = "called_off"


MOVES: Mapping[BookingState, frozenset[BookingState]] = {
    BookingState.HELD: frozenset({BookingState.ASKED, BookingState.BOOKED, BookingState.LET_GO}),
    BookingState.ASKED: frozenset({BookingState.BOOKED, BookingState.REFUSED}),
    BookingState.BOOKED: frozenset({BookingState.MOVED, BookingState.CANCELLED, BookingState.CALLED_OFF}),
    BookingState.LET_GO: frozenset(),
    BookingState.REFUSED: frozenset(),
    BookingState.MOVED: frozenset(),
    BookingState.CANCELLED: frozenset(),
    BookingState.CALLED_OFF: frozenset(),
}

LIVING = frozenset({BookingState.HELD, BookingState.ASKED, BookingState.BOOKED})
"""These keep their slot from everybody else: a unique index of the database says so."""
STANDING = frozenset({BookingState.ASKED, BookingState.BOOKED})
"""These count as appointments of their person."""


def movable(to: BookingState) -> list[str]:
    """Return the states from which one may go there, for a conditional UPDATE."""
    return [state.value for state, ways in MOVES.items() if to in ways]


class WaitState(StrEnum):
    """WAITING in turn; OFFERED a slot that is held for ten minutes; TAKEN; LEFT by the person, or when its time was over."""

    WAITING = "waiting"
    OFFERED = "offered"
    TAKEN = "taken"
    LEFT = "left"


WAIT_MOVES: Mapping[WaitState, frozenset[WaitState]] = {
    WaitState.WAITING: frozenset({WaitState.OFFERED, WaitState.LEFT}),
    WaitState.OFFERED: frozenset({WaitState.TAKEN, WaitState.WAITING, WaitState.LEFT}),
    WaitState.TAKEN: frozenset(),
    WaitState.LEFT: frozenset(),
}


def waitable(to: WaitState) -> list[str]:
    """Return the states from which a place in the waiting list may go there, for a conditional UPDATE."""
    return [state.value for state, ways in WAIT_MOVES.items() if to in ways]
