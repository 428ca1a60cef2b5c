"""The door: in, out, and who I am."""

import re
from typing import Annotated

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from api import sessions
from api.errors import SignInFirst, answer_headers, detail, told
from api.limits import TooManyTries
from api.openapi import problems
from api.rendering import render
from api.sessions import Current, Entered, call_signed, form_signed, from_here, page_signed
from api.words import words_for
from core.domain.actor import Role
from core.domain.staff import Locked, SecretsLapsed, Session, SessionGone, WrongSignIn
from core.domain.team import NetworkRefused
from core.services.staff import FindSession, SignInStaff, SignOutStaff

pages = APIRouter(prefix="/desk", route_class=DishkaRoute, include_in_schema=False)
rest = APIRouter(prefix="/api/v1", route_class=DishkaRoute, tags=["staff"])
OURS = re.compile(r"/desk(/[a-z]+(/[0-9a-f-]{36})?)?")


class Credentials(BaseModel):
    """What a member signs in with; `code` is the authenticator's six digits."""

    login: str = Field(max_length=64)
    password: str = Field(max_length=1024)
    code: str = Field(max_length=16)


class Me(BaseModel):
    """Who is signed in. `csrf` goes into the header X-CSRF-Token of every write.

    `own_secrets_first`: password and key were given by somebody else; nothing else is answered before they are replaced by
    POST /me/authenticator and PUT /me/secrets.
    """

    login: str
    name: str
    role: Role
    csrf: str
    own_secrets_first: bool


def _me(session: Session) -> Me:
    member = session.member
    return Me(
        login=member.login,
        name=member.name,
        role=member.role,
        csrf=session.csrf,
        own_secrets_first=member.handed,
    )


@pages.get("/sign-in")
async def form(
    request: Request,
    find: FromDishka[FindSession],
    onward: Annotated[str, Query(alias="next")] = "/desk",
    ended: bool = False,
) -> Response:
    """The form; whoever is signed in goes on to the queue."""
    name = sessions.session_name(request)
    if name is not None and not ended:
        try:
            await find(name)
        except SessionGone:
            pass
        else:
            return RedirectResponse("/desk", 303)
    return await _form(request, onward=onward, note="staff.session_gone" if ended else None)


@pages.post("/sign-in", dependencies=[Depends(page_signed)])
async def sign_in(
    request: Request,
    use_case: FromDishka[SignInStaff],
    login: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    code: Annotated[str, Form()] = "",
    onward: Annotated[str, Form(alias="next")] = "/desk",
) -> Response:
    """Check the three and begin a session under a fresh name."""
    try:
        name = await sessions.sign_in(request, use_case, login, password, code)
    except (WrongSignIn, Locked, NetworkRefused, SecretsLapsed, TooManyTries) as error:
        response = await _form(request, onward=onward, login=login, error=error)
        response.headers.update(await answer_headers(error, request))
        return response
    to_work = RedirectResponse(onward if OURS.fullmatch(onward) else "/desk", 303)
    sessions.keep(request, to_work, name)
    return to_work


@pages.post("/sign-out", dependencies=[Depends(form_signed)])
async def sign_out(request: Request, session: Entered, use_case: FromDishka[SignOutStaff]) -> Response:
    """End the session at once."""
    response = RedirectResponse("/desk/sign-in", 303)
    await _close(request, response, session, use_case)
    return response


@rest.post(
    "/sessions", status_code=201, dependencies=[Depends(from_here)], responses=problems(400, 401, 403, 413, 422, 429)
)
async def open_session(
    request: Request,
    response: Response,
    credentials: Credentials,
    use_case: FromDishka[SignInStaff],
    find: FromDishka[FindSession],
) -> Me:
    """Sign in with password and authenticator code; the session's cookie comes with the answer."""
    name = await sessions.sign_in(request, use_case, credentials.login, credentials.password, credentials.code)
    sessions.keep(request, response, name)
    return _me(await find(name, handed=True))


@rest.delete(
    "/sessions/current", status_code=204, dependencies=[Depends(call_signed)], responses=problems(401, 403, 422)
)
async def close_session(
    request: Request, response: Response, session: Entered, use_case: FromDishka[SignOutStaff]
) -> None:
    """Sign out: the session is gone at once."""
    await _close(request, response, session, use_case)


@rest.get("/me", responses=problems(401, 422))
async def me(session: Current) -> Me:
    """Who is signed in, and the secret that writes repeat."""
    return _me(session)


async def _close(request: Request, response: Response, session: Session, use_case: SignOutStaff) -> None:
    name = sessions.session_name(request)
    if name is None:
        raise SignInFirst
    await use_case(session.member.actor, name)
    sessions.forget(request, response)


async def _form(
    request: Request,
    *,
    onward: str,
    login: str = "",
    error: Exception | None = None,
    note: str | None = None,
) -> Response:
    words = await words_for(request)
    secret = sessions.page_secret(request)
    response = await render(
        request,
        "staff_sign_in.html",
        told(error)[0] if error else 200,
        csrf=secret,
        login=login,
        next=onward if OURS.fullmatch(onward) else "/desk",
        error=detail(error, words) if error else None,
        note=words(note) if note else None,
    )
    sessions.keep_page_secret(request, response, secret)
    return response
