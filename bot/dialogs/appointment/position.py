"""Where a person stands among their appointments: the one that is open and its list, the offer that is open. Ids alone."""

from aiogram_dialog import DialogManager

from bot.dialogs.astray import kept_id
from core.domain.ids import BookingId, WaitId

BOOKING, PAST, WAIT = "booking", "past", "wait"


def open_booking(manager: DialogManager, booking: str, *, past: bool = False) -> None:
    """Keep which appointment is open; `past`: out of the list of past ones."""
    manager.dialog_data[BOOKING], manager.dialog_data[PAST] = booking, past


def from_past(manager: DialogManager) -> bool:
    """Whether the open appointment was opened from the list of past ones."""
    return bool(manager.dialog_data.get(PAST))


def booking_of(manager: DialogManager) -> BookingId:
    """Return the open appointment. Raises NotOffered where there is none."""
    return BookingId(kept_id(manager, BOOKING))


def wait_of(manager: DialogManager) -> WaitId:
    """Return the open offer's place in the waiting list. Raises NotOffered where there is none."""
    return WaitId(kept_id(manager, WAIT))
