"""Who sits at the desk: the session's cookie, the secret that every write repeats, and the tries of an address."""

import secrets
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from dishka.integrations.fastapi import DishkaRoute
from fastapi import Depends, Form, Header, Request
from fastapi.responses import Response
from fastapi.security import APIKeyCookie

from api.context import clock_of, settings_of
from api.cookies import drop, give, held
from api.errors import FormRefused, RoleRefused, SignInFirst
from api.headers import origin
from api.limits import Attempts, client_address, is_large
from core.domain.access import Deed, Section, roles
from core.domain.actor import NotAllowed, Role
from core.domain.staff import LONGEST, OwnSecretsFirst, Session, WrongSignIn, require_role
from core.services.proof import MAY as PROVERS
from core.services.staff import FindSession, SignInStaff
from core.services.vaccination import CHECKERS

REVIEWERS = (Role.REVIEWER,)
KEEPERS = (Role.REGISTRAR, Role.DOCTOR, Role.ADMINISTRATOR)
"""Who may keep schedules: which ones, the use cases say."""
NAME = "medkarta_desk"
FORM = "medkarta_form"
cookie_scheme = APIKeyCookie(
    name=NAME, auto_error=False, description="The session's cookie; `__Host-` before it over HTTPS."
)


def session_name(request: Request) -> str | None:
    """Return the session's secret name out of the cookie."""
    return held(request, NAME) or None


def address_of(request: Request) -> str:
    """Return where a request comes from; no proxy is believed but those that are ours."""
    return client_address(request, settings_of(request).trusted_proxies)


Address = Annotated[str, Depends(address_of)]


def unattended(request: Request) -> None:
    """Asked by a page itself, with nobody at it: it does not keep the session from going idle."""
    request.state.unattended = True


async def entered(request: Request, _: Annotated[str | None, Depends(cookie_scheme)] = None) -> Session:
    """Return the session of this browser, handed secrets or not. Raises SignInFirst, SessionGone, NetworkRefused."""
    name = session_name(request)
    if name is None:
        raise SignInFirst
    found: Session | None = getattr(request.state, "entered", None)
    if found is not None:
        return found  # a call that is made once has looked already
    # A page that refreshes itself says so: a desk that everybody left goes idle all the same.
    # Where the group lets in some networks only, the address is looked at each time: a session can be carried away.
    find: FindSession = await request.state.dishka_container.get(FindSession)
    session = await find(name, attended=not _is_unattended(request), address=address_of(request), handed=True)
    request.state.entered = session
    return session


Entered = Annotated[Session, Depends(entered)]
"""Whoever signed in, even with secrets that somebody else gave them: they may take their own and sign out, nothing else."""


async def current(request: Request, session: Entered) -> Session:
    """Return the session of somebody who has secrets of their own. Raises what `entered` does, and OwnSecretsFirst."""
    if session.member.handed:
        raise OwnSecretsFirst
    request.state.session = session
    return session


async def again(request: Request) -> Session:
    """Return the session as it is now, for a stream that goes on for long: nobody need sit at it.

    Raises SignInFirst, SessionGone, NetworkRefused.
    """
    name = session_name(request)
    if name is None:
        raise SignInFirst
    async with request.app.state.dishka_container() as inside:
        find: FindSession = await inside.get(FindSession)
        return await find(name, attended=False, address=address_of(request))


class KnownFirst(DishkaRoute):
    """A route that reads no file before it knows who sends it: a cookie alone, which anybody can make up, is no session."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        """Return what answers a request."""
        handle: Callable[[Request], Awaitable[Response]] = super().get_route_handler()

        async def known(request: Request) -> Response:
            if is_large(request):
                await entered(request)
            return await handle(request)

        return known


def _is_unattended(request: Request) -> bool:
    return "x-unattended" in request.headers or getattr(request.state, "unattended", False)


Current = Annotated[Session, Depends(current)]


def holding(*roles: Role) -> Callable[..., Awaitable[Session]]:
    """Return what gives the session of somebody in one of the roles. It raises RoleRefused: a use case would say "not there"."""

    async def holder(session: Current) -> Session:
        try:
            require_role(session.member.actor, *roles)
        except NotAllowed:
            raise RoleRefused from None
        return session

    return holder


reviewer = holding(*REVIEWERS)
Reviewer = Annotated[Session, Depends(reviewer)]
Prover = Annotated[Session, Depends(holding(*PROVERS))]
"""Who may check identities."""
Doctor = Annotated[Session, Depends(holding(Role.DOCTOR))]
Checker = Annotated[Session, Depends(holding(*CHECKERS))]
"""Who may check what citizens bring."""
Keeper = Annotated[Session, Depends(holding(*KEEPERS))]
Receptionist = Annotated[Session, Depends(holding(*roles(Deed.READ, Section.BOOKINGS)))]
"""Who sees the appointments of a facility."""
Colleague = Annotated[Session, Depends(holding(Role.OPERATOR, Role.SENIOR, Role.ADMINISTRATOR))]
"""Who answers citizens."""
Senior = Annotated[Session, Depends(holding(Role.SENIOR, Role.ADMINISTRATOR))]
"""Who assigns to others, and keeps what everybody answers with."""
Auditor = Annotated[Session, Depends(holding(Role.AUDITOR))]
administrator = holding(Role.ADMINISTRATOR)
Administrator = Annotated[Session, Depends(administrator)]


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


async def form_signed(request: Request, session: Entered, csrf: Annotated[str, Form()] = "") -> None:
    """A form of a signed-in page carries the session's secret. Raises FormRefused."""
    from_here(request)
    if not _same(csrf, session.csrf):
        raise FormRefused


async def call_signed(request: Request, session: Entered, x_csrf_token: Annotated[str, Header()] = "") -> None:
    """A write under /api/v1 carries the session's secret (from GET /api/v1/me). Raises FormRefused."""
    from_here(request)
    if not _same(x_csrf_token, session.csrf):
        raise FormRefused


async def page_signed(request: Request, csrf: Annotated[str, Form()] = "") -> None:
    """A form of a page before any session repeats the secret of its cookie. Raises FormRefused."""
    from_here(request)
    known = held(request, FORM)
    if not known or not _same(csrf, known):
        raise FormRefused


def page_secret(request: Request) -> str:
    """Return the secret that forms of this browser repeat before any session; a new one where there is none."""
    return held(request, FORM) or secrets.token_urlsafe(32)


def keep_page_secret(request: Request, response: Response, secret: str) -> None:
    """Give the browser the secret that `page_signed` wants back."""
    give(request, response, FORM, secret)


async def sign_in(request: Request, use_case: SignInStaff, login: str, password: str, code: str) -> str:
    """Sign a member in and return the new session's secret name.

    Raises WrongSignIn, Locked, NetworkRefused, SecretsLapsed, TooManyTries.
    """
    attempts: Attempts = request.app.state.attempts
    address = address_of(request)
    attempts.begin(address, (await clock_of(request)).now())
    if "\0" in login:
        raise WrongSignIn  # PostgreSQL takes no such text
    agent, former = request.headers.get("user-agent", ""), session_name(request)
    name = await use_case(login, password, code, address=address, agent=agent, former=former)
    attempts.forgive(address)
    return name


def keep(request: Request, response: Response, name: str) -> None:
    """Give the browser its session; what it held before signing in is worth nothing from now on."""
    give(request, response, NAME, name, LONGEST)
    drop(request, response, FORM)


def forget(request: Request, response: Response) -> None:
    """Take the session from the browser."""
    drop(request, response, NAME)
