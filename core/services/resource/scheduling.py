"""Schedules, slots and what became of appointments, as a clinic sends them for facilities of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from itertools import pairwise
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from core.domain.actor import Clinic
from core.domain.audit import AuditLog, Operation
from core.domain.booking import Booking, BookingOver, Bookings, BookingState, NoBooking
from core.domain.ids import BookingId, DoctorId, FacilityId, SlotId
from core.domain.resource import TIMETABLE, Content, Delivery, Issue, Key, Malformed, NoSuchAppointment
from core.domain.schedule import (
    Doctor,
    Facilities,
    Facility,
    InvalidDoctor,
    Slot,
    Slots,
    SlotTaken,
    Source,
    Timetables,
)
from core.domain.schedule.checking import checked_doctor
from core.ports import Clock, SentAppointment, SentSchedule, SentSchedules, SentSlot, SlotStatus
from core.services.booking.calling_off import CallOff
from core.services.resource.round import Round
from core.services.schedule.steering import Shifting

Mine = Mapping[FacilityId, Facility]
FAR = timedelta(days=400)
ROUNDS = 3
"""How far names are followed: a schedule, the role of its doctor, the doctor."""


@dataclass(frozen=True, slots=True)
class ScheduleIntake:
    """Works inside the open transaction of whoever uses it. A clinic touches facilities that it speaks for, and no others."""

    facilities: Facilities
    timetables: Timetables
    slots: Slots
    bookings: Bookings
    call_off: CallOff
    shifting: Shifting
    sent: SentSchedules
    audit: AuditLog
    clock: Clock

    async def lock(self, clinic: Clinic, delivery: Delivery) -> Mine:
        """Return the clinic's own facilities, kept from others until the end, where the delivery is about schedules."""
        if not any(each.key.type in TIMETABLE for each in delivery.arrived):
            return {}
        own = [each for each in await self.facilities.all(clinic=clinic.clinic) if each.source is Source.OWN]
        for facility in sorted(own, key=lambda each: each.id):
            await self.timetables.lock(facility.id)
        return {each.id: each for each in own}

    async def __call__(self, clinic: Clinic, turn: Round, mine: Mine) -> None:
        """Take in what changed. Raises Malformed with the place of what cannot be, NoSuchAppointment."""
        changed = [each for each in turn.changed if each.key.type in TIMETABLE]
        if not changed:
            return
        known: dict[Key, Content] = {**turn.known, **{each.key: each.content for each in changed}}
        for _ in range(ROUNDS):
            missing = self.sent.missing(known)
            if not missing:
                break
            found = await turn.resources.contents([turn.id_of(key) for key in missing])
            known |= {key: found[turn.id_of(key)] for key in missing if turn.id_of(key) in found}
        removed = {each.key for each in changed if each.removed}
        wanted = {each.key: each.path for each in changed}
        sent = self.sent.read(known, wanted, removed, self.clock.now())
        for schedule in sent.schedules:
            await self._schedule(clinic, schedule, mine)
        await self._slots(clinic, sent.slots, mine)
        for appointment in sent.appointments:
            await self._appointment(clinic, appointment, mine)
        self.audit.record(clinic, Operation.SCHEDULE_CHANGED, None, what="sent", resources=str(len(changed)))

    async def _schedule(self, clinic: Clinic, told: SentSchedule, mine: Mine) -> None:
        facility = _facility(told, mine)
        identity = doctor_id(clinic, told.key)
        before = (await self.facilities.some_doctors([identity])).get(identity)
        if before is not None and before.facility != facility.id:
            raise Malformed(
                Issue("business-rule", "a Schedule stays with its facility: send another one", f"{told.path}.actor")
            )
        try:
            doctor = checked_doctor(
                Doctor(
                    identity,
                    facility.id,
                    told.name,
                    told.speciality,
                    told.room,
                    told.note,
                    str(told.key),
                    not told.active,
                )
            )
        except InvalidDoctor as wrong:
            raise Malformed(Issue("value", f"the {wrong.field} of the doctor cannot be so", told.path)) from None
        await self.facilities.put_doctor(doctor)
        today = self.clock.now().astimezone(ZoneInfo(facility.zone)).date()
        if doctor.gone:
            closed = await self.slots.put([], doctor.id, today, today + FAR)
            await self.call_off(clinic, await self._ahead(closed))
        elif before is not None and before.speciality != doctor.speciality:
            opened = await self.slots.opened(doctor.id, today, today + FAR)
            await self.slots.give([replace(each, speciality=doctor.speciality) for each in opened])

    async def _slots(self, clinic: Clinic, told: Sequence[SentSlot], mine: Mine) -> None:
        doctors = await self.facilities.some_doctors({doctor_id(clinic, each.schedule) for each in told})
        made, issues = list[tuple[SentSlot, Slot]](), list[Issue]()
        for each in told:
            doctor = doctors.get(doctor_id(clinic, each.schedule))
            facility = mine.get(doctor.facility) if doctor else None
            if doctor is None or facility is None or doctor.gone:
                issues.append(Issue("not-found", "no active Schedule of this clinic", f"{each.path}.schedule"))
            elif not _is_of(each, facility):
                says = f"the offset is not that of {facility.zone} at this moment"
                issues.append(Issue("business-rule", says, f"{each.path}.start"))
            else:
                made.append((each, _slot(clinic, each, doctor, facility, self.clock)))
        issues += await self._overlaps(made)
        if issues:
            raise Malformed(*issues[:50])
        for each, slot in made:
            await self._put(clinic, each, slot)

    async def _overlaps(self, made: Sequence[tuple[SentSlot, Slot]]) -> list[Issue]:
        """Return the open slots that overlap another open one of their doctor, sent now or known."""
        sent = {slot.id: each for each, slot in made}
        open_ = [slot for each, slot in made if each.status is SlotStatus.FREE]
        issues = []
        for doctor in {slot.doctor for slot in open_}:
            theirs = [slot for slot in open_ if slot.doctor == doctor]
            days = [slot.day for slot in theirs]
            a_day = timedelta(days=1)
            known = await self.slots.opened(doctor, min(days) - a_day, max(days) + a_day)
            every = sorted([*theirs, *(slot for slot in known if slot.id not in sent)], key=lambda one: one.starts_at)
            for one, next_ in pairwise(every):
                wrong = sent.get(next_.id) or sent.get(one.id)
                if next_.starts_at < one.ends_at and wrong is not None:
                    says = "overlaps another slot of this Schedule"
                    issues.append(Issue("business-rule", says, f"{wrong.path}.start"))
        return issues

    async def _put(self, clinic: Clinic, told: SentSlot, slot: Slot) -> None:
        """Store a slot. Whoever has it follows where it moved, and is called off where nobody is received then."""
        living = await self.bookings.of_slot(slot.id)
        await self.slots.give([slot])
        if told.status is not SlotStatus.FREE:
            await self.slots.close(slot.id)
        if living is None:
            return
        times = (living.slot.starts_at, living.slot.ends_at, living.slot.doctor)
        moved = times != (slot.starts_at, slot.ends_at, slot.doctor)
        if told.status is SlotStatus.CLOSED or (moved and living.state is BookingState.HELD):
            await self.call_off(clinic, [living])
        elif moved:
            await self.call_off.shift(clinic, living.id, slot)

    async def _appointment(self, clinic: Clinic, told: SentAppointment, mine: Mine) -> None:
        booking = await self._booking(told, mine)
        if told.over:
            await self.call_off(clinic, [booking], told.why)
            return
        if told.slot is None:
            return
        slot = await self._named(clinic, told, told.slot, mine)
        if slot.id == booking.slot.id:
            return
        was_open = any(each.id == slot.id for each in await self.slots.opened(slot.doctor, slot.day, slot.day))
        await self.slots.give([slot])
        try:
            await self.shifting(clinic, booking, slot)
        except SlotTaken:
            raise Malformed(
                Issue("conflict", "somebody has this slot, or it has begun", f"{told.path}.slot[0]")
            ) from None
        except BookingOver:
            raise Malformed(Issue("business-rule", "this appointment stands no more", f"{told.path}.status")) from None
        if not was_open:
            await self.slots.close(slot.id)

    async def _booking(self, told: SentAppointment, mine: Mine) -> Booking:
        """Return the clinic's own appointment; another's sounds as one that is not there. Raises NoSuchAppointment."""
        try:
            by_id = _uuid(told.id)
            found = await (
                self.bookings.of_product(BookingId(by_id)) if by_id else self.bookings.by_number(told.number)
            )
        except NoBooking:
            found = None
        if found is None or not found.number or found.slot.facility not in mine:
            raise NoSuchAppointment(
                Issue("not-found", "no appointment of this number or id", f"{told.path}.identifier")
            )
        return found

    async def _named(self, clinic: Clinic, told: SentAppointment, key: Key, mine: Mine) -> Slot:
        """Return the slot that an appointment moved to: one that the clinic sent, or one of ours by its id."""
        for identity in (slot_id(clinic, key), _uuid(key.id)):
            try:
                slot = await self.slots.one(SlotId(identity)) if identity else None
            except SlotTaken:
                continue
            if slot is not None and slot.facility in mine:
                return slot
        raise Malformed(Issue("not-found", "no slot of this clinic", f"{told.path}.slot[0].reference"))

    async def _ahead(self, closed: Sequence[SlotId]) -> list[Booking]:
        now = self.clock.now()
        found = [await self.bookings.of_slot(each) for each in closed]
        return [each for each in found if each is not None and each.slot.starts_at > now]


