"""Where a person stands while booking: for whom, to whom, where, when; the hold. Ids and codes: nothing typed, no place."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from aiogram_dialog import DialogManager

from bot.dialogs.astray import NotOffered
from core.domain.ids import AccountId, BookingId, DoctorId, FacilityId, SlotId
from core.domain.region import REGIONS
from core.domain.schedule import Wanted
from core.domain.speciality import SPECIALITIES

PATIENT, SPECIALITY, REGION, FACILITY, DOCTOR = "patient", "speciality", "region", "facility", "doctor"
DAY, PART, SLOT, HELD, MOVES = "day", "part", "slot", "held", "moves"
FOUND, REGIONS_FOUND = "found", "regions_found"
CLINIC_PAGE, TIME_PAGE = "clinic_page", "time_page"
BY_PLACE = "by_place"
"""In the middleware's data, for one update only: where the person is. It never goes into the store."""
ANYONE = "any"
"""Instead of a doctor: whoever is soonest."""
AFTER = {
    SPECIALITY: (FACILITY, DOCTOR, DAY, PART, TIME_PAGE, CLINIC_PAGE),
    REGION: (FACILITY, DOCTOR, DAY, PART, TIME_PAGE, CLINIC_PAGE),
    FACILITY: (DOCTOR, DAY, PART, TIME_PAGE),
    DOCTOR: (DAY, PART, TIME_PAGE),
    DAY: (PART, TIME_PAGE),
    PART: (TIME_PAGE,),
}
"""What is chosen anew when something before it is."""


def choose(manager: DialogManager, key: str, value: str) -> None:
    """Keep a choice; whatever was chosen after it is forgotten."""
    for later in AFTER.get(key, ()):
        manager.dialog_data.pop(later, None)
    manager.dialog_data[key] = value


def patient_of(manager: DialogManager) -> AccountId | None:
    """Return for whom is booked, None for oneself."""
    kept: str | None = manager.dialog_data.get(PATIENT)
    return None if kept is None else AccountId(UUID(kept))


def speciality_of(manager: DialogManager) -> str:
    """Return the speciality's code. Raises NotOffered before one was chosen."""
    try:
        return str(manager.dialog_data[SPECIALITY])
    except KeyError:
        raise NotOffered from None


def wanted_of(manager: DialogManager) -> Wanted:
    """Return what is looked for. Raises NotOffered before a speciality was chosen."""
    kept = manager.dialog_data
    wanted = Wanted(speciality_of(manager), kept.get(REGION))
    if FACILITY in kept:
        wanted = replace(wanted, facility=FacilityId(UUID(kept[FACILITY])))
    if kept.get(DOCTOR, ANYONE) != ANYONE:
        wanted = replace(wanted, doctor=DoctorId(UUID(kept[DOCTOR])))
    return wanted


def want(manager: DialogManager, wanted: Wanted) -> None:
    """Keep what is looked for, all at once."""
    choose(manager, SPECIALITY, wanted.speciality)
    if wanted.region is not None:
        choose(manager, REGION, wanted.region)
    if wanted.facility is not None:
        choose(manager, FACILITY, str(wanted.facility))
    choose(manager, DOCTOR, str(wanted.doctor) if wanted.doctor is not None else ANYONE)


def day_of(manager: DialogManager) -> date:
    """Return the chosen day. Raises NotOffered before one was chosen."""
    try:
        return date.fromisoformat(manager.dialog_data[DAY])
    except KeyError:
        raise NotOffered from None


def slot_of(manager: DialogManager) -> SlotId:
    """Return the slot that was wanted last. Raises NotOffered."""
    try:
        return SlotId(UUID(manager.dialog_data[SLOT]))
    except KeyError:
        raise NotOffered from None


def held_of(manager: DialogManager) -> BookingId:
    """Return the hold. Raises NotOffered where there is none."""
    try:
        return BookingId(UUID(manager.dialog_data[HELD]))
    except KeyError:
        raise NotOffered from None


def moves_of(manager: DialogManager) -> BookingId | None:
    """Return the booking whose place the new one takes."""
    kept: str | None = manager.dialog_data.get(MOVES)
    return None if kept is None else BookingId(UUID(kept))


def a_speciality(item: str) -> str:
    """Read the item of a pressed button: a code of a speciality. Raises NotOffered."""
    if item not in SPECIALITIES:
        raise NotOffered
    return item


def a_region(item: str) -> str:
    """Read the item of a pressed button: a code of a region. Raises NotOffered."""
    if item not in REGIONS:
        raise NotOffered
    return item


def a_day(item: str) -> str:
    """Read the item of a pressed button: a day. Raises NotOffered."""
    try:
        return date.fromisoformat(item).isoformat()
    except ValueError:
        raise NotOffered from None
