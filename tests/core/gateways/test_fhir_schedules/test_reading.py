"""What a clinic's server says of itself, read: specialities both ways, doctors by whatever names them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.record.coding import SNOMED
from core.domain.speciality import SPECIALITIES
from core.gateways.fhir.specialities import HEARD, LINES, OWN, TOLD, coded, meant
from core.gateways.fhir_schedules import reading
from tests.core.gateways.test_fhir_schedules.conftest import facility_at

FACILITY = facility_at("http://clinic.test/fhir")


def test_every_speciality_has_its_line_and_no_code_means_two() -> None:
    assert list(TOLD) == list(SPECIALITIES)
    said = [code for _, snomed, more in LINES for code in (snomed, *more.split()) if code]
    assert len(said) == len(set(said))


@given(st.sampled_from(list(SPECIALITIES)))
def test_what_is_told_is_understood(code: str) -> None:
    assert meant([coded(code)]) == code
    for coding in coded(code)["coding"]:
        assert meant([{"coding": [coding]}]) == code


@pytest.mark.parametrize(
    ("concepts", "code"),
    [
        ([{"coding": [{"system": SNOMED, "code": "419772000"}]}], "therapist"),
        ([{"text": " кардиолог "}], "cardiologist"),
        ([{"coding": [{"system": "urn:other", "code": "1", "display": "Neurologist"}]}], "neurologist"),
        ([{"text": "Кардиолог", "coding": [{"system": OWN, "code": "surgeon"}]}], "surgeon"),
        ([{"text": "шаман"}, {"text": "Хирург"}], "surgeon"),
        ([{"text": "шаман"}], None),
        ({"text": "Хирург"}, "surgeon"),
        (None, None),
        ([None, 7, {"coding": "x"}, {"text": 7}], None),
    ],
)
def test_a_speciality_is_known_by_its_code_else_by_its_name(concepts: object, code: str | None) -> None:
    assert meant(concepts) == code


@given(
    st.recursive(st.none() | st.text() | st.integers(), lambda more: st.lists(more) | st.dictionaries(st.text(), more))
)
def test_no_speciality_of_a_server_breaks_the_reading(concepts: object) -> None:
    assert meant(concepts) in {None, *HEARD.values()}


def schedule(*actors: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"resourceType": "Schedule", "id": "s1", "actor": list(actors), **more}


SURGEON = {"specialty": [{"text": "Хирург"}]}


def test_a_doctor_is_named_by_the_practitioner_that_came_along() -> None:
    role = {
        "resourceType": "PractitionerRole",
        "id": "r1",
        "practitioner": {"reference": "Practitioner/p1"},
        **SURGEON,
    }
    person = {"resourceType": "Practitioner", "id": "p1", "name": [{"family": "Озёров", "given": ["Лев", "Ильич"]}]}
    place = {"resourceType": "Location", "id": "l1", "name": "Кабинет № 12"}
    told = schedule({"reference": "PractitionerRole/r1"}, {"reference": "http://clinic.test/fhir/Location/l1"})
    (doctor,) = reading.doctors(FACILITY, [told, role, person, place])
    assert (doctor.name, doctor.speciality, doctor.room) == ("Озёров Лев Ильич", "surgeon", "12")
    assert doctor.id == reading.remote_id(FACILITY.id, "Schedule/s1")


def test_a_room_without_a_person_is_named_by_its_service() -> None:
    service = {"resourceType": "HealthcareService", "id": "h1", "name": "Забор крови"}
    told = schedule({"reference": "HealthcareService/h1"}, serviceType=[{"text": "Сдать кровь"}], comment="Натощак")
    (doctor,) = reading.doctors(FACILITY, [told, service])
    assert (doctor.name, doctor.speciality, doctor.note) == ("Забор крови", "blood_test", "Натощак")


@pytest.mark.parametrize(
    ("eligibility", "note"),
    [
        ([{"comment": "Для прикреплённых к поликлинике"}], "Для прикреплённых к поликлинике. Натощак"),
        ([{"code": {"text": "Дети"}}, {"comment": "С трёх лет.\n"}], "Дети. С трёх лет. Натощак"),
        ([{"code": {"coding": [{"display": "Veterans"}]}, "comment": " "}], "Veterans. Натощак"),
        ([{"comment": 7}, "x", None, {"code": [7]}], "Натощак"),
        ("x", "Натощак"),
    ],
)
def test_who_may_come_stands_before_what_to_bring(eligibility: object, note: str) -> None:
    service = {"resourceType": "HealthcareService", "id": "h1", "name": "Забор крови", "eligibility": eligibility}
    actors = ({"reference": "Practitioner/p1", "display": "Озёров Лев"}, {"reference": "HealthcareService/h1"})
    told = schedule(*actors, specialty=[{"text": "Сдать кровь"}], comment="Натощак")
    (doctor,) = reading.doctors(FACILITY, [told, service])
    assert (doctor.name, doctor.note) == ("Озёров Лев", note)


@pytest.mark.parametrize(
    "told",
    [
        schedule({"reference": "Practitioner/p1", "display": "Озёров Лев"}),
        schedule({"reference": "Practitioner/p1", "display": "Озёров Лев"}, specialty=[{"text": "шаман"}]),
        schedule({"reference": "Practitioner/p1"}, **SURGEON),
        schedule(**SURGEON),
        schedule({"reference": "Practitioner/p1", "display": "Озёров Лев"}, active=False, **SURGEON),
        {**schedule({"reference": "Practitioner/p1", "display": "Озёров Лев"}, **SURGEON), "id": "../x"},
    ],
)
def test_a_schedule_nobody_can_be_booked_by_is_passed_over(told: dict[str, Any]) -> None:
    assert reading.doctors(FACILITY, [told]) == []


WORDS = st.sampled_from(["reference", "display", "name", "given", "family", "text", "coding"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda more: st.lists(more, max_size=3) | st.dictionaries(WORDS, more, max_size=3),
    max_leaves=8,
)


@given(JSON, JSON, JSON)
def test_no_schedule_of_a_server_breaks_the_reading(actor: object, name: object, specialty: object) -> None:
    named = {"reference": "Practitioner/p1"}
    person = {"resourceType": "Practitioner", "id": "p1", "name": name}
    told: list[dict[str, Any]] = [
        {"resourceType": "Schedule", "id": "s1", "actor": [actor, named], "specialty": specialty, "comment": name},
        {"resourceType": "Schedule", "id": "s2", "actor": actor, **SURGEON},
        person,
    ]
    for doctor in reading.doctors(FACILITY, told):
        assert doctor.name
        assert doctor.speciality in SPECIALITIES
