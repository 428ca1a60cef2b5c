"""How the clinic delivers: it signs in with its own key, and sends; over HTTP alone, as any clinic would."""

import secrets
import time
from dataclasses import dataclass
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey

CLIENT_ID = "playground-clinic"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SECONDS = 60.0
SPARE_S = 30


@dataclass(frozen=True, slots=True)
class Answer:
    """What the product said: its status (0 when it did not answer), and in a few words what became of what was sent."""

    status: int
    said: str
    created: int = 0
    kept: int = 0


class Sender:
    """One clinic's program; its key is made anew with every start and leaves it as a public one alone."""

    def __init__(self, url: str, audience: str) -> None:
        self._url, self._audience = url, audience
        self._key = ECKey.generate_key("P-384", {"kid": secrets.token_hex(8), "use": "sig"})
        self._token, self._until = "", 0.0

    @property
    def jwks(self) -> dict[str, Any]:
        return {"keys": [self._key.as_dict(private=False)]}

    async def deliver(self, bundle: dict[str, Any]) -> Answer:
        try:
            async with httpx.AsyncClient(timeout=SECONDS, trust_env=False) as http:
                if not await self._signed_in(http):
                    return Answer(401, "Медкарта не узнала клинику: зарегистрирован ли её ключ?")
                answer = await http.post(
                    f"{self._url}/fhir",
                    json=bundle,
                    headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/fhir+json"},
                )
                return _told(answer)
        except httpx.HTTPError as fault:
            return Answer(0, f"Медкарта не отвечает ({type(fault).__name__})")

    async def _signed_in(self, http: httpx.AsyncClient) -> bool:
        if time.monotonic() < self._until:
            return True
        now = int(time.time())
        claims = {
            "iss": CLIENT_ID,
            "sub": CLIENT_ID,
            "aud": self._audience,
            "jti": secrets.token_urlsafe(16),
            "iat": now,
            "exp": now + 240,
        }
        header = {"alg": "ES384", "typ": "JWT", "kid": self._key.as_dict()["kid"]}
        form = {
            "grant_type": "client_credentials",
            "scope": "system/*.cu",
            "client_assertion_type": ASSERTION,
            "client_assertion": jwt.encode(header, claims, self._key, algorithms=["ES384"]),
        }
        answer = await http.post(f"{self._url}/oauth/token", data=form)
        if answer.status_code != httpx.codes.OK:
            return False
        told = answer.json()
        self._token, self._until = told["access_token"], time.monotonic() + told["expires_in"] - SPARE_S
        return True


def _told(answer: httpx.Response) -> Answer:
    try:
        content = answer.json()
    except ValueError:
        return Answer(answer.status_code, "Ответ не разобрать")
    if answer.status_code == httpx.codes.OK:
        statuses = [entry["response"]["status"] for entry in content["entry"]]
        created = sum(status.startswith("201") for status in statuses)
        return Answer(200, "Принято", created, len(statuses))
    issues = content.get("issue", [])
    said = "; ".join(
        " ".join([*issue.get("expression", ()), issue.get("diagnostics", "")]).strip() for issue in issues[:3]
    )
    refused = {403: "Нет карты с действующим согласием"}
    return Answer(answer.status_code, refused.get(answer.status_code, said))
