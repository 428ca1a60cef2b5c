"""Where people stand, in Redis: whoever lost the chat does not put its person back."""

from collections.abc import AsyncIterator

import pytest
from aiogram.fsm.storage.base import StorageKey
from redis.asyncio import Redis

from core.domain.update import HELD, Held, LostLock
from ops.positions import LIFETIME_S, RedisPositions
from ops.redis import connect
from tests.services import own_redis

pytestmark = pytest.mark.needs_redis
OWN = own_redis("ops.positions")
KEY = StorageKey(42, 7, 7)


@pytest.fixture
async def redis() -> AsyncIterator[Redis]:
    redis = connect(OWN)
    yield redis
    await redis.flushdb()
    await redis.aclose()


async def stands(positions: RedisPositions, state: str | None, fence: int | None) -> None:
    """Store a state and data at the end of an update that is handled under a fence."""
    before = HELD.set(None if fence is None else Held(7, fence))
    try:
        async with positions.page():
            await positions.get_state(KEY)
            await positions.set_state(KEY, state)
            await positions.set_data(KEY, {"at": state} if state else {})
    finally:
        HELD.reset(before)


async def test_an_older_fence_writes_nothing_and_is_told_so(redis: Redis) -> None:
    positions = RedisPositions(redis)
    await stands(positions, "first", 10**15 + 1)
    await stands(positions, "second", 10**15 + 2)
    with pytest.raises(LostLock):
        await stands(positions, "third", 10**15 + 1)
    assert await positions.get_state(KEY) == "second"
    assert await positions.get_data(KEY) == {"at": "second"}
    # The same holder writes as often as it likes, and the next one too.
    await stands(positions, "fourth", 10**15 + 2)
    await stands(positions, None, 10**15 + 3)
    assert await positions.get_state(KEY) is None
    assert await positions.get_data(KEY) == {}
    with pytest.raises(LostLock):
        await stands(positions, "fifth", 10**15 + 2)


async def test_what_is_written_lives_for_a_month_and_without_a_fence_as_before(redis: Redis) -> None:
    positions = RedisPositions(redis)
    await stands(positions, "first", 5)
    (name,) = await redis.keys("*")
    assert LIFETIME_S - 60 < await redis.ttl(name) <= LIFETIME_S
    await stands(positions, "second", None)
    assert await positions.get_state(KEY) == "second"
