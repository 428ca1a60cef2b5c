"""To whom and when: a doctor or whoever is soonest, the nearest days as words, a calendar, the times of a day."""

from datetime import date
from typing import Any
from uuid import UUID

from aiogram.types import CallbackQuery, Message
from aiogram_dialog import ChatEvent, DialogManager, StartMode, Window
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Button, Column, Group, ManagedCalendar, Row, SwitchTo
from aiogram_dialog.widgets.text import Format, Multi
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.astray import an_id, buttons_only, one_of, text_only
from bot.dialogs.booking import samples
from bot.dialogs.booking.days import (
    Part,
    read_day,
    show_calendar,
    show_days,
    show_doctors,
    show_times,
)
from bot.dialogs.booking.holding import take_slot
from bot.dialogs.booking.position import (
    ANYONE,
    DAY,
    DOCTOR,
    PART,
    TIME_PAGE,
    a_day,
    choose,
    day_of,
    moves_of,
    wanted_of,
)
from bot.dialogs.booking.shown import plain_day
from bot.dialogs.calendar import FreeDays
from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import NOTICE, note
from bot.dialogs.paging import turning
from bot.dialogs.parts import FORWARD, back, back_or_menu, leads, lists, preview, to_menu
from bot.dialogs.typed import at_the_bottom, forget
from bot.places import ABOUT, PLACE
from bot.states import Appointments
from bot.states import Booking as Windows
from bot.text import Ready, T, language_of
from core.domain.ids import SlotId
from core.ports import Clock
from core.services.booking import HoldSlot, ListDoctors, ViewDays, ViewTimes


@inject
async def doctor_getter(
    dialog_manager: DialogManager, listed: FromDishka[ListDoctors], clock: FromDishka[Clock], **_data: Any
) -> dict[str, Any]:
    """The doctors of a clinic."""
    return show_doctors(
        await listed(citizen_of(dialog_manager), wanted_of(dialog_manager)), clock.now(), dialog_manager
    )


@inject
async def day_getter(
    dialog_manager: DialogManager, view: FromDishka[ViewDays], clock: FromDishka[Clock], **_data: Any
) -> dict[str, Any]:
    """The nearest days."""
    return show_days(await view(citizen_of(dialog_manager), wanted_of(dialog_manager)), clock.now(), dialog_manager)


@inject
async def calendar_getter(
    dialog_manager: DialogManager, view: FromDishka[ViewDays], clock: FromDishka[Clock], **_data: Any
) -> dict[str, Any]:
    """All days that there are."""
    return show_calendar(await view(citizen_of(dialog_manager), wanted_of(dialog_manager)), clock.now(), dialog_manager)


@inject
async def time_getter(
    dialog_manager: DialogManager, view: FromDishka[ViewTimes], clock: FromDishka[Clock], **_data: Any
) -> dict[str, Any]:
    """The times of the day."""
    found = await view(citizen_of(dialog_manager), wanted_of(dialog_manager), day_of(dialog_manager))
    return show_times(found, clock.now(), dialog_manager)


@inject
async def on_anyone(
    _callback: CallbackQuery,
    _button: object,
    manager: DialogManager,
    listed: FromDishka[ListDoctors],
    hold: FromDishka[HoldSlot],
) -> None:
    """«Кто раньше»: the soonest time is held at once; other times are those of anybody."""
    soonest = (await listed(citizen_of(manager), wanted_of(manager))).soonest
    choose(manager, DOCTOR, ANYONE)
    if soonest is not None:
        await take_slot(manager, hold, soonest.slot.id)


async def on_doctor(_callback: CallbackQuery, _widget: object, manager: DialogManager, item: str) -> None:
    """A doctor: on which day."""
    choose(manager, DOCTOR, item)
    await manager.switch_to(Windows.day)


