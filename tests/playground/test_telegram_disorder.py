"""Deliveries twice and out of order, and connections that break in the middle of an answer."""

import httpx
import pytest

from playground.settings import PlaygroundSettings
from playground.telegram.app import TelegramApp
from playground.telegram.disorder import Disorder
from tests.playground.talking import BotSide, PersonSide


async def test_a_poll_mixes_the_chats_and_keeps_the_order_within_each(bot: BotSide, anna: PersonSide) -> None:
    peter = PersonSide(anna.client, 100002)
    for number in range(8):
        await anna.say(f"Анна {number}")
        await peter.say(f"Пётр {number}")
    asked = {"deliveries": 100, "seed": 3}
    assert (await bot.client.post("/updates/disorder", json=asked)).json() == {"deliveries": 100}
    updates = await bot.call("getUpdates")
    texts = [each["message"]["text"] for each in updates]
    assert [text for text in texts if "Анна" in text] == [f"Анна {number}" for number in range(8)]
    assert [text for text in texts if "Пётр" in text] == [f"Пётр {number}" for number in range(8)]
    assert updates != sorted(updates, key=lambda each: int(each["update_id"]))


async def test_a_poll_brings_an_update_twice_though_it_was_confirmed(bot: BotSide, stranger: PersonSide) -> None:
    await stranger.say("раз")
    await bot.client.post("/updates/disorder", json={"deliveries": 1, "twice": 1})
    first = await bot.updates()
    assert await bot.updates() == first
    assert await bot.updates() == []


async def test_what_went_out_twice_and_out_of_order_is_counted(bot: BotSide, anna: PersonSide) -> None:
    peter = PersonSide(anna.client, 100002)
    for number in range(8):
        await anna.say(f"Анна {number}")
        await peter.say(f"Пётр {number}")
    await bot.client.post("/updates/disorder", json={"deliveries": 16, "twice": 1, "seed": 3})
    ids = [each["update_id"] for each in await bot.call("getUpdates")]
    late = sum(1 for place, each in enumerate(ids) if each < max(ids[: place + 1]))
    told = (await bot.client.get("/updates/disorder")).json()
    assert late > 0
    assert told == {"deliveries": 0, "twice": 16, "out_of_order": late}


async def test_a_poll_in_disorder_waits_for_more_to_mix(
    telegram: TelegramApp, bot: BotSide, stranger: PersonSide
) -> None:
    rested: list[float] = []

    async def rest(seconds: float) -> None:
        rested.append(seconds)
        await stranger.say("два")

    telegram.telegram.updates.rest = rest
    await stranger.say("раз")
    await bot.client.post("/updates/disorder", json={"deliveries": 9, "hold_ms": 400, "seed": 3})
    assert [each["message"]["text"] for each in await bot.updates()] == ["раз", "два"]
    assert 0 < rested[0] <= 0.4


@pytest.mark.parametrize(
    "asked", [{"deliveries": -1}, {"twice": 2}, {"colour": 1}, {"hold_ms": 60_000}, {"deliveries": "5"}]
)
async def test_senseless_disorder_is_refused(bot: BotSide, asked: dict[str, object]) -> None:
    answer = await bot.client.post("/updates/disorder", json=asked)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_the_same_seed_makes_the_same_disorder() -> None:
    first, second = (Disorder(deliveries=50, twice=0.5, hold_ms=400, seed=9) for _ in range(2))
    assert [first.delivered() for _ in range(50)] == [second.delivered() for _ in range(50)]
    assert first.hold() == 0.0  # nothing is left of it


async def test_a_connection_that_breaks_in_the_middle_of_an_answer_has_had_its_effect(wire: PlaygroundSettings) -> None:
    async with httpx.AsyncClient(base_url=wire.public_url, timeout=60, trust_env=False) as client:
        anna = PersonSide(client, 100001)
        await anna.start()
        await client.post("/faults", json={"method": "sendMessage", "drop": "middle"})
        with pytest.raises(httpx.RemoteProtocolError, match="peer closed connection without sending complete"):
            await client.post(f"/bot{wire.token}/sendMessage", json={"chat_id": anna.id, "text": "дошло"})
        assert (await anna.last())["text"] == "дошло"
