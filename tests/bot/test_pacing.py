"""The bot's own answers keep to the budget: each takes a slot, none goes without, and a refusal is obeyed."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import AnswerCallbackQuery, Response, SendChatAction, SendMessage, TelegramMethod

from bot import pacing
from bot.pacing import Pacing
from core.domain.notification import Lane
from core.ports import Congested, Slot

ANNA = 5
HELLO = SendMessage(chat_id=ANNA, text="Здравствуйте")


class Slots:
    """A budget with so many slots; after that nobody gets one."""

    def __init__(self, free: int = 100) -> None:
        self.free = free
        self.rate = 30
        self.taken: list[tuple[Lane, int | None]] = []
        self.given_back: list[str] = []
        self.pauses: list[tuple[int, float]] = []
        self.away = False
        self.pause_left = 1.0

    async def take(self, lane: Lane, wanted: int, chat: int | None = None) -> Sequence[Slot]:
        if self.away:
            raise Congested(self.pause_left)
        if self.free == 0:
            await asyncio.Event().wait()
        self.free -= 1
        self.taken.append((lane, chat))
        return [Slot(f"slot {len(self.taken)}")]

    async def due(self, slot: Slot) -> None:
        """At once."""

    def give_back(self, slots: Sequence[Slot], *, used: bool = True) -> None:
        self.given_back += [slot.name for slot in slots]

    async def chats(self, chats: Sequence[int]) -> Mapping[int, float]:
        return {}

    async def pause(self, chat: int, seconds: float) -> None:
        self.pauses.append((chat, seconds))


class Telegram:
    """Answers with these, then says yes; notes how many slots were out during each call."""

    def __init__(self, slots: Slots, *answers: Exception) -> None:
        self.slots, self.answers = slots, list(answers)
        self.calls: list[int] = []

    async def __call__(self, bot: Bot, method: TelegramMethod[Any]) -> Response[Any]:
        self.calls.append(len(self.slots.taken) - len(self.slots.given_back))
        if self.answers:
            raise self.answers.pop(0)
        return Response[Any](ok=True, result=True)


@pytest.fixture
def bot() -> Bot:
    return Bot("1:a")


def paced(slots: Slots, naps: list[float] | None = None) -> Pacing:
    async def nap(seconds: float) -> None:
        (naps if naps is not None else []).append(seconds)

    return Pacing(slots, nap)


async def test_an_answer_has_a_slot_of_the_best_lane_for_as_long_as_its_call(bot: Bot) -> None:
    slots = Slots()
    telegram = Telegram(slots)
    await paced(slots)(telegram, bot, HELLO)
    assert telegram.calls == [1]
    assert slots.taken == [(Lane.ANSWER, ANNA)]
    assert slots.given_back == ["slot 1"]


@pytest.mark.parametrize(
    "method", [SendChatAction(chat_id=ANNA, action="typing"), AnswerCallbackQuery(callback_query_id="1")]
)
async def test_what_makes_no_message_needs_no_slot(bot: Bot, method: TelegramMethod[Any]) -> None:
    slots = Slots(free=0)
    telegram = Telegram(slots)
    await paced(slots)(telegram, bot, method)
    assert telegram.calls == [0]


async def test_a_short_refusal_is_waited_out_and_the_answer_goes_in_another_slot(bot: Bot) -> None:
    slots, naps = Slots(), list[float]()
    telegram = Telegram(slots, TelegramRetryAfter(HELLO, "Too Many Requests", 3))
    await paced(slots, naps)(telegram, bot, HELLO)
    assert (telegram.calls, naps, slots.pauses) == ([1, 1], [3], [(ANNA, 3)])
    assert slots.given_back == ["slot 1", "slot 2"]


async def test_a_long_refusal_is_told_to_all_and_not_waited_for(bot: Bot) -> None:
    slots, naps = Slots(), list[float]()
    telegram = Telegram(slots, TelegramRetryAfter(HELLO, "Too Many Requests", 60))
    with pytest.raises(TelegramRetryAfter):
        await paced(slots, naps)(telegram, bot, HELLO)
    assert (len(telegram.calls), naps, slots.pauses) == (1, [], [(ANNA, 60)])
    assert slots.given_back == ["slot 1"]


async def test_a_call_that_fails_gives_its_slot_back(bot: Bot) -> None:
    slots = Slots()
    with pytest.raises(ConnectionError):
        await paced(slots)(Telegram(slots, ConnectionError()), bot, HELLO)
    assert slots.given_back == ["slot 1"]


@pytest.mark.parametrize("away", [False, True])
async def test_nothing_goes_without_a_slot(bot: Bot, monkeypatch: pytest.MonkeyPatch, away: bool) -> None:
    monkeypatch.setattr(pacing, "LONGEST_SECONDS", 0.05)
    slots = Slots(free=0)
    slots.away = away
    telegram = Telegram(slots)
    with pytest.raises(TelegramRetryAfter) as told:
        await paced(slots)(telegram, bot, HELLO)
    assert telegram.calls == []
    assert told.value.retry_after > pacing.SHORT_PAUSE_SECONDS, "whoever answers people does not wait on the spot"
    assert slots.pauses == [], "Telegram refused nobody"


async def test_how_long_a_pause_of_everybody_still_lasts_is_told(bot: Bot) -> None:
    slots = Slots()
    slots.away, slots.pause_left = True, 3599.2
    with pytest.raises(TelegramRetryAfter) as told:
        await paced(slots)(Telegram(slots), bot, HELLO)
    assert told.value.retry_after == 3600
