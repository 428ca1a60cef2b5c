"""Webhook: secret, order in one chat, retries with growing pauses, methods in the answer."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import MultipartWriter, web
from aiohttp.test_utils import TestServer

from playground.telegram.app import TelegramApp
from tests.playground.talking import BotSide, Json, PersonSide

PRESS = {"inline_keyboard": [[{"text": "Да", "callback_data": "yes"}]]}


class Receiver:
    """A bot's web server that remembers what was pushed; `answer` decides on each update."""

    def __init__(self) -> None:
        self.got: asyncio.Queue[Json] = asyncio.Queue()
        self.secrets: list[str | None] = []
        self.answer: Callable[[Json], Any] = lambda update: web.Response()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        update = await request.json()
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.got.put_nowait(update)
        answer = self.answer(update)
        if asyncio.iscoroutine(answer):
            answer = await answer
        assert isinstance(answer, web.StreamResponse)
        return answer

    async def texts(self, number: int) -> list[str]:
        got = [await asyncio.wait_for(self.got.get(), 5) for _ in range(number)]
        return [one["message"]["text"] for one in got]


@pytest.fixture
async def receiver() -> AsyncIterator[tuple[Receiver, str]]:
    receiving = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiving.handle)
    server = TestServer(app)
    await server.start_server()
    yield receiving, str(server.make_url("/hook"))
    await server.close()


@pytest.fixture
def pauses(telegram: TelegramApp) -> list[float]:
    """The pauses between tries: written down instead of waited for."""
    written: list[float] = []

    async def rest(seconds: float) -> None:
        written.append(seconds)

    telegram.telegram.webhook.rest = rest
    return written


async def test_updates_are_pushed_with_the_secret_and_polling_is_refused(
    bot: BotSide, anna: PersonSide, receiver: tuple[Receiver, str]
) -> None:
    receiving, url = receiver
    answer = await bot.raw("setWebhook", url=url, secret_token="s-1_A")
    assert answer["description"] == "Webhook was set"
    assert (await bot.raw("setWebhook", url=url, secret_token="s-1_A"))["description"] == "Webhook is already set"
    await anna.say("привет")
    assert await receiving.texts(1) == ["привет"]
    assert receiving.secrets == ["s-1_A"]
    assert await bot.refused("getUpdates") == (
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )
    assert (await bot.raw("deleteWebhook"))["description"] == "Webhook was deleted"
    assert await bot.updates() == []


async def test_what_was_pending_is_pushed_first_unless_dropped(
    bot: BotSide, anna: PersonSide, receiver: tuple[Receiver, str]
) -> None:
    receiving, url = receiver
    await anna.say("раньше")
    await bot.call("setWebhook", url=url)
    assert await receiving.texts(1) == ["раньше"]
    await bot.call("deleteWebhook")
    await anna.say("забудьте")
    await bot.call("setWebhook", url=url, drop_pending_updates=True)
    await anna.say("теперь")
    assert await receiving.texts(1) == ["теперь"]


async def test_a_refused_update_is_tried_again_before_the_next_of_its_chat(
    bot: BotSide, anna: PersonSide, receiver: tuple[Receiver, str], pauses: list[float]
) -> None:
    receiving, url = receiver
    failures = iter([500, 503, 500, 502])
    receiving.answer = lambda update: web.Response(status=next(failures, 200))
    await bot.call("setWebhook", url=url)
    await anna.say("первое")
    await anna.say("второе")
    assert await receiving.texts(6) == ["первое"] * 5 + ["второе"]
    assert pauses == [0.0, 2.0, 4.0, 8.0]
    info = await bot.call("getWebhookInfo")
    assert info["url"] == url
    assert info["last_error_message"] == "Wrong response from the webhook: 502 Bad Gateway"


async def test_retry_after_is_honoured(
    bot: BotSide, anna: PersonSide, receiver: tuple[Receiver, str], pauses: list[float]
) -> None:
    receiving, url = receiver
    answers = iter([web.Response(status=503, headers={"Retry-After": "17"})])
    receiving.answer = lambda update: next(answers, None) or web.Response()
    await bot.call("setWebhook", url=url)
    await anna.say("привет")
    assert await receiving.texts(2) == ["привет", "привет"]
    assert pauses == [17.0]


async def test_presses_and_other_chats_do_not_wait_for_a_stuck_message(
    bot: BotSide, anna: PersonSide, receiver: tuple[Receiver, str]
) -> None:
    receiving, url = receiver
    sent = await bot.send(anna.id, reply_markup=PRESS)
    release = asyncio.Event()

    async def stuck() -> web.Response:
        await release.wait()
        return web.Response()

    receiving.answer = lambda update: stuck() if update.get("message", {}).get("text") == "тяжёлое" else web.Response()
    await bot.call("setWebhook", url=url)
    await anna.say("тяжёлое")
    await anna.say("после него")
    await anna.do("tap", message_id=sent, data="yes")
    await PersonSide(anna.client, 100002).say("другой чат")
    got = [await asyncio.wait_for(receiving.got.get(), 5) for _ in range(3)]
    assert {one["callback_query"]["data"] if "callback_query" in one else one["message"]["text"] for one in got} == {
        "тяжёлое",
        "yes",
        "другой чат",
    }
    release.set()
    assert await receiving.texts(1) == ["после него"]


URLENCODED = "method=sendMessage&chat_id=100001&text=%D0%9E%D1%82%D0%B2%D0%B5%D1%82+%D1%81%D1%80%D0%B0%D0%B7%D1%83"
ANSWER = {"method": "sendMessage", "chat_id": "100001", "text": "Ответ сразу"}


def _multipart() -> web.Response:
    """As aiogram's own webhook handler answers."""
    writer = MultipartWriter("form-data")
    for name, value in ANSWER.items():
        writer.append(value).set_content_disposition("form-data", name=name)
    return web.Response(body=writer)


@pytest.mark.parametrize(
    "make",
    [
        lambda: web.json_response(ANSWER),
        lambda: web.Response(text=URLENCODED, content_type="application/x-www-form-urlencoded"),
        _multipart,
    ],
    ids=["json", "form", "multipart"],
)
async def test_a_method_in_the_answer_is_executed(
    bot: BotSide, anna: PersonSide, receiver: tuple[Receiver, str], make: Callable[[], web.Response]
) -> None:
    receiving, url = receiver
    receiving.answer = lambda update: make()
    await bot.call("setWebhook", url=url)
    seq = (await anna.chat())["seq"]
    await anna.say("привет")
    seen = await anna.chat(after=seq + 1, wait=5)
    assert [one["text"] for one in seen["messages"]] == ["Ответ сразу"]


async def test_wrong_settings_are_refused(bot: BotSide) -> None:
    assert await bot.refused("setWebhook", url="ftp://a") == (
        "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
    )
    assert await bot.refused("setWebhook", url="https://a.ru", secret_token="пароль") == (
        "Bad Request: secret token contains unallowed characters"
    )
    assert (await bot.raw("deleteWebhook"))["description"] == "Webhook is already deleted"


async def test_a_webhook_may_have_one_update_twice(
    bot: BotSide, stranger: PersonSide, receiver: tuple[Receiver, str]
) -> None:
    receiving, url = receiver
    await bot.call("setWebhook", url=url)
    await bot.client.post("/updates/disorder", json={"deliveries": 1, "twice": 1})
    await stranger.say("раз")
    await stranger.say("два")
    assert await receiving.texts(3) == ["раз", "раз", "два"]
