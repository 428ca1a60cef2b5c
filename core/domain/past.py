"""What of the support is past its time: how long each is kept, and where it is removed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol


class Past(StrEnum):
    """WORDS: what operators had begun to write, and what conversations are searched by. WAITS: clocks and promises of an answer."""

    WORDS = "words"
    TALKS = "talks"
    TICKET_DRAFTS = "ticket_drafts"
    TICKETS = "tickets"
    WAITS = "waits"


YEAR = timedelta(days=365)
KEPT: Mapping[Past, timedelta] = MappingProxyType(
    {
        Past.WORDS: timedelta(days=1),
        Past.TALKS: YEAR,
        Past.TICKET_DRAFTS: timedelta(days=30),
        Past.TICKETS: 3 * YEAR,
        Past.WAITS: YEAR,
    }
)
"""How long after its end, its closing, its last change."""


class Pasts(Protocol):
    """Removes for good: rows now, the ciphertext of files once that stands."""

    async def forget(self, what: Past, before: datetime, limit: int) -> int:
        """Remove so many of what was over before that, the oldest first; returns how many went."""
        ...
