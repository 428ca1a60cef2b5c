"""Told to stop, a bot ends: whatever hangs is cut off, and all of it has one deadline."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from aiogram import Bot, Dispatcher
from aiogram.methods import TelegramMethod
from dishka import AsyncContainer

from bot.intake import running
from bot.intake.ending import END_S, LAST_WORDS_S, Ending, unless_stopped
from bot.intake.running import Intake
from core.ports import Leftover
from ops.lock import LocalLocks
from ops.ready import is_outage
from tests.bot.street import PATIENCE_S, Telegram, a_moment, laid_out, message, until


@pytest.fixture
async def container(tmp_path: Path, keyring_folder: Path) -> AsyncIterator[AsyncContainer]:
    async with laid_out(tmp_path, keyring_folder) as container:
        yield container


class Hanging(Telegram):
    """Answers nothing of what is called so."""

    def __init__(self, *names: str) -> None:
        super().__init__()
        self.names = set(names)
        self.met: list[str] = []

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:
        if method.__api_method__ in self.names:
            self.met.append(method.__api_method__)
            await asyncio.Event().wait()
        return await super().make_request(bot, method, timeout)


class Left:
    """Nothing is left in the chats; where it `hangs`, nobody learns that."""

    def __init__(self, *, hangs: bool) -> None:
        self.hangs, self.asked = hangs, 0

    async def due(self, _limit: int) -> list[Leftover]:
        self.asked += 1
        if self.hangs:
            await asyncio.Event().wait()
        return []

    async def only_here(self) -> Sequence[Leftover]:
        return await self.due(0)


def intake(container: AsyncContainer, telegram: Telegram, left: Left) -> Intake:
    bot, dispatcher = Bot("42:abcdefgh", session=telegram), Dispatcher()

    async def handle(message: Any) -> None:
        await message.answer("x")

    dispatcher.message.register(handle)

    async def pause(_seconds: float) -> None:
        await a_moment()

    return Intake(bot, dispatcher, container, LocalLocks(), is_outage, pause, left, rate=1000)  # type: ignore[arg-type]


def test_there_is_one_deadline_and_the_last_words_have_their_part_of_it() -> None:
    now = [100.0]
    ending, stop = Ending(ticks=lambda: now[0]), asyncio.Event()
    assert ending.left() == END_S
    stop.set()
    asyncio.run(ending.begun(stop))
    now[0] += 9
    assert ending.left(LAST_WORDS_S) == END_S - LAST_WORDS_S - 9
    assert ending.left() == END_S - 9
    now[0] += 60
    assert ending.left() == ending.left(LAST_WORDS_S) == 0


async def test_a_bot_that_never_came_up_ends_too(container: AsyncContainer) -> None:
    telegram, stop = Hanging("deleteWebhook"), asyncio.Event()
    polling = asyncio.ensure_future(intake(container, telegram, Left(hangs=False)).poll(stop))
    await until(lambda: telegram.met == ["deleteWebhook"])
    stop.set()
    await asyncio.wait_for(polling, PATIENCE_S)


async def test_whatever_hangs_a_bot_that_is_told_to_stop_ends(
    container: AsyncContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "MOMENT_S", 0.01)
    telegram, left, stop = Hanging("sendMessage"), Left(hangs=True), asyncio.Event()
    bot = intake(container, telegram, left)
    bot.ending = Ending(0.05)
    telegram.brings(message(1))
    polling = asyncio.ensure_future(bot.poll(stop))
    # An answer, and the removal of what is left in the chats.
    await until(lambda: telegram.met == ["sendMessage"] and left.asked == 1)
    # And the last word.
    telegram.names.add("getUpdates")
    stop.set()
    await asyncio.wait_for(polling, PATIENCE_S)


async def test_what_is_waited_for_is_told_unless_the_stop_comes_first() -> None:
    stop = asyncio.Event()

    async def answer() -> int:
        await a_moment()
        return 7

    async def fault() -> int:
        raise ConnectionError

    assert await unless_stopped(answer(), stop) == 7
    with pytest.raises(ConnectionError):
        await unless_stopped(fault(), stop)
    stop.set()
    assert await unless_stopped(asyncio.Event().wait(), stop) is None
