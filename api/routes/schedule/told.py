"""What use cases return, as programs see it."""

from collections.abc import Sequence

from api.routes.schedule.models import (
    Appointment,
    AppointmentsOf,
    CheckedSlip,
    DayOf,
    DoctorOf,
    FreeTime,
    HoursOf,
    OneAppointment,
    Resting,
    SharedResult,
    SharedVisit,
    Timetable,
    facility_of,
)  # fmt: skip
from core.domain.record import Result, Visit
from core.domain.record.figures import value_of
from core.domain.record.names import name_of
from core.domain.schedule import Doctor, Exceptional, Hours
from core.services.booking import Choice
from core.services.record.history_paper import diagnosis_of
from core.services.schedule import AppointmentView, Comer, DayView, Slip, TimetableView


def timetable_of(found: TimetableView) -> Timetable:
    """Return a facility's schedule."""
    return Timetable(
        facility=facility_of(found.facility),
        today=found.today,
        doctors=[doctor_of(each.doctor, each.hours) for each in found.doctors],
        days=[day_of(each) for each in found.exceptions],
        resting=[Resting(day=day, as_weekday=weekday) for day, weekday in found.resting],
    )


def doctor_of(doctor: Doctor, hours: Sequence[Hours] = ()) -> DoctorOf:
    """Return a doctor with the weekly hours."""
    return DoctorOf(
        id=doctor.id,
        name=doctor.name,
        speciality=doctor.speciality,
        room=doctor.room,
        note=doctor.note,
        sent=bool(doctor.remote),
        hours=[
            HoursOf(
                id=each.id, weekday=each.weekday, start=each.start, end=each.end, minutes=each.minutes,
                since=each.since, until=each.until,
            )
            for each in hours
        ],
    )  # fmt: skip


def day_of(day: Exceptional) -> DayOf:
    """Return a day that differs."""
    return DayOf(
        id=day.id,
        day=day.day,
        doctor=day.doctor,
        start=day.start,
        end=day.end,
        minutes=day.minutes,
        as_weekday=day.as_weekday,
        why=day.why,
    )


def appointments_of(found: DayView) -> AppointmentsOf:
    """Return a page of a day."""
    return AppointmentsOf(
        day=found.day,
        page=found.paging.number,
        pages=found.paging.pages,
        total=found.paging.total,
        appointments=[appointment_of(each) for each in found.comers],
    )


def appointment_of(comer: Comer) -> Appointment:
    """Return somebody who comes."""
    booking, doctor = comer.booking, comer.choice.doctor
    return Appointment(
        id=booking.id,
        number=booking.number,
        name=comer.name,
        state=booking.state,
        starts_at=booking.slot.starts_at,
        ends_at=booking.slot.ends_at,
        wall=booking.wall.at,
        zone=booking.wall.zone,
        doctor=doctor.id,
        doctor_name=doctor.name,
        speciality=booking.slot.speciality,
        room=doctor.room,
        coming=booking.coming,
        late=booking.late,
        shares=sorted(booking.shares),
    )


def one_of(found: AppointmentView) -> OneAppointment:
    """Return one appointment."""
    return OneAppointment(
        appointment=appointment_of(found.comer),
        over=found.over,
        free=[free_of(each) for each in found.free],
        visits=None if found.visits is None else [visit_of(each) for each in found.visits],
        results=None if found.results is None else [result_of(each) for each in found.results],
    )


def free_of(choice: Choice) -> FreeTime:
    """Return a free time."""
    return FreeTime(slot=choice.slot.id, wall=choice.wall.at, doctor=choice.doctor.id, doctor_name=choice.doctor.name)


def slip_of(found: Slip) -> CheckedSlip:
    """Return what became of a check."""
    return CheckedSlip(good=found.good, appointment=appointment_of(found.comer))


def visit_of(visit: Visit, language: str = "ru") -> SharedVisit:
    """Return a visit that goes along."""
    return SharedVisit(
        started_at=visit.started_at,
        institution=visit.institution,
        doctor=" · ".join(filter(None, (visit.doctor, visit.speciality))),
        diagnoses=[diagnosis_of(each, language) for each in visit.diagnoses],
        recommendations=list(visit.recommendations),
        prescriptions=list(visit.prescriptions),
    )


def result_of(result: Result, language: str = "ru") -> SharedResult:
    """Return a result that goes along."""
    return SharedResult(
        taken_at=result.taken_at,
        name=name_of(result.coding, language),
        values=[
            value_of(each, language)
            if len(result.measured) == 1
            else f"{name_of(each.coding, language)}: {value_of(each, language)}"
            for each in result.measured
        ],
        institution=result.institution,
    )
