"""FHIR to records: one table a kind, dictionaries in, values out."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from core.domain.record import Category, Coding, Mark, Measured
from core.domain.resource import Key, Malformed
from core.gateways.fhir.names import Names
from core.gateways.fhir.parsing import exact, parsed
from core.ports import Records
from tests.core.gateways.records import made
from tests.fhir import CVX, ICD10, LOINC, concept, condition, encounter, immunization, observation, report

GLUCOSE = Coding(LOINC, "14749-6", "Глюкоза")
SNOMED = "http://snomed.info/sct"


def value_of(**value: Any) -> Measured:
    """The one value of an observation that holds this."""
    whole = observation()
    del whole["valueQuantity"], whole["referenceRange"]
    (result,) = made(whole | value).results
    (measured,) = result.measured
    return measured


def quantity(value: object, unit: str = "ммоль/л", **more: Any) -> dict[str, Any]:
    return {"value": value, "unit": unit, **more}


VALUES: list[tuple[dict[str, Any], Measured]] = [
    ({"valueQuantity": quantity(5.40)}, Measured(GLUCOSE, Decimal("5.4"), "ммоль/л")),
    ({"valueQuantity": {"value": 5, "code": "mmol/L"}}, Measured(GLUCOSE, Decimal(5), "mmol/L")),
    ({"valueQuantity": quantity(5, comparator="<")}, Measured(GLUCOSE, text="< 5 ммоль/л")),
    ({"valueInteger": 7}, Measured(GLUCOSE, Decimal(7))),
    ({"valueBoolean": True}, Measured(GLUCOSE, text="да")),
    ({"valueString": "следы"}, Measured(GLUCOSE, text="следы")),
    ({"valueCodeableConcept": concept(SNOMED, "260385009", "Отрицательно")}, Measured(GLUCOSE, text="Отрицательно")),
    (
        {"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 40}}},
        Measured(GLUCOSE, text="1 : 40"),
    ),
    ({"valueRange": {"low": quantity(1), "high": quantity(2)}}, Measured(GLUCOSE, text="1 ммоль/л – 2 ммоль/л")),
    ({"dataAbsentReason": {"text": "проба свернулась"}}, Measured(GLUCOSE, text="проба свернулась")),
]


@pytest.mark.parametrize(("value", "measured"), VALUES)
def test_a_value_comes_as_it_is(value: dict[str, Any], measured: Measured) -> None:
    assert value_of(**value) == measured


def test_a_number_keeps_every_digit_that_it_came_with() -> None:
    raw = b'{"resourceType": "Observation", "valueQuantity": {"value": 185.0044473075046100}, "b": 7.20, "c": 1e2}'
    assert exact(parsed(raw)) == (
        b'{"b":7.20,"c":1E+2,"resourceType":"Observation","valueQuantity":{"value":185.0044473075046100}}'
    )


RANGE = {"low": quantity(3.9), "high": quantity(6.1)}
MARKS: list[tuple[dict[str, Any], str, Mark | None]] = [
    ({"referenceRange": [RANGE]}, "3.9–6.1", Mark.WITHIN),
    ({"referenceRange": [RANGE], "valueQuantity": quantity(3.8)}, "3.9–6.1", Mark.BELOW),
    ({"referenceRange": [RANGE], "valueQuantity": quantity(6.2)}, "3.9–6.1", Mark.ABOVE),
    ({"referenceRange": [{"high": quantity(5)}]}, "≤ 5", Mark.ABOVE),
    ({"referenceRange": [{"low": quantity(5)}]}, "≥ 5", Mark.WITHIN),
    ({"referenceRange": [{"low": quantity(60, "мг/дл")}]}, "≥ 60", None),
    ({"referenceRange": [{"text": "до еды 3,9–6,1"}]}, "до еды 3,9–6,1", None),
    ({"referenceRange": [{"type": {"text": "treatment"}, "low": quantity(9)}, RANGE]}, "3.9–6.1", Mark.WITHIN),
    ({"referenceRange": [RANGE], "interpretation": [concept("x", "H", "")]}, "3.9–6.1", Mark.ABOVE),
    ({"interpretation": [concept("x", "LL", "")]}, "", Mark.BELOW),
    ({"interpretation": [concept("x", "A", "")]}, "", Mark.OUTSIDE),
    ({"interpretation": [concept("x", "POS", "")]}, "", None),
    ({}, "", None),
]


@pytest.mark.parametrize(("more", "reference", "mark"), MARKS)
def test_a_mark_is_the_clinics_or_follows_from_its_range(
    more: dict[str, Any], reference: str, mark: Mark | None
) -> None:
    found = value_of(**({"valueQuantity": quantity(5.4)} | more))
    assert (found.reference, found.mark) == (reference, mark)


def test_blood_pressure_is_one_result_of_two_values() -> None:
    parts = [
        {"code": concept(LOINC, "8480-6", "Систолическое"), "valueQuantity": quantity(128, "мм рт. ст.")},
        {"code": concept(LOINC, "8462-4", "Диастолическое"), "valueQuantity": quantity(82, "мм рт. ст.")},
    ]
    whole = observation(component=parts, category=[concept("x", "vital-signs", "")])
    del whole["valueQuantity"], whole["referenceRange"]
    (result,) = made(whole).results
    assert result.category is Category.VITAL
    assert [(each.coding.code, str(each.number)) for each in result.measured] == [("8480-6", "128"), ("8462-4", "82")]


@pytest.mark.parametrize(
    ("more", "taken", "day_only"),
    [
        ({"effectiveDateTime": "2026-11-20T08:30:00+03:00"}, datetime(2026, 11, 20, 5, 30, tzinfo=UTC), False),
        ({"effectiveDateTime": "2026-11-20"}, datetime(2026, 11, 20, tzinfo=UTC), True),
        ({"effectiveDateTime": "2026-11"}, datetime(2026, 11, 1, tzinfo=UTC), True),
        ({"effectiveDateTime": "2026"}, datetime(2026, 1, 1, tzinfo=UTC), True),
        ({"effectivePeriod": {"start": "2026-11-20"}}, datetime(2026, 11, 20, tzinfo=UTC), True),
        ({"issued": "2026-11-20T08:30:00.059Z"}, datetime(2026, 11, 20, 8, 30, 0, 59000, tzinfo=UTC), False),
    ],
)
def test_a_result_is_of_the_moment_it_was_taken(more: dict[str, Any], taken: datetime, day_only: bool) -> None:
    whole = observation()
    del whole["effectiveDateTime"]
    (result,) = made(whole | more).results
    assert (result.taken_at, result.day_only) == (taken, day_only)


@pytest.mark.parametrize("when", ["1849-12-31", "2026-11-25", "9999-12-31T23:59:59-14:00", "0001-01-01"])
def test_a_moment_that_cannot_be_is_refused(when: str) -> None:
    with pytest.raises(Malformed, match=r"Observation/o1\.effectiveDateTime"):
        made(observation(effectiveDateTime=when))


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled"])
def test_what_is_not_so_is_not_shown(status: str) -> None:
    assert made(observation(status=status), report(status=status), immunization(status="not-done")) == Records(
        [], [], [], [], []
    )


def test_a_report_has_its_own_category_or_that_of_its_results() -> None:
    imaging = report("r2", (), conclusion="Без патологии", category=[concept("x", "RAD", "")])
    records = made(observation(), report(), imaging)
    assert [(each.category, each.conclusion) for each in records.panels] == [
        (Category.LABORATORY, ""),
        (Category.INSTRUMENTAL, "Без патологии"),
    ]
    assert records.results[0].panel == records.panels[0].id


def test_an_observation_that_only_groups_others_is_a_panel() -> None:
    group = observation("g1", hasMember=[{"reference": "Observation/o1"}])
    del group["valueQuantity"], group["referenceRange"]
    records = made(group, observation("o1"))
    assert [each.id for each in records.panels] == [records.results[0].panel]


def test_a_diagnosis_prefers_icd_10_and_leaves_every_code_as_it_came() -> None:
    both = {
        "coding": [{"system": SNOMED, "code": "38341003"}, {"system": ICD10, "code": "I10", "display": "Гипертензия"}]
    }
    odd = {"coding": [{"system": SNOMED, "code": "1"}], "text": "Что-то"}
    refuted = concept("x", "refuted", "")
    (visit,) = made(
        encounter(),
        condition("c1") | {"code": both},
        condition("c2") | {"code": odd},
        condition("c3", verificationStatus=refuted),
    ).visits
    assert visit.diagnoses == (Coding(ICD10, "I10", "Гипертензия"), Coding(SNOMED, "1", "Что-то"))


def test_a_visit_says_who_and_where_by_role_by_name_or_by_the_words_that_came() -> None:
    role = {
        "resourceType": "PractitionerRole",
        "id": "w1",
        "practitioner": {"reference": "Practitioner/d1"},
        "organization": {"reference": "Organization/g1"},
        "specialty": [{"text": "Кардиология"}],
    }
    doctor = {
        "resourceType": "Practitioner",
        "id": "d1",
        "name": [{"family": "Schneider", "given": ["Andre"], "prefix": ["Dr."]}],
    }
    place = {"resourceType": "Organization", "id": "g1", "name": "Поликлиника"}
    by_role = encounter(participant=[{"individual": {"reference": "PractitionerRole/w1"}}])
    (visit,) = made(role, doctor, place, by_role).visits
    assert (visit.doctor, visit.speciality, visit.institution) == ("Dr. Andre Schneider", "Кардиология", "Поликлиника")
    told = {"reference": "Practitioner?identifier=npi|1", "display": "Dr. Who", "type": "Practitioner"}
    where = {"reference": "Organization?identifier=x|2", "display": "Hospital", "type": "Organization"}
    (visit,) = made(encounter(participant=[{"individual": told}], serviceProvider=where)).visits
    assert (visit.doctor, visit.institution) == ("Dr. Who", "Hospital")


def test_names_that_lead_in_circles_and_chains_come_to_an_end() -> None:
    def role(number: int) -> dict[str, Any]:
        following = {"reference": f"PractitionerRole/w{number + 1}"}
        return {
            "resourceType": "PractitionerRole",
            "id": f"w{number}",
            "practitioner": following,
            "organization": following,
        }

    room = {
        "resourceType": "Location",
        "id": "l1",
        "name": "Кабинет 5",
        "managingOrganization": {"reference": "Location/l1"},
    }
    visit = encounter(
        participant=[{"individual": {"reference": "PractitionerRole/w0"}}],
        location=[{"location": {"reference": "Location/l1"}}],
        encounter={"reference": "Encounter/e1"},
    )
    turned = observation(encounter={"reference": "Observation/o2"})
    back = observation("o2", encounter={"reference": "Observation/o1"})
    records = made(visit, room, turned, back, *(role(number) for number in range(200)))
    assert [each.institution for each in records.visits] == ["Кабинет 5"]
    assert len(records.results) == 2


def test_an_encounter_that_names_many_is_read_once_for_all_its_results() -> None:
    class Counted(dict[str, Any]):
        looks = 0

        def get(self, name: str, default: Any = None) -> Any:
            Counted.looks += name == "participant"
            return super().get(name, default)

    place = {"resourceType": "Organization", "id": "g1", "name": "Поликлиника"}
    visit = Counted(encounter(serviceProvider={"reference": "Organization/g1"}))
    of_it = [observation(f"o{number}", encounter={"reference": "Encounter/e1"}) for number in range(50)]
    whole = {Key(each["resourceType"], each["id"]): each for each in (place, visit, *of_it)}
    names = Names(whole)
    assert {names.who(each).institution for each in of_it} == {"Поликлиника"}
    assert Counted.looks == 1


@pytest.mark.parametrize(("status", "shown"), [("finished", 1), ("in-progress", 1), ("planned", 0), ("cancelled", 0)])
def test_only_a_visit_that_happened_is_shown(status: str, shown: int) -> None:
    assert len(made(encounter(status=status)).visits) == shown


def test_plans_are_advice_and_requests_are_prescriptions() -> None:
    plan = {
        "resourceType": "CarePlan",
        "id": "x1",
        "status": "active",
        "activity": [{"detail": {"code": {"text": "Диета"}}}, {"detail": {"description": "Ходить пешком"}}],
        "encounter": {"reference": "Encounter/e1"},
    }
    drug = {"resourceType": "Medication", "id": "d1", "code": {"text": "Лозартан 50 мг"}}
    ask = {"resourceType": "MedicationRequest", "status": "active", "encounter": {"reference": "Encounter/e1"}}
    by_reference = ask | {"id": "m1", "medicationReference": {"reference": "Medication/d1"}}
    stopped = ask | {"id": "m2", "status": "cancelled", "medicationCodeableConcept": {"text": "Не пить"}}
    (visit,) = made(encounter(), plan, drug, by_reference, stopped).visits
    assert (visit.recommendations, visit.prescriptions) == (("Диета", "Ходить пешком"), ("Лозартан 50 мг",))


def test_a_dose_has_series_number_reaction_advice_and_the_next_one() -> None:
    dose = immunization(
        lotNumber="У123-1026",
        protocolApplied=[{"doseNumberPositiveInt": 2}],
        reaction=[{"detail": {"display": "Покраснение"}}],
        note=[{"text": "Не мочить"}],
        performer=[{"actor": {"reference": "Organization/g1"}}],
        extension=[{"url": "urn:medkarta:next-dose", "valueDate": "2027-04-05"}],
    )
    place = {"resourceType": "Organization", "id": "g1", "name": "Поликлиника"}
    (found,) = made(dose, place).vaccinations
    assert found.vaccine == Coding(CVX, "140", "Грипп")
    assert (found.given_on, found.series, found.dose, found.reaction) == (
        date(2026, 10, 5),
        "У123-1026",
        2,
        "Покраснение",
    )
    assert (found.advice, found.next_on, found.institution) == ("Не мочить", date(2027, 4, 5), "Поликлиника")
