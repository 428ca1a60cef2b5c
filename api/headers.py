"""What every answer tells the browser: load nothing from elsewhere, keep nothing, tell nobody where you were."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TWO_YEARS = 63072000
POLICY = {
    "default-src": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
"""Nothing inline, nothing from other hosts (OWASP ASVS 5.0, V3.4)."""


def policy(**directives: str) -> str:
    """Return the Content-Security-Policy with some directives changed: `form_action="'self' https://portal"`."""
    changed = POLICY | {name.replace("_", "-"): value for name, value in directives.items()}
    return "; ".join(f"{name} {value}".strip() for name, value in changed.items())


def origin(url: str) -> str:
    """Return scheme, host and port of a URL, as Content-Security-Policy and Origin write them."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def guarding(*, secure: bool) -> Mapping[str, str]:
    """Return the headers of every answer; a route that sets one of them itself keeps its own."""
    headers = {
        "Content-Security-Policy": policy(),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    }
    return headers | {"Strict-Transport-Security": f"max-age={TWO_YEARS}; includeSubDomains"} if secure else headers


class SecurityHeaders:
    """Adds `guarding` to every answer."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._headers = guarding(secure=secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if scope["path"].startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-cache")  # kept, and asked about by its ETag
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_guarded)
