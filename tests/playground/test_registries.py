"""The registries: what they say of the people they know, and of the rest."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from playground.outside import Outside
from playground.settings import PlaygroundSettings

SETTINGS = PlaygroundSettings()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=Outside(SETTINGS, lambda: datetime(2026, 11, 23, 12, tzinfo=UTC)).routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=SETTINGS.public_url) as client:
        yield client


@pytest.fixture
async def anna(http: httpx.AsyncClient) -> dict[str, Any]:
    citizen: dict[str, Any] = (await http.get("/portal/citizens")).json()[0]
    return citizen


async def ask(http: httpx.AsyncClient, registry: str, **question: Any) -> dict[str, Any]:
    answer = await http.post(f"/registries/{registry}", json=question)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_sample_citizen_is_known_by_every_number(http: httpx.AsyncClient, anna: dict[str, Any]) -> None:
    who = {"surname": "ильина", "birth_date": anna["birth_date"]}
    passport = {"series": anna["passport"]["series"], "number": anna["passport"]["number"]}
    assert await ask(http, "passport", **passport, **who) == {"status": "valid"}
    assert await ask(http, "snils", snils=anna["snils"], **who) == {"status": "valid"}
    assert await ask(http, "snils", snils=anna["snils"].replace("-", "").replace(" ", "")) == {"status": "valid"}
    assert await ask(http, "oms", enp=anna["enp"], **who) == {"status": "valid"}


async def test_a_number_of_somebody_else_is_a_mismatch(http: httpx.AsyncClient, anna: dict[str, Any]) -> None:
    passport = {"series": anna["passport"]["series"], "number": anna["passport"]["number"]}
    assert await ask(http, "passport", **passport, surname="Белова") == {"status": "mismatch", "detail": "surname"}
    assert await ask(http, "snils", snils=anna["snils"], birth_date="1980-01-01") == {
        "status": "mismatch",
        "detail": "birth_date",
    }
    assert (await ask(http, "oms", enp=anna["enp"], surname="Белова"))["status"] == "mismatch"


async def test_who_is_not_known_is_not_found(http: httpx.AsyncClient) -> None:
    assert await ask(http, "passport", series="4500", number="000000") == {"status": "not_found"}
    assert await ask(http, "snils", snils="112-233-445 95") == {"status": "not_found"}
    assert await ask(http, "oms", enp="7700000000000008") == {"status": "not_found"}
    assert await ask(http, "oms", series="770012", number="1111111111") == {"status": "not_found"}


@pytest.mark.parametrize(
    ("registry", "question"),
    [
        ("passport", {"series": "450", "number": "000000"}),
        ("passport", {"series": "4500", "number": "0000"}),
        ("snils", {"snils": "112-233-445 96"}),
        ("snils", {"snils": "000-000-000 00"}),
        ("oms", {"enp": "7700000000000009"}),
        ("oms", {"enp": "77"}),
        ("oms", {}),
    ],
)
async def test_an_impossible_number_is_invalid(
    http: httpx.AsyncClient, registry: str, question: dict[str, str]
) -> None:
    assert (await ask(http, registry, **question))["status"] == "invalid"


async def test_an_old_policy_is_found_by_series_and_number(http: httpx.AsyncClient) -> None:
    assert await ask(http, "oms", series="770012", number="3456789012", surname="Белова") == {"status": "valid"}


async def test_every_sample_citizen_is_attached_to_a_clinic_of_their_region(http: httpx.AsyncClient) -> None:
    clinics = {each["code"]: each for each in (await http.get("/clinics")).json()}
    citizens = (await http.get("/portal/citizens")).json()
    for citizen in citizens:
        told = await ask(http, "attachment", policy=citizen["enp"])
        clinic = clinics[told["facility"]]
        assert (told["status"], clinic["region"]) == ("attached", citizen["enp"][:2])
        assert ("Детская" in clinic["name"]) == (citizen["age"] < 18)
    belova = next(each for each in citizens if each["old_policy"])
    old = await ask(http, "attachment", policy=belova["old_policy"])
    assert old == await ask(http, "attachment", policy=belova["enp"])
    assert await ask(http, "attachment", policy="7700000000000008") == {"status": "not_attached"}
    await http.post("/registries/faults", json={"service": "attachment", "mode": "down"})
    assert (await http.post("/registries/attachment", json={"policy": belova["enp"]})).status_code == 503


@pytest.mark.parametrize(
    ("born", "issued", "status"),
    [
        ("2006-08-25", "2020-09-20", "valid"),  # 20 on 25 August: the 90th day of grace is 23 November
        ("2006-08-24", "2020-09-20", "expired"),
        ("1981-08-24", "2001-09-20", "expired"),
        ("1981-08-24", "2026-08-24", "valid"),
    ],
)
async def test_a_passport_not_replaced_in_time_has_expired(
    http: httpx.AsyncClient, born: str, issued: str, status: str
) -> None:
    passport = {"series": "4520", "number": "123456", "issued_at": issued}
    added = await http.post("/registries/people", json={"surname": "Ёлкин", "birth_date": born, "passport": passport})
    assert added.status_code == 201
    assert (await ask(http, "passport", series="45 20", number="123 456", surname="Елкин"))["status"] == status


async def test_a_revoked_passport_is_invalid(http: httpx.AsyncClient) -> None:
    passport = {"series": "4520", "number": "123456", "revoked": True}
    person = {"surname": "Ёлкин", "birth_date": "1990-01-01", "passport": passport}
    await http.post("/registries/people", json=person)
    assert await ask(http, "passport", series="4520", number="123456") == {
        "status": "invalid",
        "detail": "the passport is revoked",
    }


async def test_a_malformed_question_names_the_field(http: httpx.AsyncClient) -> None:
    answer = await http.post("/registries/snils", json={"snils": "112-233-445 95", "birth_date": "yesterday"})
    assert answer.status_code == 422
    assert "birth_date" in answer.json()["error"]
    assert (await http.post("/registries/snils", content=b"{")).status_code == 422


async def test_one_registry_is_down_while_the_others_answer(http: httpx.AsyncClient) -> None:
    told = await http.post("/registries/faults", json={"service": "oms", "mode": "down"})
    assert told.json()["oms"]["mode"] == "down"
    assert told.json()["snils"]["mode"] == "ok"
    assert (await http.post("/registries/oms", json={"enp": "7700000000000008"})).status_code == 503
    assert (await ask(http, "snils", snils="112-233-445 95"))["status"] == "not_found"
    assert (await http.get("/registries/faults")).json()["oms"]["mode"] == "down"
    await http.post("/registries/faults", json={"service": "*", "mode": "ok"})
    assert (await ask(http, "oms", enp="7700000000000008"))["status"] == "not_found"


async def test_a_slow_registry_outlasts_an_impatient_client(http: httpx.AsyncClient) -> None:
    await http.post("/registries/faults", json={"service": "snils", "mode": "slow", "delay_ms": 40})
    began = monotonic()
    assert (await ask(http, "snils", snils="112-233-445 95"))["status"] == "not_found"
    assert monotonic() - began >= 0.04


@pytest.mark.parametrize("order", [{"mode": "asleep"}, {"mode": "slow", "delay_ms": -1}, {"mode": "down", "times": 0}])
async def test_a_fault_nobody_knows_is_refused(http: httpx.AsyncClient, order: dict[str, Any]) -> None:
    assert (await http.post("/registries/faults", json=order)).status_code == 422
