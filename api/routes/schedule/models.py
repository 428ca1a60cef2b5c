"""Schedules and appointments as programs see them."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from api.routes.schedule.wanted import PointOf, Shown, Wall
from core.domain.access import Section
from core.domain.booking import BookingState
from core.domain.schedule import Facility, Source


class FacilityOf(BaseModel):
    """A building where doctors receive. `source`: `own` where the schedule is kept here, `fhir` on the clinic's server."""

    id: UUID
    code: str
    name: str
    address: str
    region: str
    zone: str
    phone: str
    point: PointOf | None
    source: Source
    limit: int


class KeeperOf(BaseModel):
    """Somebody at the desk who keeps a facility's schedule."""

    id: UUID
    login: str
    name: str


class HoursOf(BaseModel):
    """Weekly hours."""

    id: UUID
    weekday: int
    start: Shown
    end: Shown
    minutes: int
    since: date
    until: date | None


class DoctorOf(BaseModel):
    """A doctor with the weekly hours. `sent`: the clinic sends the slots itself."""

    id: UUID
    name: str
    speciality: str
    room: str
    note: str
    sent: bool
    hours: list[HoursOf] = []


class DayOf(BaseModel):
    """A day that differs, of a doctor or of the whole facility."""

    id: UUID
    day: date
    doctor: UUID | None
    start: Shown | None
    end: Shown | None
    minutes: int | None
    as_weekday: int | None
    why: str


class Resting(BaseModel):
    """A holiday, or a moved working day: worked as the weekday given."""

    day: date
    as_weekday: int | None


class Timetable(BaseModel):
    """A facility's schedule."""

    facility: FacilityOf
    today: date
    doctors: list[DoctorOf]
    days: list[DayOf]
    resting: list[Resting]


class CalledOff(BaseModel):
    """How many appointments were called off by a change; their people were told."""

    called_off: int


class Appointment(BaseModel):
    """Somebody who comes. `wall` is the time by the facility's clock; `late` in minutes."""

    id: UUID
    number: str
    name: str
    state: BookingState
    starts_at: datetime
    ends_at: datetime
    wall: Wall
    zone: str
    doctor: UUID
    doctor_name: str
    speciality: str
    room: str
    coming: bool
    late: int | None
    shares: list[Section]


class AppointmentsOf(BaseModel):
    """A page of a day."""

    day: date
    page: int
    pages: int
    total: int
    appointments: list[Appointment]


class FreeTime(BaseModel):
    """A free time that an appointment can be moved to."""

    slot: UUID
    wall: Wall
    doctor: UUID
    doctor_name: str


class SharedVisit(BaseModel):
    """A visit that goes along."""

    started_at: datetime
    institution: str
    doctor: str
    diagnoses: list[str]
    recommendations: list[str]
    prescriptions: list[str]


class SharedResult(BaseModel):
    """A result that goes along."""

    taken_at: datetime
    name: str
    values: list[str]
    institution: str


class OneAppointment(BaseModel):
    """One appointment; `visits` and `results` are null where they are not to be seen."""

    appointment: Appointment
    over: bool
    free: list[FreeTime]
    visits: list[SharedVisit] | None
    results: list[SharedResult] | None


class CheckedSlip(BaseModel):
    """Whether a slip is good now, and whose it is."""

    good: bool
    appointment: Appointment


def facility_of(facility: Facility) -> FacilityOf:
    """Return a facility as programs see it."""
    point = facility.point
    return FacilityOf(
        id=facility.id,
        code=facility.code,
        name=facility.name,
        address=facility.address,
        region=facility.region,
        zone=facility.zone,
        phone=facility.phone,
        point=PointOf(latitude=point.latitude, longitude=point.longitude) if point else None,
        source=facility.source,
        limit=facility.limit,
    )
