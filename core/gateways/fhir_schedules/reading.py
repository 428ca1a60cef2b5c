"""Schedules as doctors, slots as slots, appointments as what became of them. What makes no sense is passed over."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from unicodedata import category
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from core.domain.ids import DoctorId, FacilityId, SlotId
from core.domain.resource import Content
from core.domain.schedule import Doctor, Facility, Slot
from core.gateways.fhir.specialities import meant
from core.gateways.fhir.values import display, each, first, human, words
from core.gateways.fhir_schedules.server import version
from core.ports import Standing, There

ID = re.compile(r"(?=.*[^.])[A-Za-z0-9\-.]{1,64}")
ROOM = re.compile(r"^(кабинет|каб\.?|room)\s*(№\s*)?", re.IGNORECASE)
LONGEST_NAME, LONGEST_NOTE = 120, 300
WHO = ("Practitioner", "PractitionerRole", "HealthcareService", "Device")
"""Whose name a schedule bears, the more telling first."""
YEARS = range(2000, 2101)
VERSION = re.compile(r"[!-~]{1,100}")
OVER = frozenset({"cancelled", "entered-in-error"})


def remote_id(facility: FacilityId, remote: str) -> UUID:
    """Return our id of what a facility's server calls `remote`: the same at every call."""
    return uuid5(facility, remote)


def reference_to(type_: str, reference: object) -> str | None:
    """Return `Type/id` of a Reference to that type, relative or not; None for anything else."""
    told = reference.get("reference") if isinstance(reference, Mapping) else None
    if not isinstance(told, str):
        return None
    parts = told.partition("/_history/")[0].split("/")
    return f"{type_}/{parts[-1]}" if parts[-2:-1] == [type_] and ID.fullmatch(parts[-1]) else None


def doctors(facility: Facility, found: Sequence[Content]) -> list[Doctor]:
    """Return those who receive for something that we know, by name. `found` may hold what the schedules name."""
    known = {f"{one.get('resourceType')}/{one.get('id')}": one for one in found}
    every = (_readable(facility, one, known) for one in found if one.get("resourceType") == "Schedule")
    return sorted((doctor for doctor in every if doctor), key=lambda doctor: (doctor.name, doctor.remote))


def slot(content: Content, facility: Facility, doctor: Doctor, now: datetime) -> Slot | None:
    """Return a free slot; None for one that is not, or that cannot be."""
    id_, times = content.get("id"), span(content)
    if content.get("status") != "free" or not isinstance(id_, str) or not ID.fullmatch(id_) or times is None:
        return None
    remote = f"Slot/{id_}"
    return Slot(
        id=SlotId(remote_id(facility.id, remote)),
        doctor=doctor.id,
        facility=facility.id,
        speciality=doctor.speciality,
        region=facility.region,
        day=times[0].astimezone(ZoneInfo(facility.zone)).date(),
        starts_at=times[0],
        ends_at=times[1],
        seen_at=now,
        remote=remote,
        version=known if VERSION.fullmatch(known := version(content)) else "",
    )


def span(content: Content) -> tuple[datetime, datetime] | None:
    """Return start and end in UTC; None where either is missing or has no offset, or the end is not after the start."""
    start, end = _moment(content.get("start")), _moment(content.get("end"))
    return (start, end) if start and end and start < end else None


def there(appointments: Sequence[Content], starts_at: datetime) -> There:
    """Return what became of an appointment: of several that bear its number, one that stands goes first."""
    if not appointments:
        return There(Standing.MISSING)
    content = min(appointments, key=is_over)
    remote, start = f"Appointment/{content['id']}", _moment(content.get("start"))
    if is_over(content):
        return There(Standing.CANCELLED, remote, why=line(words(content.get("cancelationReason")), LONGEST_NOTE))
    return There(Standing.BOOKED, remote, start if start != starts_at else None)


