"""The playground's clinic: its key, its page, its timer, and bundles that any FHIR server would take."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from fhir.resources.R4B.bundle import Bundle
from starlette.applications import Starlette

from playground import outside
from playground.outside.citizens import Citizens
from playground.outside.clinic import Clinic
from playground.outside.clinic.bundles import MARK, history, visit
from playground.outside.samples import sample_citizens
from playground.settings import PlaygroundSettings

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
CITIZENS = sample_citizens(NOW.date())


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    settings = PlaygroundSettings(smtp_port=0)
    app = Starlette(routes=outside.routes(settings))
    transport = httpx.ASGITransport(app)
    async with outside.lifespan(settings), httpx.AsyncClient(transport=transport, base_url="http://world") as client:
        yield client


def of_type(bundle: dict[str, Any], type_: str) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == type_]


@pytest.mark.parametrize("citizen", CITIZENS, ids=lambda each: each.login)
def test_what_it_sends_is_fhir_about_the_citizen(citizen: Any) -> None:
    for bundle in (visit(citizen, NOW, vaccine=True), history(citizen, NOW.date())):
        Bundle.model_validate(bundle)
        (patient,) = of_type(bundle, "Patient")
        assert [each["value"] for each in patient["identifier"]] == [citizen.snils, citizen.enp]


def test_the_ranges_and_series_that_synthea_lacks_come_in_a_marked_step() -> None:
    whole = history(CITIZENS[0], NOW.date())
    for resource in of_type(whole, "Observation") + of_type(whole, "Immunization"):
        added = {"referenceRange", "lotNumber"} & resource.keys()
        assert bool(added) == (resource.get("meta") == {"tag": [MARK]})
    assert all(each["lotNumber"] and each["protocolApplied"] for each in of_type(whole, "Immunization"))
    assert any(
        each["interpretation"][0]["coding"][0]["code"] in "HL"
        for each in of_type(whole, "Observation")
        if "meta" in each
    )


def test_a_history_is_the_same_whenever_it_is_sent_within_a_quarter() -> None:
    assert history(CITIZENS[0], date(2026, 11, 23)) == history(CITIZENS[0], date(2026, 12, 30))
    assert history(CITIZENS[0], date(2026, 11, 23)) != history(CITIZENS[1], date(2026, 11, 23))
    codes = [each["code"]["coding"][0]["code"] for each in of_type(history(CITIZENS[0], NOW.date()), "Observation")]
    assert max(codes.count(code) for code in codes) >= 3, "a course to draw"


def test_the_therapist_sends_people_on_at_times() -> None:
    bundles = [history(citizen, NOW.date()) for citizen in CITIZENS]
    referrals = [each for bundle in bundles for each in of_type(bundle, "ServiceRequest")]
    visits = [each for bundle in bundles for each in of_type(bundle, "Encounter")]
    assert 0 < len(referrals) < len(visits) / 2
    assert len({each["performerType"]["text"] for each in referrals}) > 1
    assert len({each["identifier"][0]["value"] for each in referrals}) == len(referrals)


async def test_its_page_has_buttons_and_leads_to_the_others(http: httpx.AsyncClient) -> None:
    page = await http.get("/clinic")
    assert page.status_code == 200
    for there in ("Приём сегодня", "История за два года", "Ильина Анна Сергеевна", 'href="/inbox"', 'href="/portal"'):
        assert there in page.text
    # Who speaks to the machine says what stands on the button.
    assert 'aria-label="Приём сегодня: Ильина Анна Сергеевна"' in page.text
    for other in ("/inbox", "/portal"):
        assert 'href="/clinic"' in (await http.get(other)).text


async def test_only_the_public_half_of_its_key_is_told(http: httpx.AsyncClient) -> None:
    (key,) = (await http.get("/clinic/jwks.json")).json()["keys"]
    assert (key["kty"], key["crv"]) == ("EC", "P-384")
    assert "d" not in key


async def test_nobody_and_nothing_is_not_sent(http: httpx.AsyncClient) -> None:
    assert (await http.post("/clinic/send", data={"who": "nobody"})).status_code == 404
    assert (await http.post("/clinic/send", data={"who": "ilina", "what": "soul"})).status_code == 404
    assert (await http.post("/clinic/timer", data={"minutes": "7"})).status_code == 422
    assert (await http.post("/clinic/timer", data={"minutes": "often"})).status_code == 422
    answer = (await http.post("/clinic/send", data={"who": "ilina"})).json()
    assert (answer["status"], answer["said"]) == (0, "Не сказано, где Медкарта: PLAYGROUND_CLINICS_URL")
    assert "Не сказано" in (await http.get("/clinic/log")).text


async def test_the_timer_sends_for_one_sample_citizen_after_another() -> None:
    clinic = Clinic(PlaygroundSettings(), lambda: NOW, Citizens(CITIZENS))
    sent: list[str] = []
    enough = asyncio.Event()

    async def deliver(citizen: Any, what: str, *, by_timer: bool) -> None:
        sent.append(citizen.login)
        if len(sent) == 3:
            enough.set()

    clinic._deliver = deliver  # type: ignore[method-assign, assignment]
    async with clinic.working():
        clinic._minutes = 0.0001  # type: ignore[assignment]
        clinic._turned.set()
        await asyncio.wait_for(enough.wait(), 20)
    assert sent[:3] == [CITIZENS[number].login for number in (1, 2, 3)]
