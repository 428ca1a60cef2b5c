"""One holder a chat over all processes: in order, with a fence that only grows, and a loss is noticed."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from core.ports import HeldElsewhere, TooFast
from ops.lock import FENCE, LocalLocks, RedisLocks
from ops.redis import connect
from tests.bot.street import a_moment
from tests.services import own_redis

pytestmark = pytest.mark.needs_redis
OWN = own_redis("ops.lock")
PATIENCE_S = 60


@pytest.fixture
async def redis() -> AsyncIterator[Redis]:
    redis = connect(OWN)
    yield redis
    await redis.flushdb()
    await redis.aclose()


def some_chat() -> int:
    return secrets.randbelow(10**12)


def nobody() -> None:
    return


async def until(event: asyncio.Event) -> None:
    await asyncio.wait_for(event.wait(), PATIENCE_S)


@pytest.mark.parametrize("kind", ["local", "redis"])
async def test_in_a_process_whoever_comes_first_is_first(redis: Redis, kind: str) -> None:
    locks, chat, order, inside = LocalLocks() if kind == "local" else RedisLocks(redis), some_chat(), [], [0]

    async def come(number: int) -> None:
        async with locks.hold(chat, nobody, 1):
            inside[0] += 1
            assert inside[0] == 1
            order.append(number)
            await a_moment()
            inside[0] -= 1

    await asyncio.gather(*(come(number) for number in range(20)))
    assert order == list(range(20))
    await locks.close()


async def test_two_processes_are_never_in_one_chat_and_the_fence_grows(redis: Redis) -> None:
    processes, chat, fences, inside = [RedisLocks(redis, wait=PATIENCE_S) for _ in range(3)], some_chat(), [], [0]

    async def come(locks: RedisLocks) -> None:
        async with locks.hold(chat, nobody, 1) as held:
            assert held.held is not None
            inside[0] += 1
            assert inside[0] == 1
            fences.append(held.held.fence)
            await a_moment()
            inside[0] -= 1

    await asyncio.gather(*(come(processes[number % 3]) for number in range(30)))
    assert fences == sorted(set(fences))
    assert len(fences) == 30
    for each in processes:
        await each.close()


async def test_the_fence_grows_even_when_redis_has_lost_everything(redis: Redis) -> None:
    locks, chat, fences = RedisLocks(redis), some_chat(), []
    for _ in range(3):
        async with locks.hold(chat, nobody, 1) as held:
            assert held.held is not None
            fences.append(held.held.fence)
        await redis.flushdb()
    # A clock that went back does not take the fence with it.
    await redis.set(FENCE, 10**16)
    async with locks.hold(chat, nobody, 1) as held:
        assert held.held is not None
        fences.append(held.held.fence)
    assert fences == sorted(set(fences))
    await locks.close()


async def test_whoever_waits_too_long_does_something_else_and_comes_again(redis: Redis) -> None:
    here, there, chat = RedisLocks(redis), RedisLocks(redis, wait=0.05), some_chat()
    async with here.hold(chat, nobody, 1):
        with pytest.raises(HeldElsewhere):
            async with there.hold(chat, nobody, 1):
                pass
    async with there.hold(chat, nobody, 1) as held:
        assert held.held is not None
    await here.close()
    await there.close()


async def test_a_lease_is_renewed_for_as_long_as_it_takes(redis: Redis) -> None:
    here, there, chat, lost = RedisLocks(redis, lease=3.0), RedisLocks(redis, wait=4.0), some_chat(), []
    async with here.hold(chat, lambda: lost.append(chat), 1):
        with pytest.raises(HeldElsewhere):
            async with there.hold(chat, nobody, 1):
                pass
    assert lost == []
    await here.close()
    await there.close()


async def test_a_lost_lease_is_noticed_and_somebody_elses_is_not_given_back(redis: Redis) -> None:
    here, there, chat, lost = RedisLocks(redis, lease=0.4), RedisLocks(redis), some_chat(), asyncio.Event()
    async with here.hold(chat, lost.set, 1) as before:
        await redis.flushdb()
        async with there.hold(chat, nobody, 1) as now:
            await until(lost)
            assert before.held is not None
            assert now.held is not None
            assert now.held.fence > before.held.fence
    await here.close()
    await there.close()


async def test_with_redis_away_a_holder_lets_go_before_its_lease_is_over() -> None:
    gone, lost = connect("redis://127.0.0.1:1/0"), asyncio.Event()
    locks = RedisLocks(gone, lease=0.4)

    async def given(**_asked: object) -> list[object]:
        return ["7", 0]

    locks._take = given  # type: ignore[assignment]  # it went away just after
    async with locks.hold(some_chat(), lost.set, 1):
        await until(lost)
    await locks.close()
    await gone.aclose()


@pytest.mark.parametrize("kind", ["local", "redis"])
async def test_whoever_dies_over_work_leaves_a_trace_and_whoever_ends_it_leaves_none(
    redis: Redis, kind: str, tmp_path: Path
) -> None:
    chat, traces, beside = some_chat(), tmp_path / "under-way", []

    def process() -> LocalLocks | RedisLocks:
        return LocalLocks(traces) if kind == "local" else RedisLocks(redis, wait=PATIENCE_S)

    async def dies(work: int, *, daring: bool) -> int:
        """Take the chat for some work, and be no more: nothing is given back. Return how many died before."""
        locks = process()
        held = locks.hold(chat, nobody, work)
        turn = await held.__aenter__()
        beside.append((locks, held))
        if turn.deaths and daring:
            await locks.dare(chat, work, turn.deaths)
        if isinstance(locks, RedisLocks):
            await locks.close()
        await redis.delete(f"medkarta:chat:{chat}")  # the lease is over
        return turn.deaths

    # Whoever dies while waiting to be dared is not blamed on the work.
    assert [await dies(7, daring=daring) for daring in (True, True, False, True)] == [0, 1, 2, 2]
    locks = process()
    async with locks.hold(chat, nobody, 8) as turn:
        assert turn.deaths == 0
    for deaths in (3, 0):
        async with locks.hold(chat, nobody, 7) as turn:
            assert turn.deaths == deaths
    await locks.close()


async def test_a_redis_that_is_away_at_the_end_is_nobodys_death(redis: Redis) -> None:
    locks, chat = RedisLocks(redis), some_chat()
    release = locks._release
    async with locks.hold(chat, nobody, 7):
        locks._release = connect("redis://127.0.0.1:1/0").register_script("return 0")
    locks._release = release
    await redis.delete(f"medkarta:chat:{chat}")  # the lease is over
    async with locks.hold(chat, nobody, 7) as turn:
        assert turn.deaths == 0
    await locks.close()


async def test_whoever_dies_keeps_the_chat_for_its_lease_and_no_longer(redis: Redis) -> None:
    chat = some_chat()
    await redis.set(f"medkarta:chat:{chat}", "the dead one", px=200)
    locks = RedisLocks(redis, wait=PATIENCE_S)
    async with locks.hold(chat, nobody, 1) as held:
        assert held.held is not None
    await locks.close()


async def test_the_pace_of_a_chat_is_one_for_all_processes_and_costs_no_lock(redis: Redis) -> None:
    processes = [RedisLocks(redis, rate=0.01, burst=3) for _ in range(2)]
    here, there, chat = *processes, some_chat()
    for locks in (here, there, here):
        async with locks.hold(chat, nobody, 1, pays=True):
            pass
    with pytest.raises(TooFast) as told:
        async with there.hold(chat, nobody, 1, pays=True):
            pass
    assert 0 < told.value.seconds <= 100
    # What does not pay goes on, and so does everybody else.
    async with there.hold(chat, nobody, 1):
        pass
    async with there.hold(some_chat(), nobody, 1, pays=True):
        pass
    for each in processes:
        await each.close()


async def test_who_came_too_fast_strikes_out_nobodys_trace(redis: Redis) -> None:
    locks, chat = RedisLocks(redis, rate=0.01, burst=1), some_chat()
    async with locks.hold(chat, nobody, 1, pays=True):
        pass
    # Somebody died over work 7.
    await redis.hset(f"medkarta:under-way:{chat}", "7", "0")
    with pytest.raises(TooFast):
        async with locks.hold(chat, nobody, 7, pays=True):
            pass
    async with locks.hold(chat, nobody, 7) as turn:
        assert turn.deaths == 1
    await locks.close()


async def test_the_pace_comes_back_with_time(redis: Redis) -> None:
    locks, chat = RedisLocks(redis, rate=20, burst=1), some_chat()
    async with asyncio.timeout(PATIENCE_S):
        for _ in range(3):
            while True:
                try:
                    async with locks.hold(chat, nobody, 1, pays=True):
                        break
                except TooFast:
                    await a_moment()
    await locks.close()
