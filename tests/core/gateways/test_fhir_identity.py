"""Whose it is that a clinic delivers: numbers of patients, and what only looks like one."""

import asyncio
from typing import Any

import pytest

from core.domain.resource import Delivery, Malformed
from core.gateways.fhir import FhirDeliveries, reading
from core.gateways.fhir.parsing import parsed
from core.gateways.fhir.patients import claimed
from tests.core.gateways.records import made
from tests.fhir import (
    as_stream,
    bundle,
    condition,
    encounter,
    immunization,
    observation,
    patient,
)


def read(content: dict[str, Any]) -> Delivery:
    """Read a bundle."""
    return asyncio.run(FhirDeliveries().read(as_stream(content)))


@pytest.mark.parametrize("typed", ["112-233-445 95", "11223344595", "112 233 445 95"])
def test_a_snils_is_read_with_or_without_separators(typed: str) -> None:
    assert claimed([{"system": "urn:oid:1.2.643.100.3", "value": typed}], "Patient.identifier").snils == {"11223344595"}


@pytest.mark.parametrize("system", ["urn:oid:1.2.643.2.69.1.1.1.6.228", "http://insurer.example.org/enp", None])
def test_a_single_policy_is_known_by_its_form(system: str | None) -> None:
    told = claimed([{"system": system, "value": "7756 0008 1234 5677"}], "Patient.identifier")
    assert (told.policies, told.snils) == ({"7756000812345677"}, frozenset())


@pytest.mark.parametrize("value", ["7756000812345678", "999-85-3011", "", "775600081234567"])
def test_other_numbers_of_a_patient_say_nothing(value: str) -> None:
    told = claimed([{"system": "http://hospital.example.org", "value": value}], "Patient.identifier")
    assert not told.policies
    assert not told.snils


BORIS = {"system": "urn:oid:1.2.643.100.3", "value": "200-000-001 19"}


def claims(*resources: dict[str, Any]) -> set[str]:
    """Every СНИЛС that a bundle says its record to be of."""
    return {snils for claim in read(bundle(*resources)).claims for snils in claim.snils}


def test_the_number_of_a_doctor_is_not_taken_for_the_patients() -> None:
    by_number = encounter(participant=[{"individual": {"identifier": BORIS}}])
    assert claims(patient(), by_number) == {"11223344595"}
    about_a_doctor = observation(subject={"type": "Practitioner", "identifier": BORIS})
    assert claims(patient(), about_a_doctor) == {"11223344595"}


@pytest.mark.parametrize("reference", ["#a", "Patient?identifier=112-233-445 95"])
def test_a_number_beside_any_way_of_naming_the_patient_is_read(reference: str) -> None:
    inside = {"resourceType": "Patient", "id": "a"}
    told = observation(contained=[inside], subject={"reference": reference, "identifier": BORIS})
    assert claims(patient(), told) == {"11223344595", "20000000119"}


def test_what_a_resource_contains_is_looked_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    class Counted(dict[str, Any]):
        looks = 0

        def get(self, name: str, default: Any = None) -> Any:
            Counted.looks += name == "id"
            return super().get(name, default)

    inside = [{"resourceType": "Practitioner", "id": f"d{number}"} for number in range(100)]
    told = observation(contained=inside, performer=[{"reference": f"#d{number}"} for number in range(100)])

    def counted(*some: Any, **more: Any) -> dict[str, Any]:
        content = parsed(*some, **more)
        for entry in content["entry"]:
            if "contained" in entry["resource"]:
                entry["resource"]["contained"] = [Counted(each) for each in inside]
        return content

    monkeypatch.setattr(reading, "parsed", counted)
    read(bundle(patient(), told))
    assert Counted.looks
    assert Counted.looks <= 2 * len(inside)


@pytest.mark.parametrize(
    "number", ["1e99999999999999999999999", "-1E-99999999999999999999999", "9" * 39, "-" + "9" * 19]
)
def test_a_number_beyond_sense_is_refused_in_words(number: str) -> None:
    with pytest.raises(Malformed, match="longer or larger than any value of medicine"):
        parsed(b'{"value": %s}' % number.encode())


@pytest.mark.parametrize(
    "reference",
    [
        "http://[::1/Patient/p1",
        "https://elsewhere.example.org/fhir/Patient/p1",
        "HTTPS://elsewhere.example.org/Patient/p1/_history/2",
        "//elsewhere.example.org/Patient/p1",
    ],
)
def test_a_patient_of_another_server_is_not_the_clinics_own(reference: str) -> None:
    with pytest.raises(Malformed, match=r"entry\[1\]\.resource\.subject\.reference"):
        read(bundle(patient(), observation(subject={"reference": reference})))


def test_an_address_in_the_bundle_is_the_patient_of_the_bundle() -> None:
    address = "https://clinic.example.org/fhir/Patient/77"
    whole = bundle(patient(), observation(subject={"reference": address}))
    whole["entry"][0]["fullUrl"] = address
    _, told = read(whole).arrived
    assert told.content["subject"] == {"reference": "Patient/p1"}


def test_a_visit_of_another_server_is_not_the_clinics_own() -> None:
    away = {"reference": "https://elsewhere.example.org/fhir/Encounter/e1"}
    (visit,) = made(encounter(), condition() | {"encounter": away}).visits
    assert visit.diagnoses == ()


BY_NUMBER = {"resourceType": "Patient", "id": "a", "identifier": [BORIS]}
BY_NAME = {"resourceType": "Patient", "id": "a", "name": [{"text": "Борис"}]}
WHOSE: list[tuple[dict[str, Any], bool]] = [
    (observation(), True),
    (immunization(), True),
    (observation(subject={"identifier": BORIS}), True),
    (observation(subject={"reference": "Patient?identifier=112-233-445 95"}), True),
    (observation(subject={"reference": "#a"}, contained=[BY_NUMBER]), True),
    (observation(subject={"reference": "#a"}, contained=[BY_NAME]), False),
    (observation(subject={"reference": "#b"}, contained=[BY_NUMBER]), False),
    (observation(subject={"display": "Борис"}), False),
    (observation(subject={"reference": "Group/g1"}), False),
    (observation(subject={"reference": "Device/d1"}), False),
    (observation(subject={"reference": "Device?identifier=1", "identifier": BORIS}), False),
    (observation(subject={"type": "Device", "identifier": BORIS}), False),
    (observation(subject={"identifier": {"system": "http://hospital.example.org", "value": "17"}}), False),
    ({name: value for name, value in observation().items() if name != "subject"}, False),
]


@pytest.mark.parametrize(("content", "says"), WHOSE)
def test_a_resource_says_whose_it_is_or_does_not(content: dict[str, Any], says: bool) -> None:
    assert FhirDeliveries().says_whose(content) is says