def line(text: str, longest: int) -> str:
    """Return words as one line of what can be seen and stored: half a letter or a zero byte is refused by every database."""
    shown = "".join(letter for letter in text[: 4 * longest] if category(letter) != "Cf")
    seen = "".join(letter if letter.isprintable() else " " for letter in shown)
    return " ".join(seen.split())[:longest].strip()


def is_over(appointment: Content) -> bool:
    """Whether it stands no more. One that nobody came to stood."""
    return appointment.get("status") in OVER


def _readable(facility: Facility, content: Content, known: Mapping[str, Content]) -> Doctor | None:
    try:
        return _doctor(facility, content, known)
    except (AttributeError, TypeError, ValueError):
        # A number where a name should be, a text where a list should be.
        return None


@dataclass(frozen=True, slots=True)
class Described:
    """What a Schedule says of its doctor; each may be missing. `note`: who may come, and what to bring."""

    name: str
    speciality: str | None
    room: str
    note: str


def described(content: Content, known: Mapping[str, Content]) -> Described:
    """Return who receives, for what and where. `known` may hold what the Schedule names."""
    actors = list(each(content.get("actor")))
    named = [(type_, actor) for type_ in WHO for actor in actors if _type(actor) == type_]
    behind = [known.get(str(reference_to(type_, actor)), {}) for type_, actor in named]
    speciality = meant(content.get("specialty")) or next(
        filter(None, (meant(one.get("specialty")) for one in behind)), None
    )
    speciality = speciality or meant(content.get("serviceType"))
    name = next(filter(None, (_name(actor, one, known) for (_, actor), one in zip(named, behind, strict=True))), "")
    return Described(
        line(name, LONGEST_NAME),
        speciality,
        line(ROOM.sub("", next(_rooms(actors, known), "")), LONGEST_NAME),
        line(" ".join([*_terms(behind), str(content.get("comment") or "")]), LONGEST_NOTE),
    )


def _doctor(facility: Facility, content: Content, known: Mapping[str, Content]) -> Doctor | None:
    id_, told = content.get("id"), described(content, known)
    if (
        not isinstance(id_, str)
        or not ID.fullmatch(id_)
        or content.get("active") is False
        or not told.speciality
        or not told.name
    ):
        return None
    remote = f"Schedule/{id_}"
    return Doctor(
        id=DoctorId(remote_id(facility.id, remote)),
        facility=facility.id,
        name=told.name,
        speciality=told.speciality,
        room=told.room,
        note=told.note,
        remote=remote,
    )


def _name(actor: Content, behind: Content, known: Mapping[str, Content]) -> str:
    if display(actor):
        return display(actor)
    if behind.get("resourceType") == "PractitionerRole":
        practitioner = behind.get("practitioner")
        return display(practitioner) or human(
            first(known.get(str(reference_to("Practitioner", practitioner)), {}).get("name"))
        )
    name = behind.get("name")
    return name if isinstance(name, str) else human(first(name))


def _rooms(actors: Sequence[Content], known: Mapping[str, Content]) -> Iterator[str]:
    for actor in actors:
        if _type(actor) == "Location":
            yield display(actor) or str(known.get(str(reference_to("Location", actor)), {}).get("name") or "")


def _terms(behind: Sequence[Content]) -> Iterator[str]:
    """Yield what services say of who may come, a sentence each.

    `HealthcareService.eligibility` is for people to read: R4 binds its code to no value set, and neither Schedule nor Slot has
    anything of the kind. So nobody is refused by it here; the clinic's server refuses whom it does not take.
    """
    for service in behind:
        if service.get("resourceType") == "HealthcareService":
            for one in each(service.get("eligibility")):
                told = one.get("comment")
                said = (told if isinstance(told, str) else "").strip() or words(one.get("code")).strip()
                if said:
                    yield said if said.endswith((".", "!", "?", ";")) else f"{said}."


def _type(actor: Content) -> str:
    told = str(actor.get("reference") or "").partition("/_history/")[0].split("/")
    return told[-2] if len(told) > 1 else str(actor.get("type") or "")


def _moment(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return found.astimezone(UTC) if found is not None and found.tzinfo is not None and found.year in YEARS else None
