"""Wake-ups between processes: they arrive, and where Redis is away nothing is lost but the time until the next look."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from ops.events import RedisEvents
from ops.redis import connect
from tests.ops.gate import gated
from tests.services import REDIS

pytestmark = pytest.mark.needs_redis
PATIENCE_S = 120


@asynccontextmanager
async def process(url: str) -> AsyncIterator[RedisEvents]:
    """The events of one process, which listens."""
    redis, stop = connect(url), asyncio.Event()
    events = RedisEvents(redis)
    listening = asyncio.ensure_future(events.listen(stop))
    try:
        yield events
    finally:
        stop.set()
        await listening
        await redis.aclose()


async def heard(here: RedisEvents, there: RedisEvents) -> None:
    """Tap there until it is heard here: whoever has just begun to listen may miss the first."""
    async with asyncio.timeout(PATIENCE_S):
        seen = here.taps()
        while here.taps() == seen:
            await there.wake()
            await here.wait(0.1, seen)


async def test_a_tap_wakes_who_waits_in_another_process() -> None:
    async with process(REDIS) as one, process(REDIS) as other:
        await heard(one, other)
        await heard(other, one)
        waiting = asyncio.ensure_future(one.wait(PATIENCE_S, one.taps()))
        async with asyncio.timeout(PATIENCE_S / 2):
            await other.wake()
            await waiting


async def test_a_tap_that_came_before_the_wait_is_not_slept_over() -> None:
    async with process(REDIS) as one, process(REDIS) as other:
        seen = one.taps()
        await heard(one, other)
        async with asyncio.timeout(PATIENCE_S / 2):
            await one.wait(PATIENCE_S, seen)


async def test_while_redis_is_away_waiting_ends_by_itself_and_taps_come_again_once_it_is_back() -> None:
    async with gated(REDIS) as (gate, url), process(url) as one, process(REDIS) as other:
        await heard(one, other)
        await gate.shut()
        await one.wake()
        async with asyncio.timeout(PATIENCE_S):
            await one.wait(0.05, one.taps())
        await gate.open()
        await heard(one, other)
