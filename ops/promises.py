"""The worker's duties about who waits for an answer: warned of, escalated, told a new time before the old one is over."""

from collections.abc import Awaitable, Callable

from dishka import AsyncContainer

from core.services.sla import RenewPromises, WarnOverdue

WARN_EVERY_S = 5.0
RENEW_EVERY_S = 5.0


class Promises:
    """Each duty is a round of its own; what fails is tried again at its next turn."""

    def __init__(self, container: AsyncContainer) -> None:
        self.container = container

    @property
    def duties(self) -> tuple[tuple[str, Callable[[], Awaitable[None]], float], ...]:
        """Names, duties, and seconds between their rounds."""
        return (("warn_overdue", self.warn, WARN_EVERY_S), ("renew_promises", self.renew, RENEW_EVERY_S))

    async def warn(self) -> None:
        """Say at the desk what is nearly late, and escalate what is."""
        async with self.container() as scope:
            await (await scope.get(WarnOverdue))()

    async def renew(self) -> None:
        """Write down what citizens were told, and tell a new time in time."""
        async with self.container() as scope:
            await (await scope.get(RenewPromises))()
