"""Clinics' buildings, the doctors in them, and who at the desk keeps whose schedule. Nothing here is personal to citizens."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, ForeignKey, Index, Select, bindparam, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.actor import Actor, Clinic, Role, Staff, System
from core.domain.ids import ClinicId, DoctorId, FacilityId, StaffId
from core.domain.schedule import (
    Doctor,
    Facility,
    FacilityExists,
    NoSuchDoctor,
    NoSuchFacility,
    Point,
    Source,
)
from core.storage.base import Base, table_of
from core.storage.transaction import SqlTransaction, Stored

KEEPERS = frozenset({Role.REGISTRAR, Role.DOCTOR})


class FacilityRow(Base):
    """A building. `most_open` is how many coming appointments one person may have here."""

    __tablename__ = "facilities"
    __table_args__ = (Index("uq_facilities_code", "code", unique=True), Index("ix_facilities_region", "region", "name"))

    id: Mapped[FacilityId] = mapped_column(primary_key=True)
    code: Mapped[str]
    name: Mapped[str]
    address: Mapped[str]
    region: Mapped[str]
    zone: Mapped[str]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    phone: Mapped[str]
    source: Mapped[str]
    url: Mapped[str]
    clinic: Mapped[ClinicId | None] = mapped_column(ForeignKey("clinics.id"), index=True)
    most_open: Mapped[int]
    closed: Mapped[bool]


class DoctorRow(Base):
    """Who receives there."""

    __tablename__ = "doctors"
    __table_args__ = (Index("ix_doctors_facility_speciality", "facility", "speciality"),)

    id: Mapped[DoctorId] = mapped_column(primary_key=True)
    facility: Mapped[FacilityId] = mapped_column(ForeignKey("facilities.id"))
    name: Mapped[str]
    speciality: Mapped[str]
    room: Mapped[str]
    note: Mapped[str]
    remote: Mapped[str]
    gone: Mapped[bool]


class KeeperRow(Base):
    """A member of staff who keeps the schedule of a facility."""

    __tablename__ = "schedule_keepers"

    staff: Mapped[StaffId] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    facility: Mapped[FacilityId] = mapped_column(ForeignKey("facilities.id"), primary_key=True, index=True)


FACILITIES, DOCTORS, KEPT = table_of(FacilityRow), table_of(DoctorRow), table_of(KeeperRow)
OPEN, HERE = FACILITIES.c.closed.is_(False), DOCTORS.c.gone.is_(False)
IDS: BindParameter[Any] = bindparam("ids", expanding=True)
SOME_FACILITIES = select(FACILITIES).where(FACILITIES.c.id.in_(IDS))
SOME_DOCTORS = select(DOCTORS).where(DOCTORS.c.id.in_(IDS))
RECEIVING = select(DOCTORS.c.facility, DOCTORS.c.speciality).distinct().where(HERE, DOCTORS.c.facility.in_(IDS))


@dataclass(frozen=True, slots=True)
class SqlFacilities:
    """`core.domain.schedule.Facilities`."""

    transaction: SqlTransaction

    async def put(self, facility: Facility) -> None:
        """Store it, in place of the former one of its id, whose code it keeps; FacilityExists when another has its code."""
        values = _values(facility)
        if await self.transaction.insert(FacilityRow, {"id": facility.id, "code": facility.code, **values}):
            return
        if not await self.transaction.change(update(FACILITIES).where(FACILITIES.c.id == facility.id).values(values)):
            raise FacilityExists

    async def put_doctor(self, doctor: Doctor) -> None:
        """Store it, in place of the former one of its id."""
        values: dict[str, Stored] = {
            "facility": doctor.facility,
            "name": doctor.name,
            "speciality": doctor.speciality,
            "room": doctor.room,
            "note": doctor.note,
            "remote": doctor.remote,
            "gone": doctor.gone,
        }
        if not await self.transaction.insert(DoctorRow, {"id": doctor.id, **values}):
            await self.transaction.change(update(DOCTORS).where(DOCTORS.c.id == doctor.id).values(values))

    async def one(self, facility: FacilityId) -> Facility:
        """Raises NoSuchFacility; a closed one is returned too."""
        found = await self.some([facility])
        if facility not in found:
            raise NoSuchFacility
        return found[facility]

    async def doctor(self, doctor: DoctorId) -> Doctor:
        """Raises NoSuchDoctor; one that is gone is returned too."""
        found = await self.some_doctors([doctor])
        if doctor not in found:
            raise NoSuchDoctor
        return found[doctor]

    async def by_code(self, code: str) -> Facility | None:
        """Return the one of a code, closed or not."""
        found = await self._facilities(select(FACILITIES).where(FACILITIES.c.code == code))
        return found[0] if found else None

    async def all(self, *, region: str | None = None, clinic: ClinicId | None = None) -> Sequence[Facility]:
        """Open ones, by name."""
        asked = select(FACILITIES).where(OPEN).order_by(FACILITIES.c.name, FACILITIES.c.id)
        if region is not None:
            asked = asked.where(FACILITIES.c.region == region)
        if clinic is not None:
            asked = asked.where(FACILITIES.c.clinic == clinic)
        return await self._facilities(asked)

    async def some(self, ids: Collection[FacilityId]) -> Mapping[FacilityId, Facility]:
        """Return those that there are, closed ones too."""
        found = await self.transaction.ask(SOME_FACILITIES, ids=tuple(sorted(ids))) if ids else ()
        return {row.id: _facility(row) for row in found}

    async def doctors(self, facility: FacilityId, *, speciality: str | None = None) -> Sequence[Doctor]:
        """Those who are not gone, by name."""
        asked = select(DOCTORS).where(HERE, DOCTORS.c.facility == facility).order_by(DOCTORS.c.name, DOCTORS.c.id)
        if speciality is not None:
            asked = asked.where(DOCTORS.c.speciality == speciality)
        return await self._doctors(asked)

    async def some_doctors(self, ids: Collection[DoctorId]) -> Mapping[DoctorId, Doctor]:
        """Return those that there are, gone ones too."""
        found = await self.transaction.ask(SOME_DOCTORS, ids=tuple(sorted(ids))) if ids else ()
        return {row.id: _doctor(row) for row in found}

    async def specialities(self, *, region: str | None = None) -> frozenset[str]:
        """Return the codes that somebody receives for, in a region or anywhere."""
        asked = select(DOCTORS.c.speciality).distinct().where(HERE).join_from(DOCTORS, FACILITIES).where(OPEN)
        if region is not None:
            asked = asked.where(FACILITIES.c.region == region)
        return frozenset(await self.transaction.session.scalars(asked))

    async def receiving(self, ids: Collection[FacilityId]) -> Mapping[FacilityId, frozenset[str]]:
        """Return the codes of all that somebody receives for in each; none for one in which nobody does."""
        found: dict[FacilityId, set[str]] = {}
        for row in await self.transaction.ask(RECEIVING, ids=tuple(sorted(ids))) if ids else ():
            found.setdefault(row.facility, set()).add(row.speciality)
        return {facility: frozenset(codes) for facility, codes in found.items()}

    async def assign(self, staff: StaffId, facility: FacilityId) -> None:
        """Let a registrar or a doctor at the desk keep this facility's schedule."""
        await self.transaction.insert(KeeperRow, {"staff": staff, "facility": facility})

    async def unassign(self, staff: StaffId, facility: FacilityId) -> None:
        """Take it from them."""
        await self.transaction.change(delete(KEPT).where(KEPT.c.staff == staff, KEPT.c.facility == facility))

    async def keepers(self, facility: FacilityId) -> frozenset[StaffId]:
        """Return who is assigned to it."""
        asked = select(KEPT.c.staff).where(KEPT.c.facility == facility)
        return frozenset(await self.transaction.session.scalars(asked))

    async def kept_by(self, actor: Actor) -> frozenset[FacilityId] | None:
        """Return the facilities whose schedule the actor keeps; None for all of them (an administrator, the product)."""
        match actor:
            case System() | Staff(role=Role.ADMINISTRATOR):
                return None
            case Staff(staff=staff, role=role) if role in KEEPERS:
                asked = select(KEPT.c.facility).where(KEPT.c.staff == staff)
            case Clinic(clinic=clinic):
                asked = select(FACILITIES.c.id).where(FACILITIES.c.clinic == clinic)
            case _:
                return frozenset()
        return frozenset(await self.transaction.session.scalars(asked))

    async def _facilities(self, asked: Select[Any]) -> list[Facility]:
        return [_facility(row) for row in await self.transaction.session.execute(asked)]

    async def _doctors(self, asked: Select[Any]) -> list[Doctor]:
        return [_doctor(row) for row in await self.transaction.session.execute(asked)]


def _values(facility: Facility) -> dict[str, Stored]:
    return {
        "name": facility.name,
        "address": facility.address,
        "region": facility.region,
        "zone": facility.zone,
        "latitude": facility.point.latitude if facility.point else None,
        "longitude": facility.point.longitude if facility.point else None,
        "phone": facility.phone,
        "source": facility.source.value,
        "url": facility.url,
        "clinic": facility.clinic,
        "most_open": facility.limit,
        "closed": facility.closed,
    }


def _doctor(row: Any) -> Doctor:  # noqa: ANN401 - of SQLAlchemy or of the driver
    return Doctor(row.id, row.facility, row.name, row.speciality, row.room, row.note, row.remote, row.gone)


def _facility(row: Any) -> Facility:  # noqa: ANN401 - as above
    return Facility(
        id=row.id,
        code=row.code,
        name=row.name,
        address=row.address,
        region=row.region,
        zone=row.zone,
        point=None if row.latitude is None else Point(row.latitude, row.longitude),
        phone=row.phone,
        source=Source(row.source),
        url=row.url,
        clinic=row.clinic,
        limit=row.most_open,
        closed=row.closed,
    )
