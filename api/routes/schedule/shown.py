"""Schedules as pages show them: days, weekdays, hours and states in words."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from babel.dates import format_date, get_day_names
from fastapi import Request
from fastapi.responses import Response

from api.errors import detail, told
from api.rendering import render
from api.words import Words, words_for
from core.domain.booking import Booking, BookingState
from core.domain.ids import DoctorId
from core.domain.schedule import Exceptional, Hours
from core.domain.speciality import SPECIALITIES
from core.services.schedule import DoctorView

WRITTEN = {"ru": "d MMMM y, EEEE", "en": "EEEE, d MMMM y"}
CLOCK = "%H:%M"


class Typed(dict[str, Any]):
    """The fields of a form as they were typed: what was not is empty."""

    def __missing__(self, name: str) -> str:
        return ""


class Calendar:
    """Says days and weekdays in one language."""

    def __init__(self, words: Words) -> None:
        self.words = words
        names = get_day_names("wide", context="stand-alone", locale=words.language)
        short = get_day_names("abbreviated", context="stand-alone", locale=words.language)
        self.weekdays = [str(names[number]) for number in range(7)]
        self.short = [str(short[number]) for number in range(7)]

    def day(self, day: date) -> str:
        """Return a day with its weekday: «1 декабря 2026, вторник»."""
        return str(format_date(day, WRITTEN[self.words.language], locale=self.words.language))

    def hours(self, hours: Hours, today: date) -> str:
        """Return weekly hours in words: «09:00–13:00, по 15 мин», with their bounds where they are not as usual."""
        return f"{hours.start:{CLOCK}}–{hours.end:{CLOCK}}, {self.rest_of(hours, today)}"

    def rest_of(self, hours: Hours, today: date) -> str:
        """Return the same without the times: «по 15 мин»."""
        said = self.words("schedule.each", minutes=str(hours.minutes))
        if hours.since > today:
            said += " " + self.words("schedule.hours_since", day=self.words.date(hours.since))
        if hours.until is not None:
            said += " " + self.words("schedule.hours_until", day=self.words.date(hours.until))
        return said

    def differs(self, day: Exceptional) -> str:
        """Return how a day differs, in words."""
        if day.start is not None and day.end is not None:
            return self.words("schedule.day_hours", start=f"{day.start:{CLOCK}}", end=f"{day.end:{CLOCK}}")
        if day.as_weekday is not None:
            return self.words("schedule.day_weekday", weekday=self.weekdays[day.as_weekday])
        return self.words("schedule.day_closed")

    def rests(self, weekday: int | None) -> str:
        """Return whether people work on a holiday or a moved day, in words."""
        return (
            self.words("schedule.rests")
            if weekday is None
            else self.words("schedule.day_weekday", weekday=self.weekdays[weekday])
        )

    def state(self, booking: Booking) -> str:
        """Return what is known of whether somebody comes, in words."""
        if booking.state is not BookingState.BOOKED:
            return self.words(f"schedule.state.{booking.state.value}")
        if booking.late is not None:
            return self.words("schedule.late", minutes=str(booking.late))
        return self.words("schedule.coming") if booking.coming else self.words("schedule.not_said")

    def shares(self, booking: Booking) -> str:
        """Return what goes along, in words."""
        said = [self.words(f"schedule.shares.{each.value}") for each in sorted(booking.shares)]
        return ", ".join(said) or self.words("schedule.shares_nothing")


def specialities(language: str) -> list[tuple[str, str]]:
    """Return what can be chosen: (code, name), by name."""
    return sorted(
        ((code, each.name(language)) for code, each in SPECIALITIES.items()), key=lambda each: each[1].casefold()
    )


def week_of(doctors: Sequence[DoctorView], today: date) -> list[tuple[DoctorView, list[list[Hours]]]]:
    """Return each doctor with the hours of each weekday that hold now or will."""
    return [
        (
            each,
            [
                [one for one in each.hours if one.weekday == day and (one.until is None or one.until >= today)]
                for day in range(7)
            ],
        )
        for each in doctors
    ]


def names_of(doctors: Sequence[DoctorView]) -> dict[DoctorId, str]:
    """Return the doctors' names by id."""
    return {each.doctor.id: each.doctor.name for each in doctors}


async def shown(request: Request, page: str, error: Exception | None = None, **values: Any) -> Response:
    """Fill a page of a schedule; what stands in the way is said on it."""
    words = await words_for(request)
    values["form"] = Typed(values.get("form") or {})
    values.setdefault("form_name", "")
    return await render(
        request,
        page,
        told(error)[0] if error else 200,
        say=Calendar(words),
        as_typed=Typed,
        error=detail(error, words) if error else None,
        done=request.query_params.get("done", "")[:20],
        called_off=request.query_params.get("called_off", "")[:6],
        **values,
    )


def beside(day: date) -> tuple[date, date]:
    """Return the days before and after."""
    return day - timedelta(days=1), day + timedelta(days=1)
