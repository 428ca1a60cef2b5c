"""The outbox: rows written with the fact they tell, claimed by workers under a lease, wiped once told; and its pins."""

from core.storage.notification.failing import SqlOutbox
from core.storage.notification.pinning import PinRow, SqlPins
from core.storage.notification.rows import AttemptRow, NotificationRow

__all__ = ["AttemptRow", "NotificationRow", "PinRow", "SqlOutbox", "SqlPins"]
