"""How fast Observations are taken in: over the real HTTP intake on PostgreSQL, against fhir.resources' bare validation."""

import asyncio
import json
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, time
from typing import Any

import httpx
import orjson
from joserfc import jwt
from joserfc.jwk import ECKey

from bench.services import CORES, fresh_database, running
from bench.subjects import settings_from, settings_of
from core import ports
from core.domain.account import Account, Accounts, PortalPerson, Verification
from core.domain.card import Card, Cards, new_patient_number
from core.domain.consent import CURRENT_VERSION, Consent, Consents
from core.domain.ids import AccountId, CardId, ConsentId, new_id
from core.services.clinic import AddClinic
from ops.container import make_container

A_BUNDLE = 300
CLIENT_ID = "bench"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
KEY = ECKey.generate_key("P-384", {"kid": "bench"})
FHIR = {"Content-Type": "application/fhir+json"}
SNILS = "urn:oid:1.2.643.100.3"
COMES_UP_S = 120.0


@dataclass(frozen=True, slots=True)
class Door:
    """`api` with one card and one clinic: a signed-in client, the СНИЛС of the card, the process, what it was told."""

    http: httpx.AsyncClient
    snils: str
    pid: int
    told: dict[str, str]

    @property
    def database(self) -> str:
        """The URL of its database."""
        return self.told["DATABASE_URL"]

    async def sign_in(self) -> None:
        """Get a fresh token: one lives for minutes."""
        await _sign_in(self.http)


@dataclass(frozen=True, slots=True)
class Measured:
    """Observations a second: taken in, and barely validated; medians over the rounds."""

    taken: float
    validated: float


def snils_of(number: int) -> str:
    """Return a СНИЛС with right control digits."""
    digits = f"{200_000_000 + number:09}"
    control = sum(weight * int(digit) for weight, digit in zip(range(9, 0, -1), digits, strict=True)) % 101 % 100
    return f"{digits}{control:02}"


def observation(patient: str, number: int) -> dict[str, Any]:
    """Return one laboratory result as Synthea makes them, with a reference range."""
    codes = (("14749-6", "Glucose"), ("718-7", "Hemoglobin"), ("14682-9", "Creatinine"), ("2951-2", "Sodium"))
    code, name = codes[number % len(codes)]
    return {
        "resourceType": "Observation",
        "id": secrets.token_hex(16),
        "meta": {"tag": [{"system": "https://smarthealthit.org/tags", "code": "synthea-5-2019"}]},
        "status": "final",
        "category": [
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                        "code": "laboratory",
                        "display": "laboratory",
                    }
                ]
            }
        ],
        "code": {"coding": [{"system": "http://loinc.org", "code": code, "display": name}], "text": name},
        "subject": {"reference": f"urn:uuid:{patient}"},
        "effectiveDateTime": f"20{number % 20 + 1:02}-{number % 12 + 1:02}-{number % 28 + 1:02}T08:{number % 60:02}:00+00:00",
        "issued": f"20{number % 20 + 1:02}-{number % 12 + 1:02}-{number % 28 + 1:02}T12:00:00.059+00:00",
        "valueQuantity": {
            "value": 4.0 + number % 97 / 7,
            "unit": "mmol/L",
            "system": "http://unitsofmeasure.org",
            "code": "mmol/L",
        },
        "referenceRange": [{"low": {"value": 3.9, "unit": "mmol/L"}, "high": {"value": 6.1, "unit": "mmol/L"}}],
    }


def bundle(snils: str, size: int = A_BUNDLE) -> bytes:
    """Return a transaction of one patient and that many Observations."""
    patient = secrets.token_hex(16)
    resources = [{"resourceType": "Patient", "id": patient, "identifier": [{"system": SNILS, "value": snils}]}]
    resources += [observation(patient, number) for number in range(size)]
    entries = [
        {
            "fullUrl": f"urn:uuid:{each['id']}",
            "resource": each,
            "request": {"method": "POST", "url": each["resourceType"]},
        }
        for each in resources
    ]
    return json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}).encode()


def bare(bodies: list[bytes]) -> float:
    """Validate the bundles as fhir.resources does it by itself, in its faster way; returns the seconds."""
    from fhir.resources.R4B.bundle import Bundle

    began = perf_counter()
    for body in bodies:
        Bundle.model_validate(orjson.loads(body))
    return perf_counter() - began


