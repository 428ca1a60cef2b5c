"""What clinics send to /fhir: whole patients of Synthea, single resources, and everything hostile that one can think of."""

import json
import tracemalloc
from collections.abc import AsyncIterator

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.capabilitystatement import CapabilityStatement

from core.domain.resource import NAMED
from tests.api.clinics import ClinicSide, kept, outcome, with_card
from tests.api.office import Office
from tests.fhir import (
    PATIENTS,
    SNILS_SYSTEM,
    bundle,
    condition,
    encounter,
    observation,
    patient,
    synthea,
)

OTHER_SNILS = "200-000-001 19"


@pytest.mark.parametrize("name", PATIENTS)
async def test_a_patient_of_synthea_goes_in_whole_and_twice_is_once(side: ClinicSide, name: str) -> None:
    whole = synthea(name)
    answer = await side.sends(whole)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    Bundle.model_validate(told)
    assert told["type"] == "transaction-response"
    assert [entry["response"]["status"] for entry in told["entry"]] == ["201 Created"] * len(whole["entry"])
    names = [f"{each['resource']['resourceType']}/{each['resource']['id']}" for each in whole["entry"]]
    assert [entry["response"]["location"] for entry in told["entry"]] == names
    came = {
        each["extension"][0]["valueCode"]: each["extension"][1]["valueUnsignedInt"]
        for each in told["meta"]["extension"]
    }
    assert sum(came.values()) == len(whole["entry"])
    assert {type_: count for type_, (count, _) in (await kept(side)).items()} == came
    assert (await kept(side))["Claim"][1] == 0, "a claim is kept and not shown"
    again = (await side.sends(whole)).json()
    assert {entry["response"]["status"] for entry in again["entry"]} == {"200 OK"}
    assert {type_: count for type_, (count, _) in (await kept(side)).items()} == came
    metrics = (await side.http.get("/metrics")).text
    assert 'medkarta_fhir_resources_total{outcome="created",shown="no",type="Claim"}' in metrics


async def test_single_resources_come_one_by_one(side: ClinicSide) -> None:
    first = await side.sends(patient(), "/fhir/Patient/p1", "PUT")
    assert (first.status_code, first.headers["location"]) == (201, "http://desk.example.org/fhir/Patient/p1")
    versioned = observation(meta={"versionId": "3", "lastUpdated": "2026-11-20T10:00:00Z"})
    created = await side.sends(versioned, "/fhir/Observation")
    assert (created.status_code, created.headers["etag"]) == (201, 'W/"3"')
    assert (await side.sends(versioned, "/fhir/Observation/o1", "PUT")).status_code == 200
    late = observation(value=9.9, meta={"versionId": "2"})
    stale = await side.sends(late, "/fhir/Observation/o1", "PUT")
    assert (stale.status_code, stale.json()["issue"][0]["severity"]) == (200, "information")
    assert "newer version" in stale.json()["issue"][0]["diagnostics"]
    assert (await side.sends(encounter(), "/fhir/Encounter")).status_code == 201
    assert (await side.sends(condition(), "/fhir/Condition")).status_code == 201
    assert await kept(side) == {"Condition": (1, 1), "Encounter": (1, 1), "Observation": (1, 1), "Patient": (1, 1)}


async def test_a_logical_reference_names_the_patient_as_well(side: ClinicSide) -> None:
    by_snils = {"type": "Patient", "identifier": {"system": SNILS_SYSTEM, "value": "11223344595"}}
    by_policy = {"identifier": {"system": "urn:oid:1.2.643.2.69.1.1.1.6.228", "value": "7756 0008 1234 5677"}}
    by_search = {"reference": f"Patient?identifier={SNILS_SYSTEM}|112-233-445%2095"}
    for number, subject in enumerate((by_snils, by_policy, by_search)):
        answer = await side.sends(observation(f"o{number}", subject=subject), "/fhir/Observation")
        assert answer.status_code == 201, answer.text


async def test_a_doctor_with_a_snils_is_no_patient(side: ClinicSide) -> None:
    doctor = {"type": "Practitioner", "identifier": {"system": SNILS_SYSTEM, "value": OTHER_SNILS}}
    assert (await side.sends(bundle(patient(), observation(performer=[doctor])))).status_code == 200


async def test_references_in_a_circle_are_found_however_long(side: ClinicSide) -> None:
    ring = [
        observation(f"o{number}", hasMember=[{"reference": f"Observation/o{(number + 1) % 2000}"}])
        for number in range(2000)
    ]
    issues = outcome(await side.sends(bundle(patient(), *ring)), 422)
    assert [code for code, _ in issues] == ["business-rule"]


