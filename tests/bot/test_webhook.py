"""The webhook's door: who may come in, how much is read, and that 200 means committed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiogram.methods import AnswerCallbackQuery, DeleteMessages, SendMessage
from dishka import AsyncContainer

from bot.intake.reply import REPLY, Reply
from bot.intake.webhook import MOST_BYTES, Door
from core.domain.update import Standing
from core.services.update import CountKept
from tests.bot.street import Away, Street, laid_out, message, until

SECRET = {"X-Telegram-Bot-Api-Secret-Token": "s-1_A"}


@pytest.fixture
async def container(tmp_path: Path, keyring_folder: Path) -> AsyncIterator[AsyncContainer]:
    async with laid_out(tmp_path, keyring_folder) as container:
        yield container


class Sender(httpx.AsyncClient):
    """Telegram at the door."""

    def __init__(self, street: Street) -> None:
        door = httpx.ASGITransport(app=Door(street.lines, "/hook", "s-1_A"))
        super().__init__(transport=door, base_url="http://bot.example.org", headers=SECRET)


async def nothing(_chat: int, _number: int) -> None:
    return


async def breaks(_chat: int, _number: int) -> None:
    raise ValueError


async def test_an_update_is_answered_200_when_it_is_done_and_not_before(container: AsyncContainer) -> None:
    slow = asyncio.Event()

    async def handle(_chat: int, _number: int) -> None:
        await slow.wait()

    street = Street(container, handle)
    async with street.lines.open(), Sender(street) as telegram:
        sending = asyncio.ensure_future(telegram.post("/hook", json=message(7)))
        again = asyncio.ensure_future(telegram.post("/hook", json=message(7)))
        await until(lambda: 7 in street.lines._queues.known)
        assert not sending.done()
        slow.set()
        assert [(await each).status_code for each in (sending, again)] == [200, 200]
    assert street.done == [7]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"method": "POST", "url": "/hook", "headers": {"X-Telegram-Bot-Api-Secret-Token": "wrong"}}, 401),
        ({"method": "POST", "url": "/elsewhere"}, 404),
        ({"method": "GET", "url": "/hook"}, 405),
        ({"method": "POST", "url": "/hook", "headers": {"Content-Type": "text/plain"}}, 415),
        ({"method": "POST", "url": "/hook", "content": b"{"}, 400),
        ({"method": "POST", "url": "/hook", "content": b"[" * 100_000}, 400),
        ({"method": "POST", "url": "/hook", "content": b"\xff\xfe"}, 400),
        ({"method": "POST", "url": "/hook", "content": b"[]"}, 400),
        ({"method": "POST", "url": "/hook", "content": b'{"message": {}}'}, 400),
    ],
)
async def test_whatever_is_no_update_of_telegrams_is_refused(
    container: AsyncContainer, request_: dict[str, Any], status: int
) -> None:
    street = Street(container, nothing)
    async with street.lines.open(), Sender(street) as telegram:
        request_ = {**request_, "headers": {"Content-Type": "application/json", **request_.get("headers", {})}}
        answer = await telegram.request(**request_)
    assert (answer.status_code, answer.content, street.done) == (status, b"", [])


async def test_a_body_past_its_size_is_not_read_to_its_end_told_or_not(container: AsyncContainer) -> None:
    read = [0]

    async def in_pieces() -> AsyncIterator[bytes]:
        for _ in range(64):
            read[0] += 1
            yield b" " * (MOST_BYTES // 8)

    street = Street(container, nothing)
    headers = {"Content-Type": "application/json"}
    async with street.lines.open(), Sender(street) as telegram:
        told = await telegram.post("/hook", content=b" " * (MOST_BYTES + 1), headers=headers)
        untold = await telegram.post("/hook", content=in_pieces(), headers=headers)
    assert (told.status_code, untold.status_code) == (413, 413)
    assert read[0] < 12


async def test_without_the_secret_nothing_of_the_body_is_read(container: AsyncContainer) -> None:
    street, asked = Street(container, nothing), [0]

    async def receive() -> dict[str, Any]:
        asked[0] += 1
        return {"type": "http.request", "body": b"{}"}

    sent: list[Any] = []

    async def send(event: Any) -> None:
        sent.append(event)

    scope = {"type": "http", "path": "/hook", "method": "POST", "headers": [(b"content-length", b"2")]}
    await Door(street.lines, "/hook", "s-1_A")(scope, receive, send)
    assert (sent[0]["status"], asked[0]) == (401, 0)


async def test_a_poison_update_is_counted_over_its_deliveries_and_set_aside_after_the_fifth(
    container: AsyncContainer,
) -> None:
    statuses = []
    # Each delivery finds another process.
    for _ in range(6):
        street = Street(container, breaks)
        async with street.lines.open(), Sender(street) as telegram:
            statuses.append((await telegram.post("/hook", json=message(7))).status_code)
        if len(statuses) == 5:
            assert len(street.telegram.said()) == 1
    assert statuses == [500, 500, 500, 500, 200, 200]
    assert street.telegram.said() == []
    async with container() as scope:
        assert (await (await scope.get(CountKept))()).states[Standing.ASIDE] == 1


async def test_while_the_database_is_away_telegram_is_asked_to_come_again(container: AsyncContainer) -> None:
    away = [True]

    async def handle(_chat: int, _number: int) -> None:
        if away[0]:
            raise Away

    street = Street(container, handle)
    async with street.lines.open(), Sender(street) as telegram:
        for _ in range(3):
            answer = await telegram.post("/hook", json=message(7))
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        away[0] = False
        assert (await telegram.post("/hook", json=message(7))).status_code == 200
    assert street.done == [7]
    assert len(street.telegram.said()) == 1


async def test_a_process_that_stops_sends_telegram_to_another_one(container: AsyncContainer) -> None:
    street = Street(container, nothing)
    async with street.lines.open():
        pass
    async with Sender(street) as telegram:
        assert (await telegram.post("/hook", json=message(7))).status_code == 503


async def test_the_last_call_goes_into_the_answer_and_one_in_the_middle_is_made_in_its_place(
    container: AsyncContainer,
) -> None:
    street = Street(container, nothing)

    async def handle(chat: int, number: int) -> None:
        await street.bot.answer_callback_query("1")
        await street.bot.send_message(chat, "Ответ")
        await street.bot.delete_messages(chat, [number])

    street.handle = handle
    async with street.lines.open(), Sender(street) as telegram:
        answer = await telegram.post("/hook", json=message(7, chat=5))
    assert answer.json() == {"method": "deleteMessages", "chat_id": 5, "message_ids": [7]}
    assert [type(each) for each in street.telegram.calls] == [AnswerCallbackQuery, SendMessage]


async def test_what_a_person_reads_never_travels_in_the_answer(container: AsyncContainer) -> None:
    street = Street(container, nothing)

    async def handle(_chat: int, _number: int) -> None:
        await street.bot.answer_callback_query("1", "Такой кнопки больше нет")

    street.handle = handle
    async with street.lines.open(), Sender(street) as telegram:
        assert (await telegram.post("/hook", json=message(7))).content == b""
    assert street.telegram.said() == ["Такой кнопки больше нет"]


async def test_outside_of_a_webhook_every_call_is_made(container: AsyncContainer) -> None:
    street = Street(container, nothing)
    assert REPLY.get() is None
    await street.bot.delete_messages(1, [2])
    assert [type(each) for each in street.telegram.calls] == [DeleteMessages]
    assert Reply().body() is None