async def taken_in(http: httpx.AsyncClient, bodies: list[bytes]) -> float:
    """Send the bundles one after another; returns the seconds."""
    began = perf_counter()
    for body in bodies:
        answer = await http.post("/fhir", content=body, headers=FHIR)
        if answer.status_code != httpx.codes.OK:
            raise RuntimeError(f"{answer.status_code}: {answer.text[:500]}")
    return perf_counter() - began


async def compared(folder: Path, keys: Path, observations: int, rounds: int) -> Measured:
    """Take in so many Observations in rounds, each beside a round of bare validation of the same bundles."""
    async with door(folder, keys) as up:
        await taken_in(up.http, [bundle(up.snils, 5)])
        bare([bundle(up.snils, 5)])
        each = -(-observations // (rounds * A_BUNDLE))
        taken, validated = [], []
        for _ in range(rounds):
            await up.sign_in()
            bodies = [bundle(up.snils) for _ in range(each)]
            validated.append(each * A_BUNDLE / bare(bodies))
            taken.append(each * A_BUNDLE / await taken_in(up.http, bodies))
        return Measured(median(taken), median(validated))


@asynccontextmanager
async def door(folder: Path, keys: Path, **told: str) -> AsyncIterator[Door]:
    """Start `api` on a PostgreSQL database of its own, with one card and one clinic. `told` are further settings."""
    place = folder / secrets.token_hex(4)
    place.mkdir(mode=0o700)
    async with fresh_database("postgresql", place) as url:
        values = {"DATABASE_URL": url, "LOG_LEVEL": "WARNING", "BOT_API_URL": "http://127.0.0.1:9"}
        values |= settings_of(place, keys, "polling") | told
        address = f"http://127.0.0.1:{values['API_PORT']}"
        snils = await _prepared(values)
        command = [sys.executable, "-m", "ops", "api"]
        # The last core is the product's; PostgreSQL runs where the system puts it.
        async with (
            running(command, place / "api.txt", environment=values, cores=frozenset({max(CORES)})) as api,
            httpx.AsyncClient(base_url=address, timeout=120, trust_env=False) as http,
        ):
            await _comes_up(http, place / "api.txt")
            await _sign_in(http)
            yield Door(http, snils, api.pid, values)


async def _prepared(values: dict[str, str]) -> str:
    container = make_container(settings_from(values))
    async with container() as scope:
        clock, transaction = await scope.get(ports.Clock), await scope.get(ports.Transaction)
        now, snils = clock.now(), snils_of(secrets.randbelow(10**6))
        account = AccountId(new_id(now))
        person = PortalPerson(subject="bench intake", level="PR", family_name="Мерный", given_name="Иван", snils=snils)
        accounts, cards, consents = await scope.get(Accounts), await scope.get(Cards), await scope.get(Consents)
        async with transaction:
            await accounts.add(Account(account, Verification.VERIFIED, person, None, None, 1), now)
            await cards.create(
                Card(CardId(new_id(now)), account, new_patient_number(), created_at=now),
                snils=snils,
                passport="4510654321",
            )
            await consents.give(
                Consent(ConsentId(new_id(now)), account, CURRENT_VERSION, "ru", "", now, "bench", person=str(account))
            )
        public = {"keys": [KEY.as_dict(private=False)]}
        await (await scope.get(AddClinic))("Мерная клиника", CLIENT_ID, public, ["127.0.0.0/8"])
    await container.close()
    return snils


async def _comes_up(http: httpx.AsyncClient, log: Path) -> None:
    end = perf_counter() + COMES_UP_S
    while perf_counter() < end:
        try:
            if (await http.get("/readyz")).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            pass
        await asyncio.sleep(0.1)
    raise TimeoutError(log.read_text("utf-8", "replace")[-2000:])  # noqa: ASYNC240 - nothing runs beside it


async def _sign_in(http: httpx.AsyncClient) -> None:
    now = int(time())
    claims = {
        "iss": CLIENT_ID,
        "sub": CLIENT_ID,
        "aud": str(http.base_url.join("/oauth/token")),
        "jti": secrets.token_hex(8),
        "exp": now + 240,
    }
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION,
        "client_assertion": jwt.encode({"alg": "ES384", "kid": "bench"}, claims, KEY, algorithms=["ES384"]),
    }
    answer = await http.post("/oauth/token", data=form)
    http.headers["Authorization"] = f"Bearer {answer.raise_for_status().json()['access_token']}"
