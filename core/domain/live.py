"""Who listens to what happens at the desk: open pages, each by its session, with what its member may hear now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.domain.actor import Staff
from core.domain.conversation import Sight


@dataclass(frozen=True, slots=True)
class Watch:
    """A session that listens. `networks` are where the member's group may work from: none named, anywhere."""

    actor: Staff
    sight: Sight
    networks: tuple[str, ...] = ()


class Watchers(Protocol):
    """The sessions that listen."""

    async def standing(self, names: Collection[str], now: datetime) -> Mapping[str, Watch]:
        """Return those that have not ended, by their secret names, with today's rights; one statement for all."""
        ...
