"""Mail through an SMTP relay."""

import asyncio
from email import policy
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Self
from urllib.parse import unquote, urlsplit
from uuid import UUID

from aiosmtplib import SMTP, SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPResponse

from core.ports import Attachment, Clock, Refused, Unavailable, Uncertain

SECONDS = 15.0
"""For all of it: whoever ends a process waits no longer for a letter."""


class SmtpMail:
    """`core.ports.Mail`. Without a password TLS is used where the relay offers it; with one never without TLS."""

    def __init__(
        self,
        host: str,
        port: int,
        sender: str,
        clock: Clock,
        *,
        username: str | None = None,
        password: str | None = None,
        tls: bool = False,
    ) -> None:
        """`tls` speaks TLS from the first byte (port 465); otherwise STARTTLS. ValueError for a malformed sender."""
        self._host, self._port, self._clock = host, port, clock
        self._sender = _address(sender)
        self._username, self._password, self._tls = username, password, tls

    def __repr__(self) -> str:
        return f"SmtpMail({self._host!r}, {self._port})"

    @classmethod
    def from_url(cls, url: str, sender: str, clock: Clock) -> Self:
        """Read `smtp://[user:password@]host[:port]` or `smtps://…`; ValueError for anything else."""
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("a mail relay is smtp://host:port or smtps://host:port")
        tls = parts.scheme == "smtps"
        username, password = (unquote(part) if part else None for part in (parts.username, parts.password))
        port = parts.port or (465 if tls else 587 if username else 25)
        return cls(parts.hostname, port, sender, clock, username=username, password=password, tls=tls)

    async def send(
        self, address: str, subject: str, text: str, *, key: UUID, attached: Attachment | None = None
    ) -> None:
        """Hand the letter over, with a file where there is one.

        Raises Refused when the relay says no to it for good, Uncertain when it had the letter and never answered, otherwise
        Unavailable.
        """
        try:
            recipient = _address(address)
        except ValueError:
            raise Refused("address") from None
        relay = _Relay(
            hostname=self._host,
            port=self._port,
            username=self._username,
            password=self._password,
            use_tls=self._tls,
            start_tls=None if self._tls or not self._username else True,
            timeout=SECONDS,
            local_hostname=self._sender.domain,
        )
        try:
            async with asyncio.timeout(SECONDS):
                await relay.connect()
                await relay.send_message(self._letter(recipient, subject, text, key, attached))
        except (SMTPException, OSError, TimeoutError) as error:
            code = _refusal(error)
            if code:
                raise Refused(str(code)) from None
            if relay.handing_over and not isinstance(error, SMTPDataError):
                raise Uncertain("mail") from error
            raise Unavailable("mail") from error
        finally:
            # Without a word: what was accepted is accepted, and a relay that hangs is not waited for.
            relay.close()

    def _letter(
        self, recipient: Address, subject: str, text: str, key: UUID, attached: Attachment | None
    ) -> EmailMessage:
        letter = EmailMessage(policy=policy.SMTP)
        letter["From"] = self._sender
        letter["To"] = recipient
        letter["Subject"] = " ".join(subject.split())
        letter["Date"] = format_datetime(self._clock.now())
        letter["Message-ID"] = f"<{key}@{self._sender.domain}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(text)
        if attached is not None:
            main, _, sub = attached.mime.partition("/")
            letter.add_attachment(attached.content, maintype=main, subtype=sub, filename=attached.name)
        return letter


class _Relay(SMTP):
    """Knows whether the letter itself was on its way."""

    handing_over = False

    async def data(self, message: str | bytes, /, **more: Any) -> SMTPResponse:
        """Hand over the letter; `more` is theirs."""
        self.handing_over = True
        return await super().data(message, **more)


def _refusal(error: Exception) -> int | None:
    # 5xx at the recipient or the content is about this letter; at the greeting, the login or the sender it is about us,
    # and the letter waits until that is put right.
    match error:
        case SMTPRecipientsRefused(recipients=[first, *_]) if first.code >= 500:
            return first.code
        case SMTPDataError(code=code) if code >= 500:
            return code
    return None


def _address(text: str) -> Address:
    """Read one bare address, its domain in ASCII; ValueError when it is not one."""
    if not text.isprintable() or " " in text or text.count("@") != 1:
        raise ValueError("not an address")
    local, domain = text.split("@")
    try:
        return Address(addr_spec=f"{local}@{domain.encode('idna').decode()}")
    except (HeaderParseError, UnicodeError, IndexError) as error:
        raise ValueError("not an address") from error
