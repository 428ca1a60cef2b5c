"""Clinics' own servers: any that speaks FHIR R4 with Schedule, Slot and Appointment, versions and transactions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import httpx

from core.domain.booking import Booking
from core.domain.resource import Content
from core.domain.schedule import Doctor, Facility, Slot
from core.gateways import wire
from core.gateways.fhir.values import each, first, words
from core.gateways.fhir_schedules import appointment, reading
from core.gateways.fhir_schedules.appointment import BOOKING
from core.gateways.fhir_schedules.server import SYSTEM, Server, update, version, waited_for
from core.ports import Answer, Booked, Clock, Going, Standing, There, Unavailable

AT_ONCE = 20
"""Schedules named in one search."""
TRIES = 3
"""A change of what somebody else changes at the same moment is tried so often."""
TAKEN = frozenset({409, 412})
"""The slot is of another version by now; some servers say the one, some the other."""
LONGEST_WHY = 200


@dataclass(frozen=True, slots=True)
class FhirSchedules:
    """`core.ports.Schedules`."""

    http: httpx.AsyncClient
    clock: Clock

    async def doctors(self, facility: Facility) -> Sequence[Doctor]:
        """Return who receives there for something that we know, by name."""
        found = await self._server(facility).search("Schedule", [("_include", "Schedule:actor")])
        return reading.doctors(facility, found)

    async def slots(
        self, facility: Facility, doctors: Sequence[Doctor], first: date, last: date
    ) -> Mapping[str, Sequence[Slot]]:
        """Return the free slots of the days by `Doctor.remote`, the soonest first: all of them, or Unavailable."""
        server, now = self._server(facility), self.clock.now()
        by_remote = {doctor.remote: doctor for doctor in doctors if doctor.remote}
        found: dict[str, dict[str, Slot]] = {remote: {} for remote in by_remote}
        remotes = list(by_remote)
        period = [
            ("start", f"ge{_midnight(first, facility)}"),
            ("start", f"lt{_midnight(last + timedelta(days=1), facility)}"),
        ]
        for start in range(0, len(remotes), AT_ONCE):
            some = ",".join(remotes[start : start + AT_ONCE])
            for content in await server.search("Slot", [("schedule", some), ("status", "free"), *period]):
                doctor = by_remote.get(str(reading.reference_to("Schedule", content.get("schedule"))))
                slot = reading.slot(content, facility, doctor, now) if doctor else None
                if doctor and slot and first <= slot.day <= last:
                    found[doctor.remote][slot.remote] = slot
        return {remote: sorted(slots.values(), key=lambda each: each.starts_at) for remote, slots in found.items()}

    async def ask(self, facility: Facility, booking: Booking, going: Going) -> Booked:
        """Make the slot busy and the appointment in one transaction, if the slot is free and stands where it stood."""
        return await waited_for(self._ask(facility, booking, going))

    async def find(self, facility: Facility, booking: Booking) -> There:
        """Look for the appointment by the booking's number."""
        return await waited_for(self._find(facility, booking))

    async def cancel(self, facility: Facility, booking: Booking) -> None:
        """Cancel the appointment and free the slots that it has there now, in one transaction."""
        await waited_for(self._cancel(facility, booking))

    async def tell_late(self, facility: Facility, booking: Booking) -> None:
        """Write it into the appointment; where none stands there is nobody to tell."""
        await waited_for(self._tell_late(facility, booking))

    def _server(self, facility: Facility) -> Server:
        return Server(self.http, facility.url.rstrip("/"))

    async def _ask(self, facility: Facility, booking: Booking, going: Going) -> Booked:
        server = self._server(facility)
        now = await server.read(booking.slot.remote)
        if now is None or now.get("status") != "free" or not _stands(now, booking.slot):
            return await self._mine_or_taken(facility, booking)
        before = await self._find(facility, booking)
        if before.standing is not Standing.MISSING:
            return Booked(Answer.ACCEPTED if before.standing is Standing.BOOKED else Answer.TAKEN, before.remote)
        if not version(now):
            return Booked(Answer.REFUSED, why="the server keeps no versions")
        answer = await server.transact(update(now, status="busy"), appointment.entry(booking, going))
        if answer.status in TAKEN:
            return await self._mine_or_taken(facility, booking)
        if answer.status != httpx.codes.OK:
            return Booked(Answer.REFUSED, why=_why(answer))
        if not _is_whole(answer):
            # Against FHIR, a part went in: the appointment must not stand without its slot.
            made = [one for one in await self._named(server, booking) if not reading.is_over(one)]
            if made and not await self._changed(server, [update(one, **appointment.cancelled("")) for one in made]):
                raise Unavailable(SYSTEM)
            return Booked(Answer.REFUSED, why="the server does not keep a transaction whole")
        after = await self._find(facility, booking)
        if after.standing is not Standing.BOOKED:
            raise Unavailable(SYSTEM)
        return Booked(Answer.ACCEPTED, after.remote)

    async def _find(self, facility: Facility, booking: Booking) -> There:
        return reading.there(await self._named(self._server(facility), booking), booking.slot.starts_at)

    async def _cancel(self, facility: Facility, booking: Booking) -> None:
        server = self._server(facility)
        for _ in range(TRIES):
            standing = [one for one in await self._named(server, booking) if not reading.is_over(one)]
            if not standing:
                return
            entries = [update(one, **appointment.cancelled(booking.reason)) for one in standing]
            for one in standing:
                entries += await self._freed(server, one)
            if await self._changed(server, entries):
                return
        raise Unavailable(SYSTEM)

    async def _tell_late(self, facility: Facility, booking: Booking) -> None:
        server = self._server(facility)
        for _ in range(TRIES):
            standing = [one for one in await self._named(server, booking) if not reading.is_over(one)]
            entries = [update(one, **appointment.late(one, booking.late or 0)) for one in standing]
            if not entries or await self._changed(server, entries):
                return
        raise Unavailable(SYSTEM)

    async def _named(self, server: Server, booking: Booking) -> list[Content]:
        """Return the appointments that bear the booking's number, whatever else a server may have found."""
        found = await server.search("Appointment", [("identifier", f"{BOOKING}|{booking.id}")])
        return [
            one
            for one in found
            if one.get("resourceType") == "Appointment"
            and reading.ID.fullmatch(str(one.get("id")))
            and any(
                known.get("system") == BOOKING and known.get("value") == str(booking.id)
                for known in each(one.get("identifier"))
            )
        ]

    async def _mine_or_taken(self, facility: Facility, booking: Booking) -> Booked:
        """The slot is not to be had: because this very booking has it already, or somebody else."""
        found = await self._find(facility, booking)
        mine = found.standing is Standing.BOOKED
        return Booked(Answer.ACCEPTED, found.remote) if mine else Booked(Answer.TAKEN)

    async def _freed(self, server: Server, content: Content) -> list[dict[str, object]]:
        freed = []
        for reference in each(content.get("slot")):
            named = reading.reference_to("Slot", reference)
            slot = await server.read(named) if named else None
            if slot is not None and slot.get("status") == "busy":
                freed.append(update(slot, status="free"))
        return freed

    async def _changed(self, server: Server, entries: Sequence[Mapping[str, object]]) -> bool:
        """Whether a change went in; False where something was changed meanwhile and is to be looked at again."""
        answer = await server.transact(*entries)
        if answer.status == httpx.codes.OK:
            return True
        if answer.status in TAKEN:
            return False
        raise Unavailable(SYSTEM)


def _stands(content: Content, slot: Slot) -> bool:
    return reading.span(content) == (slot.starts_at.astimezone(UTC), slot.ends_at.astimezone(UTC))


def _is_whole(answer: wire.Answer) -> bool:
    """Whether each entry of a transaction went in."""
    entries = list(each((answer.json() or {}).get("entry")))
    return bool(entries) and all(str(first(one.get("response")).get("status")).startswith("2") for one in entries)


def _midnight(day: date, facility: Facility) -> str:
    local = datetime.combine(day, time(), ZoneInfo(facility.zone))
    return local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _why(answer: wire.Answer) -> str:
    """Return what an OperationOutcome says, shortened."""
    issue = first((answer.json() or {}).get("issue"))
    said = issue.get("diagnostics") or words(issue.get("details")) or f"status {answer.status}"
    return str(said)[:LONGEST_WHY]
