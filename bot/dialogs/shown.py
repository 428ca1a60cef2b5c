"""How windows show days and moments."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from aiogram_dialog import DialogManager
from babel.dates import format_datetime

from bot.text import language_of
from core.domain.identifiers.dates import long_date


def zone_of(manager: DialogManager) -> ZoneInfo:
    """Return the chat's time zone."""
    return ZoneInfo(manager.middleware_data.get("zone", "Europe/Moscow"))


def shown_day(day: date, manager: DialogManager) -> str:
    """Write a day out: «23 ноября 2026 г.»."""
    return long_date(day, language_of(manager))


def shown_moment(moment: datetime, manager: DialogManager) -> str:
    """Write a moment out in the chat's zone: «23 ноября 2026 г., 21:46»."""
    return format_datetime(moment, "d MMMM y, HH:mm", tzinfo=zone_of(manager), locale=language_of(manager))


def shown_time(moment: datetime, manager: DialogManager) -> str:
    """Write a moment of today out in the chat's zone: «21:46»."""
    return format_datetime(moment, "HH:mm", tzinfo=zone_of(manager), locale=language_of(manager))
