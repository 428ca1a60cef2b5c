"""The sending of what is due, and the looking after what did not arrive."""

from core.services.notification.carrying import LEASE
from core.services.notification.delivering import DeliverDue
from core.services.notification.failing import FailureView, MeasureOutbox, OutboxState, SendAgain, ViewFailures
from core.services.notification.pinning import KeepPins
from core.services.notification.relaying import LineCarrier
from core.services.notification.stream import BULK, LETTERS, PUSHES, STREAMS, TEXTS, Stream
from core.services.notification.tending import ReckonTimes, RecoverLapsed, TendOutbox

__all__ = [
    "BULK",
    "LEASE",
    "LETTERS",
    "PUSHES",
    "STREAMS",
    "TEXTS",
    "DeliverDue",
    "FailureView",
    "KeepPins",
    "LineCarrier",
    "MeasureOutbox",
    "OutboxState",
    "ReckonTimes",
    "RecoverLapsed",
    "SendAgain",
    "Stream",
    "TendOutbox",
    "ViewFailures",
]
