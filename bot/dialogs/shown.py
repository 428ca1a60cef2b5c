"""How windows show days and moments, and how their buttons look."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aiogram.enums import ButtonStyle
from aiogram_dialog import DialogManager, StartMode
from aiogram_dialog.widgets.kbd import Button, Start
from aiogram_dialog.widgets.kbd.button import OnClick
from aiogram_dialog.widgets.style import Style
from babel.dates import format_date, format_datetime

from bot.states import Menu
from bot.text import T, language_of

FORWARD = Style(ButtonStyle.SUCCESS)
"""The one button that leads on."""
DANGER = Style(ButtonStyle.DANGER)
"""The second tap of something that cannot be undone."""


def zone_of(manager: DialogManager) -> ZoneInfo:
    """Return the chat's time zone."""
    return ZoneInfo(manager.middleware_data.get("zone", "Europe/Moscow"))


def shown_day(day: date, manager: DialogManager) -> str:
    """Write a day out: «23 ноября 2026 г.»."""
    return format_date(day, "long", locale=language_of(manager))


def shown_moment(moment: datetime, manager: DialogManager) -> str:
    """Write a moment out in the chat's zone: «23 ноября 2026 г., 21:46»."""
    return format_datetime(moment, "d MMMM y, HH:mm", tzinfo=zone_of(manager), locale=language_of(manager))


def to_menu(widget_id: str, on_click: OnClick | None = None, when: str | None = None) -> Start:
    """Return the button that leads to the menu; ids are unique in a dialog, so that a double tap meets nothing."""
    return Start(
        T("card.to_menu"), id=widget_id, state=Menu.main, on_click=on_click, mode=StartMode.RESET_STACK, when=when
    )


def forward(key: str, widget_id: str, on_click: Callable[..., Awaitable[Any]], when: str | None = None) -> Button:
    """Return the button that leads on."""
    return Button(T(key), id=widget_id, on_click=on_click, when=when, style=FORWARD)
