"""One message to many: its texts, whom it is for, and how far it is on its way."""

from core.domain.broadcast.audience import Audience, LeftOut, Person
from core.domain.broadcast.entity import (
    ENDS,
    LIFETIME,
    MOVES,
    Broadcast,
    BroadcastMoved,
    Broadcasts,
    BroadcastState,
    KeyReused,
)
from core.domain.broadcast.progress import AHEAD, CANARY, Counts, count_every, room
from core.domain.broadcast.schedule import BadMoment, fitting, moscow_moment
from core.domain.broadcast.segment import BadSegment, Segment, ages_of
from core.domain.broadcast.texts import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    TextMissing,
    TextTooLong,
    clean_texts,
    clean_title,
    html_of,
)

__all__ = [
    "AHEAD",
    "CANARY",
    "ENDS",
    "LIFETIME",
    "LONGEST_TEXT",
    "LONGEST_TITLE",
    "MOVES",
    "Audience",
    "BadMoment",
    "BadSegment",
    "Broadcast",
    "BroadcastMoved",
    "BroadcastState",
    "Broadcasts",
    "Counts",
    "KeyReused",
    "LeftOut",
    "Person",
    "Segment",
    "TextMissing",
    "TextTooLong",
    "ages_of",
    "clean_texts",
    "clean_title",
    "count_every",
    "fitting",
    "html_of",
    "moscow_moment",
    "room",
]