def doctor_id(clinic: Clinic, schedule: Key) -> DoctorId:
    """Return our id of the doctor of a clinic's Schedule: the same each time."""
    return DoctorId(uuid5(clinic.clinic, str(schedule)))


def slot_id(clinic: Clinic, slot: Key) -> SlotId:
    """Return our id of a clinic's Slot: the same each time."""
    return SlotId(uuid5(clinic.clinic, str(slot)))


def _facility(told: SentSchedule, mine: Mine) -> Facility:
    found = [each for each in mine.values() if told.facility in {"", each.code}]
    if len(found) != 1:
        says = "none of the clinic's facilities has this code" if told.facility else "a Location says which facility"
        raise Malformed(Issue("not-found" if told.facility or not mine else "required", says, f"{told.path}.actor"))
    return found[0]


def _is_of(told: SentSlot, facility: Facility) -> bool:
    """Whether the moments are written by UTC or by the facility's clock: another offset is a clock that was set wrong."""
    zone = ZoneInfo(facility.zone)
    return all(
        each.utcoffset() in {timedelta(), each.astimezone(zone).utcoffset()} for each in (told.starts_at, told.ends_at)
    )


def _slot(clinic: Clinic, told: SentSlot, doctor: Doctor, facility: Facility, clock: Clock) -> Slot:
    return Slot(
        slot_id(clinic, told.key),
        doctor.id,
        facility.id,
        doctor.speciality,
        facility.region,
        told.starts_at.astimezone(ZoneInfo(facility.zone)).date(),
        told.starts_at.astimezone(UTC),
        told.ends_at.astimezone(UTC),
        clock.now(),
        remote=str(told.key),
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
