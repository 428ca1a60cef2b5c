"""What a person typed goes from the chat, whatever Telegram says meanwhile; and nobody waits for it."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramNetworkError, TelegramRetryAfter, TelegramServerError
from aiogram.methods import DeleteMessage, DeleteMessages, TelegramMethod
from redis.asyncio import Redis
from structlog.testing import capture_logs

from bot.intake.reply import REPLY, Reply, Replying
from bot.sweep import ALLOWED_S, Sweep, Sweeper
from ops.leftovers import KEY, RedisLeftovers
from ops.redis import connect
from tests.bot.street import Telegram
from tests.services import own_redis

OWN = own_redis("bot.sweep")
CHAT = 5


class Chat(Telegram):
    """Messages that are there until they are removed; `moods` come before what is done."""

    def __init__(self, *messages: int) -> None:
        super().__init__()
        self.there = set(messages)
        self.moods: list[Exception | asyncio.Event] = []

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:
        self.calls.append(method)
        if self.moods:
            mood = self.moods.pop(0)
            if isinstance(mood, Exception):
                raise mood
            await mood.wait()
        if isinstance(method, DeleteMessages):
            self.there -= set(method.message_ids)
        if isinstance(method, DeleteMessage):
            self.there.discard(method.message_id)
        return True


class Place:
    """A chat, what is left over, and time that is moved by hand."""

    def __init__(self, redis: Redis, *, lasting: bool = True) -> None:
        self.chat = Chat(*range(1, 1000))
        self.chat.middleware(Replying())
        self.bot = Bot("42:abcdefgh", session=self.chat)
        self.now = 1_764_000_000.0
        self.leftovers = RedisLeftovers(redis, lasting=lasting, now=lambda: self.now)
        self.sweeper = Sweeper(self.bot, self.leftovers, look=0.01)

    async def sweep(self, *messages: int, typed: bool = True) -> None:
        sweep = Sweep(self.bot, CHAT, self.leftovers)
        for each in messages:
            sweep.add(each, typed=typed)
        await sweep.finish()

    async def look(self) -> int:
        """Let the sweeper look once; returns how many it took up."""
        due = await self.leftovers.due(100)
        await self.sweeper._try(due)
        return len(due)


@pytest.fixture(params=["embedded", pytest.param("redis", marks=pytest.mark.needs_redis)])
async def redis(request: pytest.FixtureRequest) -> AsyncIterator[Redis]:
    redis = connect(None if request.param == "embedded" else OWN)
    yield redis
    await redis.delete(KEY)
    await redis.aclose()


def fault(kind: str) -> Exception:
    method = DeleteMessage(chat_id=CHAT, message_id=1)
    if kind == "429":
        return TelegramRetryAfter(method=method, message="Too Many Requests: retry after 30", retry_after=30)
    if kind == "5xx":
        return TelegramServerError(method=method, message="Bad Gateway")
    return TelegramNetworkError(method=method, message="reset")


@pytest.mark.parametrize(("kind", "seconds"), [("429", 30), ("5xx", 1), ("network", 1)])
@pytest.mark.parametrize("messages", [(1,), (1, 2)])
async def test_what_was_typed_goes_once_telegram_is_back_and_not_before_it_asked_for(
    redis: Redis, kind: str, seconds: int, messages: tuple[int, ...]
) -> None:
    place = Place(redis)
    place.chat.moods = [fault(kind)]
    await place.sweep(*messages)
    assert set(messages) <= place.chat.there
    place.now += seconds - 0.5
    assert await place.look() == 0
    place.now += 1
    assert await place.look() == len(messages)
    assert not set(messages) & place.chat.there
    place.now += 10_000
    assert await place.look() == 0


async def test_pauses_grow_and_after_two_days_it_is_given_up_and_said(redis: Redis) -> None:
    place = Place(redis)
    begun, times = place.now, []
    place.chat.moods = [fault("network") for _ in range(1000)]
    with capture_logs() as logs:
        await place.sweep(1)
        while await redis.zcard(KEY):
            ((_, at),) = await redis.zrange(KEY, 0, 0, withscores=True)
            place.now = max(place.now, at)
            times.append(place.now - begun)
            assert await place.look() == 1
    assert times[:5] == [1, 2, 4, 8, 16]
    assert all(later - sooner <= 600 for sooner, later in pairwise(times))
    assert ALLOWED_S - 601 <= times[-1] <= ALLOWED_S
    assert [each["count"] for each in logs if each["event"] == "sweep.given_up"] == [1]


async def test_a_pause_that_telegram_asks_for_later_is_obeyed_too(redis: Redis) -> None:
    place = Place(redis)
    place.chat.moods = [fault("5xx"), fault("429")]
    await place.sweep(1)
    place.now += 2
    assert await place.look() == 1
    place.now += 29
    assert await place.look() == 0
    place.now += 2
    assert await place.look() == 1
    assert 1 not in place.chat.there


async def test_the_chats_turn_waits_for_two_seconds_at_most(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.sweep.TURN_S", 0.05)
    place, never = Place(redis), asyncio.Event()
    place.chat.moods = [never]
    await asyncio.wait_for(place.sweep(1, 2), 60)
    assert {1, 2} <= place.chat.there
    place.now += 2
    await place.look()
    assert not {1, 2} & place.chat.there


async def test_more_than_a_hundred_go_in_several_calls(redis: Redis) -> None:
    place = Place(redis)
    await place.sweep(*range(1, 251))
    assert min(place.chat.there) == 251
    assert [len(each.message_ids) for each in place.chat.calls if isinstance(each, DeleteMessages)] == [100, 100, 50]


async def test_one_that_cannot_go_does_not_keep_the_others(redis: Redis) -> None:
    place = Place(redis)
    refusal = TelegramBadRequest(method=DeleteMessage(chat_id=CHAT, message_id=1), message="message can't be deleted")
    place.chat.moods = [refusal, refusal]
    with capture_logs() as logs:
        await place.sweep(1, 2, 3)
    assert place.chat.there & {1, 2, 3} == {1}
    assert [each["event"] for each in logs] == ["sweep.refused"]
    place.now += 1000
    assert await place.look() == 0


async def test_another_process_takes_up_what_the_first_left(redis: Redis) -> None:
    first, second = Place(redis), Place(redis)
    first.chat.moods = [fault("5xx")]
    await first.sweep(1)
    second.now += 2
    stop = asyncio.Event()
    running = asyncio.ensure_future(second.sweeper.run(stop))
    async with asyncio.timeout(60):
        while 1 in second.chat.there:
            await asyncio.wait({running}, timeout=0.01)
    stop.set()
    await running
    assert await redis.zcard(KEY) == 0


async def test_while_redis_is_away_they_are_remembered_here_and_brought_there_later(redis: Redis) -> None:
    place, gone = Place(redis), connect("redis://127.0.0.1:1/0")
    place.leftovers._redis = gone
    place.chat.moods = [fault("5xx"), fault("5xx")]
    await place.sweep(1)
    place.now += 2
    assert await place.look() == 1
    place.leftovers._redis = redis
    place.now += 10
    assert await place.look() == 1
    assert 1 not in place.chat.there
    assert await place.leftovers.only_here() == []
    await gone.aclose()


@pytest.mark.parametrize("lasting", [True, False])
async def test_at_the_end_what_nobody_else_would_remember_is_tried_once_more(redis: Redis, lasting: bool) -> None:
    place = Place(redis, lasting=lasting)
    place.chat.moods = [fault("429")]
    await place.sweep(1)
    with capture_logs() as logs:
        await place.sweeper.end()
    assert (1 in place.chat.there) is lasting
    place.chat.moods = [fault("429"), fault("429")]
    await place.sweep(2)
    with capture_logs() as logs:
        await place.sweeper.end()
    assert ("sweep.given_up" in [each["event"] for each in logs]) is not lasting


async def test_what_was_typed_never_travels_in_the_answer_to_a_webhook_and_an_old_window_does(redis: Redis) -> None:
    place, reply = Place(redis), Reply()
    token = REPLY.set(reply)
    try:
        await place.bot.answer_callback_query("1")
        await place.sweep(1, 2)
        assert not {1, 2} & place.chat.there
        # The press is still to be answered, and nothing waits for it.
        assert reply.body() == {"method": "answerCallbackQuery", "callback_query_id": "1"}
        await place.sweep(3, typed=False)
        assert 3 in place.chat.there
        assert reply.body() == {"method": "deleteMessage", "chat_id": CHAT, "message_id": 3}
    finally:
        REPLY.reset(token)
