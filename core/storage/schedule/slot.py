"""The rows of slots, and how they become slots."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.ids import DoctorId, FacilityId, SlotId
from core.domain.schedule import Slot
from core.storage.base import Base, table_of
from core.storage.transaction import Stored

IS_OPEN = text("open")


class SlotRow(Base):
    """A time of a doctor. Speciality, region and facility are the doctor's, kept here so that one index answers.

    `open`: its source gives it away; whether somebody has it, the bookings say.
    """

    __tablename__ = "slots"
    __table_args__ = (
        Index(
            "ix_slots_open_region",
            "speciality",
            "region",
            "starts_at",
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
        Index(
            "ix_slots_open_facility",
            "facility",
            "speciality",
            "starts_at",
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
        Index("ix_slots_doctor_day", "doctor", "day", "starts_at"),
    )

    id: Mapped[SlotId] = mapped_column(primary_key=True)
    doctor: Mapped[DoctorId] = mapped_column(ForeignKey("doctors.id"))
    facility: Mapped[FacilityId] = mapped_column(ForeignKey("facilities.id"))
    speciality: Mapped[str]
    region: Mapped[str]
    day: Mapped[date]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    remote: Mapped[str]
    version: Mapped[str]
    open: Mapped[bool]


SLOTS = table_of(SlotRow)
OPEN = text("slots.open")


def slot_of(row: Any) -> Slot:  # noqa: ANN401 - a row of SQLAlchemy or of the driver, both read by column
    """Return the slot that a row with the columns of `slots` tells of."""
    return Slot(
        row.id,
        row.doctor,
        row.facility,
        row.speciality,
        row.region,
        row.day,
        row.starts_at,
        row.ends_at,
        row.seen_at,
        row.remote,
        row.version,
    )


def values_of(slot: Slot) -> dict[str, Stored]:
    return {
        "id": slot.id,
        "doctor": slot.doctor,
        "facility": slot.facility,
        "speciality": slot.speciality,
        "region": slot.region,
        "day": slot.day,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "seen_at": slot.seen_at,
        "remote": slot.remote,
        "version": slot.version,
        "open": True,
    }


def differs(row: Any, slot: Slot) -> bool:  # noqa: ANN401 - as above
    values = values_of(slot)
    return any(getattr(row, name) != value for name, value in values.items() if name != "seen_at")
