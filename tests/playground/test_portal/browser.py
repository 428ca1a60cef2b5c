"""A citizen's browser and the client behind it."""

import base64
import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx

from playground.settings import PlaygroundSettings

SETTINGS = PlaygroundSettings()
CALLBACK = "http://127.0.0.1:8080/portal/callback"
ANNAS = "ilina34"
VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
SECRETS = httpx.BasicAuth(SETTINGS.portal_client_id, SETTINGS.portal_client_secret)


@dataclass
class Hands:
    """A clock that stands still until it is moved."""

    time: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 12, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.time

    def move(self, **by: float) -> None:
        self.time += timedelta(**by)


@dataclass
class Browser:
    """A browser with a citizen in front of it, and the client's own requests."""

    http: httpx.AsyncClient

    async def open_portal(self, **changes: str | None) -> httpx.Response:
        query = {
            "response_type": "code",
            "client_id": SETTINGS.portal_client_id,
            "redirect_uri": CALLBACK,
            "scope": "openid",
            "state": "the-state",
            "nonce": "the-nonce",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        } | changes
        return await self.http.get("/portal/authorize", params={k: v for k, v in query.items() if v is not None})

    async def enter(self, page: httpx.Response, login: str, password: str) -> httpx.Response:
        form = {"sign_in": sign_in_of(page), "login": login, "password": password}
        return await self.http.post("/portal/login", data=form, follow_redirects=True)

    async def decide(self, page: httpx.Response, decision: str) -> dict[str, str]:
        answer = await self.http.post("/portal/consent", data={"sign_in": sign_in_of(page), "decision": decision})
        assert answer.status_code == 303, answer.text
        return answer_in(answer)

    async def sign_in(self, login: str = "ilina", password: str = ANNAS) -> str:
        answer = await self.decide(await self.enter(await self.open_portal(), login, password), "allow")
        return answer["code"]

    async def redeem(self, code: str, **changes: str) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        } | changes
        return await self.http.post("/portal/token", data=form, auth=SECRETS)

    async def who(self, access_token: str) -> httpx.Response:
        return await self.http.get("/portal/userinfo", headers={"Authorization": f"Bearer {access_token}"})

    async def claims(self, login: str, password: str) -> dict[str, object]:
        tokens = (await self.redeem(await self.sign_in(login, password))).json()
        claims: dict[str, object] = (await self.who(tokens["access_token"])).json()
        return claims


def sign_in_of(page: httpx.Response) -> str:
    found = re.search(r'name="sign_in" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def answer_in(response: httpx.Response) -> dict[str, str]:
    location = response.headers["Location"]
    assert location.startswith(CALLBACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
