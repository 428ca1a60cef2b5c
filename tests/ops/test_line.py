"""One connection to Redis for everybody: no answer reaches anybody else, and what breaks is made anew."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as RedisTimeout

from ops.line import Together
from ops.redis import connect
from tests.services import own_redis

OWN = own_redis("ops.line")
PATIENCE_S = 60


@pytest.fixture
async def redis() -> AsyncIterator[Together]:
    redis = connect(OWN)
    assert isinstance(redis, Together)
    yield redis
    await redis.flushdb()
    await redis.aclose()


@pytest.mark.needs_redis
async def test_many_who_ask_at_once_get_their_own_answers(redis: Together) -> None:
    await asyncio.gather(*(redis.set(f"key:{number}", number) for number in range(200)))
    found = await asyncio.gather(*(redis.get(f"key:{number}") for number in range(200)))
    assert found == [str(number).encode() for number in range(200)]
    assert await redis.hset("chat", mapping={"state": "field"}) == 1
    assert await redis.hgetall("chat") == {b"state": b"field"}


@pytest.mark.needs_redis
async def test_an_answer_that_nobody_waits_for_any_more_goes_to_nobody_else(redis: Together) -> None:
    await redis.mset({"first": "1", "second": "2"})
    line = await redis.client_id()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await redis.get("first")
    assert await redis.get("second") == b"2"
    assert await redis.client_id() == line, "the line was not made anew for it"


@pytest.mark.needs_redis
async def test_a_refusal_is_one_commands_own(redis: Together) -> None:
    await redis.set("text", "a")
    wrong, right = await asyncio.gather(redis.incr("text"), redis.get("text"), return_exceptions=True)
    assert isinstance(wrong, ResponseError)
    assert right == b"a"


@pytest.mark.needs_redis
async def test_a_script_that_the_server_has_forgotten_is_told_again(redis: Together) -> None:
    script = redis.register_script("return ARGV[1] + 1")
    assert await script(args=[1]) == 2
    await redis.script_flush()
    assert await script(args=[2]) == 3


@pytest.mark.needs_redis
async def test_a_connection_that_the_server_closed_is_made_anew(redis: Together) -> None:
    me = await redis.client_id()
    other = connect(OWN)
    await other.client_kill_filter(_id=str(me))
    assert await redis.ping()
    assert await redis.client_id() != me
    await other.aclose()


async def test_a_server_that_says_nothing_holds_nobody_up() -> None:
    asked = 0

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # What redis-py says to begin with is answered; a command is not.
        nonlocal asked
        while said := await reader.read(1000):
            if b"GET" in said:
                asked += 1
            else:
                writer.write(b"+OK\r\n" * said.count(b"*"))
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        redis = connect(f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0")
        assert isinstance(redis, Together)
        redis.line_seconds = 0.05
        async with asyncio.timeout(PATIENCE_S):
            with pytest.raises(RedisTimeout, match="in time"):
                await redis.get("anything")
        await redis.aclose()
    assert asked == 2, "once more on a connection made anew, and no more"