async def on_appointment(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """Back from a move: to the appointment that is still one's own."""
    about = {PLACE: "appointment", ABOUT: str(moves_of(manager))}
    await manager.start(Appointments.one, data=about, mode=StartMode.RESET_STACK)


async def on_day(_callback: CallbackQuery, _widget: object, manager: DialogManager, item: str) -> None:
    """A day: at what time."""
    choose(manager, DAY, item)
    await manager.switch_to(Windows.time)


@inject
async def on_calendar(
    _event: ChatEvent, _widget: ManagedCalendar, manager: DialogManager, day: date, view: FromDishka[ViewDays]
) -> None:
    """A day of the calendar: one without places leads nowhere, and says so."""
    await _go_to(manager, view, day)


@inject
async def on_day_words(
    message: Message, _input: MessageInput, manager: DialogManager, view: FromDishka[ViewDays], clock: FromDishka[Clock]
) -> None:
    """A day in words: read or explained, and removed from the chat either way."""
    at_the_bottom(manager)
    day = read_day(message.text or "", clock.now().date())
    if day is None:
        note(manager, "book.day_wrong")
    else:
        await _go_to(manager, view, day)
    await forget(message)


async def _go_to(manager: DialogManager, view: ViewDays, day: date) -> None:
    free = (await view(citizen_of(manager), wanted_of(manager))).days
    if day not in free:
        note(manager, "book.day_full", {"day": plain_day(day, language_of(manager))})
        return
    choose(manager, DAY, day.isoformat())
    await manager.switch_to(Windows.time)


async def on_part(_callback: CallbackQuery, _widget: object, manager: DialogManager, item: str) -> None:
    """Morning, day or evening."""
    choose(manager, PART, item)


@inject
async def on_slot(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, item: str, hold: FromDishka[HoldSlot]
) -> None:
    """A time: held, then checked."""
    await take_slot(manager, hold, SlotId(UUID(item)))


def doctor_window() -> Window:
    """A doctor, or whoever is soonest."""
    return Window(
        Multi(
            NOTICE,
            T("book.doctor_title"),
            T("book.day_moving", when="moving"),
            T("book.doctors_full", when="full"),
            T("book.doctor_none", when="none"),
            sep="\n\n",
        ),
        Button(Format("{soonest}"), id="doctor_any", on_click=on_anyone, when="soonest", style=FORWARD),
        Column(lists("doctor_one", "doctors", an_id, on_doctor)),
        back_or_menu("doctor", Windows.clinic),
        buttons_only(),
        state=Windows.doctor,
        getter=doctor_getter,
        preview_data=preview(lambda manager: show_doctors(samples.doctors(), samples.NOW, manager)),
        preview_add_transitions=leads(Windows.day, Windows.check, Windows.taken),
    )


def day_window() -> Window:
    """The nearest days that have places."""
    return Window(
        Multi(
            NOTICE,
            T("book.day_title"),
            T("book.day_moving", when="moving"),
            Ready("stale"),
            T("book.doctor_none", when="none"),
            sep="\n\n",
        ),
        Column(lists("day_one", "days", a_day, on_day)),
        SwitchTo(T("book.day_calendar"), id="day_calendar", state=Windows.calendar, when="some"),
        SwitchTo(T("book.other"), id="day_other", state=Windows.doctor, when="moving"),
        Row(
            Button(T("menu.back"), id="day_moved", on_click=on_appointment, when="moving"),
            back("day_back", Windows.doctor, when="at_first"),
            to_menu("day_menu"),
        ),
        buttons_only(),
        state=Windows.day,
        getter=day_getter,
        preview_data=preview(lambda manager: show_days(samples.days(), samples.NOW, manager)),
        preview_add_transitions=leads(Windows.time),
    )


def calendar_window() -> Window:
    """All days, those that have places marked."""
    return Window(
        Multi(NOTICE, T("book.calendar_title"), T("book.calendar_days"), sep="\n\n"),
        FreeDays("calendar_day", on_calendar),
        back_or_menu("calendar", Windows.day),
        MessageInput(on_day_words, content_types="text"),
        text_only(),
        state=Windows.calendar,
        getter=calendar_getter,
        preview_data=preview(lambda manager: show_calendar(samples.days(), samples.NOW, manager)),
        preview_add_transitions=leads(Windows.time),
    )


def time_window() -> Window:
    """The times of a day: morning, day, evening."""
    return Window(
        Multi(
            NOTICE,
            T("book.time_title"),
            Ready("counts"),
            Ready("stale"),
            T("book.time_none", when="none"),
            Ready("page"),
            sep="\n\n",
        ),
        Group(lists("time_slot", "slots", an_id, on_slot), width=2),
        turning("time_page", TIME_PAGE),
        Group(lists("time_part", "parts", one_of(*Part), on_part), width=2),
        Group(lists("time_day", "beside", a_day, on_day), width=2),
        back_or_menu("time", Windows.day),
        buttons_only(),
        state=Windows.time,
        getter=time_getter,
        preview_data=preview(lambda manager: show_times(samples.times(), samples.NOW, manager)),
        preview_add_transitions=leads(Windows.check, Windows.taken),
    )
