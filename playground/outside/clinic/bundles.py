"""Transaction bundles as Synthea would make them, in Russian; what Synthea lacks comes in one marked step, `with_ranges`."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from playground.outside import numbers
from playground.outside.citizens import Citizen
from playground.outside.clinic.stories import (
    DOCTORS,
    NAME,
    NURSE,
    PANELS,
    PRESSURE,
    RANGES,
    REFERRED_TO,
    STORIES,
    THERAPIST,
    VACCINES,
    Doctor,
)
from playground.outside.schedules.doctors import SPECIALITIES
from playground.outside.schedules.resources import SNOMED, concept

Resource = dict[str, Any]
LOINC, ICD10, CVX = "http://loinc.org", "http://hl7.org/fhir/sid/icd-10", "http://hl7.org/fhir/sid/cvx"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
CLASS = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
SNILS, POLICY = "urn:oid:1.2.643.100.3", "urn:oid:1.2.643.2.69.1.1.1.6.228"
MARK = {"system": "urn:medkarta:playground", "code": "with-ranges", "display": "Диапазоны и серии добавлены"}
NEXT_DOSE = "urn:medkarta:next-dose"
REFERRAL_DAYS = 60
HISTORY_VISITS = 8
SPACE = uuid.UUID("5f0c9c1e-7a55-4d6f-9e1d-0c7b1b7b6f10")


def visit(citizen: Citizen, at: datetime, *, vaccine: bool = False) -> Resource:
    """One visit now: what was found, measured, prescribed and advised, and perhaps a vaccination."""
    seed = f"{citizen.login} {at:%Y-%m-%dT%H:%M:%S}"
    return with_ranges(
        _bundle(citizen, [*_visit(citizen, seed, at), *(_vaccination(citizen, seed, at) if vaccine else ())])
    )


def history(citizen: Citizen, today: date) -> Resource:
    """Two years of visits, one a quarter, and a vaccination a year: the same whenever it is asked for in one quarter."""
    resources: list[Resource] = []
    for number in range(HISTORY_VISITS):
        months = today.year * 12 + (today.month - 1) // 3 * 3 - 3 * (number + 1)
        day = datetime(months // 12, months % 12 + 1, 5 + number, 6, 30 + number).astimezone()
        seed = f"{citizen.login} {day:%Y-%m-%d}"
        resources += _visit(citizen, seed, day)
        if number % 4 == 1:
            resources += _vaccination(citizen, seed, day)
    return with_ranges(_bundle(citizen, resources))


def with_ranges(bundle: Resource) -> Resource:
    """Add what Synthea lacks: reference ranges and marks, series and doses of vaccines. Each such resource is tagged."""
    for entry in bundle["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] == "Observation" and resource["code"]["coding"][0]["code"] in RANGES:
            analyte = RANGES[resource["code"]["coding"][0]["code"]]
            value = resource["valueQuantity"]["value"]
            bounds = {"low": analyte.low, "high": analyte.high}
            resource["referenceRange"] = [
                {name: {"value": bound, "unit": analyte.unit} for name, bound in bounds.items()}
            ]
            code = "L" if value < analyte.low else "H" if value > analyte.high else "N"
            resource["interpretation"] = [{"coding": [{"system": INTERPRETATION, "code": code}]}]
        elif resource["resourceType"] == "Immunization":
            _with_series(resource)
        else:
            continue
        resource["meta"] = {"tag": [MARK]}
    return bundle


def _with_series(resource: Resource) -> None:
    code = resource["vaccineCode"]["coding"][0]["code"]
    doses, days = next((doses, days) for known, _, doses, days in VACCINES if known == code)
    given = date.fromisoformat(resource["occurrenceDateTime"][:10])
    seed = resource["id"]
    dose = int(numbers.digits(f"{seed} dose", 3)) % doses + 1
    resource["lotNumber"] = f"У{numbers.digits(f'{seed} lot', 3)}-{given:%m%y}"
    resource["expirationDate"] = f"{given + timedelta(days=365):%Y-%m-%d}"
    resource["protocolApplied"] = [{"doseNumberPositiveInt": dose, "seriesDosesPositiveInt": doses}]
    resource["reaction"] = [{"detail": {"display": "Без реакции"}}]
    resource["note"] = [{"text": "В день прививки не мочить место укола"}]
    resource["extension"] = [{"url": NEXT_DOSE, "valueDate": f"{given + timedelta(days=days):%Y-%m-%d}"}]


def _bundle(citizen: Citizen, resources: list[Resource]) -> Resource:
    everything = [_patient(citizen), _organization(), *map(_practitioner, DOCTORS), *map(_role, DOCTORS), *resources]
    entries = [
        {
            "fullUrl": f"urn:uuid:{each['id']}",
            "resource": each,
            "request": {"method": "POST", "url": each["resourceType"]},
        }
        for each in everything
    ]
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}


def _patient(citizen: Citizen) -> Resource:
    given = [name for name in (citizen.name, citizen.patronymic) if name]
    return {
        "resourceType": "Patient",
        "id": _id(f"{citizen.sub} patient"),
        "identifier": [{"system": SNILS, "value": citizen.snils}, {"system": POLICY, "value": citizen.enp}],
        "name": [{"family": citizen.surname, "given": given}],
        "gender": "female" if citizen.sex == "F" else "male",
        "birthDate": citizen.birth_date.isoformat(),
    }


def _organization() -> Resource:
    return {"resourceType": "Organization", "id": _id("organization"), "active": True, "name": NAME}


def _practitioner(doctor: Doctor) -> Resource:
    name = {"family": doctor.family, "given": list(doctor.given)}
    return {"resourceType": "Practitioner", "id": _id(doctor.id), "active": True, "name": [name]}


def _role(doctor: Doctor) -> Resource:
    return {
        "resourceType": "PractitionerRole",
        "id": _id(f"{doctor.id} role"),
        "practitioner": _to(doctor.id),
        "organization": _to("organization"),
        "specialty": [{"text": doctor.speciality}],
    }


def _visit(citizen: Citizen, seed: str, at: datetime) -> list[Resource]:
    story = numbers.pick(f"{seed} story", STORIES)
    subject, encounter = _to(f"{citizen.sub} patient"), _to(f"{seed} encounter")
    whose = {"subject": subject, "encounter": encounter}
    found: list[Resource] = [
        {
            "resourceType": "Encounter",
            "id": _id(f"{seed} encounter"),
            "status": "finished",
            "class": {"system": CLASS, "code": "AMB", "display": "амбулаторно"},
            "type": [{"text": story.kind}],
            "subject": subject,
            "participant": [{"individual": _to(f"{story.doctor.id} role")}],
            "period": {
                "start": at.isoformat("T", "seconds"),
                "end": (at + timedelta(minutes=20)).isoformat("T", "seconds"),
            },
            "serviceProvider": _to("organization"),
        },
        {
            "resourceType": "Condition",
            "id": _id(f"{seed} condition"),
            "code": _concept(ICD10, story.code, story.diagnosis),
            "recordedDate": at.isoformat("T", "seconds"),
            **whose,
        },
        {
            "resourceType": "CarePlan",
            "id": _id(f"{seed} plan"),
            "status": "active",
            "intent": "plan",
            "activity": [{"detail": {"status": "not-started", "description": advice}} for advice in story.advice],
            **whose,
        },
        _pressure(seed, at, whose),
    ]
    for number, (drug, taking) in enumerate(story.drugs):
        found.append(
            {
                "resourceType": "MedicationRequest",
                "id": _id(f"{seed} drug {number}"),
                "status": "active",
                "intent": "order",
                "medicationCodeableConcept": {"text": drug},
                "dosageInstruction": [{"text": taking}],
                "authoredOn": at.isoformat("T", "seconds"),
                **whose,
            }
        )
    if story.doctor is THERAPIST and int(numbers.digits(f"{seed} referral", 3)) % 2:
        found.append(_referral(seed, at, whose))
    return found + (_panel(story.panel, seed, at, whose) if story.panel else [])


def _referral(seed: str, at: datetime, whose: Resource) -> Resource:
    """The therapist sends the patient on to another doctor."""
    speciality = SPECIALITIES[numbers.pick(f"{seed} referred to", REFERRED_TO)]
    return {
        "resourceType": "ServiceRequest",
        "id": _id(f"{seed} referral"),
        "identifier": [{"use": "official", "value": f"057-{numbers.digits(f'{seed} number', 6)}"}],
        "status": "active",
        "intent": "order",
        "category": [_concept(SNOMED, "3457005", "Направление к врачу")],
        "code": {"text": f"Консультация: {speciality.name}"},
        "authoredOn": at.isoformat("T", "seconds"),
        "occurrencePeriod": {"start": f"{at:%Y-%m-%d}", "end": f"{at + timedelta(days=REFERRAL_DAYS):%Y-%m-%d}"},
        "requester": _to(f"{THERAPIST.id} role"),
        "performerType": concept(speciality),
        **whose,
    }


def _panel(name: str, seed: str, at: datetime, whose: Resource) -> list[Resource]:
    code, title, analytes = PANELS[name]
    taken = at.isoformat("T", "seconds")
    results = []
    for analyte in analytes:
        width = analyte.high - analyte.low
        # Mostly within the range, now and then a little outside.
        share = int(numbers.digits(f"{seed} {analyte.code}", 6)) / 1_000_000 * 1.5 - 0.25
        value = round(analyte.low + width * share, analyte.digits)
        results.append(
            {
                "resourceType": "Observation",
                "id": _id(f"{seed} {analyte.code}"),
                "status": "final",
                "category": [{"coding": [{"system": CATEGORY, "code": "laboratory"}]}],
                "code": _concept(LOINC, analyte.code, analyte.name),
                "effectiveDateTime": taken,
                "valueQuantity": {"value": int(value) if analyte.digits == 0 else value, "unit": analyte.unit},
                **whose,
            }
        )
    report = {
        "resourceType": "DiagnosticReport",
        "id": _id(f"{seed} report"),
        "status": "final",
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "LAB"}]}],
        "code": _concept(LOINC, code, title),
        "effectiveDateTime": taken,
        "performer": [_to("organization")],
        "result": [{"reference": f"urn:uuid:{each['id']}"} for each in results],
        **whose,
    }
    return [*results, report]


def _pressure(seed: str, at: datetime, whose: Resource) -> Resource:
    parts = [
        {
            "code": _concept(LOINC, code, name),
            "valueQuantity": {
                "value": low + int(numbers.digits(f"{seed} {code}", 4)) % (high - low),
                "unit": "мм рт. ст.",
            },
        }
        for code, name, low, high in PRESSURE
    ]
    return {
        "resourceType": "Observation",
        "id": _id(f"{seed} pressure"),
        "status": "final",
        "category": [{"coding": [{"system": CATEGORY, "code": "vital-signs"}]}],
        "code": _concept(LOINC, "85354-9", "Артериальное давление"),
        "effectiveDateTime": at.isoformat("T", "seconds"),
        "component": parts,
        **whose,
    }


def _vaccination(citizen: Citizen, seed: str, at: datetime) -> list[Resource]:
    code, name, _, _ = numbers.pick(f"{seed} vaccine", VACCINES)
    return [
        {
            "resourceType": "Immunization",
            "id": _id(f"{seed} vaccine"),
            "status": "completed",
            "vaccineCode": _concept(CVX, code, name),
            "patient": _to(f"{citizen.sub} patient"),
            "occurrenceDateTime": at.isoformat("T", "seconds"),
            "primarySource": True,
            "performer": [{"actor": _to(NURSE.id)}, {"actor": _to("organization")}],
        }
    ]


def _concept(system: str, code: str, name: str) -> Resource:
    return {"coding": [{"system": system, "code": code, "display": name}], "text": name}


def _to(name: str) -> Resource:
    return {"reference": f"urn:uuid:{_id(name)}"}


def _id(name: str) -> str:
    return str(uuid.uuid5(SPACE, name))