async def test_another_patient_in_the_bundle_is_refused_whether_or_not_they_have_a_card(
    office: Office, side: ClinicSide
) -> None:
    stranger = patient(OTHER_SNILS) | {"id": "p2"}
    theirs = observation("o2", subject={"reference": "Patient/p2"})
    without = await side.sends(bundle(patient(), observation(), stranger, theirs))
    await with_card(office, OTHER_SNILS, "7755320847001231", "4510999999")
    having = await side.sends(bundle(patient(), observation(), stranger, theirs))
    assert outcome(without, 422) == outcome(having, 422)
    assert without.json() == having.json()
    both = patient()
    both["identifier"].append({"system": "urn:oid:1.2.643.2.69.1.1.1.6.228", "value": "7755320847001231"})
    assert outcome(await side.sends(bundle(both, observation())), 409) == [("conflict", "")]
    assert await kept(side) == {}


async def test_whoever_has_no_card_sounds_like_whoever_took_consent_back(office: Office, side: ClinicSide) -> None:
    unknown = await side.sends(bundle(patient(OTHER_SNILS), observation()))
    assert outcome(unknown, 403) == [("forbidden", "")]
    never_named = await side.sends(observation(subject={"reference": "Patient/p77"}), "/fhir/Observation")
    assert never_named.json() == unknown.json()
    nobody = observation()
    del nobody["subject"]
    assert outcome(await side.sends(nobody, "/fhir/Observation"), 422) == [("required", "")]


async def test_only_json_and_only_so_much_is_taken(office: Office, side: ClinicSide) -> None:
    laughs = (
        b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><Bundle xmlns="http://hl7.org/fhir">&b;</Bundle>'
    )
    for media in ("application/fhir+xml", "application/xml", "text/xml", "application/json", "text/plain", ""):
        assert outcome(await side.sends(laughs, **{"Content-Type": media}), 415) == [("not-supported", "")]
    packed = await side.sends(b"{}", **{"Content-Encoding": "gzip"})
    assert outcome(packed, 415) == [("not-supported", "")]
    assert outcome(await side.sends(b"{}", **{"Content-Type": "application/fhir+json; charset=koi8-r"}), 415)
    right = await side.sends(
        bundle(patient()), **{"Content-Type": "application/fhir+json; charset=UTF-8; fhirVersion=4.0"}
    )
    assert right.status_code == 200
    assert outcome(await side.sends(b" " * (20 * 1024 * 1024 + 1)), 413) == [("too-long", "")]


async def test_a_hundred_megabytes_are_refused_and_never_held(side: ClinicSide) -> None:
    read, limit = 0, 20

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        yield b'{"resourceType": "Bundle", "type": "transaction", "entry": [{"fullUrl": "'
        for _ in range(100):
            read += 1
            yield b" " * 1024 * 1024

    headers = {"Content-Type": "application/fhir+json"}
    tracemalloc.start()
    answer = await side.http.post("/fhir", content=endless(), headers=headers)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert outcome(answer, 413) == [("too-long", "")]
    assert read == limit
    assert peak < 3 * limit * 1024 * 1024


async def test_a_single_resource_is_what_its_address_says(side: ClinicSide) -> None:
    assert outcome(await side.sends(observation(), "/fhir/Condition"), 422) == [("value", "resourceType")]
    assert outcome(await side.sends(observation(), "/fhir/Observation/o2", "PUT"), 422) == [("value", "Observation.id")]
    for path in ("/fhir/Potion", "/fhir/Bundle", "/fhir/observation", "/fhir/Resource", "/fhir/Observation/a%20b"):
        assert outcome(await side.sends(observation(), path, "PUT" if path.count("/") > 2 else "POST"), 404)
    assert outcome(await side.http.get("/fhir/Observation/o1"), 405) == [("not-supported", "")]
    assert outcome(await side.http.get("/fhir/nothing/here/at/all"), 404) == [("not-found", "")]


async def test_what_is_taken_is_told_before_anything_is_sent(office: Office) -> None:
    async with office.browser() as http:
        told = CapabilityStatement.model_validate((await http.get("/fhir/metadata")).json())
        assert {each.type for each in told.rest[0].resource} == set(NAMED)
        smart = (await http.get("/fhir/.well-known/smart-configuration")).json()
    assert smart["token_endpoint"] == "http://desk.example.org/oauth/token"


async def test_whoever_is_not_signed_in_learns_nothing(office: Office) -> None:
    async with office.browser() as http:
        side = ClinicSide(office, http)
        for headers in (
            {},
            {"Authorization": "Bearer x"},
            {"Authorization": "Basic eDp5"},
            {"Authorization": "Bearer"},
        ):
            answer = await side.sends(json.dumps(bundle(patient())).encode(), **headers)
            assert outcome(answer, 401) == [("login", "")]
            assert answer.headers["www-authenticate"] == "Bearer"
