"""Calls that are made once: a POST with an `Idempotency-Key` answers the second time what it answered the first."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import Header, Request
from fastapi.responses import Response

from api.sessions import KnownFirst, call_signed, current
from core.domain.idempotency import Answered, Call
from core.domain.staff import Session
from core.ports import BlindIndexes
from core.services.idempotency import BeginCall, DropCall, EndCall

HEADER = "Idempotency-Key"
PATTERN = r"^[!-~]{1,64}$"
SAID = (
    "A name of this call, new for each: repeated with the same body within a day, the call is not made again and answers "
    "the same; with another body it is refused."
)
Key = Annotated[str, Header(alias=HEADER, pattern=PATTERN, description=SAID)]
"""Of calls that must have one."""
MaybeKey = Annotated[str | None, Header(alias=HEADER, pattern=PATTERN, description=SAID)]
LONGEST = 64
Handle = Callable[[Request], Awaitable[Response]]


class OnceRoute(KnownFirst):
    """A route whose POST is made once for each key. Who calls is looked at before anything is answered."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        """Return what answers a request."""
        handle: Handle = super().get_route_handler()

        async def once(request: Request) -> Response:
            key = request.headers.get(HEADER, "")
            if request.method != "POST" or not 0 < len(key) <= LONGEST:
                return await handle(request)
            return await _once(request, key, handle)

        return once


async def _once(request: Request, key: str, handle: Handle) -> Response:
    session = await current(request)
    await call_signed(request, session, request.headers.get("x-csrf-token", ""))
    actor = session.member.actor
    # Of another role or group what was answered may not be theirs to see any more: the call is looked at anew.
    asked = f"{actor.staff}\n{actor.role.value}\n{session.team}\n{request.url.path}?{request.url.query}\n{key}"
    body = request.headers.get("content-type", "").partition(";")[0].encode() + b"\n" + await _body(request)
    container = request.state.dishka_container
    indexes: BlindIndexes = await container.get(BlindIndexes)
    # Bodies are short texts about people: a bare hash of one could be guessed.
    told = hashlib.sha256(body).hexdigest()
    call = Call(indexes.of("call", asked), indexes.of("call body", told))
    begin: BeginCall = await container.get(BeginCall)
    answered = await begin(call)
    if answered is not None:
        return _again(answered)
    end: EndCall = await container.get(EndCall)
    drop: DropCall = await container.get(DropCall)
    try:
        response = await handle(request)
    except BaseException:
        await drop(call)
        raise
    if response.status_code < 300:
        text = bytes(response.body).decode()
        await end(call, Answered(response.status_code, response.headers.get("content-type", ""), text))
    else:
        await drop(call)
    return response


async def _body(request: Request) -> bytes:
    """Return what tells one body from another: a form's boundary is another each time, so it is left out."""
    body = await request.body()
    _, mark, boundary = request.headers.get("content-type", "").partition("boundary=")
    return body.replace(boundary.strip().strip('"').encode(), b"") if mark and boundary.strip() else body


def _again(answered: Answered) -> Response:
    headers = {"Idempotent-Replayed": "true"}
    if answered.kind:
        headers["Content-Type"] = answered.kind
    return Response(answered.text.encode() or None, answered.status, headers)


def own(session: Session, key: str) -> str:
    """Return a key of somebody as it is kept: the same word of somebody else is another one."""
    return f"{session.member.id} {key}"
