"""An update that cannot be handled, or cannot even be counted: how often it is tried, what its person hears, what is left of it."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from dishka import AsyncContainer
from redis.asyncio import Redis
from structlog.testing import capture_logs

from bot.intake.arrival import Arrival
from bot.intake.poller import Poller
from bot.intake.seeing import LAST, TRIES
from core.domain.update import Fault, Standing
from core.services.update import CountKept, TakeWaiting
from ops.lock import LocalLocks
from ops.notes import RedisNotes
from ops.redis import connect
from tests.bot.dying import AFTER, BESIDE, KILLER
from tests.bot.street import Away, Street, laid_out, message, until
from tests.databases import fresh_database

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
async def container(tmp_path: Path, keyring_folder: Path) -> AsyncIterator[AsyncContainer]:
    async with laid_out(tmp_path, keyring_folder) as container:
        yield container


async def aside(container: AsyncContainer) -> int:
    async with container() as scope:
        return (await (await scope.get(CountKept))()).states[Standing.ASIDE]


async def breaks(_chat: int, number: int) -> None:
    if number == 7:
        raise ValueError


async def test_what_cannot_be_counted_is_set_aside_after_growing_pauses_and_its_person_told_once(
    container: AsyncContainer,
) -> None:
    street = Street(container, breaks)

    async def cannot(_arrival: Arrival, _fault: Fault) -> Any:
        raise TypeError

    street.inbox.count_try = cannot  # type: ignore[method-assign]
    async with street.lines.open():
        street.put(7)
        street.put(8)
        await until(lambda: len(street.outcomes) == 2)
    assert street.done == [8]
    assert street.waited == 1 + 2 + 4 + 8
    assert await aside(container) == 1
    first, second = street.telegram.said()
    assert "не могу сохранить" in first
    assert "сломалось у нас" in second


async def test_a_handler_that_waits_in_vain_each_time_is_set_aside_like_any_other(container: AsyncContainer) -> None:
    tries = 0

    async def waits(_chat: int, number: int) -> None:
        nonlocal tries
        if number == 7:
            tries += 1
            async with asyncio.timeout(0):
                await asyncio.Event().wait()

    street = Street(container, waits)
    async with street.lines.open():
        street.put(7)
        street.put(8)
        await until(lambda: len(street.outcomes) == 2)
    assert tries == TRIES
    assert await aside(container) == 1
    assert street.done == [8]


async def test_what_can_neither_be_counted_nor_kept_blocks_its_chat_for_minutes_and_not_for_ever(
    container: AsyncContainer,
) -> None:
    street = Street(container, breaks)

    async def cannot(*_what: Any) -> Any:
        raise TypeError

    street.inbox.count_try = street.inbox._set_aside = cannot  # type: ignore[method-assign]
    with capture_logs() as logs:
        async with street.lines.open():
            street.put(7)
            street.put(8)
            await until(lambda: len(street.outcomes) == 2)
    assert street.done == [8]
    assert street.waited == sum(min(2.0**number, 60.0) for number in range(LAST - 1))
    assert [each["update"] for each in logs if each["event"] == "update.lost"] == [7]
    assert len(street.telegram.said()) == 2


async def test_a_content_that_cannot_be_stored_is_set_aside_without_it(container: AsyncContainer) -> None:
    street = Street(container, breaks)
    stored: list[str] = []
    really = street.inbox._set_aside

    async def refuses(update: Any, fault: Fault) -> None:
        if update.raw != "{}":
            raise TypeError
        stored.append(update.raw)
        await really(update, fault)

    street.inbox._set_aside = refuses  # type: ignore[method-assign]
    async with street.lines.open():
        street.put(7)
        await until(lambda: 7 in street.outcomes)
    assert stored == ["{}"]
    assert await aside(container) == 1


async def test_half_a_surrogate_pair_is_kept_like_anything_else(container: AsyncContainer) -> None:
    street = Street(container, breaks)
    await street.inbox.keep([Arrival.of(message(7, text="\ud83d"))])
    async with container() as scope:
        (kept,) = await (await scope.get(TakeWaiting))(1, 10)
    assert json.loads(kept.raw)["message"]["text"] == "\ud83d"


async def test_while_counting_meets_an_outage_nothing_is_given_up(container: AsyncContainer) -> None:
    street = Street(container, breaks)
    really, left = street.inbox.count_try, [30]

    async def away(arrival: Arrival, fault: Fault) -> Any:
        left[0] -= 1
        if left[0] >= 0:
            raise Away
        return await really(arrival, fault)

    street.inbox.count_try = away  # type: ignore[method-assign]
    async with street.lines.open():
        street.put(7)
        await until(lambda: left[0] == 0)
        assert street.outcomes == {}
        await until(lambda: 7 in street.outcomes)
    assert left[0] == -TRIES
    assert await aside(container) == 1


async def test_what_kills_its_process_is_set_aside_after_five_deaths_and_nothing_beside_it(
    tmp_path: Path, keyring_folder: Path
) -> None:
    async with fresh_database("sqlite", tmp_path) as url:
        program = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bot.dying", url, str(tmp_path), str(keyring_folder),
            cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, told = await program.communicate()
    assert program.returncode == 0, told.decode()
    found = json.loads(out.splitlines()[-1])
    assert found["deaths"] == TRIES
    assert found["over"] == [KILLER, BESIDE, AFTER]
    assert found["aside"] == 1
    assert KILLER not in found["began"]
    assert ["сломалось у нас" in each for each in found["said"]] == [True]


async def test_what_nobody_died_over_costs_no_statement_more(container: AsyncContainer, tmp_path: Path) -> None:
    street = Street(container, breaks, LocalLocks(tmp_path / "under-way"))

    async def never(*_what: Any) -> Any:
        raise AssertionError("the database was asked")

    street.inbox.count_try = street.inbox.leave = street.inbox.set_aside = never  # type: ignore[method-assign]
    async with street.lines.open():
        street.put(8)
        await until(lambda: 8 in street.outcomes)
    assert street.done == [8]
    assert list((tmp_path / "under-way").iterdir()) == []


async def test_an_outage_of_the_database_is_logged_once_and_its_end_with_how_long_it_took(
    container: AsyncContainer,
) -> None:
    never, stop, asked = asyncio.Event(), asyncio.Event(), [0]

    async def hangs(_chat: int, _number: int) -> None:
        await never.wait()

    street = Street(container, hangs, grace=lambda: 0.05)
    really = street.inbox.container

    def away() -> Any:
        asked[0] += 1
        raise Away

    with capture_logs() as logs:
        street.telegram.brings(message(11))
        poller = Poller(street.bot, street.lines, street._pause)
        async with street.lines.open():
            running = asyncio.ensure_future(poller.run(stop))
            await until(lambda: 11 in street.lines._queues.known)
            street.inbox.container = away  # type: ignore[assignment]
            street.now += 6
            polls = len(street.telegram.offsets)
            await until(lambda: len(street.telegram.offsets) > polls + 20)
            # Time stands: however often Telegram is asked, the database is asked once a second.
            assert asked == [1]
            for _ in range(3):
                street.now += 2
                await until(lambda seen=asked[0]: asked[0] > seen)
            street.inbox.container = really
            street.now += 2
            await until(lambda: 11 not in poller._open)
            stop.set()
            await running
    assert [each["event"] for each in logs if each["event"].startswith("inbox.")] == ["inbox.away", "inbox.back"]
    assert next(each["seconds"] for each in logs if each["event"] == "inbox.back") == 8.0


async def test_it_is_said_in_the_language_that_the_person_chose(container: AsyncContainer) -> None:
    async def away(_chat: int, _number: int) -> None:
        raise Away

    street = Street(container, away)
    await street.tongues.note(1, "en")
    async with street.lines.open():
        street.put(7, chat=1)
        street.put(8, chat=2)
        await until(lambda: len(street.telegram.said()) == 2)
    english, russian = sorted(street.telegram.said())
    assert english.startswith("I cannot save your answer")
    assert "не могу сохранить" in russian


@pytest.fixture
async def notes() -> AsyncIterator[RedisNotes]:
    redis = connect(None)
    yield RedisNotes(redis)
    await redis.aclose()


async def test_of_two_bots_one_says_that_nothing_can_be_saved_in_the_language_that_the_other_was_told(
    container: AsyncContainer, notes: RedisNotes
) -> None:
    away = [True]

    async def handle(_chat: int, _number: int) -> None:
        if away[0]:
            raise Away

    first, second = Street(container, handle, notes=notes), Street(container, handle, notes=notes)
    await first.tongues.note(1, "en")
    async with second.lines.open(), first.lines.open():
        second.put(7)
        await until(lambda: second.telegram.said() != [])
        first.put(8)
        await until(lambda: first.waited > 5)
        assert first.telegram.said() == []
        away[0] = False
        await until(lambda: (first.done, second.done) == ([8], [7]))
        # Another outage, another word.
        away[0] = True
        first.put(9)
        await until(lambda: first.telegram.said() != [])
        away[0] = False
    for street in (first, second):
        (said,) = street.telegram.said()
        assert said.startswith("I cannot save your answer")


async def test_with_redis_away_as_well_each_bot_says_it_by_itself(container: AsyncContainer) -> None:
    async def away(_chat: int, _number: int) -> None:
        raise Away

    gone = Redis(host="127.0.0.1", port=1)
    street = Street(container, away, notes=RedisNotes(gone))
    async with street.lines.open():
        street.put(7)
        await until(lambda: street.waited > 5)
    await gone.aclose()
    (said,) = street.telegram.said()
    assert "не могу сохранить" in said
