"""An update is confirmed when it is done or kept; one chat goes in order, and holds the others up for a moment at most."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiogram.exceptions import TelegramServerError
from dishka import AsyncContainer

from bot.app import make_bot
from bot.dialogs.astray import NotOffered, an_id, one_of
from bot.intake.arrival import Outcome
from bot.intake.poller import Poller
from core.domain.document import Kind
from core.domain.update import Standing
from core.services.update import CountKept, RetryUpdate
from tests.bot.street import Away, Street, laid_out, message, until


@pytest.fixture
async def container(tmp_path: Path, keyring_folder: Path) -> AsyncIterator[AsyncContainer]:
    async with laid_out(tmp_path, keyring_folder) as container:
        yield container


async def nothing(_chat: int, _number: int) -> None:
    return


async def standing(container: AsyncContainer) -> dict[Standing, int]:
    async with container() as scope:
        return dict((await (await scope.get(CountKept))()).states)


async def polled(street: Street, stop: asyncio.Event) -> None:
    poller = Poller(street.bot, street.lines, street._pause)
    async with street.lines.open():
        await street.lines.look()
        await poller.run(stop)
    await poller.confirm()


async def test_the_offset_stands_before_what_is_not_done_and_nothing_is_started_twice(
    container: AsyncContainer,
) -> None:
    slow, stop = asyncio.Event(), asyncio.Event()

    async def handle(chat: int, number: int) -> None:
        if number == 11:
            await slow.wait()

    street = Street(container, handle)
    street.telegram.brings(message(11, 1), message(12, 2), message(13, 1), message(14, 3))
    running = asyncio.ensure_future(polled(street, stop))
    await until(lambda: sorted(street.done) == [12, 14])
    asked = street.telegram.offsets.count(11)
    await until(lambda: street.telegram.offsets.count(11) > asked + 3)
    assert sorted(street.done) == [12, 14]
    slow.set()
    await until(lambda: street.telegram.offsets[-1] == 15)
    assert street.done.index(11) < street.done.index(13)
    assert len(street.done) == 4
    stop.set()
    await running


async def test_a_chat_past_its_window_is_kept_so_that_telegram_goes_on_to_the_others(container: AsyncContainer) -> None:
    slow, stop = asyncio.Event(), asyncio.Event()

    async def handle(chat: int, number: int) -> None:
        if chat == 1:
            await slow.wait()

    street = Street(container, handle)
    # Telegram gives a hundred at a time: one who waits hides whoever comes after these.
    street.telegram.brings(
        *(message(number, 1 if number == 11 else number) for number in range(11, 111)), message(111, 2)
    )
    running = asyncio.ensure_future(polled(street, stop))
    await until(lambda: len(street.done) == 99)
    assert 111 not in street.done
    street.now += 6
    await until(lambda: 111 in street.done)
    assert (await standing(container))[Standing.WAITING] == 1
    slow.set()
    await until(lambda: 11 in street.done)
    stop.set()
    await running
    assert (await standing(container))[Standing.WAITING] == 0
    assert len(street.done) == 101


async def test_what_was_kept_comes_first_after_a_restart_and_in_order(container: AsyncContainer) -> None:
    hanging, stop = asyncio.Event(), asyncio.Event()

    async def hang(_chat: int, _number: int) -> None:
        await hanging.wait()

    before = Street(container, hang, grace=lambda: 0.05)
    before.telegram.brings(*(message(number) for number in (11, 12, 13)))
    running = asyncio.ensure_future(polled(before, stop))
    await until(lambda: bool(before.lines._queues.known))
    before.now += 6
    await until(lambda: before.telegram.offsets[-1] == 14)
    stop.set()
    await running
    assert before.done == []

    after, stop = Street(container, nothing), asyncio.Event()
    after.telegram.brings(message(14), message(15))
    running = asyncio.ensure_future(polled(after, stop))
    await until(lambda: len(after.done) == 5)
    stop.set()
    await running
    assert after.done == [11, 12, 13, 14, 15]
    assert set((await standing(container)).values()) == {0}


async def test_what_breaks_us_is_set_aside_after_five_tries_its_person_told_and_the_next_one_served(
    container: AsyncContainer,
) -> None:
    tries: list[int] = []

    async def handle(_chat: int, number: int) -> None:
        tries.append(number)
        if number == 11:
            raise ValueError("112-233-445 95")

    street = Street(container, handle)
    async with street.lines.open():
        street.put(11)
        street.put(12)
        await until(lambda: len(street.outcomes) == 2)
    assert tries == [11] * 5 + [12]
    assert street.done == [12]
    assert street.waited < 3
    (said,) = street.telegram.said()
    assert "сломалось у нас" in said
    assert await standing(container) == {Standing.TRIED: 0, Standing.WAITING: 0, Standing.ASIDE: 1}


async def test_a_fault_that_passes_costs_no_update_and_leaves_no_trace(container: AsyncContainer) -> None:
    tries: list[int] = []

    async def handle(_chat: int, number: int) -> None:
        tries.append(number)
        if len(tries) < 5:
            raise ValueError

    street = Street(container, handle)
    async with street.lines.open():
        street.put(7)
        street.put(8)
        await until(lambda: len(street.outcomes) == 2)
    assert tries == [7, 7, 7, 7, 7, 8]
    assert street.telegram.said() == []
    assert set((await standing(container)).values()) == {0}


async def test_while_the_database_is_away_nothing_is_given_up_and_the_person_is_told_once(
    container: AsyncContainer,
) -> None:
    away = [True]

    async def handle(_chat: int, _number: int) -> None:
        if away[0]:
            raise Away

    street = Street(container, handle)
    async with street.lines.open():
        street.put(7)
        street.put(8)
        await until(lambda: street.waited > 20)
        assert street.outcomes == {}
        away[0] = False
        await until(lambda: len(street.outcomes) == 2)
    assert street.done == [7, 8]
    (said,) = street.telegram.said()
    assert "не могу сохранить" in said


async def test_at_the_end_what_runs_is_finished_and_what_has_not_begun_is_left(container: AsyncContainer) -> None:
    slow = asyncio.Event()

    async def handle(_chat: int, _number: int) -> None:
        await slow.wait()

    street = Street(container, handle)
    async with street.lines.open():
        street.put(7)
        street.put(8)
        await until(lambda: street.lines._queues.known[7].running)
        asyncio.get_running_loop().call_later(0.05, slow.set)
    assert street.done == [7]
    assert street.outcomes == {7: Outcome.SEEN, 8: Outcome.AWAY}


async def test_what_hangs_is_cut_off_after_the_time_of_grace(container: AsyncContainer) -> None:
    hanging = asyncio.Event()

    async def handle(_chat: int, _number: int) -> None:
        await hanging.wait()

    street = Street(container, handle, grace=lambda: 0.05)
    async with street.lines.open():
        street.put(7)
        await until(lambda: street.lines._queues.known[7].running)
    assert (street.done, street.outcomes) == ([], {7: Outcome.AWAY})


async def test_put_back_by_an_administrator_it_is_taken_at_the_next_look(container: AsyncContainer) -> None:
    broken = [True]

    async def handle(_chat: int, _number: int) -> None:
        if broken[0]:
            raise ValueError

    from core.domain.actor import Role, Staff
    from core.domain.ids import StaffId, new_id
    from core.ports import Clock

    street = Street(container, handle)
    async with street.lines.open():
        street.put(7)
        await until(lambda: 7 in street.outcomes)
        broken[0] = False
        async with container() as scope:
            now = (await scope.get(Clock)).now()
            await (await scope.get(RetryUpdate))(Staff(StaffId(new_id(now)), Role.ADMINISTRATOR), 7)
        await street.lines.look()
        await until(lambda: street.done == [7])
    assert set((await standing(container)).values()) == {0}


@pytest.mark.parametrize("made_up", ["garbage", "inn", ""])
def test_a_made_up_button_is_no_fault_of_ours(made_up: str) -> None:
    with pytest.raises(NotOffered):
        one_of(Kind.PASSPORT, Kind.SNILS)(made_up)
    with pytest.raises(NotOffered):
        an_id(made_up)


def test_what_is_no_update_is_refused() -> None:
    from bot.intake.arrival import Arrival

    bad: list[dict[str, Any]] = [{}, {"update_id": "7"}, {"update_id": True}]
    for raw in bad:
        with pytest.raises(ValueError, match="no update"):
            Arrival.of(raw)


async def test_what_was_refused_while_too_much_waited_is_brought_again_whatever_is_taken_after_it(
    container: AsyncContainer,
) -> None:
    slow, stop = asyncio.Event(), asyncio.Event()

    async def handle(_chat: int, number: int) -> None:
        if number < 14:
            await slow.wait()

    street = Street(container, handle, most=3, window=10_000.0)
    # Three fill the memory; the fourth is refused; a way out goes in all the same.
    street.telegram.brings(message(11, 1), message(12, 2), message(13, 3), message(14, 4), message(15, 5, "/menu"))
    running = asyncio.ensure_future(polled(street, stop))
    await until(lambda: 15 in street.done)
    slow.set()
    await until(lambda: street.telegram.offsets[-1] == 16)
    assert sorted(street.done) == [11, 12, 13, 14, 15]
    stop.set()
    street.telegram.came.set()
    await running


async def test_a_page_of_a_gateway_ends_nothing(container: AsyncContainer) -> None:
    async def page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = b"<html>502 Bad Gateway</html>"
        writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(page, "127.0.0.1", 0)
    bot = make_bot("42:abcdefgh", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    street, stop = Street(container, nothing), asyncio.Event()
    waits: list[float] = []

    async def pause(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            stop.set()

    async with server, street.lines.open():
        await Poller(bot, street.lines, pause).run(stop)
        with pytest.raises(TelegramServerError):
            await bot.send_message(5, "x")
    await bot.session.close()
    assert waits == [2.0, 4.0, 8.0]
