"""A clinic's own server that tests command: what is outside may be played."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from core.domain.booking import Booking
from core.domain.ids import FacilityId, SlotId
from core.domain.schedule import Doctor, Facility, Slot
from core.ports import Answer, Booked, Going, Standing, There, Unavailable


@dataclass
class ClinicServer:
    """`core.ports.Schedules` as a clinic's own server keeps its word: one appointment a slot, one a booking's number.

    `mood` says what goes wrong with the next questions, one each: "lost_before" (it never arrived), "lost_after" (it went
    in, the answer was lost), "away". `away` stays so until it is changed, and so does `silent`: facilities whose server is.
    Those of `endless` never come to an end with their doctors; `odd` ones say what nobody has foreseen.
    """

    free: dict[str, list[Slot]] = field(default_factory=dict)
    doctors_there: list[Doctor] = field(default_factory=list)
    appointments: dict[str, tuple[SlotId, Standing, datetime]] = field(default_factory=dict)
    went_along: dict[str, Going] = field(default_factory=dict)
    late: dict[str, int | None] = field(default_factory=dict)
    mood: list[str] = field(default_factory=list)
    away: bool = False
    silent: set[FacilityId] = field(default_factory=set)
    endless: set[FacilityId] = field(default_factory=set)
    odd: set[FacilityId] = field(default_factory=set)
    asked: int = 0

    async def doctors(self, facility: Facility) -> Sequence[Doctor]:
        self._here(facility)
        if facility.id in self.endless:
            await asyncio.Event().wait()
        if facility.id in self.odd:
            raise ValueError("what nobody has foreseen")
        return self.doctors_there

    async def slots(
        self, facility: Facility, doctors: Sequence[Doctor], first: date, last: date
    ) -> Mapping[str, Sequence[Slot]]:
        self._here(facility)
        taken = {slot for slot, standing, _ in self.appointments.values() if standing is Standing.BOOKED}
        return {doctor: [each for each in slots if each.id not in taken] for doctor, slots in self.free.items()}

    async def ask(self, facility: Facility, booking: Booking, going: Going) -> Booked:
        self._here(facility)
        self.asked += 1
        mood = self.mood.pop(0) if self.mood else ""
        if mood in {"lost_before", "away"}:
            raise Unavailable("clinic")
        if mood == "refuses":
            return Booked(Answer.REFUSED)
        known = self.appointments.get(booking.number)
        if known is None:
            if any(slot == booking.slot.id and at is Standing.BOOKED for slot, at, _ in self.appointments.values()):
                return Booked(Answer.TAKEN)
            self.appointments[booking.number] = booking.slot.id, Standing.BOOKED, booking.slot.starts_at
            self.went_along[booking.number] = going
        if mood == "lost_after":
            raise Unavailable("clinic")
        return Booked(Answer.ACCEPTED, f"Appointment/{booking.number}")

    async def find(self, facility: Facility, booking: Booking) -> There:
        self._here(facility)
        known = self.appointments.get(booking.number)
        if known is None:
            return There(Standing.MISSING)
        return There(known[1], f"Appointment/{booking.number}", known[2])

    async def cancel(self, facility: Facility, booking: Booking) -> None:
        self._here(facility)
        if booking.number in self.appointments:
            slot, _, at = self.appointments[booking.number]
            self.appointments[booking.number] = slot, Standing.CANCELLED, at

    async def tell_late(self, facility: Facility, booking: Booking) -> None:
        self._here(facility)
        self.late[booking.number] = booking.late

    def take(self, slot: Slot) -> None:
        """Somebody else got there first, by the telephone."""
        self.appointments[f"by telephone {slot.id}"] = slot.id, Standing.BOOKED, slot.starts_at

    @property
    def standing(self) -> list[str]:
        """The numbers of the appointments that stand there."""
        return [number for number, (_, standing, _) in self.appointments.items() if standing is Standing.BOOKED]

    def _here(self, facility: Facility) -> None:
        if self.away or facility.id in self.silent:
            raise Unavailable("clinic")
