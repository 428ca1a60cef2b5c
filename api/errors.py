"""What went wrong, said twice: as a kind page at the desk, as application/problem+json (RFC 9457) under /api."""

from collections.abc import Mapping
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from api.context import clock_of, settings_of
from api.headers import guarding
from api.limits import TooManyTries
from api.rendering import render
from api.words import Words, words_for
from core.domain.account import WrongMove
from core.domain.actor import NotAllowed
from core.domain.document import DocumentNotThere
from core.domain.staff import Locked, SessionGone, WrongSignIn
from core.domain.verification import AlreadyDecided
from core.ports import Unavailable
from core.services.verification import ReasonNeeded

PROBLEM = "application/problem+json"


class SignInFirst(Exception):
    """Nobody is signed in in this browser."""


class RoleRefused(Exception):
    """Somebody is signed in whose role may not see this."""


class FormRefused(Exception):
    """A write without the secret of its session or page: sent by another site, or by a page that is too old."""


class Contradiction(Exception):
    """An approval that carries reasons for a refusal: nobody can tell which of the two is meant."""


class Problem(BaseModel):
    """RFC 9457. `type` is a stable name, `title` and `detail` are for people; `fields` name what is wrong in a body."""

    type: str
    title: str
    status: int
    detail: str
    fields: list[str] | None = None


KNOWN: Mapping[type[Exception], tuple[int, str]] = {
    SignInFirst: (401, "sign_in_first"),
    SessionGone: (401, "session_gone"),
    WrongSignIn: (401, "wrong_sign_in"),
    FormRefused: (403, "form_refused"),
    RoleRefused: (403, "role_refused"),
    NotAllowed: (404, "not_there"),
    DocumentNotThere: (404, "not_there"),
    AlreadyDecided: (409, "already_decided"),
    WrongMove: (409, "changed_meanwhile"),
    Contradiction: (422, "contradiction"),
    ReasonNeeded: (422, "reason_needed"),
    RequestValidationError: (422, "malformed"),
    Locked: (429, "locked"),
    TooManyTries: (429, "too_many_tries"),
    Unavailable: (503, "outside_away"),
}
"""Not allowed and not there sound the same: the role was looked at before, so nobody learns what exists."""

BY_STATUS: Mapping[int, str] = {
    400: "malformed",
    404: "not_there",
    405: "no_such_way",
    413: "too_big",
    415: "malformed",
}


def told(error: Exception) -> tuple[int, str]:
    """Return the status and the name of a problem."""
    if isinstance(error, HTTPException):
        return error.status_code, BY_STATUS.get(error.status_code, "failed")
    return next((known for kind, known in KNOWN.items() if isinstance(error, kind)), (500, "failed"))


def detail(error: Exception, words: Words) -> str:
    """Return the sentence for a person."""
    _, name = told(error)
    match error:
        case Locked(until=until):
            return words("staff.locked", until=words.time(until))
        case SessionGone() | WrongSignIn():
            return words(error.message_key)
        case AlreadyDecided(by=by) if by:
            return words("desk.problem.already_decided.by", login=by)
        case _:
            return words(f"desk.problem.{name}.detail")


async def answer_headers(error: Exception, request: Request) -> dict[str, str]:
    """Return what else the answer tells a program: Retry-After of a problem that passes by itself."""
    match error:
        case TooManyTries(seconds=seconds):
            return {"Retry-After": str(seconds)}
        case Locked(until=until):
            wait = until - (await clock_of(request)).now()
            return {"Retry-After": str(max(1, int(wait.total_seconds())))}
        case _:
            return {}


async def answer(request: Request, error: Exception) -> Response:
    """Answer a request that failed."""
    status, name = told(error)
    if request.url.path.startswith("/api/"):
        response = await _problem(request, error, status, name)
    elif isinstance(error, SignInFirst | SessionGone):
        response = _to_sign_in(request, error)
    else:
        if isinstance(error, RequestValidationError):
            # A page's address is all that can be malformed: what is typed into forms is looked at by the routes.
            status, name = 404, "not_there"
        words = await words_for(request)
        said = detail(error, words) if told(error)[1] == name else words(f"desk.problem.{name}.detail")
        response = await render(
            request, "problem.html", status, title=words(f"desk.problem.{name}"), detail=said, name=name
        )
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    response.headers.update(await answer_headers(error, request))
    return response


async def failed(request: Request, error: Exception) -> Response:
    """Answer a request that nobody foresaw. Stands outside of the middlewares, so it brings the headers itself."""
    response = await answer(request, error)
    for header, value in guarding(secure=settings_of(request).cookie_secure).items():
        response.headers.setdefault(header, value)
    return response


async def _problem(request: Request, error: Exception, status: int, name: str) -> Response:
    words = await words_for(request)
    problem = Problem(
        type=f"urn:medkarta:problem:{name.replace('_', '-')}",
        title=words(f"desk.problem.{name}"),
        status=status,
        detail=detail(error, words),
        # Where it is wrong, never what was sent: that may be somebody's name.
        fields=[".".join(map(str, each["loc"])) for each in error.errors()]
        if isinstance(error, RequestValidationError)
        else None,
    )
    headers = {"Content-Language": words.language}
    return JSONResponse(problem.model_dump(exclude_none=True), status, headers, media_type=PROBLEM)


def _to_sign_in(request: Request, error: Exception) -> Response:
    ended = "&ended=1" if isinstance(error, SessionGone) else ""
    return RedirectResponse(f"/desk/sign-in?next={quote(request.url.path)}{ended}", 303)


def learn(app: FastAPI) -> None:
    """Teach the application its answers."""
    for kind in (*KNOWN, HTTPException):
        app.add_exception_handler(kind, answer)
    app.add_exception_handler(Exception, failed)
