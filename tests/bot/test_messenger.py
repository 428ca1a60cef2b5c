"""What the worker sends reaches Telegram once, and every way it can fail is told apart."""

import asyncio
import base64
from collections.abc import AsyncIterator

import httpx
import pytest

from bot.messenger import TelegramMessenger
from core.ports import Carried, Enclosure, Later, Push, Refused, Unavailable, Uncertain
from ops.serve import serving
from playground.app import create_app
from playground.settings import DEFAULT_TOKEN, PlaygroundSettings
from tests.ports import free_ports

ANNA = 100001
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
async def world() -> AsyncIterator[httpx.AsyncClient]:
    """The local Telegram, with a person who has written to the bot."""
    port, smtp = free_ports(2)
    told = PlaygroundSettings(port=port, smtp_port=smtp)
    app = create_app(told)
    async with serving(app, told.host, told.port):
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{told.port}", timeout=60) as client:
            await client.post(f"/people/{ANNA}/say", json={"text": "/start"})
            yield client
        app.hang_up()


@pytest.fixture
async def messenger(world: httpx.AsyncClient) -> AsyncIterator[TelegramMessenger]:
    messenger = TelegramMessenger(DEFAULT_TOKEN, str(world.base_url).rstrip("/"))
    yield messenger
    await messenger.close()


async def seen(world: httpx.AsyncClient) -> list[str]:
    """Return what the bot has said to Anna."""
    calls = (await world.get("/calls")).json()
    return [call["parameters"]["text"] for call in calls if call["method"].lower() == "sendmessage"]


@pytest.mark.parametrize(
    ("kind", "name", "mime", "content"),
    [
        (Carried.DOCUMENT, 'справка "A".pdf', "application/pdf", b"%PDF-1.7 paper"),
        (Carried.PHOTO, "photo.png", "image/png", PICTURE),
        (Carried.VOICE, "voice.ogg", "audio/ogg", b"OggS voice"),
    ],
)
async def test_a_file_arrives_whole_as_an_answer_with_its_words(
    world: httpx.AsyncClient, messenger: TelegramMessenger, kind: Carried, name: str, mime: str, content: bytes
) -> None:
    asked = (await world.post(f"/people/{ANNA}/say", json={"text": "Пришлите, пожалуйста"})).json()["message_id"]
    push = Push(
        "Вот <b>она</b>", ((("Открыть", "card"),),), enclosure=Enclosure(kind, name, mime, content), reply_to=asked
    )
    await messenger.send(ANNA, push)
    (call,) = [one for one in (await world.get("/calls")).json() if one["method"].lower() == f"send{kind.value}"]
    message = call["answer"]["result"]
    assert message["caption"] == "Вот она"
    assert message["reply_to_message"]["message_id"] == asked
    assert message["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "go:card"
    sent = message[kind.value]
    if kind is Carried.DOCUMENT:
        assert sent["file_name"] == 'справка "A".pdf'
    if kind is not Carried.PHOTO:
        # Telegram makes its own pictures of a photo.
        assert (await world.get(f"/files/{sent['file_id']}")).content == content


async def test_what_answers_a_message_that_is_gone_arrives_anyway(
    world: httpx.AsyncClient, messenger: TelegramMessenger
) -> None:
    await messenger.send(ANNA, Push("Слушаю вас", reply_to=999_999))
    assert "Слушаю вас" in await seen(world)


async def test_a_file_whose_person_is_gone_is_refused(world: httpx.AsyncClient, messenger: TelegramMessenger) -> None:
    await world.post(f"/people/{ANNA}/block")
    with pytest.raises(Refused, match="blocked"):
        await messenger.send(ANNA, Push("", enclosure=Enclosure(Carried.DOCUMENT, "a.pdf", "application/pdf", b"%PDF")))


async def test_a_push_arrives_with_its_buttons(world: httpx.AsyncClient, messenger: TelegramMessenger) -> None:
    message = await messenger.send(ANNA, Push("<b>Готово</b>", ((("Открыть", "card"),),), silent=True))
    (call,) = [one for one in (await world.get("/calls")).json() if one["method"].lower() == "sendmessage"]
    assert call["answer"]["result"]["message_id"] == message
    assert call["answer"]["result"]["text"] == "Готово"
    assert call["parameters"]["reply_markup"] == {
        "inline_keyboard": [[{"text": "Открыть", "callback_data": "go:card"}]]
    }
    assert call["parameters"]["disable_notification"] is True
    assert "allow_paid_broadcast" not in call["parameters"]


async def test_who_pays_for_more_says_so_in_every_call(world: httpx.AsyncClient) -> None:
    messenger = TelegramMessenger(DEFAULT_TOKEN, str(world.base_url).rstrip("/"), rate=100)
    await messenger.send(ANNA, Push("Новости"))
    await messenger.close()
    (call,) = [one for one in (await world.get("/calls")).json() if one["method"].lower() == "sendmessage"]
    assert call["parameters"]["allow_paid_broadcast"] is True


@pytest.mark.parametrize(
    ("fault", "meaning"),
    [
        ({"status": 429, "retry_after": 7}, Later),
        ({"status": 500}, Unavailable),
        ({"status": 502}, Unavailable),
        ({"status": 504}, Uncertain),
        ({"status": 401}, Unavailable),
        ({"status": 403}, Refused),
        ({"status": 400}, Refused),
        ({"drop": True}, Uncertain),
        ({"drop": "before"}, Uncertain),
    ],
)
async def test_every_way_to_fail_is_told_apart(
    world: httpx.AsyncClient, messenger: TelegramMessenger, fault: dict[str, object], meaning: type[Exception]
) -> None:
    await world.post("/faults", json={"method": "sendMessage", **fault})
    with pytest.raises(meaning) as told:
        await messenger.send(ANNA, Push("Раз"))
    if isinstance(told.value, Later):
        assert told.value.seconds == 7
    if fault.get("status") == 403:
        assert str(told.value) == "blocked"
    assert len(await seen(world)) == 1, "nothing repeats a call by itself"


async def test_a_stranger_counts_as_gone(messenger: TelegramMessenger) -> None:
    with pytest.raises(Refused, match="blocked"):
        await messenger.send(999, Push("Раз"))


async def test_where_nobody_answers_nothing_has_left() -> None:
    messenger = TelegramMessenger(DEFAULT_TOKEN, f"http://127.0.0.1:{free_ports(1)[0]}")
    with pytest.raises(Unavailable):
        await messenger.send(ANNA, Push("Раз"))
    await messenger.close()


async def test_an_answer_cut_short_leaves_it_open() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"ok":true')
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    messenger = TelegramMessenger(DEFAULT_TOKEN, f"http://127.0.0.1:{port}")
    async with server:
        with pytest.raises(Uncertain):
            await messenger.send(ANNA, Push("Раз"))
    await messenger.close()
