"""While Telegram takes no answers, or asks for a pause of hours: nothing is given up, and everybody is answered afterwards."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter, TelegramServerError
from aiogram.methods import SendMessage
from dishka import AsyncContainer

from bot.intake.arrival import Outcome
from bot.intake.seeing import OUTSIDE_TRIES
from core.domain.update import Standing
from core.services.update import CountKept, TakeWaiting
from tests.bot.street import Away, Street, laid_out, until


@pytest.fixture
async def container(tmp_path: Path, keyring_folder: Path) -> AsyncIterator[AsyncContainer]:
    async with laid_out(tmp_path, keyring_folder) as container:
        yield container


async def aside(container: AsyncContainer) -> int:
    async with container() as scope:
        return (await (await scope.get(CountKept))()).states[Standing.ASIDE]


HELLO = SendMessage(chat_id=1, text="x")


def refusing(*faults: Exception) -> Any:
    """Return a handler whose answers to message 7 meet these faults, one a try, and then nothing."""
    left = list(faults)

    async def handle(_chat: int, number: int) -> None:
        if number == 7 and left:
            raise left.pop(0)

    return handle


async def test_a_pause_of_hours_gives_nothing_up_and_is_waited_out(container: AsyncContainer) -> None:
    pauses = [TelegramRetryAfter(HELLO, "Too Many Requests", 3600) for _ in range(30)]
    street = Street(container, refusing(*pauses))
    async with street.lines.open():
        street.put(7)
        street.put(8)
        await until(lambda: len(street.outcomes) == 2)
    assert street.done == [7, 8]
    assert street.waited == 30 * 3600
    assert await aside(container) == 0
    assert street.telegram.said() == []


@pytest.mark.parametrize("fault", [TelegramServerError(HELLO, "Bad Gateway"), TelegramNetworkError(HELLO, "reset")])
async def test_while_telegram_is_away_nothing_is_counted(container: AsyncContainer, fault: Exception) -> None:
    street = Street(container, refusing(*[fault] * (OUTSIDE_TRIES * 3)))
    async with street.lines.open():
        street.put(7)
        await until(lambda: 7 in street.outcomes)
    assert street.done == [7]
    assert street.waited > OUTSIDE_TRIES * 60
    assert await aside(container) == 0


async def test_an_answer_that_telegram_alone_of_all_cannot_take_is_given_up(container: AsyncContainer) -> None:
    tries = [0]

    async def handle(chat: int, _number: int) -> None:
        if chat == 1:
            tries[0] += 1
            # Somebody else is answered between any two tries.
            street.put(100 + tries[0], chat=2)
            await until(lambda: 100 + tries[0] in street.outcomes)
            raise TelegramServerError(HELLO, "Internal Server Error")
        await street.bot.send_message(chat, "x")

    street = Street(container, handle)
    async with street.lines.open():
        street.put(7)
        await until(lambda: 7 in street.outcomes)
    # The first may have been an outage.
    assert tries == [OUTSIDE_TRIES + 1]
    assert await aside(container) == 1


async def test_what_others_get_no_answer_to_says_nothing_about_telegram(container: AsyncContainer) -> None:
    tries = [0]

    async def handle(chat: int, _number: int) -> None:
        if chat == 1 and tries[0] <= OUTSIDE_TRIES * 2:
            tries[0] += 1
            # Handled without a word, as while an operator speaks.
            street.put(100 + tries[0], chat=2)
            await until(lambda: 100 + tries[0] in street.outcomes)
            raise TelegramServerError(HELLO, "Internal Server Error")

    street = Street(container, handle)
    async with street.lines.open():
        street.put(7)
        await until(lambda: 7 in street.outcomes)
    assert street.done[-1] == 7
    assert await aside(container) == 0


async def test_what_comes_after_it_during_a_pause_holds_up_no_request_of_the_webhook(
    container: AsyncContainer,
) -> None:
    over = asyncio.Event()

    async def handle(_chat: int, number: int) -> None:
        if number == 7 and not over.is_set():
            raise TelegramRetryAfter(HELLO, "Too Many Requests", 3600)

    street = Street(container, handle)
    wait, rest = asyncio.Event(), street._pause

    async def pause(seconds: float) -> None:
        if seconds == 3600:
            await wait.wait()
        await rest(seconds)

    street.lines._serving._pause = pause
    async with street.lines.open():
        for number in range(7, 17):
            street.put(number, repeats=True)
        await until(lambda: len(street.outcomes) == 10)
        for number in range(17, 27):
            street.put(number, repeats=True)
        await until(lambda: len(street.outcomes) == 20)
        assert set(street.outcomes.values()) == {Outcome.SEEN}
        assert street.done == []
        over.set()
        wait.set()
        await until(lambda: len(street.done) == 20)
    assert street.done == list(range(7, 27))
    async with container() as scope:
        assert await (await scope.get(TakeWaiting))(1, 100) == []


async def test_what_a_webhook_brings_during_a_pause_is_kept_here_and_answered_after_it(
    container: AsyncContainer,
) -> None:
    street = Street(container, refusing(*[TelegramRetryAfter(HELLO, "Too Many Requests", 600)] * 3))
    async with street.lines.open():
        street.put(7, repeats=True)
        await until(lambda: 7 in street.outcomes)
        assert street.outcomes[7] is Outcome.SEEN
        await until(lambda: street.done == [7])
    async with container() as scope:
        assert await (await scope.get(TakeWaiting))(1, 10) == []


async def test_during_a_pause_with_the_database_away_a_webhook_is_asked_to_come_again(
    container: AsyncContainer,
) -> None:
    street = Street(container, refusing(TelegramRetryAfter(HELLO, "Too Many Requests", 600)))

    async def away(_arrivals: Any) -> None:
        raise Away

    street.inbox.keep = away  # type: ignore[method-assign]
    async with street.lines.open():
        street.put(7, repeats=True)
        await until(lambda: 7 in street.outcomes)
    assert street.outcomes[7] is Outcome.AWAY
    assert street.done == []
