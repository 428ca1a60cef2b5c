"""A clinic as the door sees it: its key, its assertions, its requests."""

import json
from typing import Any

import httpx
from fhir.resources.R4B.operationoutcome import OperationOutcome
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from core import ports
from core.domain.account import PortalPassport, PortalPerson
from core.domain.actor import Citizen
from core.domain.card import Card, Cards
from core.domain.chat import Chats
from core.domain.ids import CardId, new_id
from core.services.clinic import AddClinic, ViewClinic
from core.services.consent import GiveConsent
from tests.api.office import Browser, Office
from tests.fhir import POLICY, SNILS

TOKEN = "/oauth/token"
AUDIENCE = f"http://desk.example.org{TOKEN}"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
FHIR = {"Content-Type": "application/fhir+json"}
KEY = ECKey.generate_key("P-384", {"kid": "main"})
OTHER = RSAKey.generate_key(2048, {"kid": "main"})


class ClinicSide:
    """A program of the clinic `polyclinic`, and what it can try."""

    def __init__(self, office: Office, http: Browser) -> None:
        self.office, self.http = office, http
        self.named = 0

    def claims(self, **changed: Any) -> dict[str, Any]:
        self.named += 1
        now = int(self.office.clock.now().timestamp())
        told = {"iss": "polyclinic", "sub": "polyclinic", "aud": AUDIENCE, "exp": now + 240, "jti": f"j{self.named}"}
        return {name: value for name, value in (told | changed).items() if value is not None}

    def assertion(self, key: Any = KEY, alg: str = "ES384", **changed: Any) -> str:
        header = {"alg": alg, "typ": "JWT", "kid": key.as_dict()["kid"]}
        return jwt.encode(header, self.claims(**changed), key, algorithms=[alg])

    async def asks(self, assertion: str | None = None, **changed: Any) -> httpx.Response:
        """Ask for a token."""
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION,
            "client_assertion": self.assertion() if assertion is None else assertion,
        }
        return await self.http.post(TOKEN, data={k: v for k, v in (form | changed).items() if v is not None})

    async def signs_in(self) -> None:
        answer = await self.asks()
        assert answer.status_code == 200, answer.text
        self.http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    async def sends(self, content: Any, path: str = "/fhir", method: str = "POST", **headers: str) -> httpx.Response:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return await self.http.request(method, path, content=body, headers=FHIR | headers)


async def registered(office: Office, keys: Any = KEY, client_id: str = "polyclinic", *networks: str) -> None:
    """Register the clinic, as the command does."""
    async with office.container() as inside:
        add = await inside.get(AddClinic)
        public = {"keys": [keys.as_dict(private=False)]}
        await add("Поликлиника № 1", client_id, public, list(networks) or ["127.0.0.0/8"])


async def with_card(office: Office, snils: str = SNILS, policy: str = POLICY, passport: str = "4512345678") -> Citizen:
    """Somebody with a card and a standing consent."""
    citizen = await office.knows(_person(snils))
    async with office.container() as inside:
        await (await inside.get(GiveConsent))(citizen, "ru")
    async with office.container() as inside:
        cards, now = await inside.get(Cards), office.clock.now()
        await inside.get(Chats)
        async with await inside.get(ports.Transaction):
            number = f"{4000_0000_0006 + int(new_id(now)) % 10**9}"
            card = Card(CardId(new_id(now)), citizen.account, number, created_at=now)
            await cards.create(card, snils=snils.replace("-", "").replace(" ", ""), passport=passport, policy=policy)
    return citizen


def _person(snils: str) -> PortalPerson:
    from datetime import date

    return PortalPerson(
        subject=f"subject {snils}",
        level="PR",
        family_name="Ильина",
        given_name="Анна",
        birth_date=date(1992, 3, 14),
        snils=snils,
        passport=PortalPassport("4512", "345678", date(2012, 4, 1), "ОВД", "770-001"),
    )


async def kept(side: ClinicSide) -> dict[str, tuple[int, int]]:
    """What is kept of the clinic, by type: how many, and how many are shown."""
    async with side.office.container() as inside:
        return dict((await (await inside.get(ViewClinic))("polyclinic")).counts)


def outcome(answer: httpx.Response, status: int) -> list[tuple[str, str]]:
    """Check that it is an OperationOutcome; returns code and place of each issue."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/fhir+json"
    told = OperationOutcome.model_validate(answer.json())
    assert all(issue.severity == "error" and issue.diagnostics for issue in told.issue)
    return [(issue.code, (issue.expression or [""])[0]) for issue in told.issue]
