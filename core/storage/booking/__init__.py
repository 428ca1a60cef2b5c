"""Bookings and the waiting list."""

from core.storage.booking.collection import SqlBookings
from core.storage.booking.rows import BookingRow, WaitRow
from core.storage.booking.waiting import SqlWaits

__all__ = ["BookingRow", "SqlBookings", "SqlWaits", "WaitRow"]
