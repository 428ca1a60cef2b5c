"""Weekly hours of doctors, and days that differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from sqlalchemy import ForeignKey, Index, bindparam, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.ids import DoctorId, FacilityId
from core.domain.schedule import Exceptional, Hours
from core.storage.base import Base, table_of
from core.storage.schedule.facility import FACILITIES
from core.storage.transaction import SqlTransaction, Stored


class HoursRow(Base):
    """Hours of a weekday, 0 for Monday. Times are those of the facility's wall."""

    __tablename__ = "doctor_hours"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    doctor: Mapped[DoctorId] = mapped_column(ForeignKey("doctors.id"), index=True)
    weekday: Mapped[int]
    start: Mapped[time]
    end: Mapped[time]
    minutes: Mapped[int]
    since: Mapped[date]
    until: Mapped[date | None]


class ExceptionalRow(Base):
    """A day that differs, of a doctor or of all of the facility."""

    __tablename__ = "exceptional_days"
    __table_args__ = (Index("ix_exceptional_days_facility_day", "facility", "day"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    facility: Mapped[FacilityId] = mapped_column(ForeignKey("facilities.id"))
    day: Mapped[date]
    doctor: Mapped[DoctorId | None] = mapped_column(ForeignKey("doctors.id"))
    start: Mapped[time | None]
    end: Mapped[time | None]
    minutes: Mapped[int | None]
    as_weekday: Mapped[int | None]
    why: Mapped[str]


HOURS, EXCEPTIONAL = table_of(HoursRow), table_of(ExceptionalRow)
OF_DOCTOR = (
    select(HOURS)
    .where(HOURS.c.doctor == bindparam("of"))
    .order_by(HOURS.c.weekday, HOURS.c.start, HOURS.c.since, HOURS.c.id)
)
OF_FACILITY = (
    select(EXCEPTIONAL)
    .where(
        EXCEPTIONAL.c.facility == bindparam("of"),
        EXCEPTIONAL.c.day >= bindparam("first"),
        EXCEPTIONAL.c.day <= bindparam("last"),
    )
    .order_by(EXCEPTIONAL.c.day, EXCEPTIONAL.c.start, EXCEPTIONAL.c.id)
)


@dataclass(frozen=True, slots=True)
class SqlTimetables:
    """`core.domain.schedule.Timetables`."""

    transaction: SqlTransaction

    async def lock(self, facility: FacilityId) -> None:
        """Let nobody else change these until the transaction ends. SQLite has one writer at a time by itself."""
        if self.transaction.on_postgresql:
            # Rows that point at the facility may come meanwhile.
            mine = select(FACILITIES.c.id).where(FACILITIES.c.id == facility).with_for_update(key_share=True)
            await self.transaction.session.execute(mine)

    async def hours_of(self, doctor: DoctorId) -> Sequence[Hours]:
        """By weekday and time."""
        return [
            Hours(row.id, row.doctor, row.weekday, row.start, row.end, row.minutes, row.since, row.until)
            for row in await self.transaction.ask(OF_DOCTOR, of=doctor)
        ]

    async def put_hours(self, hours: Hours) -> None:
        """Store them, in place of the former ones of their id, which stay with their doctor."""
        values: dict[str, Stored] = {
            "weekday": hours.weekday,
            "start": hours.start,
            "end": hours.end,
            "minutes": hours.minutes,
            "since": hours.since,
            "until": hours.until,
        }
        if not await self.transaction.insert(HoursRow, {"id": hours.id, "doctor": hours.doctor, **values}):
            mine = (HOURS.c.id == hours.id, HOURS.c.doctor == hours.doctor)
            await self.transaction.change(update(HOURS).where(*mine).values(values))

    async def drop_hours(self, doctor: DoctorId, hours: UUID) -> None:
        """Remove them; those of another doctor, or none, change nothing."""
        await self.transaction.change(delete(HOURS).where(HOURS.c.id == hours, HOURS.c.doctor == doctor))

    async def exceptions_of(self, facility: FacilityId, first: date, last: date) -> Sequence[Exceptional]:
        """Those of the facility and of its doctors, both days included."""
        found = await self.transaction.ask(OF_FACILITY, of=facility, first=first, last=last)
        return [
            Exceptional(
                row.id,
                row.facility,
                row.day,
                doctor=row.doctor,
                start=row.start,
                end=row.end,
                minutes=row.minutes,
                as_weekday=row.as_weekday,
                why=row.why,
            )
            for row in found
        ]

    async def put_exception(self, exceptional: Exceptional) -> None:
        """Store it, in place of the former one of its id, which stays with its facility."""
        values: dict[str, Stored] = {
            "day": exceptional.day,
            "doctor": exceptional.doctor,
            "start": exceptional.start,
            "end": exceptional.end,
            "minutes": exceptional.minutes,
            "as_weekday": exceptional.as_weekday,
            "why": exceptional.why,
        }
        added = {"id": exceptional.id, "facility": exceptional.facility, **values}
        if not await self.transaction.insert(ExceptionalRow, added):
            mine = (EXCEPTIONAL.c.id == exceptional.id, EXCEPTIONAL.c.facility == exceptional.facility)
            await self.transaction.change(update(EXCEPTIONAL).where(*mine).values(values))

    async def drop_exception(self, facility: FacilityId, exceptional: UUID) -> None:
        """Remove it; one of another facility, or none, changes nothing."""
        mine = (EXCEPTIONAL.c.id == exceptional, EXCEPTIONAL.c.facility == facility)
        await self.transaction.change(delete(EXCEPTIONAL).where(*mine))
