"""What clinics send in tests: Synthea's patients as they come, and small resources made by hand."""

import gzip
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SNILS = "112-233-445 95"
POLICY = "7756000812345677"
PATIENTS = ("Judson_Eichmann", "Laurie_McCullough", "Liz_Conn")
"""Three of Synthea's patients: see NOTICE.md."""
SNILS_SYSTEM = "urn:oid:1.2.643.100.3"
PATIENT = "urn:uuid:11111111-0000-4000-8000-000000000001"
LOINC, ICD10, CVX = "http://loinc.org", "http://hl7.org/fhir/sid/icd-10", "http://hl7.org/fhir/sid/cvx"


def synthea(name: str, snils: str = SNILS) -> dict[str, Any]:
    """Return one of Synthea's bundles, its patient given a СНИЛС."""
    bundle: dict[str, Any] = json.loads(gzip.decompress((HERE / f"{name}.json.gz").read_bytes()))
    patient = next(each["resource"] for each in bundle["entry"] if each["resource"]["resourceType"] == "Patient")
    patient["identifier"].append({"system": SNILS_SYSTEM, "value": snils})
    return bundle


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    """Return a transaction of these; each `id` is its address too."""
    entries = [
        {
            "fullUrl": f"urn:uuid:{each['id']}",
            "resource": each,
            "request": {"method": "PUT", "url": f"{each['resourceType']}/{each['id']}"},
        }
        for each in resources
    ]
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}


async def as_stream(content: dict[str, Any] | bytes, piece: int = 4096) -> AsyncIterator[bytes]:
    """A body as it comes over the wire."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    for start in range(0, len(body), piece):
        yield body[start : start + piece]


def concept(system: str, code: str, display: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def patient(snils: str = SNILS, **more: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": "p1", "identifier": [{"system": SNILS_SYSTEM, "value": snils}], **more}


def observation(id_: str = "o1", value: float = 5.4, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": id_,
        "status": "final",
        "category": [concept("http://terminology.hl7.org/CodeSystem/observation-category", "laboratory", "Laboratory")],
        "code": concept(LOINC, "14749-6", "Глюкоза"),
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2026-11-20T08:30:00+03:00",
        "valueQuantity": {"value": value, "unit": "ммоль/л"},
        "referenceRange": [{"low": {"value": 3.9, "unit": "ммоль/л"}, "high": {"value": 6.1, "unit": "ммоль/л"}}],
        **more,
    }


def report(id_: str = "r1", results: tuple[str, ...] = ("o1",), **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "DiagnosticReport",
        "id": id_,
        "status": "final",
        "code": concept(LOINC, "24323-8", "Биохимия крови"),
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2026-11-20",
        "result": [{"reference": f"Observation/{each}"} for each in results],
        **more,
    }


def encounter(id_: str = "e1", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Encounter",
        "id": id_,
        "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
        "subject": {"reference": "Patient/p1"},
        "period": {"start": "2026-11-20T08:00:00+03:00", "end": "2026-11-20T08:20:00+03:00"},
        **more,
    }


def condition(id_: str = "c1", code: str = "J06.9", display: str = "ОРВИ", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "id": id_,
        "code": concept(ICD10, code, display),
        "subject": {"reference": "Patient/p1"},
        "encounter": {"reference": "Encounter/e1"},
        **more,
    }


def immunization(id_: str = "i1", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Immunization",
        "id": id_,
        "status": "completed",
        "vaccineCode": concept(CVX, "140", "Грипп"),
        "patient": {"reference": "Patient/p1"},
        "occurrenceDateTime": "2026-10-05",
        **more,
    }


def referral(id_: str = "sr1", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "ServiceRequest",
        "id": id_,
        "identifier": [{"value": "057-000123"}],
        "status": "active",
        "intent": "order",
        "category": [concept("http://snomed.info/sct", "3457005", "Направление к врачу")],
        "subject": {"reference": "Patient/p1"},
        "authoredOn": "2026-11-20T08:10:00+03:00",
        "occurrencePeriod": {"start": "2026-11-20", "end": "2027-01-19"},
        "performerType": concept("http://snomed.info/sct", "394579002", "Кардиолог"),
        **more,
    }
