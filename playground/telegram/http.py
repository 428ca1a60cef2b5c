"""The few lines of HTTP the hot path needs: bodies, queries and answers over bare ASGI."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote

import orjson
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive, Scope, Send

BODY_LIMIT = 60 * 1024 * 1024
_FORM_FIELD_LIMIT = 1024 * 1024
# Only these are shown in the browser; everything else is offered for saving, so that no upload runs as a page.
_SHOWN = re.compile(r"image/(?!svg)|audio/|video/|application/pdf$|text/plain$")


class BodyTooLarge(Exception):
    """The body is over BODY_LIMIT bytes."""


class BadForm(Exception):
    """The multipart body cannot be read."""


class ClientGone(Exception):
    """The client closed the connection before the request was read."""


class ConnectionDropped(Exception):
    """The connection is to be closed without an answer: a fault that was asked for."""


@dataclass(slots=True)
class Upload:
    """One uploaded part."""

    name: str
    mime: str
    content: bytes


async def read_body(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise ClientGone
        chunk: bytes = event.get("body", b"")
        size += len(chunk)
        if size > BODY_LIMIT:
            raise BodyTooLarge
        chunks.append(chunk)
        if not event.get("more_body"):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def header(scope: Scope, name: bytes) -> str:
    for key, value in scope["headers"]:
        if key == name:
            return str(value, "latin-1")
    return ""


def query(scope: Scope) -> dict[str, str]:
    raw = scope["query_string"]
    return dict(parse_qsl(raw.decode("latin-1"), keep_blank_values=True)) if raw else {}


async def read_form(scope: Scope, receive: Receive) -> tuple[dict[str, str], list[tuple[str, Upload]]]:
    """Fields and files of a multipart body. The size is checked while it comes in. Raises BadForm, BodyTooLarge."""
    size = 0

    async def counted() -> Message:
        nonlocal size
        event = await receive()
        size += len(event.get("body", b""))
        if size > BODY_LIMIT:
            raise BodyTooLarge
        return event

    try:
        form: FormData = await Request(scope, counted).form(max_files=100, max_part_size=_FORM_FIELD_LIMIT)
    except (MultiPartException, KeyError, UnicodeDecodeError):
        raise BadForm from None
    except ClientDisconnect:
        raise ClientGone from None
    fields: dict[str, str] = {}
    files: list[tuple[str, Upload]] = []
    for key, value in form.multi_items():
        if isinstance(value, UploadFile):
            name = value.filename or key
            files.append((key, Upload(name, value.content_type or "", await value.read())))
        else:
            fields[key] = value
    await form.close()
    return fields, files


async def answer(
    send: Send, status: int, body: bytes, content_type: bytes = b"application/json", extra: list[Any] | None = None
) -> None:
    headers = [(b"content-type", content_type), (b"content-length", b"%d" % len(body))]
    if extra:
        headers.extend(extra)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def answer_json(send: Send, status: int, content: object) -> None:
    await answer(send, status, orjson.dumps(content))


async def answer_file(send: Send, name: str, mime: str, content: bytes) -> None:
    """A file for a browser: never sniffed, never run as a page."""
    shown = bool(_SHOWN.match(mime))
    placing = f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}"
    extra = [
        (b"content-disposition", placing.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"cache-control", b"private, max-age=86400"),
    ]
    if mime != "application/pdf":
        # The browser's own PDF viewer does not start under a sandbox.
        extra.append((b"content-security-policy", b"sandbox; default-src 'none'"))
    await answer(send, 200, content, mime.encode("latin-1", "replace"), extra)


async def drop(receive: Receive, send: Send, told: bytes = b"") -> None:
    """Close the connection without a byte of an answer, or in the middle of it: after the first half of `told`.

    ASGI has no word for it; uvicorn's send belongs to the request, which knows its transport. Elsewhere it raises.
    """
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        raise ConnectionDropped
    if told:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(told))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": told[: len(told) // 2], "more_body": True})
    transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass
