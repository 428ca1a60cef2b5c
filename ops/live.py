"""What an api process does beside serving: it hears what happens at the desk, for the pages that are open."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import structlog

from api.live import Live

AGAIN_S = 1.0

log = structlog.get_logger()


@contextlib.asynccontextmanager
async def hearing(live: Live, stop: asyncio.Event) -> AsyncIterator[None]:
    """Hear and read while the block runs; at its end every open page is let go."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_listen(live, stop)), group.create_task(live.read(stop))]
        try:
            yield
        finally:
            live.close()
            for each in tasks:
                each.cancel()


async def _listen(live: Live, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await live.listen(stop)
        except Exception as fault:
            # The reader looks by itself meanwhile, only later.
            log.warning("live.deaf", fault=type(fault).__name__)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), AGAIN_S)
