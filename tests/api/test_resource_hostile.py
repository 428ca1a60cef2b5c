"""Bundles that are wrong or hostile: refused whole, and the place of the fault is named."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from tests.api.clinics import ClinicSide, kept, outcome
from tests.api.sending import location, practitioner, schedule, slot
from tests.fhir import SNILS_SYSTEM, bundle, condition, encounter, immunization, observation, patient, report

OTHER_SNILS = "200-000-001 19"
UNREADABLE: dict[str, bytes] = {
    "not JSON": b"<Bundle/>",
    "empty": b"",
    "a list": b"[]",
    "not UTF-8": b'{"resourceType": "\xff"}',
    "NaN": b'{"resourceType": "Bundle", "total": NaN}',
    "Infinity": b'{"resourceType": "Bundle", "total": -Infinity}',
    "a number of a thousand digits": b'{"resourceType": "Bundle", "total": ' + b"9" * 1000 + b"}",
    "a number beyond all numbers": b'{"resourceType": "Bundle", "total": 1e999999}',
    "an exponent beyond all numbers": b'{"resourceType": "Bundle", "total": 1e99999999999999999999999}',
    "an integer of 39 digits": b'{"resourceType": "Bundle", "total": ' + b"9" * 39 + b"}",
    "a name twice": b'{"resourceType": "Bundle", "type": "transaction", "type": "batch"}',
    "deep": b'{"a":' * 200 + b"1" + b"}" * 200,
    "very deep": b"[" * 1_000_000,
}


@pytest.mark.parametrize("what", UNREADABLE)
async def test_what_cannot_be_read_is_a_bad_request(side: ClinicSide, what: str) -> None:
    assert outcome(await side.sends(UNREADABLE[what]), 400) == [("structure", "")]
    assert await kept(side) == {}


def changed(change: Callable[[dict[str, Any]], Any], *more: dict[str, Any]) -> dict[str, Any]:
    """A bundle that would be right, but for one change."""
    whole = deepcopy(bundle(patient(), encounter(), condition(), observation(), report(), immunization(), *more))
    change(whole)
    return whole


def resource(whole: dict[str, Any], number: int) -> dict[str, Any]:
    found: dict[str, Any] = whole["entry"][number]["resource"]
    return found


AT = "Bundle.entry[{}].resource.{}"
WRONG: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "a batch": (lambda b: b.update(type="batch"), "Bundle.type"),
    "another resource": (lambda b: b.update(resourceType="Patient"), "Bundle.resourceType"),
    "nothing in it": (lambda b: b.update(entry=[]), "Bundle.entry"),
    "entries of another type": (lambda b: b.update(entry={"a": 1}), "Bundle.entry"),
    "an entry of another type": (lambda b: b["entry"].append(7), "Bundle.entry[6].resource"),
    "an unknown field of the bundle": (lambda b: b.update(surprise=1), "Bundle.surprise"),
    "no request": (lambda b: b["entry"][3].pop("request"), "Bundle.entry[3].request.method"),
    "a request to remove": (lambda b: b["entry"][3]["request"].update(method="DELETE"), "Bundle.entry[3].request.method"),
    "a request for another type": (lambda b: b["entry"][3]["request"].update(url="Patient/o1"), "Bundle.entry[3].request.url"),
    "an id unlike its request": (lambda b: b["entry"][3]["request"].update(url="Observation/x"), AT.format(3, "id")),
    "an unknown type": (lambda b: resource(b, 3).update(resourceType="Potion"), "Bundle.entry[3].request.url"),
    "a status that is a number": (lambda b: resource(b, 3).update(status=1), AT.format(3, "status")),
    "a value in words": (
        lambda b: resource(b, 3)["valueQuantity"].update(value="high"), AT.format(3, "valueQuantity.value"),
    ),
    "two values": (lambda b: resource(b, 3).update(valueString="a"), "Bundle.entry[3].resource"),
    "no code": (lambda b: resource(b, 3).pop("code"), AT.format(3, "code")),
    "an unknown field": (lambda b: resource(b, 3).update(surprise=1), AT.format(3, "surprise")),
    "a list for an object": (lambda b: resource(b, 3).update(code=[]), AT.format(3, "code")),
    "a null": (lambda b: resource(b, 3).update(code=None), AT.format(3, "code")),
    "an id with a space": (lambda b: resource(b, 3).update(id="a b"), AT.format(3, "id")),
    "the year 0001": (
        lambda b: resource(b, 3).update(effectiveDateTime="0001-01-01"), AT.format(3, "effectiveDateTime"),
    ),
    "the year 9999": (
        lambda b: resource(b, 3).update(effectiveDateTime="9999-12-31T23:59:59-14:00"), AT.format(3, "effectiveDateTime"),
    ),
    "no such day": (lambda b: resource(b, 3).update(effectiveDateTime="2026-02-30"), AT.format(3, "effectiveDateTime")),
    "a visit to come": (lambda b: resource(b, 1)["period"].update(start="2031-01-01"), AT.format(1, "period.start")),
    "a dose of the year 9999": (
        lambda b: resource(b, 5).update(occurrenceDateTime="9999-12-31"), AT.format(5, "occurrenceDateTime"),
    ),
    "a version of the year 0001": (
        lambda b: resource(b, 3).update(meta={"lastUpdated": "0001-01-01T00:00:00+14:00"}), AT.format(3, "meta.lastUpdated"),
    ),
    "the same twice": (lambda b: b["entry"].append(b["entry"][3]), "Bundle.entry[6].fullUrl"),
    "two of one name": (
        lambda b: b["entry"].append(b["entry"][3] | {"fullUrl": "urn:uuid:other"}), AT.format(6, "id"),
    ),
    "a СНИЛС with wrong digits": (
        lambda b: resource(b, 0)["identifier"][0].update(value="112-233-445 96"), AT.format(0, "identifier[0].value"),
    ),
    "a zero byte": (lambda b: resource(b, 3)["code"].update(text="a\0b"), AT.format(3, "code.text")),
    "half a character": (lambda b: resource(b, 3)["code"].update(text="\ud800"), AT.format(3, "code.text")),
    "a reference to nothing here": (
        lambda b: resource(b, 3).update(encounter={"reference": "urn:uuid:nowhere"}), AT.format(3, "encounter.reference"),
    ),
    "a reference to what was never sent": (
        lambda b: resource(b, 3).update(encounter={"reference": "Encounter/e99"}), AT.format(3, "encounter.reference"),
    ),
    "a reference to nothing contained": (
        lambda b: resource(b, 3).update(specimen={"reference": "#s"}), AT.format(3, "specimen.reference"),
    ),
    "a reference that is none": (
        lambda b: resource(b, 3).update(encounter={"reference": "what?"}), AT.format(3, "encounter.reference"),
    ),
    "a reference to half an address": (
        lambda b: resource(b, 3).update(encounter={"reference": "http://[::1"}), AT.format(3, "encounter.reference"),
    ),
    "a patient at half an address": (
        lambda b: resource(b, 3).update(subject={"reference": "http://[::1/Patient/p1"}), AT.format(3, "subject.reference"),
    ),
    "a patient of another server": (
        lambda b: resource(b, 3).update(subject={"reference": "https://elsewhere.example.org/fhir/Patient/p1"}),
        AT.format(3, "subject.reference"),
    ),
    "a version of a patient of another server": (
        lambda b: resource(b, 3).update(subject={"reference": "HTTPS://elsewhere.example.org/Patient/p1/_history/2"}),
        AT.format(3, "subject.reference"),
    ),
    "a patient of another server without a scheme": (
        lambda b: resource(b, 3).update(subject={"reference": "//elsewhere.example.org/Patient/p1"}),
        AT.format(3, "subject.reference"),
    ),
    "part of itself": (lambda b: resource(b, 1).update(partOf={"reference": "Encounter/e1"}), AT.format(1, "partOf")),
    "another patient": (
        lambda b: resource(b, 3).update(subject={"reference": "Patient/p2"}), AT.format(3, "subject"),
    ),
    "another patient's number": (
        lambda b: resource(b, 3).update(
            subject={"identifier": {"system": SNILS_SYSTEM, "value": OTHER_SNILS}, "type": "Patient"}
        ),
        AT.format(3, "subject.identifier"),
    ),
    "another's number beside the name of this patient": (
        lambda b: resource(b, 3).update(
            subject={"reference": "Patient/p1", "identifier": {"system": SNILS_SYSTEM, "value": OTHER_SNILS}}
        ),
        AT.format(3, "subject.identifier"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
async def test_a_wrong_bundle_is_refused_whole_and_the_place_is_named(side: ClinicSide, what: str) -> None:
    change, place = WRONG[what]
    issues = outcome(await side.sends(changed(change)), 422)
    assert place in {path for _, path in issues}, issues
    assert await kept(side) == {}


async def test_more_times_than_a_timetable_can_wait_for_are_to_be_sent_in_several_bundles(side: ClinicSide) -> None:
    many = [slot(f"t{n}", status="busy") for n in range(5001)]
    answer = await side.sends(bundle(practitioner(), location(), schedule(), *many))
    assert outcome(answer, 422) == [("too-costly", "Bundle.entry")]
    assert await kept(side) == {}
