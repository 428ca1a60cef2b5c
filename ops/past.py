"""The worker's duty about what of the support is past its time: it is removed for good, a portion at a time."""

from collections.abc import Awaitable, Callable

from dishka import AsyncContainer

from core.domain.past import KEPT, Past, Pasts
from core.ports import Clock, Transaction

FORGET_EVERY_S = 3600.0
AT_ONCE = 50


class Forgetting:
    """A transaction a portion: nobody waits for more than one."""

    def __init__(self, container: AsyncContainer) -> None:
        self.container = container

    @property
    def duties(self) -> tuple[tuple[str, Callable[[], Awaitable[None]], float], ...]:
        """Names, duties, and seconds between their rounds."""
        return (("forget_support", self.forget, FORGET_EVERY_S),)

    async def forget(self) -> None:
        """Remove all that is past its time."""
        for what in Past:
            gone = AT_ONCE
            while gone >= AT_ONCE:
                async with self.container() as scope:
                    pasts, now = await scope.get(Pasts), (await scope.get(Clock)).now()
                    async with await scope.get(Transaction):
                        gone = await pasts.forget(what, now - KEPT[what], AT_ONCE)
