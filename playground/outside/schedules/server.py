"""What one clinic's server knows, and the rules by which it changes: versions, one appointment a slot, all or nothing.

Slots follow from the hours and are not kept; only those that somebody changed are, and appointments. Both are bounded.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from fhir.resources.R4B.appointment import Appointment
from pydantic import ValidationError

from playground.outside.expiring import Clock
from playground.outside.schedules import grid, resources
from playground.outside.schedules.doctors import doctor_of
from playground.outside.schedules.grid import Time
from playground.outside.schedules.resources import Refused, Resource, instant
from playground.outside.schedules.towns import Town

MARKS, APPOINTMENTS = 5_000, 1_000
"""Changed slots and appointments that a clinic remembers."""
ETAG = re.compile(r'^W/"([^"]{1,64})"$')
OVER = frozenset({"cancelled", "noshow", "entered-in-error", "fulfilled"})
"""An appointment in one of these has no slot any more."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of a slot: `crowd` for one of the people who book at random."""

    status: str
    version: int
    at: datetime
    comment: str = ""
    crowd: bool = False


def slots_of(appointment: Resource) -> list[str]:
    """The ids of the slots that an appointment names."""
    return [str(each.get("reference", "")).removeprefix("Slot/") for each in appointment.get("slot", ())]


class Server:
    """One clinic's."""

    def __init__(self, town: Town, clock: Clock) -> None:
        self.town, self.clock = town, clock
        self.began = clock()
        self.marks: dict[str, Mark] = {}
        self.appointments: dict[str, Resource] = {}
        self._number = 0

    def mark(self, time: Time) -> Mark:
        """What a slot is now."""
        return self.marks.get(time.id) or Mark(self.status(time), 1, self.began)

    def status(self, time: Time) -> str:
        """Whether a slot is free or busy; asked for thousands at once."""
        mark = self.marks.get(time.id)
        return mark.status if mark else "busy" if time.taken else "free"

    def slot(self, time: Time) -> Resource:
        mark = self.mark(time)
        return resources.slot(time, mark.status, mark.version, mark.at, mark.comment)

    def time(self, id_: str) -> Time:
        """A time of the id, within the days that are given out. Raises Refused."""
        found, (first, last) = grid.time_of(self.town, id_), grid.window(self.town, self.clock())
        if found is None or not first <= found.start.date() <= last:
            raise Refused(404, "not-found", f"Slot/{id_} is not known")
        return found

    def read(self, type_: str, id_: str) -> Resource:
        """One resource as it is now. Raises Refused."""
        if type_ == "Slot":
            return self.slot(self.time(id_))
        doctor, found = doctor_of(self.town, id_), None
        if type_ == "Schedule" and doctor:
            found = resources.schedule(doctor)
        elif type_ == "HealthcareService" and doctor and doctor.terms:
            found = resources.service(doctor)
        elif type_ == "Appointment":
            found = self.appointments.get(id_)
        if found is None:
            raise Refused(404, "not-found", f"{type_}/{id_} is not known")
        return found

    def named(self, identifier: str) -> list[Resource]:
        """Appointments of an identifier, `system|value`."""
        system, apart, value = identifier.rpartition("|")
        return [
            each
            for each in self.appointments.values()
            for one in each.get("identifier", ())
            if one.get("value") == value and (not apart or one.get("system", "") == system)
        ]

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Whatever is changed within stands as a whole, by the rules, or not at all. Raises Refused."""
        before = dict(self.marks), dict(self.appointments), self._number
        try:
            yield
            self._refuse_doubles(before[1])
        except Exception:
            self.marks, self.appointments, self._number = before
            raise
        self._forget()

    def put(self, type_: str, id_: str, told: Resource, if_match: str | None) -> Resource:
        """Change a slot's status or an appointment. Raises Refused: 412 when it is of another version by now."""
        if told.get("resourceType") != type_ or told.get("id") != id_:
            raise Refused(400, "invalid", f"the body is not {type_}/{id_}")
        if type_ not in resources.WRITTEN:
            raise Refused(405, "not-supported", f"{type_} is read only")
        now = self.read(type_, id_)
        if if_match is not None:
            wanted = ETAG.match(if_match)
            if wanted is None:
                raise Refused(400, "invalid", 'If-Match wants W/"version"')
            if wanted[1] != now["meta"]["versionId"]:
                raise Refused(412, "conflict", f"{type_}/{id_} is of version {now['meta']['versionId']} by now")
        return (
            self._put_slot(id_, told) if type_ == "Slot" else self._keep(id_, told, int(now["meta"]["versionId"]) + 1)
        )

    def post(self, type_: str, told: Resource, if_none_exist: str | None) -> tuple[Resource, bool]:
        """Make an appointment, or return the one that is there already; whether it is new. Raises Refused."""
        if type_ != "Appointment" or told.get("resourceType") != type_:
            raise Refused(405, "not-supported", "nothing but an Appointment can be made")
        if if_none_exist is not None:
            name, _, value = if_none_exist.partition("=")
            if name != "identifier" or not value:
                raise Refused(400, "invalid", "If-None-Exist wants identifier=system|value")
            there = self.named(value)
            if len(there) > 1:
                raise Refused(412, "multiple-matches", "several appointments bear this identifier")
            if there:
                return there[0], False
        self._number += 1
        return self._keep(f"a{self._number}", told, 1), True

    def turn(self, time: Time, status: str, *, crowd: bool = False) -> None:
        """Let a slot be free or busy."""
        mark = self.mark(time)
        self.marks.pop(time.id, None)
        self.marks[time.id] = Mark(status, mark.version + 1, self.clock(), mark.comment, crowd)

    def _put_slot(self, id_: str, told: Resource) -> Resource:
        time = self.time(id_)
        if told.get("status") not in {"free", "busy", "busy-unavailable", "busy-tentative"}:
            raise Refused(422, "value", "status is no status of a slot")
        try:
            same = [datetime.fromisoformat(told[name]) for name in ("start", "end")] == [time.start, time.end]
        except (KeyError, TypeError, ValueError):
            same = False
        if not same or told.get("schedule", {}).get("reference") != f"Schedule/{time.doctor.id}":
            raise Refused(422, "business-rule", "a slot is neither moved nor given to somebody else")
        self.turn(time, told["status"])
        return self.slot(time)

    def _keep(self, id_: str, told: Resource, version: int) -> Resource:
        kept = {**told, "id": id_, "meta": {"versionId": str(version), "lastUpdated": instant(self.clock())}}
        try:
            Appointment.model_validate(kept)
        except ValidationError as invalid:
            first = invalid.errors()[0]
            raise Refused(422, "invalid", f"Appointment.{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
        self.appointments.pop(id_, None)
        self.appointments[id_] = kept
        return kept

    def _refuse_doubles(self, before: Mapping[str, Resource]) -> None:
        """Each appointment that changed has its slot, busy, for itself alone."""
        changed = [each for id_, each in self.appointments.items() if before.get(id_) is not each]
        holders = [each for each in self.appointments.values() if each["status"] not in OVER]
        for each in changed:
            if each["status"] in OVER:
                continue
            for id_ in slots_of(each):
                if any(other is not each and id_ in slots_of(other) for other in holders):
                    raise Refused(409, "conflict", f"Slot/{id_} has an appointment already")
                if self.status(self.time(id_)) == "free":
                    raise Refused(422, "business-rule", f"Slot/{id_} is not busy: an appointment makes it so")

    def _forget(self) -> None:
        first, _ = grid.window(self.town, self.clock())
        day = f"{first:%Y%m%d}"
        for id_ in [id_ for id_ in self.marks if id_.split("-")[1] < day]:
            del self.marks[id_]
        # What people at random gave back goes first, then what they took; within each the oldest.
        if (excess := len(self.marks) - MARKS) > 0:
            spare = sorted(self.marks, key=lambda id_: (not self.marks[id_].crowd, self.marks[id_].status != "free"))
            for id_ in spare[:excess]:
                del self.marks[id_]
        while len(self.appointments) > APPOINTMENTS:
            del self.appointments[next(iter(self.appointments))]
