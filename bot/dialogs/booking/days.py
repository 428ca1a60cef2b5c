"""What the windows of doctors, days and times show."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from aiogram_dialog import DialogManager
from babel.dates import format_timedelta

from bot.dialogs.booking.position import ANYONE, DOCTOR, MOVES, PART, TIME_PAGE
from bot.dialogs.booking.shown import (
    capital,
    clock_time,
    full_day,
    initials_of,
    labelled,
    near_day,
    near_time,
    places,
    shown_days,
    surname_of,
    wall_of,
)
from bot.dialogs.notice import take
from bot.dialogs.paging import number_of, page_of
from bot.text import language_of
from bot.words import say
from core.domain.identifiers.dates import read_date
from core.domain.identifiers.errors import InvalidDate
from core.domain.record.looking import Paging
from core.services.booking.views import Choice, DaysView, DoctorsView, Freshness, TimesView

NEAREST = 6
"""So many days are offered in words; the rest is in the calendar."""
PER_PAGE = 12
"""Six rows of two times: they fit a small screen together with what is above."""
LONGEST = 40
"""Nobody writes a day in more letters."""


class Part(StrEnum):
    """A part of the day."""

    MORNING = "morning"
    DAY = "day"
    EVENING = "evening"


def show_doctors(view: DoctorsView, now: datetime, manager: DialogManager) -> dict[str, Any]:
    """Return a button for each doctor who has free time; the others are named in words."""
    language = language_of(manager)
    free = [(each.doctor, each.soonest) for each in view.doctors if each.soonest is not None]
    full = [initials_of(each.doctor.name) for each in view.doctors if each.soonest is None]
    soonest = view.soonest if len(free) > 1 else None
    return {
        "speciality": view.speciality.name(language),
        "clinic": view.facility.name if view.facility else "",
        "address": view.facility.address if view.facility else "",
        "soonest": soonest_label(soonest, now, language) if soonest else "",
        "doctors": [
            (str(doctor.id), labelled(initials_of(doctor.name), near_time(choice.wall, now, language), language))
            for doctor, choice in free
        ],
        "moving": MOVES in manager.dialog_data,
        "doctors_full": ", ".join(full),
        "full": bool(full and free),
        "none": not free,
    } | take(manager)


def soonest_label(choice: Choice, now: datetime, language: str) -> str:
    """Return «Кто раньше: Иванова · завтра, 9:40»."""
    what = say("book.soonest", language, {"doctor": surname_of(choice.doctor.name)})
    return labelled(what, near_time(choice.wall, now, language), language)


def show_days(view: DaysView, now: datetime, manager: DialogManager) -> dict[str, Any]:
    """Return the nearest days, each with its places."""
    language = language_of(manager)
    today = _today(view, now)
    return {
        "what": what_of(view, language),
        "moving": MOVES in manager.dialog_data,
        "at_first": MOVES not in manager.dialog_data,
        "stale": stale(view.freshness, now, language),
        "days": [
            (
                day.isoformat(),
                say("book.day_label", language, {"day": full_day(day, today, language), "places": places(n, language)}),
            )
            for day, n in sorted(view.days.items())[:NEAREST]
        ],
        "some": bool(view.days),
        "none": not view.days,
    } | take(manager)


def show_calendar(view: DaysView, now: datetime, manager: DialogManager) -> dict[str, Any]:
    """Return the days that have places, for the eye and for the ear."""
    language = language_of(manager)
    free, today = sorted(view.days), _today(view, now)
    return {
        "what": what_of(view, language),
        "days": shown_days(free, language),
        "free": view.days,
        "first": free[0] if free else today,
        "last": free[-1] if free else today,
        "some": bool(free),
        "none": not free,
    } | take(manager)


def show_times(view: TimesView, now: datetime, manager: DialogManager) -> dict[str, Any]:
    """Return a page of the times of one part of the day, and the ways to the others."""
    language = language_of(manager)
    parts = {part: found for part, found in _parts(view).items() if found}
    part = _open_part(parts, manager)
    chosen = parts.get(part, ()) if part else ()
    paging = Paging(len(chosen), PER_PAGE, number_of(manager, TIME_PAGE))
    one = manager.dialog_data.get(DOCTOR, ANYONE) != ANYONE
    every = [choice for found in parts.values() for choice in found]
    today = wall_of(now, every[0].facility.zone).date() if every else view.day
    return (
        {
            "what": times_of_whom(view, every, language, one=one),
            "day": full_day(view.day, today, language),
            "counts": capital(", ".join(part_places(each, len(found), language) for each, found in parts.items())),
            "slots": [
                (str(each.slot.id), time_label(each, part, language, one=one))
                for each in chosen[paging.offset : paging.offset + PER_PAGE]
                if part
            ],
            "parts": [
                (each.value, capital(part_places(each, len(found), language)))
                for each, found in parts.items()
                if each is not part
            ],
            "beside": [
                (day.isoformat(), say(key, language, {"day": near_day(day, today, language)}))
                for key, day in (("book.day_earlier", view.earlier), ("book.day_later", view.later))
                if day is not None
            ],
            "stale": stale(view.freshness, now, language),
            "none": view.empty,
        }
        | page_of(paging, manager, TIME_PAGE)
        | take(manager)
    )


def time_label(choice: Choice, part: Part, language: str, *, one: bool) -> str:
    """Return «9:40 утра», with the doctor where it may be anyone."""
    time = say(f"book.time.{part.value}", language, {"time": clock_time(choice.wall.at, language)})
    if one:
        return time
    return say("book.time_doctor", language, {"time": time, "doctor": surname_of(choice.doctor.name)})


def part_places(part: Part, number: int, language: str) -> str:
    """Return «утро: 5 мест»."""
    values = {"part": say(f"book.part.{part.value}", language), "places": places(number, language)}
    return say("book.part_places", language, values)


def times_of_whom(view: TimesView, every: Sequence[Choice], language: str, *, one: bool) -> str:
    """Return «Терапевт Иванова А. П. Поликлиника № 7»."""
    speciality = view.speciality.name(language)
    if not every:
        return speciality
    doctor = initials_of(every[0].doctor.name)
    values = {"speciality": speciality, "doctor": doctor}
    what = say("book.day_one" if one else "book.day_anyone", language, values)
    return say("book.at", language, {"what": what, "clinic": every[0].facility.name})


def what_of(view: DaysView, language: str) -> str:
    """Return «Терапевт Иванова А. П. Поликлиника № 7», as far as it is chosen."""
    values = {"speciality": view.speciality.name(language)}
    if view.doctor:
        what = say("book.day_one", language, values | {"doctor": initials_of(view.doctor.name)})
    else:
        what = say("book.day_anyone", language, values)
    return say("book.at", language, {"what": what, "clinic": view.facility.name}) if view.facility else what


def stale(freshness: Freshness, now: datetime, language: str) -> str:
    """Return how old what is shown is, where a clinic's server is silent."""
    if not freshness.stale or freshness.as_of is None:
        return ""
    age = format_timedelta(freshness.as_of - now, add_direction=True, locale=language)
    return say("book.stale", language, {"age": age})


def read_day(raw: str, today: date) -> date | None:
    """Read a day to come, with or without its year: «4.12», «4 декабря», «04.12.2026»; None for what is no day."""
    text = " ".join(raw[:LONGEST].split()).rstrip(".,")
    for tail in ("", *(f"{between}{year}" for year in (today.year, today.year + 1) for between in (".", " "))):
        try:
            day = read_date(text + tail, InvalidDate)
        except InvalidDate:
            continue
        if not tail or day >= today:
            return day
    return None


def _parts(view: TimesView) -> Mapping[Part, Sequence[Choice]]:
    return {Part.MORNING: view.morning, Part.DAY: view.daytime, Part.EVENING: view.evening}


def _open_part(parts: Mapping[Part, Sequence[Choice]], manager: DialogManager) -> Part | None:
    """Return the part that was chosen, or the first that has any times."""
    kept = manager.dialog_data.get(PART)
    if kept is not None and Part(kept) in parts:
        return Part(kept)
    return next(iter(parts), None)


def _today(view: DaysView, now: datetime) -> date:
    return wall_of(now, view.facility.zone).date() if view.facility else now.date()
