"""Whether a code may have gone out: a gateway that was never reached is told apart from one that never answered."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest

from core.gateways import mail as mail_gateway
from core.gateways import sms as sms_gateway
from core.gateways.mail import SmtpMail
from core.gateways.sms import HttpSms
from core.gateways.wire import outside_client
from core.ports import Refused, Unavailable, Uncertain

KEY = UUID("019aaf00-0000-7000-8000-000000000001")
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class FixedClock:
    def now(self) -> datetime:
        return datetime(2026, 11, 23, 12, tzinfo=UTC)


@asynccontextmanager
async def listening(talk: Talk) -> AsyncIterator[int]:
    """A socket of this machine that talks so; those it leaves hanging are let go at the end."""
    talks: set[asyncio.Task[None]] = set()

    async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def one() -> None:
            try:
                await talk(reader, writer)
            finally:
                writer.close()

        task = asyncio.ensure_future(one())
        talks.add(task)
        await asyncio.wait({task})

    server = await asyncio.start_server(met, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


async def never_answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def closes_after_reading(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"}")


async def answers_half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"}")
    writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 50\r\n\r\n{")


async def gave_up_waiting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"}")
    writer.write(b"HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\n\r\n")


async def is_out_of_order(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"}")
    writer.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sms_gateway, "SECONDS", 0.2)
    monkeypatch.setattr(mail_gateway, "SECONDS", 0.3)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("talk", [never_answers, closes_after_reading, answers_half, gave_up_waiting])
async def test_an_sms_that_nobody_confirmed_may_have_gone(talk: Talk) -> None:
    async with listening(talk) as port, outside_client() as http:
        with pytest.raises(Uncertain) as told:
            await HttpSms(f"http://127.0.0.1:{port}", http).send("+79000000001", "Код 123456", key=KEY)
    assert told.value.system == "sms"


async def test_an_sms_for_which_nobody_was_there_has_not_gone(unused_tcp_port_factory: Callable[[], int]) -> None:
    async with outside_client() as http:
        with pytest.raises(Unavailable):
            await HttpSms(f"http://127.0.0.1:{unused_tcp_port_factory()}", http).send("+79000000001", "Код", key=KEY)


@pytest.mark.parametrize("fault", [httpx.ConnectTimeout("slow"), httpx.PoolTimeout("full")])
async def test_an_sms_that_found_no_line_has_not_gone(fault: httpx.TransportError) -> None:
    def down(request: httpx.Request) -> httpx.Response:
        raise fault

    async with httpx.AsyncClient(transport=httpx.MockTransport(down)) as http:
        with pytest.raises(Unavailable):
            await HttpSms("http://sms.test", http).send("+79000000001", "Код", key=KEY)


async def test_an_sms_gateway_that_says_it_is_out_of_order_has_sent_nothing() -> None:
    async with listening(is_out_of_order) as port, outside_client() as http:
        with pytest.raises(Unavailable):
            await HttpSms(f"http://127.0.0.1:{port}", http).send("+79000000001", "Код", key=KEY)


def relay(*, at_the_end: bytes | None, stops_at: bytes = b"") -> Talk:
    """An SMTP server: its word on the letter, None for none; before a command `stops_at` it falls silent."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 relay.test\r\n")
        while line := await reader.readline():
            command = line[:4].upper()
            if command == stops_at:
                await reader.read()
            elif command == b"DATA":
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                if at_the_end is None:
                    await reader.read()
                writer.write(at_the_end or b"")
                if not at_the_end:
                    return
            elif command == b"QUIT":
                return
            else:
                writer.write(b"250 OK\r\n")

    return talk


async def send(port: int) -> None:
    await SmtpMail("127.0.0.1", port, "card@clinic.test", FixedClock()).send("a@example.org", "Код", "123456", key=KEY)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("at_the_end", [None, b""], ids=["silence", "hangs up"])
async def test_a_letter_that_nobody_confirmed_may_have_gone(at_the_end: bytes | None) -> None:
    async with listening(relay(at_the_end=at_the_end)) as port:
        with pytest.raises(Uncertain) as told:
            await send(port)
    assert told.value.system == "mail"


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("stops_at", [b"EHLO", b"MAIL", b"RCPT"])
async def test_a_letter_of_which_only_the_envelope_was_read_has_not_gone(stops_at: bytes) -> None:
    async with listening(relay(at_the_end=b"250 OK\r\n", stops_at=stops_at)) as port:
        with pytest.raises(Unavailable):
            await send(port)


@pytest.mark.parametrize(("word", "meaning"), [(b"451 later\r\n", Unavailable), (b"554 spam\r\n", Refused)])
async def test_a_relay_that_says_no_to_a_letter_has_not_sent_it(word: bytes, meaning: type[Exception]) -> None:
    async with listening(relay(at_the_end=word)) as port:
        with pytest.raises(meaning):
            await send(port)


@pytest.mark.usefixtures("impatient")
async def test_a_letter_that_was_accepted_is_sent_even_if_nobody_says_goodbye() -> None:
    async with listening(relay(at_the_end=b"250 OK\r\n", stops_at=b"QUIT")) as port:
        await send(port)
