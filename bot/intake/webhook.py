"""The door for Telegram's webhook: one address, one secret, one update a request; answered when its effect is committed."""

import asyncio
import hmac
import json
from typing import Any

import structlog
from starlette.types import Receive, Scope, Send

from bot.intake.arrival import Arrival, Outcome
from bot.intake.lines import Lines
from bot.intake.reply import Reply

MOST_BYTES = 1024 * 1024
SECRET = b"x-telegram-bot-api-secret-token"
AWAY_S = 5
STATUS = {Outcome.SEEN: 200, Outcome.FAILED: 500, Outcome.AWAY: 503}

log = structlog.get_logger()


class Refused(Exception):
    """The request is answered by a status alone."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Door:
    """An ASGI application. Nothing of a body is read before the secret was found right."""

    def __init__(self, lines: Lines, path: str, secret: str) -> None:
        """`path` is that of the address told to Telegram."""
        self.lines, self.path, self.secret = lines, path or "/", secret.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        try:
            self._check(scope)
            raw = await _read(scope, receive)
            status, body = await self._serve(raw)
        except Refused as refused:
            status, body = refused.status, b""
        headers = [(b"content-length", b"%d" % len(body))]
        if body:
            headers.append((b"content-type", b"application/json"))
        if status == STATUS[Outcome.AWAY]:
            headers.append((b"retry-after", b"%d" % AWAY_S))
        if status != STATUS[Outcome.SEEN]:
            headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _check(self, scope: Scope) -> None:
        headers = dict(scope["headers"])
        if scope["path"] != self.path:
            raise Refused(404)
        if scope["method"] != "POST":
            raise Refused(405)
        if not hmac.compare_digest(headers.get(SECRET, b""), self.secret):
            log.warning("webhook.wrong_secret")
            raise Refused(401)
        if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != b"application/json":
            raise Refused(415)

    async def _serve(self, raw: dict[str, Any]) -> tuple[int, bytes]:
        outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        reply = Reply()
        try:
            arrival = Arrival.of(raw, repeats=True, reply=reply)
        except ValueError:
            log.warning("webhook.malformed")
            raise Refused(400) from None
        arrival.tell.append(lambda found: None if outcome.done() else outcome.set_result(found))
        self.lines.put(arrival)
        found = await outcome
        call = reply.body() if found is Outcome.SEEN else None
        return STATUS[found], json.dumps(call, ensure_ascii=False).encode() if call else b""


async def _read(scope: Scope, receive: Receive) -> dict[str, Any]:
    told = dict(scope["headers"]).get(b"content-length", b"0")
    if not told.isdigit():
        raise Refused(400)
    body, size, more = bytearray(), int(told), True
    while more:
        if size > MOST_BYTES:
            raise Refused(413)
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400)
        body += message.get("body", b"")
        size, more = max(size, len(body)), bool(message.get("more_body"))
    if len(body) > MOST_BYTES:
        raise Refused(413)
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        raw = None
    if not isinstance(raw, dict):
        log.warning("webhook.malformed")
        raise Refused(400)
    return raw


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
