"""How doctors, days and times are written in /book and /appointments: each label is whole by itself."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from aiogram_dialog import DialogManager
from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from bot.dialogs.fitting import cut
from bot.dialogs.shown import zone_of
from bot.text import language_of
from bot.words import count, say
from core.domain.notification import WallTime
from core.domain.region import REGIONS
from core.domain.speciality import SPECIALITIES
from core.services.booking.views import Choice

LABEL = 64
"""Letters of a button: what is longer is cut at its name, never at its time."""


def speciality_of(code: str, language: str) -> str:
    """Return a speciality's name; its code for one that the table does not know any more."""
    known = SPECIALITIES.get(code)
    return known.name(language) if known else code


def uncapital(words: str) -> str:
    """Return words as they stand within a line."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def capital(words: str) -> str:
    """Return words as they begin a line."""
    return words[:1].upper() + words[1:]


def surname_of(name: str) -> str:
    """Return the first word of a doctor's name: Russian names begin with the surname."""
    return name.split(maxsplit=1)[0] if name.split() else name


def initials_of(name: str) -> str:
    """Return «Иванова А. П.» of «Иванова Анна Петровна», which no line break parts."""
    words = name.split()
    return "\N{NO-BREAK SPACE}".join([*words[:1], *(f"{word[0]}." for word in words[1:])])


def doctor_of(code: str, name: str, language: str) -> str:
    """Return «Терапевт Иванова»."""
    values = {"speciality": speciality_of(code, language), "doctor": surname_of(name)}
    return say("book.doctor_of", language, values)


def near_day(day: date, today: date, language: str) -> str:
    """Return «сегодня», «завтра», or «вт 1 дек.»: short, for a button."""
    if day == today:
        return say("book.today", language)
    if day == today + timedelta(days=1):
        return say("book.tomorrow", language)
    return format_date(day, "E d MMM", locale=language)


def full_day(day: date, today: date, language: str) -> str:
    """Return «завтра, вт, 1 декабря»: both the word and the date."""
    plain = plain_day(day, language)
    if day == today:
        return say("book.today_full", language, {"day": plain})
    if day == today + timedelta(days=1):
        return say("book.tomorrow_full", language, {"day": plain})
    return plain


def plain_day(day: date, language: str) -> str:
    """Return «вт, 1 декабря»."""
    return format_date(day, "E, d MMMM", locale=language)


def shown_days(days: Sequence[date], language: str) -> str:
    """Return «1, 2 и 5 декабря; 11 января»: what a calendar marks, for those who listen to it."""
    months: dict[tuple[int, int], list[date]] = {}
    for day in days:
        months.setdefault((day.year, day.month), []).append(day)
    return "; ".join(_of_month(each, language) for each in months.values())


def _of_month(days: Sequence[date], language: str) -> str:
    numbers = ", ".join(str(day.day) for day in days[:-1])
    last = format_date(days[-1], "d MMMM", locale=language)
    return f"{numbers}, {last}" if numbers else last


def wall_of(moment: datetime, zone: str) -> datetime:
    """Return what the clock of a zone shows, without the zone."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def clock_time(wall: datetime, language: str) -> str:
    """Return «9:40» of a wall clock."""
    return format_time(wall, "H:mm", locale=language)


def near_time(wall: WallTime, now: datetime, language: str) -> str:
    """Return «завтра, 9:40», by the clock of the facility."""
    today = wall_of(now, wall.zone).date()
    values = {"day": near_day(wall.at.date(), today, language), "time": clock_time(wall.at, language)}
    return say("book.when", language, values)


def full_time(wall: WallTime, region: str, now: datetime, manager: DialogManager) -> str:
    """Return «завтра, вт, 1 декабря, 9:40», with the city where the person's clock shows another time."""
    language = language_of(manager)
    today = wall_of(now, wall.zone).date()
    values = {"day": full_day(wall.at.date(), today, language), "time": clock_time(wall.at, language)}
    when = say("book.when", language, values)
    if wall.at.replace(tzinfo=ZoneInfo(wall.zone)).utcoffset() == wall.at.replace(tzinfo=zone_of(manager)).utcoffset():
        return when
    return say("book.local_time", language, {"when": when, "city": city_of(region, wall.zone, language)})


def city_of(region: str, zone: str, language: str) -> str:
    """Return the city by whose clock a facility lives."""
    known = REGIONS.get(region)
    return known.city(language) if known else zone


def labelled(what: str, when: str, language: str) -> str:
    """Return «Терапевт Иванова · завтра, 9:40» within a button's length."""
    room = LABEL - len(say("book.label", language, {"what": "", "when": when}))
    return say("book.label", language, {"what": cut(what, room), "when": when})


def places(number: int, language: str) -> str:
    """Return «5 мест»."""
    return count("book.places", language, number)


def distance(km: float, language: str) -> str:
    """Return «450 м» or «2,4 км»."""
    if km < 1:
        return say("book.m", language, {"number": str(max(10, round(km * 100) * 10))})
    number = format_decimal(round(km, 1 if km < 10 else 0), locale=language)
    return say("book.km", language, {"number": number})


def until(moment: datetime | None, manager: DialogManager) -> str:
    """Return the time until which something is held, by the person's clock."""
    if moment is None:
        return ""
    return clock_time(moment.astimezone(zone_of(manager)).replace(tzinfo=None), language_of(manager))


def choice_label(choice: Choice, now: datetime, language: str) -> str:
    """Return «Терапевт Иванова · завтра, 9:40»."""
    what = doctor_of(choice.doctor.speciality, choice.doctor.name, language)
    return labelled(what, near_time(choice.wall, now, language), language)
