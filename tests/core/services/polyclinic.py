"""An invented polyclinic in Tver: doctors, times, and people with cards."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

from core import ports
from core.domain.actor import Citizen
from core.domain.booking import Booking
from core.domain.ids import BookingId, DoctorId, FacilityId, SlotId
from core.domain.schedule import Doctor, Facilities, Facility, Slot, Slots, Source
from core.services.booking import ConfirmBooking, Confirmed, HoldSlot
from tests.core.services.patient import a_patient
from tests.core.services.town import Town

TVER = Facility(
    FacilityId(UUID(int=101)), "69-1", "Поликлиника № 1", "Тверь, ул. Лесная, 1", "69", "Europe/Moscow", limit=3
)
SAMARA = replace(
    TVER, id=FacilityId(UUID(int=102)), code="63-1", name="Поликлиника № 2", region="63", zone="Europe/Samara"
)
SERVED = replace(
    TVER,
    id=FacilityId(UUID(int=103)),
    code="69-9",
    name="Больница с сервером",
    source=Source.FHIR,
    url="http://127.0.0.1:1/fhir",
)
MORNING = datetime(2026, 11, 25, 6, tzinfo=UTC)
"""Two days ahead, nine in the morning in Tver."""


def a_doctor(number: int = 1, facility: Facility = TVER, speciality: str = "therapist", **other: object) -> Doctor:
    plain = Doctor(
        DoctorId(UUID(int=200 + number)), facility.id, f"Иванцов {number}", speciality, remote=f"Schedule/{number}"
    )
    return replace(plain, **other)  # type: ignore[arg-type]


def a_slot(number: int, doctor: Doctor | None = None, facility: Facility = TVER, **other: object) -> Slot:
    """A quarter of an hour; the first begins at nine, each next one as the last ends."""
    doctor = doctor or a_doctor()
    starts = MORNING + timedelta(minutes=15 * (number - 1))
    plain = Slot(
        SlotId(uuid5(doctor.id, str(number))),
        doctor.id,
        facility.id,
        doctor.speciality,
        facility.region,
        starts.date(),
        starts,
        starts + timedelta(minutes=15),
        starts - timedelta(days=2),
        remote=f"Slot/{number}" if facility.source is Source.FHIR else "",
    )
    return replace(plain, **other)  # type: ignore[arg-type]


async def open_times(town: Town, *slots: Slot, doctor: Doctor | None = None, facility: Facility = TVER) -> None:
    """Let these be the free times of a doctor."""
    doctor = doctor or a_doctor(facility=facility)
    async with town.container() as scope:
        facilities, kept = await scope.get(Facilities), await scope.get(Slots)
        async with await scope.get(ports.Transaction):
            await facilities.put(facility)
            await facilities.put_doctor(doctor)
            await kept.put(slots, doctor.id, date(2026, 1, 1), date(2027, 12, 31))


async def with_a_dentist(
    town: Town, number: int, first: str, name: str = "Поликлиника", at: tuple[int, ...] = (1,)
) -> Facility:
    """Open a clinic in Tver with a dentist who has these times, and a doctor of first contact."""
    clinic = replace(TVER, id=FacilityId(UUID(int=110 + number)), code=f"69-{number}", name=name)
    contact = a_doctor(10 * number, clinic, first)
    await open_times(town, a_slot(1, contact, clinic), doctor=contact, facility=clinic)
    times = (dentists_time(clinic, each) for each in at)
    await open_times(town, *times, doctor=the_dentist(clinic), facility=clinic)
    return clinic


def the_dentist(clinic: Facility) -> Doctor:
    """The dentist of such a clinic."""
    return a_doctor(10 * (clinic.id.int - 110) + 1, clinic, "dentist")


def dentists_time(clinic: Facility, number: int = 1) -> Slot:
    """A time of the dentist of such a clinic."""
    return a_slot(number, the_dentist(clinic), clinic)


async def somebody(town: Town, chat: int = 1, **known: object) -> Citizen:
    """A person with a card, for whom a chat speaks."""
    return await a_patient(town, chat, subject=f"person-{chat}", **known)


async def booked(town: Town, citizen: Citizen, slot: Slot, moves: BookingId | None = None) -> Booking:
    """Hold and confirm; returns the appointment."""
    held = await town.call(HoldSlot, citizen, slot.id, moves)
    confirmed = await town.call(ConfirmBooking, citizen, held.booking.id)  # type: ignore[attr-defined]
    assert isinstance(confirmed, Confirmed)
    return confirmed.view.booking
