"""Where and when doctors receive people: facilities, doctors, hours, and the slots that follow from them."""

from core.domain.schedule.facility import (
    Doctor,
    Facilities,
    Facility,
    FacilityExists,
    InvalidDoctor,
    InvalidFacility,
    KeptElsewhere,
    NoSuchDoctor,
    NoSuchFacility,
    Point,
    Source,
)
from core.domain.schedule.hours import (
    AHEAD_DAYS,
    Exceptional,
    Hours,
    InvalidHours,
    InvalidWhy,
    Timetables,
    check_exceptional,
    check_hours,
)
from core.domain.schedule.slot import Slot, Slots, SlotTaken, Wanted

__all__ = [
    "AHEAD_DAYS",
    "Doctor",
    "Exceptional",
    "Facilities",
    "Facility",
    "FacilityExists",
    "Hours",
    "InvalidDoctor",
    "InvalidFacility",
    "InvalidHours",
    "InvalidWhy",
    "KeptElsewhere",
    "NoSuchDoctor",
    "NoSuchFacility",
    "Point",
    "Slot",
    "SlotTaken",
    "Slots",
    "Source",
    "Timetables",
    "Wanted",
    "check_exceptional",
    "check_hours",
]
