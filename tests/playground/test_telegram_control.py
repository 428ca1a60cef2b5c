"""Faults, the journal of calls, health; and a real aiogram bot on a real port."""

import asyncio
import time

import aiohttp
import httpx
import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramNetworkError, TelegramRetryAfter
from aiogram.filters import CommandObject, CommandStart
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    Message,
)

from playground.settings import PlaygroundSettings
from tests.playground.talking import BotSide, Json, PersonSide
from tests.playground.test_telegram_files import PDF, picture


async def fault(bot: BotSide, **rule: object) -> None:
    answer = await bot.client.post("/faults", json=rule)
    assert answer.status_code == 201, answer.text


async def test_a_fault_strikes_so_many_times_and_leaves_no_effect(bot: BotSide, anna: PersonSide) -> None:
    await fault(bot, method="sendMessage", status=500, times=2)
    for _ in range(2):
        answer = await bot.raw("sendMessage", chat_id=anna.id, text="a")
        assert (answer["error_code"], answer["description"]) == (500, "Internal Server Error")
    assert (await anna.last())["from"] == "person"
    await bot.send(anna.id)
    assert (await bot.client.get("/faults")).json() == []


async def test_telegram_can_ask_to_wait(bot: BotSide, anna: PersonSide) -> None:
    await fault(bot, method="*", retry_after=7)
    answer = await bot.raw("sendChatAction", chat_id=anna.id, action="typing")
    assert (answer["error_code"], answer["parameters"]) == (429, {"retry_after": 7})


async def test_a_delay_only_delays(bot: BotSide, anna: PersonSide) -> None:
    await fault(bot, method="sendMessage", delay_ms=40)
    started = time.monotonic()
    await bot.send(anna.id)
    assert time.monotonic() - started >= 0.04


@pytest.mark.parametrize("rule", [{"status": 200}, {"times": -1}, {"colour": 1}, {"drop": "after"}, {"delay_ms": "5"}])
async def test_a_senseless_fault_is_refused(bot: BotSide, rule: dict[str, object]) -> None:
    answer = await bot.client.post("/faults", json=rule)
    assert answer.status_code == 400
    assert answer.json()["error"]


async def test_what_calls_met_with_is_counted_and_what_none_met_is_not(bot: BotSide, anna: PersonSide) -> None:
    await fault(bot, method="sendMessage", status=500, delay_ms=1, times=2)
    await fault(bot, method="getMe", retry_after=1)
    await fault(bot, method="getFile", status=502)
    for _ in range(2):
        await bot.raw("sendMessage", chat_id=anna.id, text="a")
    await bot.raw("getMe")
    assert (await bot.client.get("/faults/suffered")).json() == {"delay 1": 2, "500": 2, "429": 1}


async def test_faults_can_be_taken_back(bot: BotSide) -> None:
    await fault(bot, method="getMe", status=502, times=9)
    assert (await bot.client.request("DELETE", "/faults")).json() == []
    await bot.call("getMe")


async def test_every_call_is_in_the_journal_with_its_answer(bot: BotSide, anna: PersonSide) -> None:
    seq = (await bot.client.get("/calls")).json()[-1]["seq"]
    await bot.send(anna.id, "а")
    await bot.refused("sendMessage", chat_id=1, text="б")
    await bot.call("sendDocument", files={"document": PDF}, chat_id=str(anna.id))
    good, bad, upload = (await bot.client.get("/calls", params={"after": seq})).json()
    assert (good["method"], good["status"], good["parameters"]) == (
        "sendMessage",
        200,
        {"chat_id": anna.id, "text": "а"},
    )
    assert good["answer"]["result"]["text"] == "а"
    assert good["duration_ms"] >= 0
    assert (bad["status"], bad["answer"]["description"]) == (400, "Bad Request: chat not found")
    assert upload["parameters"]["document"] == "file справка.pdf, 13 bytes"
    await bot.client.post("/calls", json={"keep": False})
    await bot.send(anna.id, "в")
    assert (await bot.client.get("/calls", params={"after": upload["seq"]})).json() == []


async def test_the_server_says_that_it_lives(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}


def aiogram_bot(settings: PlaygroundSettings) -> Bot:
    return Bot(settings.token, session=AiohttpSession(api=TelegramAPIServer.from_base(settings.public_url)))


