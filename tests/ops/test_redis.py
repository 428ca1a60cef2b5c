"""Where positions in dialogs are kept: the store inside the process and real Redis behave alike."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable

import pytest
import uvloop
from aiogram.fsm.state import State
from aiogram.fsm.storage.base import DefaultKeyBuilder, StorageKey
from aiogram.fsm.storage.redis import RedisStorage
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from ops.ready import is_outage
from ops.redis import connect
from tests.services import own_redis

OWN = own_redis("ops.redis")


@pytest.fixture(params=["in the process", pytest.param("redis", marks=pytest.mark.needs_redis)])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Redis]:
    store = connect(None if request.param == "in the process" else OWN)
    yield store
    await store.flushdb()
    await store.aclose()


async def test_a_position_is_kept_and_forgotten_after_its_time(store: Redis) -> None:
    storage = RedisStorage(store, DefaultKeyBuilder(with_destiny=True), state_ttl=60, data_ttl=60)
    person = StorageKey(bot_id=1, chat_id=secrets.randbelow(10**9), user_id=2)
    await storage.set_state(person, State("field", "Card"))
    await storage.set_data(person, {"field": "snils"})
    assert await storage.get_state(person) == "Card:field"
    assert await storage.get_data(person) == {"field": "snils"}
    async for key in store.scan_iter():
        assert 0 < await store.ttl(key) <= 60


@pytest.mark.needs_redis
@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_a_server_that_hangs_up_while_it_is_greeted_or_asked_is_away(loop: Callable[[], asyncio.AbstractEventLoop]):
    async def asks() -> None:
        store = connect(OWN)
        connection = await store.connection_pool.get_connection()
        connection._writer.transport.abort()
        with pytest.raises(RedisConnectionError, match="hung up"):
            await connection.send_command("PING")
        await store.connection_pool.release(connection)
        await store.set("asked", "once")
        assert store._line
        store._line._transport.abort()
        assert await store.get("asked") == b"once"
        await store.delete("asked")
        await store.aclose()

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(asks())


async def test_a_redis_that_is_away_is_an_outage_and_not_the_updates_fault() -> None:
    store = connect("redis://127.0.0.1:1/0")
    with pytest.raises(Exception, match="Connect") as gone:
        await store.ping()
    assert is_outage(gone.value)
    assert not is_outage(ValueError("wrong"))
    await store.aclose()
