"""Schedules: kept at the desk and by whoever runs the machine; slots follow from them."""

from core.services.schedule.daily import AppointmentView, Comer, DayView, ViewAppointment, ViewDay
from core.services.schedule.days import DropException, PutException
from core.services.schedule.doctors import AddDoctor, ChangeDoctor
from core.services.schedule.entrusting import EntrustFacility
from core.services.schedule.facilities import (
    AddFacility,
    AssignKeeper,
    ChangeFacility,
    KeepersView,
    ListFacilities,
    ListKeepers,
    RelieveKeeper,
)
from core.services.schedule.joining import Brought, BroughtDoctor, BroughtHours, JoinFacility
from core.services.schedule.keeping import Front, Keeping, NotAKeeper
from core.services.schedule.making import MakeSlots, SlotMaker
from core.services.schedule.reading import AppointmentsPage, ReadAppointments
from core.services.schedule.steering import CallOffBooking, CheckSlip, MoveBooking, Slip
from core.services.schedule.timetable import DoctorView, DropHours, PutHours, TimetableView, ViewTimetable

__all__ = [
    "AddDoctor",
    "AddFacility",
    "AppointmentView",
    "AppointmentsPage",
    "AssignKeeper",
    "Brought",
    "BroughtDoctor",
    "BroughtHours",
    "CallOffBooking",
    "ChangeDoctor",
    "ChangeFacility",
    "CheckSlip",
    "Comer",
    "DayView",
    "DoctorView",
    "DropException",
    "DropHours",
    "EntrustFacility",
    "Front",
    "JoinFacility",
    "KeepersView",
    "Keeping",
    "ListFacilities",
    "ListKeepers",
    "MakeSlots",
    "MoveBooking",
    "NotAKeeper",
    "PutException",
    "PutHours",
    "ReadAppointments",
    "RelieveKeeper",
    "Slip",
    "SlotMaker",
    "TimetableView",
    "ViewAppointment",
    "ViewDay",
    "ViewTimetable",
]
