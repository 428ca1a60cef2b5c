"""Handing visits over to a specialist: made, listed and revoked by their owner; opened once by whoever has link or code."""

from core.services.handover.giving import Handed, HandOver, Made, RevokeHandover, ViewHandovers
from core.services.handover.opening import Announced, AnnounceHandover, HandedVisits, OpenHandover, ReadHandover

__all__ = [
    "AnnounceHandover",
    "Announced",
    "HandOver",
    "Handed",
    "HandedVisits",
    "Made",
    "OpenHandover",
    "ReadHandover",
    "RevokeHandover",
    "ViewHandovers",
]
