"""The worker's duties about programs of others: what they are told, and which calls of theirs are remembered."""

from collections.abc import Awaitable, Callable

from dishka import AsyncContainer

from core.services.hook import ForgetTellings, TellPrograms
from core.services.idempotency import ForgetCalls

TELL_EVERY_S = 1.0
FORGET_EVERY_S = 3600.0
ROUNDS = 3
"""So that one address that does not answer does not hold up the others."""


class Programs:
    """Each duty is a round of its own; what fails is tried again at its next turn."""

    def __init__(self, container: AsyncContainer) -> None:
        self.container = container

    @property
    def duties(self) -> tuple[tuple[str, Callable[[], Awaitable[None]], float], ...]:
        """Names, duties, and seconds between their rounds."""
        telling = tuple((f"tell_programs_{each}", self.tell, TELL_EVERY_S) for each in range(ROUNDS))
        return (*telling, ("forget_programs", self.forget, FORGET_EVERY_S))

    async def tell(self) -> None:
        """Tell what is due, one after another."""
        more = True
        while more:
            async with self.container() as scope:
                more = await (await scope.get(TellPrograms))()

    async def forget(self) -> None:
        """Forget what was told a month ago, and the calls of yesterday."""
        async with self.container() as scope:
            await (await scope.get(ForgetTellings))()
        async with self.container() as scope:
            await (await scope.get(ForgetCalls))()
