"""Days off and moved working days in Russia, by the law and the government's yearly decree on moved days."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

import holidays

SATURDAY = 5
A_DAY = timedelta(days=1)


@cache
def _calendar() -> holidays.HolidayBase:
    # It reads a year when it is first asked about one.
    return holidays.country_holidays("RU", language="ru")


def worked_as(day: date) -> int | None:
    """Return the weekday (0 is Monday) by whose hours people work on a day; None on a holiday or a day off that was moved there.

    A Saturday that is worked in place of a Monday is worked as that Monday. Weekends are not days off by themselves: the
    weekly hours say who receives then.
    """
    calendar = _calendar()
    if day in calendar:
        return None
    if day.weekday() >= SATURDAY and calendar.is_working_day(day):
        # Days off bear in their name where they were moved from.
        for given in calendar.get_named(f"{day:%d.%m.%Y}"):
            return given.weekday()
    return day.weekday()


def resting(first: date, last: date) -> Sequence[tuple[date, int | None]]:
    """Return the days, both included, on which people do not work as on their weekday, with the weekday they work as."""
    days = (first + A_DAY * number for number in range((last - first).days + 1))
    return [(day, worked_as(day)) for day in days if worked_as(day) != day.weekday()]
