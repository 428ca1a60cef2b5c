"""A clinic's FHIR server: what any client of FHIR R4 may rely on."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from fhir.resources.R4B.healthcareservice import HealthcareService
from fhir.resources.R4B.operationoutcome import OperationOutcome

from playground.outside.schedules import Schedules, server
from tests.playground.test_schedules.conftest import Hand

BASE = "/clinics/770901/fhir"
ASKED = {"schedule": "Schedule/d01", "status": "free"}


async def free(http: httpx.AsyncClient, number: int = 0) -> dict[str, Any]:
    entry = (await http.get(f"{BASE}/Slot", params=ASKED)).json()["entry"][number]
    found: dict[str, Any] = entry["resource"]
    return found


def appointment(slot: dict[str, Any], value: str = "b1", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Appointment",
        "identifier": [{"system": "urn:x", "value": value}],
        "status": "booked",
        "slot": [{"reference": f"Slot/{slot['id']}"}],
        "start": slot["start"],
        "end": slot["end"],
        "participant": [{"actor": {"display": "Ильина Анна"}, "status": "accepted"}],
        **more,
    }


def booking(slot: dict[str, Any], value: str = "b1", version: str = "1", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {
                "resource": {**slot, "status": "busy"},
                "request": {"method": "PUT", "url": f"Slot/{slot['id']}", "ifMatch": f'W/"{version}"'},
            },
            {
                "resource": appointment(slot, value, **more),
                "request": {"method": "POST", "url": "Appointment", "ifNoneExist": f"identifier=urn:x|{value}"},
            },
        ],
    }


async def total(http: httpx.AsyncClient, type_: str, **asked: str) -> int:
    found: int = (await http.get(f"{BASE}/{type_}", params=asked)).json()["total"]
    return found


async def test_it_says_what_it_can(http: httpx.AsyncClient) -> None:
    answer = await http.get(f"{BASE}/metadata")
    assert answer.headers["content-type"] == "application/fhir+json"
    told = CapabilityStatement.model_validate(answer.json())
    assert told.fhirVersion == "4.0.1"
    assert {each.type for each in told.rest[0].resource} == {"Schedule", "Slot", "Appointment", "HealthcareService"}


@pytest.mark.parametrize(
    "asked", ["Schedule", "Slot?schedule=Schedule/d01&_count=9", "Appointment?identifier=urn:x|1", "HealthcareService"]
)
async def test_what_it_says_is_fhir(http: httpx.AsyncClient, asked: str) -> None:
    Bundle.model_validate((await http.get(f"{BASE}/{asked}")).json())


async def test_services_come_along_with_the_schedules_that_name_them(http: httpx.AsyncClient) -> None:
    told = (await http.get(f"{BASE}/Schedule", params={"_include": "Schedule:actor"})).json()
    Bundle.model_validate(told)
    matched, along = (
        [one["resource"] for one in told["entry"] if one["search"]["mode"] == mode] for mode in ("match", "include")
    )
    assert len(matched) == told["total"]
    named = {actor["reference"] for one in matched for actor in one["actor"] if "Service" in actor["reference"]}
    assert named == {f"{one['resourceType']}/{one['id']}" for one in along} == {"HealthcareService/d15"}
    for service in along:
        HealthcareService.model_validate(service)
        assert (await http.get(f"{BASE}/HealthcareService/{service['id']}")).json() == service
    alone = (await http.get(f"{BASE}/Schedule")).json()
    assert len(alone["entry"]) == alone["total"]
    assert (await http.get(f"{BASE}/HealthcareService/d01")).status_code == 404


async def test_pages_lead_to_the_end_and_hold_everything_once(http: httpx.AsyncClient) -> None:
    url: str | None = (
        f"{BASE}/Slot?status=free&start=ge2026-11-24T00:00:00%2B03:00&start=lt2026-11-25T00:00:00%2B03:00&_count=20"
    )
    found: list[str] = []
    while url:
        page = (await http.get(url)).json()
        found += [entry["resource"]["id"] for entry in page["entry"]]
        assert all(entry["resource"]["status"] == "free" for entry in page["entry"])
        url = next((link["url"] for link in page["link"] if link["relation"] == "next"), None)
    assert len(found) == len(set(found)) == page["total"] > 60
    assert all(id_.split("-")[1] == "20261124" for id_ in found)


async def test_slots_are_found_by_schedule_day_and_status(http: httpx.AsyncClient) -> None:
    one = await total(http, "Slot", schedule="Schedule/d01", start="ge2026-11-24", status="free")
    other = await total(http, "Slot", schedule="Schedule/d02", start="ge2026-11-24", status="free")
    both = await total(http, "Slot", schedule="Schedule/d01,Schedule/d02", start="ge2026-11-24", status="free")
    assert both == one + other
    assert await total(http, "Slot", schedule="Schedule/nobody") == 0
    assert await total(http, "Slot", start="le2026-11-01") == 0
    last = await total(http, "Slot", schedule="Schedule/d01", start="le2026-11-23")
    assert last == await total(http, "Slot", schedule="Schedule/d01", start="lt2026-11-24")


async def test_a_booking_is_whole_and_has_versions(http: httpx.AsyncClient) -> None:
    slot = await free(http)
    answer = await http.post(BASE, json=booking(slot))
    assert answer.status_code == 200
    Bundle.model_validate(answer.json())
    put, post = (entry["response"] for entry in answer.json()["entry"])
    assert (put["status"], put["etag"]) == ("200 OK", 'W/"2"')
    assert post["status"] == "201 Created"
    read = await http.get(f"{BASE}/Slot/{slot['id']}")
    assert (read.json()["status"], read.headers["etag"]) == ("busy", 'W/"2"')
    assert await total(http, "Appointment", identifier="urn:x|b1") == 1


async def test_a_transaction_that_fails_leaves_nothing(http: httpx.AsyncClient) -> None:
    slot = await free(http)
    late = await http.post(BASE, json=booking(slot, version="7"))
    assert late.status_code == 412
    OperationOutcome.model_validate(late.json())
    broken = await http.post(BASE, json=booking(slot, participant=[{"actor": {"display": "Ильина Анна"}}]))
    assert broken.status_code == 422
    assert await total(http, "Appointment") == 0
    assert (await http.get(f"{BASE}/Slot/{slot['id']}")).json() == slot


async def test_the_same_identifier_makes_no_second_appointment(http: httpx.AsyncClient) -> None:
    slot, other = await free(http), await free(http, 1)
    await http.post(BASE, json=booking(slot))
    again = await http.post(BASE, json=booking(other))
    assert [entry["response"]["status"] for entry in again.json()["entry"]] == ["200 OK", "200 OK"]
    assert await total(http, "Appointment") == 1


async def test_two_appointments_never_have_one_slot(http: httpx.AsyncClient) -> None:
    slot = await free(http)
    await http.post(BASE, json=booking(slot))
    second = await http.post(BASE, json=booking(slot, "b2", version="2"))
    assert second.status_code == 409
    alone = await http.post(f"{BASE}/Appointment", json=appointment(await free(http), "b3"))
    assert alone.status_code == 422, "an appointment without making its slot busy"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/Patient", 404),
        ("GET", "/Slot/nothing", 404),
        ("GET", "/Slot/d01-20200101-0800", 404),
        ("GET", "/Slot?colour=red", 400),
        ("GET", "/Slot?start=tomorrow", 400),
        ("GET", "/Slot?start=2026-11-24", 400),
        ("GET", "/Slot?_count=many", 400),
        ("POST", "/Slot", 405),
        ("PUT", "/Schedule/d01", 400),
        ("POST", "", 400),
    ],
)
async def test_what_it_does_not_know_is_refused_in_fhirs_words(
    http: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await http.request(method, BASE + path, json={} if method != "GET" else None)
    assert answer.status_code == status
    OperationOutcome.model_validate(answer.json())


async def test_a_body_that_is_no_json_is_refused(http: httpx.AsyncClient) -> None:
    for body in (b"{", b"[]", b"[" * 100_000, b" " * 2_000_000):
        assert (await http.post(BASE, content=body)).status_code == 400


async def test_a_single_update_wants_the_version_that_is(http: httpx.AsyncClient) -> None:
    slot = await free(http)
    place = f"{BASE}/Slot/{slot['id']}"
    busy = {**slot, "status": "busy"}
    assert (await http.put(place, json=busy, headers={"If-Match": 'W/"9"'})).status_code == 412
    assert (await http.put(place, json=busy, headers={"If-Match": "9"})).status_code == 400
    assert (await http.put(place, json={**busy, "start": slot["end"]})).status_code == 422
    changed = await http.put(place, json=busy, headers={"If-Match": 'W/"1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, 'W/"2"')


async def test_so_many_appointments_are_remembered_and_no_more(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "APPOINTMENTS", 2)
    for number in range(3):
        assert (await http.post(BASE, json=booking(await free(http), f"b{number}"))).status_code == 200
    assert [await total(http, "Appointment", identifier=f"urn:x|b{number}") for number in range(3)] == [0, 1, 1]


async def test_the_days_move_on_with_the_clock(http: httpx.AsyncClient, clock: Hand) -> None:
    slot = await free(http)
    clock.at += timedelta(days=1)
    assert (await http.get(f"{BASE}/Slot/{slot['id']}")).status_code == 404
    assert (await free(http))["id"].split("-")[1] == "20261124"


async def test_only_clinics_with_a_server_have_one(http: httpx.AsyncClient, world: Schedules) -> None:
    assert len(world.servers) == 10
    assert (await http.get("/clinics/770902/fhir/Slot")).status_code == 404


async def test_one_clinic_is_down_for_reading_while_it_can_be_written_and_others_answer(
    http: httpx.AsyncClient,
) -> None:
    slot = await free(http)
    await http.post("/clinics/faults", json={"service": "770901.read", "mode": "down"})
    assert (await http.get(f"{BASE}/Schedule")).status_code == 503
    assert (await http.get("/clinics/770903/fhir/Schedule")).status_code == 200
    assert (await http.post(BASE, json=booking(slot))).status_code == 200
    await http.delete("/clinics/faults")
    assert (await http.get(f"{BASE}/Schedule")).status_code == 200
