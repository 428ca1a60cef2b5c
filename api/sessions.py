"""Who sits at the desk: the session's cookie, the secret that every write repeats, and the tries of an address."""

import secrets
from typing import Annotated

from fastapi import Depends, Form, Header, Request
from fastapi.responses import Response
from fastapi.security import APIKeyCookie

from api.context import clock_of, settings_of
from api.errors import FormRefused, RoleRefused, SignInFirst
from api.headers import origin
from api.limits import Attempts, client_address
from api.settings import ApiSettings
from core.domain.actor import NotAllowed, Role
from core.domain.staff import LONGEST, Session, WrongSignIn, require_role
from core.services.staff import FindSession, SignInStaff

REVIEWERS = (Role.REVIEWER,)
NAME = "medkarta_desk"
FORM = "medkarta_form"
cookie_scheme = APIKeyCookie(
    name=NAME, auto_error=False, description="The session's cookie; `__Host-` before it over HTTPS."
)


def cookie_name(settings: ApiSettings, name: str) -> str:
    """Return the name a cookie has here: `__Host-` binds it to this host, over HTTPS, for all paths."""
    return f"__Host-{name}" if settings.cookie_secure else name


def session_name(request: Request) -> str | None:
    """Return the session's secret name out of the cookie."""
    return request.cookies.get(cookie_name(settings_of(request), NAME)) or None


async def current(request: Request, _: Annotated[str | None, Depends(cookie_scheme)] = None) -> Session:
    """Return the session of this browser. Raises SignInFirst, SessionGone."""
    name = session_name(request)
    if name is None:
        raise SignInFirst
    find: FindSession = await request.state.dishka_container.get(FindSession)
    # A page that refreshes itself says so: a desk that everybody left goes idle all the same.
    session = await find(name, attended="x-unattended" not in request.headers)
    request.state.session = session
    return session


Current = Annotated[Session, Depends(current)]


async def reviewer(session: Current) -> Session:
    """Return the session of somebody who may review. Raises RoleRefused: the use case would say "not there"."""
    try:
        require_role(session.member.actor, *REVIEWERS)
    except NotAllowed:
        raise RoleRefused from None
    return session


Reviewer = Annotated[Session, Depends(reviewer)]


def from_here(request: Request) -> None:
    """Refuse a write that another site's page sends. Raises FormRefused.

    With `Referrer-Policy: no-referrer` a form of our own sends `Origin: null`, so the origin alone tells nothing then.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise FormRefused
    sent = request.headers.get("origin", "null")
    ours = {origin(settings_of(request).public_url), f"{request.url.scheme}://{request.headers.get('host', '')}"}
    if sent != "null" and sent not in ours:
        raise FormRefused


def _same(told: str | None, known: str) -> bool:
    return told is not None and secrets.compare_digest(told.encode(), known.encode())


async def form_signed(request: Request, session: Current, csrf: Annotated[str, Form()] = "") -> None:
    """A form of a signed-in page carries the session's secret. Raises FormRefused."""
    from_here(request)
    if not _same(csrf, session.csrf):
        raise FormRefused


async def call_signed(request: Request, session: Current, x_csrf_token: Annotated[str, Header()] = "") -> None:
    """A write under /api/v1 carries the session's secret (from GET /api/v1/me). Raises FormRefused."""
    from_here(request)
    if not _same(x_csrf_token, session.csrf):
        raise FormRefused


async def page_signed(request: Request, csrf: Annotated[str, Form()] = "") -> None:
    """A form of a page before any session repeats the secret of its cookie. Raises FormRefused."""
    from_here(request)
    known = request.cookies.get(cookie_name(settings_of(request), FORM))
    if not known or not _same(csrf, known):
        raise FormRefused


def page_secret(request: Request) -> str:
    """Return the secret that forms of this browser repeat before any session; a new one where there is none."""
    return request.cookies.get(cookie_name(settings_of(request), FORM)) or secrets.token_urlsafe(32)


def keep_page_secret(request: Request, response: Response, secret: str) -> None:
    """Give the browser the secret that `page_signed` wants back."""
    settings = settings_of(request)
    response.set_cookie(
        cookie_name(settings, FORM), secret, secure=settings.cookie_secure, httponly=True, samesite="strict"
    )


async def sign_in(request: Request, use_case: SignInStaff, login: str, password: str, code: str) -> str:
    """Sign a member in and return the new session's secret name. Raises WrongSignIn, Locked, TooManyTries."""
    attempts: Attempts = request.app.state.attempts
    address = client_address(request, settings_of(request).trusted_proxies)
    attempts.begin(address, (await clock_of(request)).now())
    if "\0" in login:
        raise WrongSignIn  # PostgreSQL takes no such text
    name = await use_case(login, password, code)
    attempts.forgive(address)
    return name


def keep(request: Request, response: Response, name: str) -> None:
    """Give the browser its session; what it held before signing in is worth nothing from now on."""
    settings = settings_of(request)
    response.set_cookie(
        cookie_name(settings, NAME),
        name,
        max_age=int(LONGEST.total_seconds()),
        secure=settings.cookie_secure,
        httponly=True,
        samesite="strict",
    )
    _drop(request, response, FORM)


def forget(request: Request, response: Response) -> None:
    """Take the session from the browser."""
    _drop(request, response, NAME)


def _drop(request: Request, response: Response, name: str) -> None:
    settings = settings_of(request)
    response.delete_cookie(cookie_name(settings, name), secure=settings.cookie_secure, httponly=True, samesite="strict")
