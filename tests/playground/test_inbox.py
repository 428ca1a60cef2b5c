"""SMS and mail: sent once, kept, shown."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage

import aiosmtplib
import httpx
import pytest
import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.types import Message, Receive, Scope, Send

from playground import outside
from playground.settings import PlaygroundSettings

CODE_SMS = {"to": "+7 900 000-00-01", "text": "Медкарта: код 482913. Никому его не говорите.", "id": "n-1"}


@pytest.fixture
def settings() -> PlaygroundSettings:
    return PlaygroundSettings(smtp_port=0)


@pytest.fixture
async def http(settings: PlaygroundSettings) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=outside.routes(settings))
    async with (
        outside.lifespan(settings),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=settings.public_url) as client,
    ):
        yield client


def letter(to: str = "ilina@example.org", html: str | None = None) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Медкарта <robot@medkarta.example>"
    message["To"] = to
    message["Subject"] = "Код для входа: 735 120"
    message.set_content("Здравствуйте, Анна.\nКод 735 120 действует 10 минут, до 12:30 23.11.2026.")
    if html:
        message.add_alternative(html, subtype="html")
    return message


async def send(http: httpx.AsyncClient, message: EmailMessage) -> None:
    server = (await http.get("/mail/server")).json()
    await aiosmtplib.send(message, hostname=server["host"], port=server["port"])


async def test_an_sms_is_accepted_and_lies_in_the_inbox(http: httpx.AsyncClient) -> None:
    answer = await http.post("/sms/send", json=CODE_SMS)
    assert answer.status_code == 202
    assert answer.json() == {"id": "n-1", "status": "accepted"}
    [message] = (await http.get("/sms/messages", params={"to": "8 900 000 00 01"})).json()
    assert (message["to"], message["text"], message["code"]) == ("+79000000001", CODE_SMS["text"], "482913")
    assert (await http.get("/sms/messages", params={"to": "+79000000002"})).json() == []
    assert (await http.get("/sms/messages", params={"after": message["seq"]})).json() == []


async def test_the_same_id_is_the_same_sms(http: httpx.AsyncClient) -> None:
    for to in ("+79000000001", "8 900 000-00-01"):
        assert (await http.post("/sms/send", json=CODE_SMS | {"to": to})).status_code == 202
    assert len((await http.get("/sms/messages")).json()) == 1
    other = await http.post("/sms/send", json=CODE_SMS | {"text": "Другой текст"})
    assert other.status_code == 409
    assert len((await http.get("/sms/messages")).json()) == 1


@pytest.mark.parametrize("wrong", [{"to": "ilina"}, {"to": "+7900"}, {"text": ""}, {"id": ""}, {"text": None}])
async def test_an_sms_that_cannot_be_sent_is_refused(http: httpx.AsyncClient, wrong: dict[str, str | None]) -> None:
    answer = await http.post("/sms/send", json=CODE_SMS | wrong)
    assert answer.status_code == 422
    assert "error" in answer.json()


async def test_an_answer_lost_on_the_way_does_not_make_a_second_sms(http: httpx.AsyncClient) -> None:
    await http.post("/sms/faults", json={"mode": "lost", "times": 1})
    with pytest.raises(ConnectionResetError):
        await http.post("/sms/send", json=CODE_SMS)
    assert (await http.post("/sms/send", json=CODE_SMS)).status_code == 202
    assert (await http.get("/sms/faults/suffered")).json() == {"lost": 1}
    assert len((await http.get("/sms/messages")).json()) == 1


async def test_one_can_wait_for_an_sms(http: httpx.AsyncClient) -> None:
    waiting = asyncio.ensure_future(http.get("/sms/messages", params={"to": "+79000000001", "wait": "5"}))
    await http.post("/sms/send", json=CODE_SMS | {"to": "+79000000002", "id": "n-2"})
    await http.post("/sms/send", json=CODE_SMS)
    assert [message["id"] for message in (await waiting).json()] == ["n-1"]
    nothing = await http.get("/mail/messages", params={"wait": "0.01"})
    assert nothing.json() == []
    assert (await http.get("/sms/messages", params={"wait": "long"})).status_code == 422


async def test_a_letter_is_caught_whole(http: httpx.AsyncClient) -> None:
    message = letter(html="<p>Код <b>735 120</b></p>")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="Выписка.pdf")
    await send(http, message)
    [caught] = (await http.get("/mail/messages", params={"to": "ILINA@example.org"})).json()
    assert caught["from"] == "Медкарта <robot@medkarta.example>"
    assert caught["to"] == ["ilina@example.org"]
    assert caught["subject"] == "Код для входа: 735 120"
    assert caught["text"].startswith("Здравствуйте, Анна.")
    assert caught["html"] == "<p>Код <b>735 120</b></p>"
    assert caught["code"] == "735120"
    assert caught["headers"]["Subject"] == caught["subject"]
    [attachment] = caught["attachments"]
    assert (attachment["name"], attachment["mime"], attachment["size"]) == ("Выписка.pdf", "application/pdf", 8)
    got = await http.get(attachment["url"])
    assert got.content == b"%PDF-1.7"
    assert got.headers["Content-Disposition"] == "attachment"
    assert (await http.get(attachment["url"] + "1")).status_code == 404


async def test_a_letter_may_do_nothing_when_it_is_shown(http: httpx.AsyncClient) -> None:
    await send(http, letter(html="<script>alert(1)</script><p>Добрый день</p>"))
    [caught] = (await http.get("/mail/messages")).json()
    shown = await http.get(f"/mail/messages/{caught['seq']}/html")
    policy = shown.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox;")
    assert "allow-" not in policy
    assert "default-src 'none'" in policy
    assert (await http.get("/mail/messages/999/html")).status_code == 404


@pytest.mark.parametrize(("mode", "code"), [("error", 451), ("refuse", 550), ("down", 421)])
async def test_the_mail_server_refuses_when_told_to(http: httpx.AsyncClient, mode: str, code: int) -> None:
    await http.post("/mail/faults", json={"mode": mode, "times": 1})
    with pytest.raises(aiosmtplib.SMTPResponseException) as refused:
        await send(http, letter())
    assert refused.value.code == code
    assert (await http.get("/mail/messages")).json() == []
    await send(http, letter())
    assert len((await http.get("/mail/messages")).json()) == 1


@pytest.mark.parametrize(("mode", "kept"), [("drop", 0), ("lost", 1)])
async def test_the_mail_server_hangs_up_when_told_to(http: httpx.AsyncClient, mode: str, kept: int) -> None:
    await http.post("/mail/faults", json={"mode": mode, "times": 1})
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await send(http, letter())
    assert len((await http.get("/mail/messages")).json()) == kept


def test_it_hangs_up_on_the_loop_that_the_product_runs_on_too(settings: PlaygroundSettings) -> None:
    async def lost() -> None:
        app = Starlette(routes=outside.routes(settings))
        async with (
            outside.lifespan(settings),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=settings.public_url) as client,
        ):
            await client.post("/mail/faults", json={"mode": "lost", "times": 1})
            with pytest.raises(aiosmtplib.SMTPServerDisconnected):
                await send(client, letter())
            assert len((await client.get("/mail/messages")).json()) == 1

    uvloop.run(lost())


async def test_a_caller_that_hangs_up_in_mid_sentence_is_no_fault(settings: PlaygroundSettings) -> None:
    app = Starlette(routes=outside.routes(settings))

    async def hangs_up() -> Message:
        return {"type": "http.disconnect"}

    async def cut(scope: Scope, _receive: Receive, send: Send) -> None:
        await app(scope, hangs_up, send)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(cut), base_url=settings.public_url) as caller:
        assert (await caller.post("/sms/send", json=CODE_SMS)).status_code == 499
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=settings.public_url) as caller:
        assert (await caller.get("/sms/messages")).json() == []


async def test_the_last_thousand_letters_are_kept(http: httpx.AsyncClient) -> None:
    for number in range(1005):
        await http.post("/sms/send", json=CODE_SMS | {"id": f"n-{number}"})
    messages = (await http.get("/sms/messages")).json()
    assert len(messages) == 1000
    assert messages[-1]["id"] == "n-1004"


async def test_the_page_shows_both_kinds_newest_first(http: httpx.AsyncClient) -> None:
    assert "Пока пусто" in (await http.get("/inbox")).text
    await http.post("/sms/send", json=CODE_SMS)
    await send(http, letter(html="<p>Код</p>"))
    page = await http.get("/inbox")
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert re.findall(r'class="item (\w+)"', page.text) == ["mail", "sms"]
    assert 'data-copy="482913"' in page.text
    assert "<b>482 913</b>" in page.text
    assert 'data-copy="735120"' in page.text
    assert "+7 900 000-00-01" in page.text
    assert "sandbox" in page.text
    assert not re.search(r"<script>|\son\w+=|\sstyle=", page.text)


async def test_the_page_is_filtered_by_a_part_of_the_phone_or_the_mail(http: httpx.AsyncClient) -> None:
    await http.post("/sms/send", json=CODE_SMS)
    await send(http, letter())
    for query, kinds in (("00-01", ["sms"]), ("ilina@", ["mail"]), ("nobody", [])):
        page = await http.get("/inbox", params={"to": query})
        assert re.findall(r'class="item (\w+)"', page.text) == kinds
    only = await http.get("/inbox", params={"kind": "mail"})
    assert re.findall(r'class="item (\w+)"', only.text) == ["mail"]


async def test_the_page_asks_for_what_is_new(http: httpx.AsyncClient) -> None:
    await http.post("/sms/send", json=CODE_SMS)
    news = await http.get("/inbox/news", params={"after": "0"})
    assert "482913" in news.text
    assert "<html" not in news.text
    none = await http.get("/inbox/news", params={"after": news.headers["X-Last"]})
    assert none.status_code == 204
    assert none.headers["X-Last"] == news.headers["X-Last"]


async def test_what_was_sent_is_never_markup(http: httpx.AsyncClient) -> None:
    await http.post("/sms/send", json=CODE_SMS | {"text": "<img src=x onerror=alert(1)> https://example.org/?a=1&b=2"})
    text = (await http.get("/inbox")).text
    assert "<img src=x" not in text
    assert 'href="https://example.org/?a=1&amp;b=2"' in text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Код 482 913", "482913"),
        ("Your code: 482-913", "482913"),
        ("Код подтверждения — 482913.", "482913"),
        ("Ваш код придёт на +79000482913", None),
        ("Код на сайте http://127.0.0.1:808012/card", None),
        ("Полис 123456 принят", None),
        ("Код: 1234567", None),
    ],
)
async def test_a_code_is_found_only_where_it_is_one(http: httpx.AsyncClient, text: str, code: str | None) -> None:
    await http.post("/sms/send", json=CODE_SMS | {"text": text})
    assert (await http.get("/sms/messages")).json()[0]["code"] == code


@asynccontextmanager
async def served(app: Starlette) -> AsyncIterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
    listening = uvicorn.Config(app, port=0).bind_socket()
    running = asyncio.ensure_future(server.serve([listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running
        listening.close()


@pytest.mark.parametrize(("mode", "kept"), [("drop", 0), ("lost", 1)])
async def test_over_a_real_connection_no_answer_means_none(settings: PlaygroundSettings, mode: str, kept: int) -> None:
    async with (
        served(Starlette(routes=outside.routes(settings))) as address,
        httpx.AsyncClient(base_url=address, timeout=60) as http,
    ):
        await http.post("/sms/faults", json={"mode": mode, "times": 1})
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            await http.post("/sms/send", json=CODE_SMS)
        assert len((await http.get("/sms/messages")).json()) == kept
