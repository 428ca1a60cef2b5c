"""An authorization request: read, checked, and answered at the client's address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from playground.settings import PlaygroundSettings

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
TEXT_LIMIT = 512


class BadClient(Exception):
    """Who asks, or where to answer, is not known: nothing may be sent there. The message is for the page."""


class Refused(Exception):
    """An error that the client is told at its redirect address, by its OAuth name."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error, self.description = error, description


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    client_id: str
    redirect_uri: str
    state: str
    nonce: str
    challenge: str
    scope: str
    prompt: str
    login_hint: str

    def answer(self, issuer: str, **parameters: str) -> str:
        return answer_url(self.redirect_uri, issuer, state=self.state, **parameters)


def answer_url(redirect_uri: str, issuer: str, **parameters: str) -> str:
    """The redirect address with the answer in its query, and the issuer (RFC 9207)."""
    query = urlencode({name: value for name, value in parameters.items() if value} | {"iss": issuer})
    return redirect_uri + ("&" if urlsplit(redirect_uri).query else "?") + query


def redirect_is_allowed(uri: str, settings: PlaygroundSettings) -> bool:
    """Any loopback address, or the host that the playground itself is reached at."""
    try:
        parts = urlsplit(uri)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if (
        parts.scheme not in ("http", "https")
        or "@" in parts.netloc
        or parts.fragment
        or not uri.isprintable()
        or " " in uri
    ):
        return False
    return host in LOOPBACK | {urlsplit(settings.public_url).hostname}


def read_request(query: Mapping[str, str], settings: PlaygroundSettings) -> AuthorizationRequest:
    """Raises BadClient, or Refused once the redirect address is trusted."""
    if query.get("client_id") != settings.portal_client_id:
        raise BadClient("Эта система не зарегистрирована на портале (client_id).")
    if not redirect_is_allowed(query.get("redirect_uri", ""), settings):
        raise BadClient("Адрес возврата не разрешён для этой системы (redirect_uri).")
    if query.get("response_type") != "code":
        raise Refused("unsupported_response_type", "response_type must be code")
    scope = query.get("scope", "")
    if "openid" not in scope.split():
        raise Refused("invalid_scope", "scope must contain openid")
    if query.get("code_challenge_method") != "S256" or not CHALLENGE.fullmatch(query.get("code_challenge", "")):
        raise Refused("invalid_request", "PKCE with S256 is required")
    for name in ("state", "nonce"):
        if not 0 < len(query.get(name, "")) <= TEXT_LIMIT:
            raise Refused(
                "invalid_request",
                f"{name} is required, at most {TEXT_LIMIT} characters",
            )
    return AuthorizationRequest(
        client_id=query["client_id"],
        redirect_uri=query["redirect_uri"],
        state=query["state"],
        nonce=query["nonce"],
        challenge=query["code_challenge"],
        scope=scope,
        prompt=query.get("prompt", ""),
        login_hint=query.get("login_hint", "")[:100],
    )
