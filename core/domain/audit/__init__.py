"""Who did what, when, to whose data: a line for every access, written in the transaction of the access."""

from core.domain.audit.log import AuditLog, Finding, PartialCheck, Trail
from core.domain.audit.operation import Operation
from core.domain.audit.reading import SHOWN, TICKETS_SHOWN, BadPlace, Entry, Place, Reading, Sought, known

__all__ = [
    "SHOWN",
    "TICKETS_SHOWN",
    "AuditLog",
    "BadPlace",
    "Entry",
    "Finding",
    "Operation",
    "PartialCheck",
    "Place",
    "Reading",
    "Sought",
    "Trail",
    "known",
]
