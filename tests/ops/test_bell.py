"""Words between processes: every listener of every process hears them, and Redis away costs nobody an error."""

import asyncio
import secrets
from collections.abc import AsyncIterator

import pytest

from ops import bell
from ops.bell import LocalBell, RedisBell
from ops.redis import connect
from tests.services import REDIS

PATIENCE_S = 60


async def _heard(words: AsyncIterator[str], count: int) -> list[str]:
    found: list[str] = []
    async for word in words:
        found += [word] if word else []
        if len(found) == count:
            break
    return found


async def test_all_who_listen_in_a_process_hear_and_quiet_ones_are_let_go_on() -> None:
    local = LocalBell(quiet=0.01)
    await local.ring("nobody listens")
    async with local.heard() as one, local.heard() as other:
        assert await anext(one) == ""
        await local.ring("event")
        assert [await anext(one), await anext(other)] == ["event", "event"]


@pytest.mark.needs_redis
async def test_another_process_hears_and_hangs_up_with_its_last_listener(monkeypatch: pytest.MonkeyPatch) -> None:
    # Every database of a Redis hears the same channels: other tests ring at the same time.
    monkeypatch.setattr(bell, "CHANNEL", f"medkarta.test.{secrets.token_hex(6)}")
    monkeypatch.setattr(bell, "AGAIN_S", PATIENCE_S)
    here, there = connect(REDIS), connect(REDIS)
    one, other = RedisBell(here), RedisBell(there)
    try:
        async with other.heard() as words, other.heard() as more:
            await one.ring("event")
            await here.publish(bell.CHANNEL, b"\xff\xfe")
            await one.ring("typing a b")
            for listener in (words, more):
                first, _, last = await _heard(listener, 3)  # between them a word that is none
                assert (first, last) == ("event", "typing a b")
        assert other._listening is None
    finally:
        await here.aclose()
        await there.aclose()


async def test_while_redis_is_away_a_process_hears_itself() -> None:
    away = connect("redis://127.0.0.1:1/0")
    alone = RedisBell(away, quiet=0.01)
    try:
        async with alone.heard() as words:
            await alone.ring("event")
            assert await asyncio.wait_for(_heard(words, 1), timeout=PATIENCE_S) == ["event"]
    finally:
        await away.aclose()
