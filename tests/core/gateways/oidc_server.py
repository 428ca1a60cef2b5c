"""A portal of the tests: a tiny OpenID Connect provider that can be told to answer wrongly."""

import base64
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

ISSUER = "https://portal.test"
CLIENT = "medkarta"
SECRET = "s e:cret"
REDIRECT = "https://bot.test/portal/callback"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEYS = [RSAKey.generate_key(2048, {"kid": f"key-{number}", "use": "sig", "alg": "RS256"}) for number in range(2)]

PERSON: dict[str, Any] = {
    "sub": "1000299353",
    "level": "PR",
    "family_name": "Берёзкина",
    "given_name": "Анна",
    "middle_name": "Павловна",
    "birthdate": "1956-03-08",
    "gender": "female",
    "snils": "112-233-445 95",
    "inn": "500100732259",
    "phone_number": "+79161234567",
    "email": "anna@example.org",
    "address": {"formatted": "г. Тула,\nул. Садовая, д. 1"},
    "passport": {
        "series": "7004",
        "number": "123456",
        "issued_at": "2004-05-06",
        "issuer": "ОВД Тулы",
        "department_code": "710-001",
    },
    "oms": {"enp": "7100000000000003"},
}


@dataclass
class OidcServer:
    """`claims` and `userinfo` change what it says; `header` the token's header; `answers` replace a whole endpoint."""

    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=lambda: dict(PERSON))
    header: dict[str, Any] = field(default_factory=dict)
    token: str | None = None
    signing: RSAKey = field(default_factory=lambda: KEYS[0])
    published: list[RSAKey] = field(default_factory=lambda: [KEYS[0]])
    answers: dict[str, Response] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    discovery: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    forms: list[dict[str, str]] = field(default_factory=list)

    def sign_in(self, url: str) -> str:
        """What the browser does: take the address, come back with a code."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self.codes["code-1"] = query
        return "code-1"

    def id_token(self, nonce: str) -> str:
        at = int(NOW.timestamp())
        claims = {"iss": ISSUER, "aud": CLIENT, "sub": PERSON["sub"], "iat": at, "exp": at + 300, "nonce": nonce}
        claims = {name: value for name, value in {**claims, **self.claims}.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": self.signing.kid, **self.header}, claims, self.signing)

    def app(self) -> Starlette:
        routes = [
            Route("/.well-known/openid-configuration", self._discovery),
            Route("/keys", self._keys),
            Route("/token", self._token, methods=["POST"]),
            Route("/me", self._me),
        ]
        return Starlette(routes=routes)

    def _canned(self, name: str) -> Response | None:
        self.asked.append(name)
        return self.answers.get(name)

    async def _discovery(self, request: Request) -> Response:
        told = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/sign-in",
            "token_endpoint": f"{ISSUER}/token",
            "userinfo_endpoint": f"{ISSUER}/me",
            "jwks_uri": f"{ISSUER}/keys",
        }
        return self._canned("discovery") or JSONResponse({**told, **self.discovery})

    async def _keys(self, request: Request) -> Response:
        keys = [key.as_dict(private=False) for key in self.published]
        return self._canned("keys") or JSONResponse({"keys": keys})

    async def _token(self, request: Request) -> Response:
        canned = self._canned("token")
        if canned:
            return canned
        form = {name: str(value) for name, value in (await request.form()).items()}
        self.forms.append(form)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if "signature" not in form and request.headers.get("authorization") != f"Basic {basic}":
            return JSONResponse({"error": "invalid_client"}, 401)
        asked = self.codes.pop(form["code"], None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        if not asked or asked["code_challenge"] != challenge.decode() or asked["redirect_uri"] != form["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        token = self.token or self.id_token(asked["nonce"])
        return JSONResponse({"access_token": "access-1", "token_type": "Bearer", "id_token": token})

    async def _me(self, request: Request) -> Response:
        if request.headers.get("authorization") != "Bearer access-1":
            return self._canned("me") or JSONResponse({"error": "invalid_token"}, 401)
        return self._canned("me") or JSONResponse(self.userinfo)


async def endless() -> AsyncIterator[bytes]:
    """More than anybody wants to read."""
    for _ in range(2_000):
        yield b"x" * 1000


def flood() -> Response:
    """An answer of 2 MB."""
    return StreamingResponse(endless(), media_type="application/json")
