"""Schedules, slots and appointments that clinics without a server of their own send, and the appointments that they read."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from core.domain.booking import Booking, BookingState
from core.domain.resource import Content, Issue, Key, Malformed
from core.domain.schedule import Doctor
from core.gateways.fhir.values import each, target, words
from core.gateways.fhir_schedules.appointment import BOOKING, appointment, late
from core.gateways.fhir_schedules.reading import described
from core.ports import Going, Sent, SentAppointment, SentSchedule, SentSlot, SlotStatus

FACILITY = "urn:medkarta:facility"
"""The system of the identifier by which a Location says which facility it is: the value is its code."""
SLIP = "urn:medkarta:slip"
"""The system of the number on a slip."""
STATUSES = {"free": SlotStatus.FREE, "busy": SlotStatus.BUSY, "busy-tentative": SlotStatus.BUSY}
OVER = frozenset({"cancelled", "noshow", "entered-in-error"})
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=2)
BACK, AHEAD = timedelta(days=31), timedelta(days=366)
LONGEST_WHY = 200
STATES = {BookingState.BOOKED: "booked", BookingState.ASKED: "pending"}


class FhirSentSchedules:
    """`core.ports.SentSchedules`."""

    def missing(self, known: Mapping[Key, Content]) -> frozenset[Key]:
        """Return whom and where the Schedules name, and what those name in turn, as far as it is not known."""
        named = (key for content in known.values() for key in _named(content))
        return frozenset(key for key in named if key not in known)

    def read(
        self, known: Mapping[Key, Content], wanted: Mapping[Key, str], removed: Collection[Key], now: datetime
    ) -> Sent:
        """Read the wanted ones. Raises Malformed with all that is wrong."""
        issues: list[Issue] = []
        by_name = {str(key): content for key, content in known.items()}
        schedules, slots, appointments = [], [], []
        for key, path in wanted.items():
            content = known[key]
            try:
                if key.type == "Schedule":
                    schedules.append(_schedule(key, path, content, by_name, gone=key in removed))
                elif key.type == "Slot":
                    slots.append(_slot(key, path, content, now, gone=key in removed))
                else:
                    appointments.append(_appointment(key, path, content))
            except Malformed as fault:
                issues += fault.issues
        if issues:
            raise Malformed(*issues[:50])
        return Sent(schedules, slots, appointments)

    def written(self, booking: Booking, doctor: Doctor, changed_at: datetime, going: Going | None) -> Content:
        """Return an appointment as a clinic reads it. Without `going` nothing of its person is in it."""
        made: dict[str, Any] = appointment(booking, going or Going(""))
        if going is None:
            for name in ("contained", "supportingInformation", "basedOn", "participant"):
                made.pop(name, None)
        receives = {"actor": {"type": "Practitioner", "display": doctor.name}, "status": "accepted"}
        made |= {
            "id": str(booking.id),
            "meta": {"versionId": str(booking.version), "lastUpdated": changed_at.isoformat("T", "milliseconds")},
            "identifier": [*made["identifier"], {"system": SLIP, "value": booking.number}],
            "status": STATES.get(booking.state, "cancelled"),
            "slot": [{"reference": booking.slot.remote or f"Slot/{booking.slot.id}"}],
            "participant": [*made.get("participant", ()), receives],
        }
        if booking.late is not None and going is not None:
            made |= late(made, booking.late)
        return made


def _named(content: Content) -> Iterator[Key]:
    if content.get("resourceType") not in {"Schedule", "PractitionerRole"}:
        return
    for reference in (*each(content.get("actor")), *each(content.get("location")), content.get("practitioner")):
        key = target(reference)
        if key is not None:
            yield key


def _schedule(key: Key, path: str, content: Content, known: Mapping[str, Content], *, gone: bool) -> SentSchedule:
    told = described(content, known)
    issues = []
    if not told.name:
        issues.append(Issue("required", "a Practitioner with a name says who receives", f"{path}.actor"))
    if not told.speciality:
        place = "specialty" if content.get("specialty") or not content.get("serviceType") else "serviceType"
        issues.append(Issue("code-invalid", "no speciality of this code or name is known here", f"{path}.{place}"))
    if len(told.room) > 20:
        issues.append(Issue("too-long", "a room has up to 20 letters", f"{path}.actor"))
    if issues or not told.speciality:
        raise Malformed(*issues)
    active = content.get("active") is not False and not gone
    facility = next(_facilities(content, known), "")
    return SentSchedule(key, path, told.name, told.speciality, told.room, told.note, facility, active)


def _facilities(content: Content, known: Mapping[str, Content]) -> Iterator[str]:
    """Yield the codes of the facilities that the locations of a Schedule (and of its doctor's role) bear."""
    for actor in each(content.get("actor")):
        behind = known.get(str(target(actor)), {})
        places = [actor, *each(behind.get("location"))]
        for place in places:
            there = known.get(str(target(place)), {})
            told = [place.get("identifier"), *each(there.get("identifier"))]
            for identifier in told:
                if isinstance(identifier, Mapping) and identifier.get("system") == FACILITY:
                    yield str(identifier.get("value") or "")


def _slot(key: Key, path: str, content: Content, now: datetime, *, gone: bool) -> SentSlot:
    schedule = target(content.get("schedule"))
    starts_at, ends_at = (_moment(content.get(name), f"{path}.{name}", now) for name in ("start", "end"))
    if schedule is None or schedule.type != "Schedule":
        raise Malformed(Issue("value", "a reference to a Schedule is needed", f"{path}.schedule"))
    if ends_at <= starts_at:
        raise Malformed(Issue("business-rule", "the end is not after the start", f"{path}.end"))
    if not SHORTEST <= ends_at - starts_at <= LONGEST:
        raise Malformed(Issue("business-rule", "an appointment takes 5 to 120 minutes", f"{path}.end"))
    status = SlotStatus.CLOSED if gone else STATUSES.get(str(content.get("status")), SlotStatus.CLOSED)
    return SentSlot(key, path, schedule, starts_at, ends_at, status)


def _moment(text: object, path: str, now: datetime) -> datetime:
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
        if found is None or found.tzinfo is None:
            raise Malformed(Issue("value", "an instant with its offset is needed", path))
        if not now - BACK <= found <= now + AHEAD:
            raise Malformed(Issue("business-rule", "lies more than a month back or a year ahead", path))
    except (ValueError, OverflowError):
        raise Malformed(Issue("value", "not a moment that can be", path)) from None
    return found


def _appointment(key: Key, path: str, content: Content) -> SentAppointment:
    told = {
        str(one.get("system")): str(one.get("value") or "")
        for one in each(content.get("identifier"))
        if one.get("system") in {BOOKING, SLIP}
    }
    moved = [target(one) for one in each(content.get("slot"))]
    if len(moved) > 1 or (moved and (moved[0] is None or moved[0].type != "Slot")):
        raise Malformed(Issue("value", "one reference to a Slot is needed", f"{path}.slot"))
    return SentAppointment(
        key,
        path,
        told.get(BOOKING, ""),
        told.get(SLIP, ""),
        content.get("status") in OVER,
        words(content.get("cancelationReason"))[:LONGEST_WHY],
        moved[0] if moved else None,
    )