async def test_a_real_aiogram_bot_lives_here(wire: PlaygroundSettings) -> None:
    dispatcher = Dispatcher()
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Дальше", callback_data="next")]])

    @dispatcher.message(CommandStart(deep_link=True))
    async def started(message: Message, command: CommandObject) -> None:
        await message.answer(f"<b>Привет</b>, {command.args}", parse_mode="HTML", reply_markup=keyboard)

    @dispatcher.callback_query(F.data == "next")
    async def on_press(query: CallbackQuery) -> None:
        assert isinstance(query.message, Message)
        await query.answer("Идём")
        await query.message.edit_text("Второй шаг")

    @dispatcher.message(F.document)
    async def on_document(message: Message, bot: Bot) -> None:
        assert message.document is not None
        loaded = await bot.download(message.document)
        assert loaded is not None
        await message.answer_document(BufferedInputFile(loaded.read(), "копия.pdf"), caption="Ваш файл")

    async with aiogram_bot(wire) as bot, httpx.AsyncClient(base_url=wire.public_url, timeout=40) as client:
        polling = asyncio.ensure_future(dispatcher.start_polling(bot, handle_signals=False))
        anna = PersonSide(client, 100001)
        await anna.start("из теста")
        greeting = await _answer(anna, "Привет, из теста")
        assert greeting["entities"] == [{"type": "bold", "offset": 0, "length": 6}]
        await anna.do("tap", message_id=greeting["id"], text="Дальше")
        edited = await _answer(anna, "Второй шаг")
        assert edited["id"] == greeting["id"]
        assert (await anna.alerts())[0]["text"] == "Идём"
        await anna.upload(PDF)
        copied = await _answer(anna, "Ваш файл")
        assert (await client.get(copied["file"]["url"])).content == PDF[1]
        await dispatcher.stop_polling()
        await polling


async def _answer(person: PersonSide, text: str) -> Json:
    """Watch the chat until the bot has said `text`."""
    seen = await person.chat()
    async with asyncio.timeout(60):
        while True:
            for message in seen["messages"]:
                if message["from"] == "bot" and text in (message["text"], message["caption"]):
                    found: Json = message
                    return found
            seen = await person.chat(after=seen["seq"], wait=10)


async def test_aiogram_meets_the_refusals_as_its_own_exceptions(wire: PlaygroundSettings) -> None:
    async with aiogram_bot(wire) as bot, httpx.AsyncClient(base_url=wire.public_url, timeout=60) as client:
        anna = PersonSide(client, 100001)
        with pytest.raises(TelegramBadRequest, match="chat not found"):
            await bot.send_message(anna.id, "рано")
        await anna.start()
        photo = BufferedInputFile(picture(50, 50), "a.png")
        sent = await bot.send_media_group(anna.id, [InputMediaPhoto(media=photo), InputMediaPhoto(media=photo)])
        assert sent[0].media_group_id == sent[1].media_group_id
        await client.post("/faults", json={"method": "sendMessage", "retry_after": 3})
        with pytest.raises(TelegramRetryAfter) as caught:
            await bot.send_message(anna.id, "a")
        assert caught.value.retry_after == 3
        await anna.do("block")
        with pytest.raises(TelegramForbiddenError):
            await bot.send_message(anna.id, "a")


@pytest.mark.parametrize(("drop", "arrives"), [(True, True), ("before", False)])
async def test_a_dropped_answer_leaves_its_effect_or_not(
    wire: PlaygroundSettings, drop: bool | str, arrives: bool
) -> None:
    async with aiogram_bot(wire) as bot, httpx.AsyncClient(base_url=wire.public_url, timeout=60) as client:
        anna = PersonSide(client, 100001)
        await anna.start()
        await client.post("/faults", json={"method": "sendMessage", "drop": drop})
        with pytest.raises(TelegramNetworkError) as caught:
            await bot.send_message(anna.id, "дошло ли")
        assert isinstance(caught.value.__cause__, aiohttp.ServerDisconnectedError)
        assert ((await anna.last())["text"] == "дошло ли") is arrives
        assert (await client.get("/calls")).json()[-1]["status"] == 0


async def test_the_whole_playground_serves_its_page_under_a_strict_policy(playground: PlaygroundSettings) -> None:
    async with httpx.AsyncClient(base_url=playground.public_url, timeout=60) as client:
        page = await client.get("/")
        assert page.status_code == 200
        assert "default-src 'self'; img-src 'self' blob: data:" in page.headers["content-security-policy"]
        assert (await client.get("/page/index.html")).headers["content-security-policy"]
        assert (await client.get("/people")).status_code == 200
        assert (await client.get("/config.json")).json() == {"desk_url": None}
