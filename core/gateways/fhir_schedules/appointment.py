"""An appointment as it goes to a clinic: whose number it bears, who comes, and what of the record they allowed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.domain.booking import Booking
from core.domain.record import Coding, Measured, Result, Visit
from core.domain.resource import Content
from core.gateways.fhir.specialities import coded
from core.gateways.fhir.values import each
from core.ports import Going

BOOKING = "urn:medkarta:booking"
"""The system of the identifier by which a booking is found again: the value is its id."""
LATE = "urn:medkarta:late"
"""An extension: so many minutes late does the person come (`valueDuration`)."""
POLICY = "urn:oid:1.2.643.2.69.1.1.1.6.228"
CLASS = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
CANCELLED_BY = "http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason"
UNITS = "http://unitsofmeasure.org"
SHARED = 50
"""So many visits and results go along at most, the first of those given."""
Resource = dict[str, Any]


def appointment(booking: Booking, going: Going) -> Resource:
    """Return the Appointment of a booking. What belongs to the person stands within it, so that it goes when it goes."""
    visits = [_visit(visit, f"visit-{place}") for place, visit in enumerate(going.visits[:SHARED], start=1)]
    results = [_result(result, f"result-{place}") for place, result in enumerate(going.results[:SHARED], start=1)]
    shared = [*visits, *results]
    made: Resource = {
        "resourceType": "Appointment",
        "contained": [_patient(going), *shared],
        "identifier": [{"system": BOOKING, "value": str(booking.id)}],
        "status": "booked",
        "specialty": [coded(booking.slot.speciality)],
        "supportingInformation": [{"reference": f"#{one['id']}"} for one in shared],
        "start": _instant(booking.slot.starts_at),
        "end": _instant(booking.slot.ends_at),
        "slot": [{"reference": booking.slot.remote}],
        "created": _instant(booking.made_at),
        "basedOn": _referral(booking),
        "participant": [{"actor": {"reference": "#patient", "type": "Patient"}, "status": "accepted"}],
    }
    return _filled(made)


def entry(booking: Booking, going: Going) -> Resource:
    """Return the entry of a transaction that makes the appointment unless it is there already."""
    request = {"method": "POST", "url": "Appointment", "ifNoneExist": f"identifier={BOOKING}|{booking.id}"}
    return {"resource": appointment(booking, going), "request": request}


def cancelled(reason: str) -> Resource:
    """Return what changes of an appointment that its person cancels."""
    why = {"coding": [{"system": CANCELLED_BY, "code": "pat"}], "text": reason}
    return {"status": "cancelled", "cancelationReason": _filled(why)}


def late(now: Content, minutes: int) -> Resource:
    """Return what changes of an appointment whose person runs late: an extension for programs, a comment for people."""
    others = [one for one in each(now.get("extension")) if one.get("url") != LATE]
    lines = [line for line in str(now.get("comment") or "").splitlines() if not line.startswith(RUNS_LATE)]
    duration = {"value": minutes, "unit": "мин", "system": UNITS, "code": "min"}
    return {
        "extension": [*others, {"url": LATE, "valueDuration": duration}],
        "comment": "\n".join([*lines, f"{RUNS_LATE}{minutes} мин"]),
    }


RUNS_LATE = "Пациент опаздывает: "
"""How the comment begins; clinics read Russian."""


def _patient(going: Going) -> Resource:
    family, *given = going.full_name.split() or [""]
    is_single = going.policy is not None and len(going.policy) == 16
    policy = {"system": POLICY if is_single else "", "value": going.policy or ""}
    return _filled(
        {
            "resourceType": "Patient",
            "id": "patient",
            "identifier": [_filled(policy)] if going.policy else [],
            "name": [_filled({"text": going.full_name, "family": family, "given": given})],
            "telecom": [{"system": "phone", "value": going.phone}] if going.phone else [],
            "gender": going.sex,
            "birthDate": going.born.isoformat() if going.born else None,
        }
    )


def _referral(booking: Booking) -> list[Resource]:
    if booking.referral is None:
        return []
    issuer = {"display": booking.referral.issuer} if booking.referral.issuer else None
    identifier = _filled({"value": booking.referral.number, "assigner": issuer})
    return [{"type": "ServiceRequest", "identifier": identifier}]


def _visit(visit: Visit, id_: str) -> Resource:
    ended = _instant(visit.ended_at) if visit.ended_at else None
    return _filled(
        {
            "resourceType": "Encounter",
            "id": id_,
            "status": "finished",
            "class": {"system": CLASS, "code": "AMB"},
            "type": [_concept(visit.kind)] if visit.kind else [],
            "subject": {"reference": "#patient"},
            "participant": [{"individual": {"type": "Practitioner", "display": visit.doctor}}] if visit.doctor else [],
            "period": _filled({"start": _instant(visit.started_at), "end": ended}),
            "reasonCode": [_concept(one) for one in visit.diagnoses],
            "serviceProvider": {"type": "Organization", "display": visit.institution} if visit.institution else None,
        }
    )


def _result(result: Result, id_: str) -> Resource:
    alone = result.measured[0] if len(result.measured) == 1 else None
    parts = [{"code": _concept(one.coding), **_value(one)} for one in result.measured] if alone is None else []
    return _filled(
        {
            "resourceType": "Observation",
            "id": id_,
            "status": "final",
            "code": _concept(result.coding),
            "subject": {"reference": "#patient"},
            "effectiveDateTime": f"{result.taken_at:%Y-%m-%d}" if result.day_only else _instant(result.taken_at),
            "performer": [{"type": "Organization", "display": result.institution}] if result.institution else [],
            "note": [{"text": result.note}] if result.note else [],
            "component": parts,
            **(_value(alone) if alone else {}),
        }
    )


def _value(measured: Measured) -> Resource:
    if measured.number is None:
        return _filled({"valueString": measured.text, "referenceRange": _range(measured)})
    quantity = _filled({"value": measured.number, "unit": measured.unit})
    return _filled({"valueQuantity": quantity, "referenceRange": _range(measured)})


def _range(measured: Measured) -> list[Resource]:
    bounds = {"low": measured.low, "high": measured.high}
    told: Resource = {
        name: {"value": bound, "unit": measured.unit} for name, bound in bounds.items() if bound is not None
    }
    return [told] if told else [{"text": measured.reference}] if measured.reference else []


def _concept(coding: Coding) -> Resource:
    told = _filled({"system": coding.system, "code": coding.code, "display": coding.display})
    return _filled({"coding": [told] if coding.code else [], "text": coding.display or coding.code})


def _instant(at: datetime) -> str:
    return at.isoformat("T", "seconds")


def _filled(content: Mapping[str, Any]) -> Resource:
    return {name: value for name, value in content.items() if value not in (None, "", [], {})}
