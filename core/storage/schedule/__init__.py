"""Where and when doctors receive: facilities with their doctors, their hours, and the slots that follow."""

from core.storage.schedule.facility import DoctorRow, FacilityRow, KeeperRow, SqlFacilities
from core.storage.schedule.slot import SLOTS, SlotRow, slot_of
from core.storage.schedule.slots import SqlSlots
from core.storage.schedule.timetable import ExceptionalRow, HoursRow, SqlTimetables

__all__ = [
    "SLOTS",
    "DoctorRow",
    "ExceptionalRow",
    "FacilityRow",
    "HoursRow",
    "KeeperRow",
    "SlotRow",
    "SqlFacilities",
    "SqlSlots",
    "SqlTimetables",
    "slot_of",
]
