"""One message to many: written, counted, launched, steered by administrators; found people for by the worker."""

from core.services.broadcast.counting import CountReach, Reach
from core.services.broadcast.crowd import Crowd
from core.services.broadcast.steering import CancelBroadcast, LaunchBroadcast, PauseBroadcast, ResumeBroadcast
from core.services.broadcast.tending import TendBroadcast
from core.services.broadcast.viewing import BroadcastView, ListBroadcasts, ViewBroadcast
from core.services.broadcast.writing import ChangeBroadcast, CreateBroadcast, Wanted

__all__ = [
    "BroadcastView",
    "CancelBroadcast",
    "ChangeBroadcast",
    "CountReach",
    "CreateBroadcast",
    "Crowd",
    "LaunchBroadcast",
    "ListBroadcasts",
    "PauseBroadcast",
    "Reach",
    "ResumeBroadcast",
    "TendBroadcast",
    "ViewBroadcast",
    "Wanted",
]
