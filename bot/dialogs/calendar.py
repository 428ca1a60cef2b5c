"""Calendars in the reader's language: of the past, by days, months and years; of days to come, those that can be had marked."""

from dataclasses import replace
from datetime import date
from typing import Any

from aiogram.enums import ButtonStyle
from aiogram.types import CallbackQuery, InlineKeyboardButton
from aiogram_dialog import DialogManager
from aiogram_dialog.api.internal import RawKeyboard
from aiogram_dialog.api.protocols import DialogProtocol
from aiogram_dialog.widgets.kbd import Calendar, CalendarConfig, CalendarScope
from aiogram_dialog.widgets.kbd.calendar_kbd import (
    CalendarDaysView,
    CalendarMonthView,
    CalendarScopeView,
    CalendarUserConfig,
    CalendarYearsView,
    OnDateSelected,
)
from aiogram_dialog.widgets.text import Format, Text
from babel.dates import format_date

from bot.dialogs.astray import NotOffered
from bot.text import language_of

FIRST_YEAR = 1900
NOTHING = "none"
EMPTY = "·"
"""Telegram takes no button without words or without data."""
MARK = "•"
"""Before a day that can be had."""
CONFIG = CalendarConfig(min_date=date(FIRST_YEAR, 1, 1), month_columns=2, years_per_page=12, years_columns=2)


class Shown(Text):
    """The date of a button by one of Babel's shapes, with something around it."""

    def __init__(self, shape: str, around: str = "{}") -> None:
        super().__init__()
        self.shape, self.around = shape, around

    async def _render_text(self, data: dict[str, Any], manager: DialogManager) -> str:
        words = format_date(data["date"], self.shape, locale=language_of(manager))
        return self.around.format(words[:1].upper() + words[1:])


class Months(CalendarMonthView):
    """The library's months; in the last year its buttons to other years are missing."""

    async def _render_pager(
        self, config: CalendarConfig, offset: date, data: dict[str, Any], manager: DialogManager
    ) -> list[InlineKeyboardButton]:
        wider = replace(config, max_date=date(config.max_date.year + 1, 12, 31))
        row: list[InlineKeyboardButton] = await super()._render_pager(wider, offset, data, manager)
        return row[:-1] if offset.year >= config.max_date.year else row


class DayPicker(Calendar):
    """aiogram-dialog's calendar with Babel's words. The window's getter gives `today`, the last day that can be chosen."""

    opens_at = "today"
    """The getter's name of the day whose month is open first."""

    def __init__(self, widget_id: str, on_click: OnDateSelected) -> None:
        super().__init__(widget_id, on_click, CONFIG)

    def _init_views(self) -> dict[CalendarScope, CalendarScopeView]:
        day, month, year = Format("{date.day}"), Shown("LLLL"), Format("{date.year}")
        made = self._item_callback_data
        return {
            CalendarScope.DAYS: CalendarDaysView(
                made,
                date_text=day,
                today_text=day,
                weekday_text=Shown("EEEEEE"),
                header_text=Shown("LLLL y", "🗓 {}"),
                zoom_out_text=Shown("LLLL", "▦ {}"),
                next_month_text=Shown("LLL", "{} ›"),
                prev_month_text=Shown("LLL", "‹ {}"),
            ),
            CalendarScope.MONTHS: Months(
                made,
                month_text=month,
                this_month_text=month,
                header_text=Format("🗓 {date.year}"),
                zoom_out_text=Format("▦ {date.year}"),
                next_year_text=Format("{date.year} ›"),
                prev_year_text=Format("‹ {date.year}"),
            ),
            CalendarScope.YEARS: CalendarYearsView(
                made,
                year_text=year,
                this_year_text=year,
                next_page_text=Format("{date.year} ›"),
                prev_page_text=Format("‹ {date.year}"),
            ),
        }

    async def _get_user_config(self, data: dict[str, Any], manager: DialogManager) -> CalendarUserConfig:  # noqa: ARG002 (theirs)
        return CalendarUserConfig(max_date=data["today"])

    async def _render_keyboard(self, data: dict[str, Any], manager: DialogManager) -> RawKeyboard:
        if self.get_offset(manager) is None:
            self.set_offset(data[self.opens_at], manager)
        rows = await super()._render_keyboard(data, manager)
        buttons = [[each for each in row if isinstance(each, InlineKeyboardButton)] for row in rows]
        # A week that is wholly to come is no row.
        return [[self._told(each) for each in row] for row in buttons if any(each.text.strip() for each in row)]

    def set_offset(self, new_offset: date, manager: DialogManager) -> None:
        """Stand at the first of a month: no year lacks that day."""
        super().set_offset(date(max(new_offset.year, FIRST_YEAR), new_offset.month, 1), manager)

    async def _handle_scope_years(self, data: str, manager: DialogManager) -> None:
        """The years up to the one that is open, not those from it on: most of them are to come."""
        offset = self.get_offset(manager)
        if offset is not None:
            self.set_offset(date(max(FIRST_YEAR, offset.year + 1 - CONFIG.years_per_page), 1, 1), manager)
        await super()._handle_scope_years(data, manager)

    def _told(self, button: InlineKeyboardButton) -> InlineKeyboardButton:
        if button.callback_data:
            return button
        return InlineKeyboardButton(text=button.text.strip() or EMPTY, callback_data=self._item_callback_data(NOTHING))

    async def _process_item_callback(
        self, callback: CallbackQuery, data: str, dialog: DialogProtocol, manager: DialogManager
    ) -> bool:
        if data == NOTHING:
            return True
        if self.get_offset(manager) is None:
            raise NotOffered
        try:
            return await super()._process_item_callback(callback, data, dialog, manager)
        except (ValueError, OverflowError):
            raise NotOffered from None


