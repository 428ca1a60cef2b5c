"""The Bot API over bare ASGI: `/bot<token>/<method>` and `/file/bot<token>/<path>`. This is the hot path."""

import asyncio
import inspect
import secrets
import time
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.types import Message, Receive, Scope, Send

from playground.telegram import http
from playground.telegram.faults import Fault
from playground.telegram.methods import REGISTRY, Context, Described, Entry
from playground.telegram.parameters import Asked, validated
from playground.telegram.refusals import (
    TelegramRefusal,
    bad_request,
    not_found,
    payload_too_large,
    unauthorized,
)
from playground.telegram.server import Telegram
from playground.telegram.updates import Update

_OK = b'{"ok":true,"result":%b}'


class BotApi:
    """Calls of the bot. Each is journalled with what came and what was answered."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        telegram.webhook.execute = self.execute

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        token, _, name = scope["path"][4:].partition("/")
        asked = Asked({})
        fault: Fault | None = None
        try:
            if not secrets.compare_digest(token.encode(), self._telegram.token.encode()):
                raise unauthorized()
            asked = await _read(scope, receive)
            entry = REGISTRY.get(name.lower())
            fault = self._telegram.faults.take(name) if self._telegram.faults.rules else None
            if fault is not None:
                await _suffer(fault)
            if entry is None:
                raise not_found()
            status, body = 200, await self._run(entry, asked)
        except TelegramRefusal as refusal:
            status, body = refusal.code, orjson.dumps(refusal.payload())
        except http.ClientGone:
            return
        except http.ConnectionDropped:
            self._telegram.calls.add(name, asked.values, 0, b"", started)
            await http.drop(receive, send)
            return
        if fault is not None and fault.drop in (True, "middle"):
            self._telegram.calls.add(name, _journalled(asked), 0, body, started)
            await http.drop(receive, send, body if fault.drop == "middle" else b"")
            return
        self._telegram.calls.add(name, _journalled(asked), status, body, started)
        await http.answer(send, status, body)

    async def execute(self, content_type: str, body: bytes) -> None:
        """What a webhook answered with: when it is a method, the same rules hold, and nobody hears the result."""
        started = time.perf_counter()
        scope: Scope = {
            "type": "http",
            "method": "POST",
            "query_string": b"",
            "headers": [(b"content-type", content_type.encode("latin-1"))],
        }

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        try:
            asked = await _read(scope, receive)
        except TelegramRefusal:
            return
        name = asked.values.pop("method", None)
        entry = REGISTRY.get(name.lower()) if isinstance(name, str) else None
        if entry is None:
            return
        try:
            status, answer = 200, await self._run(entry, asked)
        except TelegramRefusal as refusal:
            status, answer = refusal.code, orjson.dumps(refusal.payload())
        self._telegram.calls.add(entry.name, _journalled(asked), status, answer, started, in_answer=True)

    async def _run(self, entry: Entry, asked: Asked) -> bytes:
        call = validated(entry.model, asked)
        result = entry.handler(Context(self._telegram, asked), call)
        if inspect.isawaitable(result):
            result = await result
        if result is True:
            return b'{"ok":true,"result":true}'
        if isinstance(result, Described):
            return orjson.dumps({"ok": True, "result": result.result, "description": result.description})
        if isinstance(result, list) and result and isinstance(result[0], Update):
            return _OK % (b"[" + b",".join(update.body for update in result) + b"]")
        return _OK % orjson.dumps(result)

    async def download(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A file at the path that getFile told."""
        token, _, path = scope["path"][len("/file/bot") :].partition("/")
        if not secrets.compare_digest(token.encode(), self._telegram.token.encode()):
            await http.answer(send, 401, orjson.dumps(unauthorized().payload()))
            return
        fault = self._telegram.faults.take("download") if self._telegram.faults.rules else None
        try:
            if fault is not None:
                await _suffer(fault)
        except TelegramRefusal as refusal:
            await http.answer(send, refusal.code, orjson.dumps(refusal.payload()))
            return
        except http.ConnectionDropped:
            await http.drop(receive, send)
            return
        stored = self._telegram.files.by_path(path)
        if stored is None:
            await http.answer(send, 404, orjson.dumps(not_found().payload()))
            return
        await http.answer(send, 200, stored.content, stored.mime.encode("latin-1", "replace"))


async def _suffer(fault: Fault) -> None:
    """What a fault does before the call has any effect."""
    if fault.delay_ms:
        await asyncio.sleep(fault.delay_ms / 1000)
    if fault.drop == "before":
        raise http.ConnectionDropped
    refusal = fault.refusal()
    if refusal is not None:
        raise refusal


async def _read(scope: Scope, receive: Receive) -> Asked:
    values: dict[str, Any] = dict(http.query(scope))
    if scope["method"] == "GET":
        return Asked(values)
    content_type = http.header(scope, b"content-type")
    try:
        if content_type.startswith("multipart/"):
            fields, files = await http.read_form(scope, receive)
            values.update(fields)
            return Asked(values, dict(files))
        body = await http.read_body(receive)
    except http.BodyTooLarge:
        raise payload_too_large() from None
    except http.BadForm:
        raise bad_request("can't parse the multipart body") from None
    if not body:
        return Asked(values)
    if content_type.startswith("application/json"):
        try:
            loaded = orjson.loads(body)
        except ValueError:
            raise bad_request("can't parse JSON object") from None
        if not isinstance(loaded, dict):
            raise bad_request("expected a JSON object")
        values.update(loaded)
        return Asked(values)
    values.update(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return Asked(values)


def _journalled(asked: Asked) -> dict[str, Any]:
    """Parameters as the journal keeps them: files by name and size only."""
    if not asked.files:
        return asked.values
    named = {key: f"file {one.name}, {len(one.content)} bytes" for key, one in asked.files.items()}
    return {**asked.values, **named}
