"""Encounters as visits, with the diagnoses, prescriptions and recommendations that refer to them; Immunizations as doses."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import TypeVar

from core.domain.record import Coding, Vaccination, Visit
from core.domain.resource import Content, Issue, Key, Malformed
from core.gateways.fhir.names import Names
from core.gateways.fhir.packing import opened
from core.gateways.fhir.results import NOT_SHOWN
from core.gateways.fhir.values import coding, each, first, moment, number, target, words
from core.ports.deliveries import Picture

NOT_HAPPENED = NOT_SHOWN | {"planned", "not-done"}
NOT_SO = frozenset({"refuted", "entered-in-error"})
NEXT_DOSE = "urn:medkarta:next-dose"
WITHIN_VISIT = frozenset({"Condition", "MedicationRequest", "CarePlan"})

T = TypeVar("T")


def whole_of(content: Content) -> Key | None:
    """Return the encounter that a diagnosis, a prescription or a plan belongs to."""
    if content.get("resourceType") not in WITHIN_VISIT:
        return None
    found = target(content.get("encounter"))
    return found if found is not None and found.type == "Encounter" else None


def visit(key: Key, picture: Picture, names: Names, now: datetime) -> Visit | None:
    """Return an encounter as a visit; None for one that has no beginning or did not happen."""
    content, path = opened(picture.known[key]), picture.paths.get(key, str(key))
    period = first(content.get("period"))
    began = moment(period.get("start"), f"{path}.period.start", now)
    if content.get("status") in NOT_HAPPENED or began is None:
        return None
    # One that goes on has an end that is only planned.
    ended = moment(period.get("end"), f"{path}.period.end", now) if content.get("status") == "finished" else None
    found = names.who(content)
    parts = [picture.known[part] for part in _parts(key, content, picture) if part in picture.known]
    kind = coding(first(content.get("type"))) if content.get("type") else _class(content.get("class"))
    return Visit(
        id=picture.ids[key],
        account=picture.account,
        clinic=picture.clinic,
        started_at=began.at,
        ended_at=ended.at if ended else None,
        kind=kind,
        institution=found.institution,
        doctor=found.doctor,
        speciality=found.speciality or words(content.get("serviceType")),
        diagnoses=_distinct(one for part in parts for one in _diagnosis(part)),
        recommendations=_distinct(said for part in parts for said in _advice(part)),
        prescriptions=_distinct(said for part in parts for said in _prescribed(part, picture.known)),
    )


def vaccination(key: Key, picture: Picture, names: Names, now: datetime) -> Vaccination | None:
    """Return an immunization as a dose; None for one that was not given."""
    content, path = opened(picture.known[key]), picture.paths.get(key, str(key))
    given = moment(content.get("occurrenceDateTime"), f"{path}.occurrenceDateTime", now)
    if content.get("status") in NOT_HAPPENED or given is None:
        return None
    course = first(content.get("protocolApplied"))
    dose = number(course.get("doseNumberPositiveInt"))
    return Vaccination(
        id=picture.ids[key],
        account=picture.account,
        given_on=given.day,
        vaccine=coding(content.get("vaccineCode")),
        clinic=picture.clinic,
        series=content.get("lotNumber") or "",
        institution=names.who(content).institution,
        dose=int(dose) if dose is not None else _counted(course.get("doseNumberString")),
        reaction="; ".join(said for one in each(content.get("reaction")) if (said := _reaction(one))),
        advice="\n".join(one.get("text", "") for one in each(content.get("note"))),
        next_on=_next(content, path),
    )


def _parts(key: Key, content: Content, picture: Picture) -> Iterator[Key]:
    """Yield what belongs to a visit: what it names itself, then what names it."""
    for one in each(content.get("diagnosis")):
        if (named := target(one.get("condition"))) is not None:
            yield named
    yield from picture.parts.get(key, ())


def _class(value: object) -> Coding | None:
    if not isinstance(value, Mapping):
        return None
    return Coding(value.get("system") or "", value.get("code") or "", value.get("display") or "")


def _diagnosis(part: Content) -> Iterator[Coding]:
    if part.get("resourceType") == "Condition":
        verified = {one.get("code") for one in each(first(part.get("verificationStatus")).get("coding"))}
        found = coding(part.get("code"), icd=True)
        if not verified & NOT_SO and (found.code or found.display):
            yield found


def _advice(part: Content) -> Iterator[str]:
    if part.get("resourceType") != "CarePlan" or part.get("status") in NOT_SHOWN:
        return
    for activity in each(part.get("activity")):
        detail = first(activity.get("detail"))
        yield str(detail.get("description") or words(detail.get("code")))
    for note in each(part.get("note")):
        yield str(note.get("text") or "")


def _prescribed(part: Content, known: Mapping[Key, Content]) -> Iterator[str]:
    if part.get("resourceType") != "MedicationRequest" or part.get("status") in NOT_SHOWN or part.get("doNotPerform"):
        return
    reference = part.get("medicationReference")
    named = target(reference)
    drug = words(part.get("medicationCodeableConcept"))
    if not drug and named is not None:
        drug = words(known.get(named, {}).get("code"))
    if not drug and isinstance(reference, Mapping):
        drug = str(reference.get("display") or "")
    taking = [said for one in each(part.get("dosageInstruction")) if (said := str(one.get("text") or ""))]
    yield ", ".join(part for part in (drug, *taking) if part)


def _reaction(reaction: Content) -> str:
    detail = first(reaction.get("detail"))
    said = detail.get("display")
    return str(said) if said else words(first(reaction.get("manifestation")))


def _next(content: Content, path: str) -> date | None:
    """Return when the next dose is due, as the clinic says in the extension that docs/clinics.md names."""
    for place, one in enumerate(each(content.get("extension"))):
        if one.get("url") == NEXT_DOSE and isinstance(one.get("valueDate"), str):
            try:
                return date.fromisoformat(one["valueDate"])
            except ValueError:
                raise Malformed(
                    Issue("value", "a whole date is needed", f"{path}.extension[{place}].valueDate")
                ) from None
    return None


def _counted(text: object) -> int | None:
    return int(text) if isinstance(text, str) and text.isdecimal() and len(text) < 4 else None


def _distinct(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
