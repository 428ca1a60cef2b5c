"""Calls that are made once: a write with an `Idempotency-Key` answers the second time what it answered the first."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from api.openapi import problems
from api.sessions import KnownFirst, call_signed, current, entered
from core.domain.idempotency import Answered, AnswerWithheld, Call
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
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
NOT_KEPT = "withheld"
"""Stands for the type of an answer that held a secret."""
Handle = Callable[[Request], Awaitable[Response]]


async def _named(_key: MaybeKey = None) -> None:
    """A write may have a name."""


async def _withheld(request: Request) -> None:
    request.state.withheld = True


NAMED = Depends(_named)
WITHHELD = Depends(_withheld)
"""Of a call whose answer holds a secret: repeated, the call is not made again, and refused with 409 instead of answered."""


class OnceRoute(KnownFirst):
    """A route whose writes are made once for each key. Who calls is looked at before anything is answered.

    The header, and the ways in which it can be refused, are described by themselves.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **how: Any) -> None:  # whatever FastAPI takes
        if WRITES & set(how.get("methods") or ()):
            others = [each for each in how.get("dependencies") or () if each is not NAMED]
            how["dependencies"] = [*others, NAMED]
            how["responses"] = {**problems(409, 422), **(how.get("responses") or {})}
        super().__init__(path, endpoint, **how)

    def get_route_handler(self) -> Callable[[Request], Any]:
        """Return what answers a request."""
        handle: Handle = super().get_route_handler()

        async def once(request: Request) -> Response:
            key = request.headers.get(HEADER, "")
            if request.method not in WRITES or not 0 < len(key) <= LONGEST:
                return await handle(request)
            return await _once(request, key, handle)

        return once


async def _once(request: Request, key: str, handle: Handle) -> Response:
    session = await entered(request)
    await call_signed(request, session, request.headers.get("x-csrf-token", ""))
    actor = session.member.actor
    # Of another role or group what was answered may not be theirs to see any more: the call is looked at anew.
    who = f"{actor.staff}\n{actor.role.value}\n{session.team}"
    asked = f"{who}\n{request.method} {request.url.path}?{request.url.query}\n{key}"
    body = request.headers.get("content-type", "").partition(";")[0].encode() + b"\n" + await _body(request)
    container = request.state.dishka_container
    indexes: BlindIndexes = await container.get(BlindIndexes)
    # Bodies are short texts about people: a bare hash of one could be guessed.
    told = hashlib.sha256(body).hexdigest()
    call = Call(indexes.of("call", asked), indexes.of("call body", told))
    begin: BeginCall = await container.get(BeginCall)
    answered = await begin(call)
    if answered is not None:
        replayed = _again(answered)
        await current(request, session)
        return replayed
    end: EndCall = await container.get(EndCall)
    drop: DropCall = await container.get(DropCall)
    try:
        response = await handle(request)
    except BaseException:
        await drop(call)
        raise
    if response.status_code < 300:
        await end(call, _kept(request, response))
    else:
        await drop(call)
    return response


async def _body(request: Request) -> bytes:
    """Return what tells one body from another: a form's boundary is another each time, so it is left out."""
    try:
        body = await request.body()
    except ClientDisconnect:
        # A window closed in mid-sentence is no fault of ours. Nobody reads the answer.
        raise HTTPException(400) from None
    _, mark, boundary = request.headers.get("content-type", "").partition("boundary=")
    return body.replace(boundary.strip().strip('"').encode(), b"") if mark and boundary.strip() else body


def _kept(request: Request, response: Response) -> Answered:
    if getattr(request.state, "withheld", False):
        return Answered(response.status_code, NOT_KEPT, "")
    return Answered(response.status_code, response.headers.get("content-type", ""), bytes(response.body).decode())


def _again(answered: Answered) -> Response:
    if answered.kind == NOT_KEPT:
        raise AnswerWithheld
    headers = {"Idempotent-Replayed": "true"}
    if answered.kind:
        headers["Content-Type"] = answered.kind
    return Response(answered.text.encode() or None, answered.status, headers)


def own(session: Session, key: str) -> str:
    """Return a key of somebody as it is kept: the same word of somebody else is another one."""
    return f"{session.member.id} {key}"
