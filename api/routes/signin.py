"""The citizen's way through the browser: our page, the portal, and back to the chat."""

import secrets
from collections.abc import Mapping

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.context import settings_of
from api.headers import origin, policy
from api.rendering import render
from api.sessions import keep_page_secret, page_secret, page_signed
from core.domain.signin import LIFETIME, SignInGone
from core.ports import SignInRefused, Unavailable
from core.services.signin import CompleteSignIn, OpenSignIn, Outcome

pages = APIRouter(route_class=DishkaRoute, include_in_schema=False)
CALLBACK = "/portal/callback"
STATE = "medkarta_state"
ENDINGS: Mapping[type[Exception], tuple[str, int]] = {
    SignInGone: ("gone", 410),
    SignInRefused: ("failed", 400),
    Unavailable: ("away", 503),
}
KINDS = tuple(ENDINGS)


@pages.get("/sign-in/{ticket}")
async def before_the_portal(request: Request, ticket: str, open_sign_in: FromDishka[OpenSignIn]) -> Response:
    """Say whose chat this is for, before anybody types a password. Looking at it uses nothing up."""
    try:
        passage = await open_sign_in(ticket)
    except KINDS as error:
        return await _ended(request, error)
    secret = page_secret(request)
    response = await render(request, "sign_in.html", chat_name=passage.chat_name, csrf=secret)
    keep_page_secret(request, response, secret)
    # Chromium follows form-action through the redirect, so the portal must stand there too.
    response.headers["Content-Security-Policy"] = policy(form_action=f"'self' {origin(passage.url)}")
    return response


@pages.post("/sign-in/{ticket}", dependencies=[Depends(page_signed)])
async def to_the_portal(request: Request, ticket: str, open_sign_in: FromDishka[OpenSignIn]) -> Response:
    """Tie this browser to the attempt and send it to the portal."""
    try:
        passage = await open_sign_in(ticket)
    except KINDS as error:
        return await _ended(request, error)
    settings = settings_of(request)
    response = RedirectResponse(passage.url, 303)
    # Lax, for the portal's redirect comes from another site.
    response.set_cookie(
        _state_cookie(request),
        passage.state,
        max_age=int(LIFETIME.total_seconds()),
        path=CALLBACK,
        secure=settings.cookie_secure,
        httponly=True,
        samesite="lax",
    )
    return response


@pages.get(CALLBACK)
async def back_from_the_portal(
    request: Request,
    complete: FromDishka[CompleteSignIn],
    code: str = "",
    state: str = "",
    error: str = "",
) -> Response:
    """Take the portal's answer (RFC 6749, section 4.1.2), if this is the browser that went there."""
    if error == "access_denied":
        response: Response = await _page(request, "denied", 200)
    elif error in {"temporarily_unavailable", "server_error"}:
        response = await _page(request, "away", 503)
    elif error or not code or not _went_there(request, state):
        response = await _page(request, "failed", 400)
    else:
        try:
            outcome = await complete(state, code)
        except KINDS as refusal:
            response = await _ended(request, refusal)
        else:
            # To a page of its own: reloading it does no harm, and code and state leave the address bar.
            response = RedirectResponse("/portal/done" if outcome is Outcome.SIGNED_IN else "/portal/question", 303)
    response.delete_cookie(
        _state_cookie(request), path=CALLBACK, secure=settings_of(request).cookie_secure, httponly=True, samesite="lax"
    )
    return response


@pages.get("/portal/done")
async def done(request: Request) -> Response:
    """The chat knows who it is."""
    return await _page(request, "done", 200)


@pages.get("/portal/question")
async def question(request: Request) -> Response:
    """The account lives in another chat: the chat asks what to do."""
    return await _page(request, "question", 200)


def _state_cookie(request: Request) -> str:
    # `__Host-` would want the path to be /.
    return f"__Secure-{STATE}" if settings_of(request).cookie_secure else STATE


def _went_there(request: Request, state: str) -> bool:
    known = request.cookies.get(_state_cookie(request), "")
    return bool(known) and secrets.compare_digest(known.encode(), state.encode())


async def _ended(request: Request, error: Exception) -> HTMLResponse:
    return await _page(request, *next(ending for kind, ending in ENDINGS.items() if isinstance(error, kind)))


async def _page(request: Request, name: str, status: int) -> HTMLResponse:
    return await render(request, "portal.html", status, name=name)