class MarkedDays(CalendarDaysView):
    """A month whose days that can be had are green and bear a dot; between months one goes, and nowhere else."""

    async def _render_date_button(
        self, selected_date: date, today: date, data: dict[str, Any], manager: DialogManager
    ) -> InlineKeyboardButton:
        button = await super()._render_date_button(selected_date, today, data, manager)
        if selected_date not in data["free"]:
            return button
        return button.model_copy(update={"text": f"{MARK}{button.text}", "style": ButtonStyle.SUCCESS.value})

    async def _render_header(
        self, config: CalendarConfig, offset: date, data: dict[str, Any], manager: DialogManager
    ) -> list[InlineKeyboardButton]:
        row: list[InlineKeyboardButton] = await super()._render_header(config, offset, data, manager)
        return [each.model_copy(update={"callback_data": ""}) for each in row]

    async def _render_pager(
        self, config: CalendarConfig, offset: date, data: dict[str, Any], manager: DialogManager
    ) -> list[InlineKeyboardButton]:
        row: list[InlineKeyboardButton] = await super()._render_pager(config, offset, data, manager)
        return [each for each in (row[0], row[-1]) if each.callback_data] if row else []


class FreeDays(DayPicker):
    """Days to come. The window's getter gives `free` (days that can be had), `first` and `last` (the days it goes between).

    Any day may be tapped: whoever takes the tap says that nothing is to be had on one without a mark.
    """

    opens_at = "first"

    def _init_views(self) -> dict[CalendarScope, CalendarScopeView]:
        day = Format("{date.day}")
        return {
            CalendarScope.DAYS: MarkedDays(
                self._item_callback_data,
                date_text=day,
                today_text=day,
                weekday_text=Shown("EEEEEE"),
                header_text=Shown("LLLL y", "🗓 {}"),
                next_month_text=Shown("LLLL", "{} ›"),
                prev_month_text=Shown("LLLL", "‹ {}"),
            )
        }

    async def _get_user_config(self, data: dict[str, Any], manager: DialogManager) -> CalendarUserConfig:  # noqa: ARG002 (theirs)
        return CalendarUserConfig(min_date=data["first"], max_date=data["last"])

    def get_scope(self, manager: DialogManager) -> CalendarScope:  # noqa: ARG002 (theirs)
        """There are days alone."""
        return CalendarScope.DAYS
