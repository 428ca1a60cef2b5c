"""Updates: confirmed by the offset, expired, repeated, one poller at a time."""

import asyncio

import pytest

from playground.telegram import updates as updates_module
from playground.telegram.app import TelegramApp
from playground.telegram.numbering import next_message_id
from playground.telegram.updates import UpdateQueue
from tests.playground.talking import BotSide, PersonSide


async def test_an_update_comes_again_until_a_higher_offset_confirms_it(bot: BotSide, stranger: PersonSide) -> None:
    await stranger.say("раз")
    first = await bot.call("getUpdates")
    again = await bot.call("getUpdates")
    assert first == again
    offset = first[0]["update_id"] + 1
    assert await bot.call("getUpdates", offset=offset) == []
    assert await bot.call("getUpdates") == []


async def test_the_offset_of_the_update_itself_does_not_confirm_it(bot: BotSide, stranger: PersonSide) -> None:
    await stranger.say("раз")
    (update,) = await bot.call("getUpdates")
    assert len(await bot.call("getUpdates", offset=update["update_id"])) == 1


async def test_a_negative_offset_keeps_only_the_last_updates(bot: BotSide, stranger: PersonSide) -> None:
    for text in ("раз", "два", "три"):
        await stranger.say(text)
    kept = await bot.call("getUpdates", offset=-2)
    assert [one["message"]["text"] for one in kept] == ["два", "три"]
    assert len(await bot.call("getUpdates")) == 2


async def test_updates_come_in_order_and_limit_holds(bot: BotSide, stranger: PersonSide) -> None:
    for number in range(5):
        await stranger.say(str(number))
    first = await bot.call("getUpdates", limit=3)
    assert [one["message"]["text"] for one in first] == ["0", "1", "2"]
    ids = [one["update_id"] for one in await bot.call("getUpdates")]
    assert ids == list(range(ids[0], ids[0] + 5))


async def test_a_long_poll_answers_as_soon_as_somebody_writes(bot: BotSide, stranger: PersonSide) -> None:
    poll = asyncio.ensure_future(bot.call("getUpdates", timeout=30))
    await stranger.say("я тут")
    (update,) = await asyncio.wait_for(poll, 60)
    assert update["message"]["text"] == "я тут"


async def test_the_older_of_two_pollers_is_ended_with_409(bot: BotSide, stranger: PersonSide) -> None:
    pollers = {asyncio.ensure_future(bot.raw("getUpdates", timeout=30)) for _ in range(2)}
    (older,), (newer,) = await asyncio.wait(pollers, timeout=60, return_when=asyncio.FIRST_COMPLETED)
    ended = older.result()
    assert ended["error_code"] == 409
    assert ended["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    await stranger.say("кому-нибудь")
    assert len((await asyncio.wait_for(newer, 60))["result"]) == 1


async def test_allowed_updates_are_remembered_and_filter_what_comes_next(bot: BotSide, anna: PersonSide) -> None:
    await bot.call("getUpdates", offset=bot.offset, allowed_updates=["message"])
    message_id = await anna.say("было")
    await anna.do("edit", message_id=message_id, text="стало")
    kinds = [set(update) - {"update_id"} for update in await bot.call("getUpdates", offset=bot.offset)]
    assert kinds == [{"message"}]
    await bot.call("getUpdates", allowed_updates=[])
    await anna.do("edit", message_id=message_id, text="стало ещё раз")
    assert "edited_message" in (await bot.call("getUpdates"))[-1]


async def test_presses_expire_long_before_messages(telegram: TelegramApp) -> None:
    queue = telegram.telegram.updates
    queue.add("message", 1, {"text": "a"})
    queue.add("callback_query", 1, {"id": "1"})
    message, press = queue.take(10)
    longer = updates_module.MESSAGE_LIFETIME - updates_module.PRESS_LIFETIME
    assert message.expires - press.expires == pytest.approx(longer, abs=60)
    press.expires = 0
    assert queue.take(10) == [message]


async def test_an_update_can_be_delivered_once_more(bot: BotSide, anna: PersonSide) -> None:
    await anna.say("важное")
    (update,) = await bot.updates()
    assert await bot.updates() == []
    done = await bot.client.post("/updates/repeat", json={"update_id": update["update_id"]})
    assert done.status_code == 200
    assert await bot.updates() == [update]
    assert await bot.updates() == []
    assert (await bot.client.post("/updates/repeat", json={"update_id": 1})).status_code == 404


def test_numbers_start_from_the_time_and_only_grow() -> None:
    earlier, later = UpdateQueue(), UpdateQueue()
    first = [earlier.add("message", 1, {}) for _ in range(2)]
    assert first[0] is not None
    assert first[1] == first[0] + 1
    assert (later.add("message", 1, {}) or 0) >= first[0]
    number = next_message_id(0)
    assert next_message_id(number) > number
    assert number < 2**31
