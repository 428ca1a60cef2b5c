"""How programs of others are told."""

from datetime import datetime
from typing import Protocol

from core.domain.hook import Due


class HookPost(Protocol):
    """The way out to them, over HTTPS and signed."""

    @property
    def loopback(self) -> bool:
        """Whether this machine itself may be told: where the outside world is the playground."""
        ...

    def fresh_secret(self) -> str:
        """Return a new secret, as receivers are given it."""
        ...

    async def send(self, due: Due, at: datetime) -> int:
        """Send it, signed, and return the status of the answer. Raises Unavailable when none came, or none may be asked for."""
        ...
