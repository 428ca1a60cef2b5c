"""How programs of others are told."""

from datetime import datetime
from typing import Protocol

from core.domain.hook import Due
from core.domain.reach import Reach


class HookPost(Protocol):
    """The way out to them, over HTTPS and signed."""

    @property
    def reach(self) -> Reach:
        """Where programs may stand."""
        ...

    def fresh_secret(self) -> str:
        """Return a new secret, as receivers are given it."""
        ...

    async def send(self, due: Due, at: datetime) -> int:
        """Send it, signed, and return the status of the answer. Raises Unavailable when none came, or none may be asked for."""
        ...
