"""The mail catcher: an SMTP server that keeps every letter and delivers none."""

import asyncio
import email
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from playground.outside.answers import problem
from playground.outside.expiring import Clock
from playground.outside.faults import Faults
from playground.outside.pigeonhole import Attachment, Item, Pigeonhole, window_of

LETTER_LIMIT = 20 * 1024 * 1024
# A letter may run nothing, load nothing and send nothing, whatever it is made of.
LETTER_CSP = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'"


class MailCatcher:
    """Keeps letters. Faults of `smtp`: error answers 451, refuse 550, down 421; slow waits; drop and lost hang up."""

    def __init__(self, pigeonhole: Pigeonhole, clock: Clock) -> None:
        self._pigeonhole, self._clock = pigeonhole, clock
        self._faults = Faults("smtp")
        self.address: tuple[str, int] | None = None

    @asynccontextmanager
    async def listening(self, host: str, port: int) -> AsyncIterator[None]:
        """Serves SMTP in this event loop; port 0 takes a free one, see `address`."""
        loop = asyncio.get_running_loop()

        def connection() -> SMTP:
            return SMTP(
                self,
                hostname="playground",
                loop=loop,
                enable_SMTPUTF8=True,
                data_size_limit=LETTER_LIMIT,
            )

        server = await loop.create_server(connection, host, port)
        self.address = server.sockets[0].getsockname()[:2]
        try:
            yield
        finally:
            server.close()
            await server.wait_closed()
            self.address = None

    async def handle_DATA(  # noqa: N802 (aiosmtpd calls it so)
        self,
        server: SMTP,
        session: Session,  # noqa: ARG002
        envelope: Envelope,
    ) -> str:
        fault = self._faults.next("smtp")
        await asyncio.sleep(fault.delay_ms / 1000)
        match fault.mode:
            case "error":
                return "451 4.3.0 Temporary failure, try again later"
            case "refuse":
                return "550 5.1.1 No such mailbox"
            case "down":
                return "421 4.3.2 The service is not available"
            case "drop":
                _hang_up(server)
                return "421 4.3.2 dropped"
        await self._pigeonhole.put(self._letter(envelope))
        if fault.mode == "lost":
            _hang_up(server)
        return "250 2.0.0 Kept"

    def _letter(self, envelope: Envelope) -> Item:
        parsed = email.message_from_bytes(envelope.original_content or b"", policy=default)
        html = _body(parsed, "html")
        return Item(
            seq=self._pigeonhole.next_seq(),
            kind="mail",
            id=str(parsed.get("Message-ID", "")),
            time=self._clock(),
            to=tuple(envelope.rcpt_tos),
            sender=str(parsed.get("From", envelope.mail_from or "")),
            subject=str(parsed.get("Subject", "")),
            text=_body(parsed, "plain"),
            html=html,
            headers={name: str(value) for name, value in parsed.items()},
            attachments=tuple(_attachments(parsed)),
        )

    async def messages(self, request: Request) -> Response:
        """`to` (part of an address), `after` (seq), `wait` (seconds, at most 30): oldest first."""
        return JSONResponse([_shown(item) for item in await window_of(request, self._pigeonhole, "mail")])

    async def server(self, _request: Request) -> Response:
        """Where SMTP is listening now: {"host", "port"}."""
        if self.address is None:
            return problem(503, "the SMTP server is not listening")
        return JSONResponse({"host": self.address[0], "port": self.address[1]})

    async def html(self, request: Request) -> Response:
        item = self._find(request)
        if item is None or not item.html:
            return problem(404, "no such letter, or it has no HTML")
        return Response(
            item.html,
            media_type="text/html",
            headers={"Content-Security-Policy": LETTER_CSP} | NO_SNIFF,
        )

    async def attachment(self, request: Request) -> Response:
        item, number = self._find(request), request.path_params["number"]
        if item is None or number >= len(item.attachments):
            return problem(404, "no such attachment")
        # The type is not repeated: whatever was sent is saved, never shown.
        return Response(
            item.attachments[number].content,
            media_type="application/octet-stream",
            headers={
                "Content-Disposition": "attachment",
                "Content-Security-Policy": "sandbox",
            }
            | NO_SNIFF,
        )

    def routes(self) -> list[Route]:
        return [
            Route("/mail/messages", self.messages),
            Route("/mail/messages/{seq:int}/html", self.html),
            Route("/mail/messages/{seq:int}/attachments/{number:int}", self.attachment),
            Route("/mail/server", self.server),
            *self._faults.routes("/mail/faults"),
        ]

    def _find(self, request: Request) -> Item | None:
        return self._pigeonhole.find("mail", request.path_params["seq"])


NO_SNIFF = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


def _hang_up(server: SMTP) -> None:
    # Not by its class: uvloop's transports are no children of asyncio's.
    abort = getattr(server.transport, "abort", None)
    if abort is not None:
        abort()


def _body(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    return str(part.get_content()).strip() if part is not None else ""


def _attachments(letter: EmailMessage) -> list[Attachment]:
    found = []
    for part in letter.iter_attachments():
        # A letter inside a letter has no bytes of its own: it is kept as it came.
        content = part.get_payload(decode=True)
        whole = content if isinstance(content, bytes) else part.as_bytes()
        found.append(Attachment(part.get_filename() or "letter.eml", part.get_content_type(), whole))
    return found


def _shown(item: Item) -> dict[str, Any]:
    return {
        "seq": item.seq,
        "id": item.id,
        "from": item.sender,
        "to": list(item.to),
        "subject": item.subject,
        "text": item.text,
        "html": item.html or None,
        "headers": item.headers,
        "attachments": [
            {
                "name": attachment.name,
                "mime": attachment.mime,
                "size": len(attachment.content),
                "url": f"/mail/messages/{item.seq}/attachments/{number}",
            }
            for number, attachment in enumerate(item.attachments)
        ],
        "code": item.code,
        "time": item.time.isoformat(),
    }
