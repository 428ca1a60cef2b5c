"""Mail: a letter arrives as it was written, and what the relay says is told apart."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from core.gateways.mail import SmtpMail
from core.ports import Refused, Unavailable

KEY = UUID("019aaf00-0000-7000-8000-000000000001")


class FixedClock:
    def now(self) -> datetime:
        return datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass
class Relay:
    """An SMTP server that keeps what it is given, and says `word` to recipients or `last_word` to the content."""

    word: str = "250 OK"
    last_word: str = "250 OK"
    letters: list[tuple[list[str], EmailMessage]] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.word.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.word

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append((envelope.rcpt_tos, letter))
        return self.last_word


@pytest.fixture
async def relay() -> AsyncIterator[tuple[Relay, SmtpMail]]:
    handler = Relay()
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(handler, enable_SMTPUTF8=True), "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield handler, SmtpMail.from_url(f"smtp://127.0.0.1:{port}", "card@clinic.test", FixedClock())


async def test_a_letter_arrives_as_it_was_written(relay: tuple[Relay, SmtpMail]) -> None:
    handler, mail = relay
    await mail.send("anna@example.org", "Ваш код", "Код для входа: 123456\nНикому его не говорите.", key=KEY)
    recipients, letter = handler.letters[0]
    assert recipients == ["anna@example.org"]
    assert letter["Subject"] == "Ваш код"
    assert letter["From"] == "card@clinic.test"
    assert letter["Message-ID"] == f"<{KEY}@clinic.test>"
    assert letter["Date"] == "Mon, 23 Nov 2026 12:00:00 +0000"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().splitlines() == ["Код для входа: 123456", "Никому его не говорите."]


@pytest.mark.parametrize("address", [
    "anna@example.org\r\nBcc: eve@example.org", "anna@example.org, eve@example.org", "Анна <anna@example.org>", "anna",
    "", "@example.org", "anna@", "anna@example.org\x00", "a@b@c", "anna @example.org", "anna@" + "x" * 80 + ".org",
])  # fmt: skip
async def test_what_is_not_one_bare_address_is_refused_before_anything_is_sent(
    relay: tuple[Relay, SmtpMail], address: str
) -> None:
    handler, mail = relay
    with pytest.raises(Refused) as caught:
        await mail.send(address, "Ваш код", "123456", key=KEY)
    assert caught.value.reason == "address"
    assert handler.letters == []


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x0b"])
async def test_a_line_end_in_the_subject_makes_no_header(relay: tuple[Relay, SmtpMail], end: str) -> None:
    handler, mail = relay
    await mail.send("anna@example.org", f"Код{end}Bcc: eve@example.org", "123456", key=KEY)
    recipients, letter = handler.letters[0]
    assert recipients == ["anna@example.org"]
    assert letter["Bcc"] is None
    assert letter["Subject"] == "Код Bcc: eve@example.org"


async def test_a_text_cannot_end_the_letter_early(relay: tuple[Relay, SmtpMail]) -> None:
    handler, mail = relay
    await mail.send("anna@example.org", "Код", "первая\r\n.\r\nMAIL FROM:<eve@example.org>", key=KEY)
    assert len(handler.letters) == 1
    assert "MAIL FROM" in handler.letters[0][1].get_content()


async def test_a_russian_domain_is_written_in_latin(relay: tuple[Relay, SmtpMail]) -> None:
    handler, mail = relay
    await mail.send("anna@почта.рф", "Код", "123456", key=KEY)
    assert handler.letters[0][0] == ["anna@xn--80a1acny.xn--p1ai"]


@pytest.mark.parametrize(("word", "last_word"), [("550 no such user", "250 OK"), ("250 OK", "554 spam")])
async def test_a_no_for_good_is_refused_by_its_number(relay: tuple[Relay, SmtpMail], word: str, last_word: str) -> None:
    handler, mail = relay
    handler.word, handler.last_word = word, last_word
    with pytest.raises(Refused) as caught:
        await mail.send("anna@example.org", "Код", "123456", key=KEY)
    assert caught.value.reason in {"550", "554"}


@pytest.mark.parametrize(("word", "last_word"), [("450 busy", "250 OK"), ("250 OK", "451 later")])
async def test_a_no_for_a_while_is_unavailable(relay: tuple[Relay, SmtpMail], word: str, last_word: str) -> None:
    handler, mail = relay
    handler.word, handler.last_word = word, last_word
    with pytest.raises(Unavailable):
        await mail.send("anna@example.org", "Код", "123456", key=KEY)


async def test_a_relay_that_is_not_there_is_unavailable(unused_tcp_port_factory: Callable[[], int]) -> None:
    mail = SmtpMail("127.0.0.1", unused_tcp_port_factory(), "card@clinic.test", FixedClock())
    with pytest.raises(Unavailable) as caught:
        await mail.send("anna@example.org", "Код", "123456", key=KEY)
    assert caught.value.system == "mail"


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_a_password_is_never_sent_without_tls_even_to_a_relay_that_would_take_it() -> None:
    handler, tried = Relay(), list[object]()

    def check(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        tried.append(given)
        return AuthResult(success=True)

    def speak() -> SMTP:
        return SMTP(handler, authenticator=check, auth_require_tls=False)

    server = await asyncio.get_running_loop().create_server(speak, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        mail = SmtpMail.from_url(f"smtp://user:pa%40ss@127.0.0.1:{port}", "card@clinic.test", FixedClock())
        assert mail._password == "pa@ss"
        assert "pa" not in repr(mail).removeprefix("SmtpMail")
        with pytest.raises(Unavailable):
            await mail.send("anna@example.org", "Код", "123456", key=KEY)
    assert tried == []
    assert handler.letters == []


@pytest.mark.parametrize("url", ["http://relay.test", "smtp://", "relay.test:25", "smtp://relay.test:x"])
def test_an_address_that_is_no_relay_stops_the_start(url: str) -> None:
    with pytest.raises(ValueError, match=r"relay|[Pp]ort"):
        SmtpMail.from_url(url, "card@clinic.test", FixedClock())


@pytest.mark.parametrize(("url", "port"), [("smtps://r.test", 465), ("smtp://u:p@r.test", 587), ("smtp://r.test", 25)])
def test_the_usual_port_is_known(url: str, port: int) -> None:
    assert SmtpMail.from_url(url, "card@clinic.test", FixedClock())._port == port
