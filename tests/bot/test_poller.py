"""One chat that sends what breaks us does not keep the others waiting."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from aiogram import Bot, Dispatcher
from aiogram.types import Chat, Message, Update, User

from bot.dialogs.astray import NotOffered, an_id, one_of
from bot.poller import Poller
from core.domain.document import Kind

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def update(number: int, chat: int) -> Update:
    message = Message(
        message_id=number,
        date=NOW,
        chat=Chat(id=chat, type="private"),
        from_user=User(id=chat, is_bot=False, first_name="Мэл"),
        text="x",
    )
    return Update(update_id=number, message=message)


class Waits:
    """Waits that take no time, and what they come to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    async def __call__(self, seconds: float) -> None:
        self.seconds += seconds


def poller(handle: Callable[[Message], Awaitable[Any]], waits: Waits, sorry: list[int]) -> Poller:
    dispatcher = Dispatcher()
    dispatcher.message.register(handle)

    async def apologise(update: Update) -> None:
        sorry.append(update.update_id)

    return Poller(Bot("42:abcdefgh"), dispatcher, waits, apologise, lambda _fault: False)


async def test_a_hundred_updates_that_break_us_hold_a_batch_up_for_seconds_not_for_minutes() -> None:
    waits, sorry = Waits(), list[int]()

    async def handle(message: Message) -> None:
        if message.chat.id == 1:
            raise ValueError

    served = await poller(handle, waits, sorry)._serve([update(number, 1) for number in range(100)], asyncio.Event())
    assert served
    assert sorry == list(range(100))
    assert waits.seconds < 3


async def test_a_fault_that_passes_costs_no_update() -> None:
    waits, sorry, tries = Waits(), list[int](), list[int]()

    async def handle(message: Message) -> None:
        tries.append(message.message_id)
        if len(tries) < 4:
            raise ValueError

    await poller(handle, waits, sorry)._serve([update(7, 1), update(8, 1)], asyncio.Event())
    assert sorry == []
    assert tries == [7, 7, 7, 7, 8]


@pytest.mark.parametrize("made_up", ["garbage", "inn", ""])
def test_a_made_up_button_is_no_fault_of_ours(made_up: str) -> None:
    with pytest.raises(NotOffered):
        one_of(Kind.PASSPORT, Kind.SNILS)(made_up)
    with pytest.raises(NotOffered):
        an_id(made_up)
    assert one_of(Kind.PASSPORT, Kind.SNILS)("snils") == "snils"
