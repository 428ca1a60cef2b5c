"""What an operator has opened in a conversation is known to every bot, and to no other conversation."""

from fakeredis import FakeAsyncRedis

from bot.steps import PAPER, REMEMBERED, STEP, TOLD, Steps
from core.domain.ids import ChatId
from ops.notes import RedisNotes

CHAT = ChatId(5)


async def test_what_one_bot_notes_another_knows_until_it_is_forgotten() -> None:
    redis = FakeAsyncRedis()
    one, other = Steps(RedisNotes(redis)), Steps(RedisNotes(redis))
    await one.put(CHAT, PAPER, "talk", "17")
    assert await other.get(CHAT, PAPER, "talk") == "17"
    await other.forget(CHAT, PAPER)
    assert await one.get(CHAT, PAPER, "talk") is None
    await redis.aclose()


async def test_the_next_conversation_begins_with_nothing_open() -> None:
    steps = Steps()
    await steps.put(CHAT, STEP, "first")
    assert await steps.get(CHAT, STEP, "first") == ""
    assert await steps.get(CHAT, STEP, "second") is None


async def test_a_receipt_is_given_once_a_conversation_by_all_bots() -> None:
    redis = FakeAsyncRedis()
    one, other = Steps(RedisNotes(redis)), Steps(RedisNotes(redis))
    assert await one.first(CHAT, TOLD, "talk")
    assert not await one.first(CHAT, TOLD, "talk")
    assert not await other.first(CHAT, TOLD, "talk")
    assert await other.first(CHAT, TOLD, "next talk")
    await redis.aclose()


async def test_the_memory_of_one_process_has_an_end() -> None:
    steps = Steps()
    for chat in range(REMEMBERED + 1):
        await steps.put(ChatId(chat), STEP, "talk")
    assert await steps.get(ChatId(0), STEP, "talk") is None
    assert await steps.get(ChatId(REMEMBERED), STEP, "talk") == ""
