"""Two cookies of the portal: the browser a sign-in is bound to, and the session of who is signed in."""

from starlette.requests import Request
from starlette.responses import Response

from playground.outside.portal.state import SESSION_TIME, PortalState, Session, secret

# Cookies do not tell ports apart: the names must not meet those of the product on the same host.
BROWSER, SESSION = "playground_browser", "playground_session"


def browser_of(request: Request) -> str | None:
    return request.cookies.get(BROWSER)


def session_of(request: Request, state: PortalState) -> Session | None:
    return state.sessions.get(request.cookies.get(SESSION))


def remember_browser(response: Response, browser: str, state: PortalState) -> None:
    _set(response, BROWSER, browser, state)


def remember_session(response: Response, session: Session, state: PortalState) -> None:
    key = secret()
    state.sessions.put(key, session)
    _set(response, SESSION, key, state)


def forget_session(request: Request, response: Response, state: PortalState) -> None:
    state.sessions.pop(request.cookies.get(SESSION))
    response.delete_cookie(SESSION, path="/portal")


def _set(response: Response, name: str, value: str, state: PortalState) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(SESSION_TIME.total_seconds()),
        path="/portal",
        httponly=True,
        samesite="lax",
        secure=state.settings.public_url.startswith("https:"),
    )
