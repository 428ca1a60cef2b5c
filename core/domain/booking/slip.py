"""The slip of an appointment («электронный талон»): whether it stands, and how much of a name its page may show."""

from datetime import datetime
from enum import StrEnum

from core.domain.booking.entity import Booking
from core.domain.booking.states import BookingState


class SlipState(StrEnum):
    """What a slip is worth. ASKED: its clinic has not answered yet. OVER: the time of the visit is past."""

    STANDS = "stands"
    ASKED = "asked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    CALLED_OFF = "called_off"
    OVER = "over"


class NoSlip(Exception):
    """It came to nothing: it was never confirmed, so there is nothing to show at a desk."""

    message_key = "slip.none"


class NotOnMap(Exception):
    """Nobody has told where on the map the clinic is."""

    message_key = "slip.not_on_map"


ENDED = {
    BookingState.MOVED: SlipState.MOVED,
    BookingState.CANCELLED: SlipState.CANCELLED,
    BookingState.CALLED_OFF: SlipState.CALLED_OFF,
}


def slip_state(booking: Booking, now: datetime) -> SlipState | None:
    """Return what its slip is worth; None for one that has none: it was never asked for, or its clinic refused it."""
    if not booking.number:
        return None
    if booking.state in ENDED:
        return ENDED[booking.state]
    if booking.state is BookingState.ASKED:
        return SlipState.ASKED
    if booking.state is not BookingState.BOOKED:
        return None
    return SlipState.OVER if booking.slot.ends_at <= now else SlipState.STANDS


def initials(name: str) -> str:
    """Return the first letters of a name, four at most: «И. А. С.». Enough to compare with whoever stands at the desk."""
    return " ".join(f"{word[0]}." for word in name.split()[:4])
