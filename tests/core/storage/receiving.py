"""Invented facilities, doctors and slots, and a hold of one."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from core.domain.actor import Citizen
from core.domain.booking import HOLD, Booking, BookingState
from core.domain.ids import BookingId, DoctorId, FacilityId, SlotId, new_id
from core.domain.notification import WallTime
from core.domain.schedule import Doctor, Facility, Slot

DAY = date(2026, 12, 1)
EIGHT = datetime(2026, 12, 1, 5, tzinfo=UTC)
"""Eight in the morning in Tver."""
NOW = EIGHT - timedelta(hours=20)


def a_facility(number: int, **other: Any) -> Facility:
    """A building in Tver."""
    plain = Facility(
        FacilityId(UUID(int=100 + number)),
        str(number),
        "Учебная поликлиника",
        "Тверь, ул. Лесная, 1",
        "69",
        "Europe/Moscow",
    )
    return replace(plain, **other)


def a_doctor(number: int, **other: Any) -> Doctor:
    """A therapist in the first building."""
    plain = Doctor(DoctorId(UUID(int=200 + number)), a_facility(1).id, "Лопухова А. Т.", "therapist")
    return replace(plain, **other)


def a_slot(number: int, doctor: Doctor | None = None, **other: Any) -> Slot:
    """A quarter of an hour of the first doctor's; the first begins at eight, each next one as the last ends."""
    doctor = doctor or a_doctor(1)
    starts = EIGHT + timedelta(minutes=15 * (number - 1))
    plain = Slot(
        SlotId(UUID(int=300 + number)),
        doctor.id,
        doctor.facility,
        doctor.speciality,
        "69",
        starts.date(),
        starts,
        starts + timedelta(minutes=15),
        EIGHT - timedelta(days=1),
    )
    return replace(plain, **other)


def a_hold(citizen: Citizen, slot: Slot | None = None, **other: Any) -> Booking:
    """The citizen decides about a slot, the first one."""
    plain = Booking(
        BookingId(new_id(NOW)),
        citizen.account,
        citizen.account,
        slot or a_slot(1),
        BookingState.HELD,
        NOW,
        WallTime(EIGHT.replace(hour=8, tzinfo=None), "Europe/Moscow"),
        held_until=NOW + HOLD,
    )
    return replace(plain, **other)
