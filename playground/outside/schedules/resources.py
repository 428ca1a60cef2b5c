"""What a clinic's server says in FHIR: its own statement, schedules, slots, bundles, and what went wrong."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from playground.outside.schedules.doctors import Doctor, Speciality
from playground.outside.schedules.grid import Time
from playground.outside.schedules.towns import Town

Resource = dict[str, Any]
SNOMED, OWN = "http://snomed.info/sct", "urn:medkarta:speciality"
SEARCHED = {
    "Schedule": ("_id", "active"),
    "Slot": ("_id", "schedule", "start", "status"),
    "Appointment": ("_id", "identifier"),
    "HealthcareService": ("_id",),
}
WRITTEN = {"Slot": ("read", "search-type", "update"), "Appointment": ("read", "search-type", "create", "update")}


class Refused(Exception):
    """The server will not: an HTTP status, FHIR's code of the issue, and words."""

    def __init__(self, status: int, code: str, says: str) -> None:
        super().__init__(says)
        self.status, self.code, self.says = status, code, says

    @property
    def outcome(self) -> Resource:
        return outcome(self.code, self.says)


def outcome(code: str, says: str) -> Resource:
    return {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": code, "diagnostics": says}]}


def instant(at: datetime) -> str:
    return at.isoformat("T", "seconds")


def capability(town: Town, now: datetime) -> Resource:
    """What the server can do."""
    resources = [
        {
            "type": type_,
            "interaction": [{"code": code} for code in WRITTEN.get(type_, ("read", "search-type"))],
            "versioning": "versioned-update",
            "conditionalCreate": type_ == "Appointment",
            "searchParam": [{"name": name, "type": _kind(name)} for name in names],
        }
        for type_, names in SEARCHED.items()
    ]
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": instant(now),
        "kind": "instance",
        "implementation": {"description": town.name},
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "rest": [{"mode": "server", "resource": resources, "interaction": [{"code": "transaction"}]}],
    }


def schedule(doctor: Doctor) -> Resource:
    """Whose times they are, for what and in which room."""
    told: Resource = {
        "resourceType": "Schedule",
        "id": doctor.id,
        "meta": {"versionId": "1"},
        "active": True,
        "specialty": [concept(doctor.speciality)],
        "actor": [
            {"reference": f"Practitioner/{doctor.id}", "display": doctor.name},
            {"reference": f"Location/{doctor.room}", "display": f"Кабинет {doctor.room}"},
        ],
    }
    if doctor.terms:
        told["actor"].append({"reference": f"HealthcareService/{doctor.id}", "display": doctor.speciality.name})
    return {**told, "comment": doctor.note} if doctor.note else told


def service(doctor: Doctor) -> Resource:
    """What the doctor's times are for, and who may come."""
    return {
        "resourceType": "HealthcareService",
        "id": doctor.id,
        "meta": {"versionId": "1"},
        "active": True,
        "name": doctor.speciality.name,
        "specialty": [concept(doctor.speciality)],
        "eligibility": [{"comment": doctor.terms}],
    }


def slot(time: Time, status: str, version: int, changed_at: datetime, comment: str = "") -> Resource:
    """A time, with what it is now."""
    told: Resource = {
        "resourceType": "Slot",
        "id": time.id,
        "meta": {"versionId": str(version), "lastUpdated": instant(changed_at)},
        "specialty": [concept(time.doctor.speciality)],
        "schedule": {"reference": f"Schedule/{time.doctor.id}"},
        "status": status,
        "start": instant(time.start),
        "end": instant(time.end),
    }
    return {**told, "comment": comment} if comment else told


def concept(speciality: Speciality) -> Resource:
    """A speciality as clinics code it: the product's own word, and SNOMED's where there is one."""
    codings = [{"system": OWN, "code": speciality.code, "display": speciality.name}]
    if speciality.snomed:
        codings.insert(0, {"system": SNOMED, "code": speciality.snomed})
    return {"coding": codings, "text": speciality.name}


def searchset(
    found: Sequence[Resource],
    total: int,
    base: str,
    links: Iterable[tuple[str, str]],
    included: Sequence[Resource] = (),
) -> Resource:
    """A page of what was searched for, and of what comes along with it."""
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": total,
        "link": [{"relation": relation, "url": url} for relation, url in links],
        "entry": [
            {
                "fullUrl": f"{base}/{each['resourceType']}/{each['id']}",
                "resource": each,
                "search": {"mode": mode},
            }
            for mode, some in (("match", found), ("include", included))
            for each in some
        ],
    }


def _kind(name: str) -> str:
    return {"schedule": "reference", "start": "date"}.get(name, "token")
