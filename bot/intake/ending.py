"""The end: one deadline for all that is still done once the product was told to stop."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

END_S = 19.0
"""From the signal to the end of everything; closing connections has the rest of twenty seconds."""
LAST_WORDS_S = 4.0
"""Of these for what is told to Telegram once nothing is under way any more."""
T = TypeVar("T")


class Ending:
    """How much time is left. Before the product was told to stop, all of it is."""

    def __init__(self, seconds: float = END_S, ticks: Callable[[], float] = time.monotonic) -> None:
        """`ticks` tells seconds."""
        self._seconds, self._ticks = seconds, ticks
        self._at: float | None = None

    async def begun(self, stop: asyncio.Event) -> None:
        """Count from the moment at which `stop` is set."""
        await stop.wait()
        self._at = self._ticks() + self._seconds

    def left(self, for_others: float = 0.0) -> float:
        """Return the seconds that are left, without those for what comes afterwards."""
        left = self._seconds if self._at is None else self._at - self._ticks()
        return max(0.0, left - for_others)


async def unless_stopped(work: Awaitable[T], stop: asyncio.Event) -> T | None:
    """Return what the work comes to; None once `stop` is set: then it is cut off."""
    working, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        if not working.done():
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
    return None if working.cancelled() else working.result()
