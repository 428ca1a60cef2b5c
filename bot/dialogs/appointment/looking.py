"""One appointment: its slip again, what has become of it, and everything that can be done with it."""

from datetime import datetime
from typing import Any

from aiogram.types import CallbackQuery
from aiogram_dialog import DialogManager, StartMode, Window
from aiogram_dialog.widgets.kbd import Button, Column, Row, SwitchTo
from aiogram_dialog.widgets.text import Multi
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.appointment.position import booking_of, from_past
from bot.dialogs.appointment.slip import NOTHING, take_along, takeable
from bot.dialogs.astray import an_id, buttons_only
from bot.dialogs.booking import samples
from bot.dialogs.booking.position import SLOT
from bot.dialogs.booking.shown import choice_label, doctor_of, full_time
from bot.dialogs.booking.slip import reminders_words, slip_text, state_lines
from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import NOTICE, explain, note, take
from bot.dialogs.parts import leads, lists, preview, to_menu
from bot.places import ABOUT, PLACE
from bot.states import Appointments as Windows
from bot.states import Booking
from bot.text import Ready, T, language_of
from bot.words import say
from core.domain.booking import BookingOver, NoBooking, StillAsked, WaitsAlready
from core.ports import Clock
from core.services.booking import JoinWaiting, LeaveWaiting, SayComing, ViewBooking
from core.services.booking.views import BookingView


@inject
async def one_getter(
    dialog_manager: DialogManager, view: FromDishka[ViewBooking], clock: FromDishka[Clock], **_data: Any
) -> dict[str, Any]:
    """The open appointment."""
    try:
        found = await view(citizen_of(dialog_manager), booking_of(dialog_manager))
    except NoBooking:
        return show_nothing(dialog_manager)
    return show_one(found, clock.now(), dialog_manager)


def show_one(view: BookingView, now: datetime, manager: DialogManager) -> dict[str, Any]:
    """Return the slip, and what can be done now: an answer that is open holds everything but looking."""
    language, choice = language_of(manager), view.choice
    free = not view.over and not view.asked
    begun = view.booking.slot.starts_at <= now
    text = "\n\n".join([slip_text(view, now, manager), "\n".join(state_lines(view, language))])
    return (
        {
            "text": text,
            "what": doctor_of(choice.doctor.speciality, choice.doctor.name, language),
            "when": full_time(view.booking.wall, choice.facility.region, now, manager),
            "reminders": reminders_words(view.booking.reminders, language),
            "move": free and not begun,
            "cancel": free and not begun,
            "late": free and view.booking.on_its_day(now),
            "come": free and not begun and not view.booking.coming,
            "wait": free and not begun and view.wait is None,
            "leave": free and view.wait is not None,
            "again": view.over,
            "nearest": [(str(each.slot.id), choice_label(each, now, language)) for each in view.nearest],
            "others": bool(view.nearest),
            **takeable(view),
        }
        | way_back(manager)
        | take(manager)
    )


def show_nothing(manager: DialogManager) -> dict[str, Any]:
    """Return that there is none, or none of theirs."""
    names = ("move", "cancel", "late", "come", "wait", "leave", "again", "others")
    text = say("appointment.gone", language_of(manager))
    words = {"text": text, "what": "", "when": "", "reminders": "", "nearest": []}
    return dict.fromkeys(names, False) | NOTHING | words | way_back(manager) | take(manager)


def way_back(manager: DialogManager) -> dict[str, bool]:
    """Return which list leads back: the one that it was opened from."""
    past = from_past(manager)
    return {"to_past": past, "to_coming": not past}


@inject
async def on_come(
    _callback: CallbackQuery, _button: object, manager: DialogManager, coming: FromDishka[SayComing]
) -> None:
    """«Я приду»."""
    try:
        await coming(citizen_of(manager), booking_of(manager))
    except (BookingOver, NoBooking, StillAsked) as fault:
        explain(manager, fault)
    else:
        note(manager, "appointment.come_done")


@inject
async def on_wait(
    _callback: CallbackQuery, _button: object, manager: DialogManager, join: FromDishka[JoinWaiting]
) -> None:
    """«Хочу раньше»."""
    try:
        await join(citizen_of(manager), booking_of(manager))
    except (BookingOver, NoBooking, StillAsked, WaitsAlready) as fault:
        explain(manager, fault)
    else:
        note(manager, "appointment.wait_joined")


@inject
async def on_leave(
    _callback: CallbackQuery,
    _button: object,
    manager: DialogManager,
    view: FromDishka[ViewBooking],
    leave: FromDishka[LeaveWaiting],
) -> None:
    """«Больше не ждать»."""
    wait = (await view(citizen_of(manager), booking_of(manager))).wait
    if wait is not None:
        await leave(citizen_of(manager), wait.id)
    note(manager, "appointment.wait_left")


async def on_move(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """«Перенести»: the days of the same doctor; the appointment stays until another one is confirmed."""
    await _to_booking(manager, "move")


async def on_again(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """The same doctor again."""
    await _to_booking(manager, "again")


async def on_nearest(_callback: CallbackQuery, _widget: object, manager: DialogManager, item: str) -> None:
    """One of the times offered in place of what the clinic took away."""
    await _to_booking(manager, "again", {SLOT: item})


async def _to_booking(manager: DialogManager, place: str, more: dict[str, str] | None = None) -> None:
    about = {PLACE: place, ABOUT: str(booking_of(manager)), **(more or {})}
    await manager.start(Booking.day, data=about, mode=StartMode.RESET_STACK)


def one_window() -> Window:
    """The slip, and everything that can be done with it."""
    return Window(
        Multi(NOTICE, Ready("text"), T("appointment.others", when="others"), sep="\n\n"),
        Button(T("appointment.come"), id="one_come", on_click=on_come, when="come"),
        Column(lists("one_nearest", "nearest", an_id, on_nearest)),
        *take_along(),
        Row(
            Button(T("appointment.move"), id="one_move", on_click=on_move, when="move"),
            SwitchTo(T("appointment.cancel"), id="one_cancel", state=Windows.cancel, when="cancel"),
        ),
        Row(
            SwitchTo(T("appointment.late"), id="one_late", state=Windows.late, when="late"),
            SwitchTo(T("appointment.reminders"), id="one_reminders", state=Windows.reminders, when="move"),
        ),
        Button(T("appointment.wait"), id="one_wait", on_click=on_wait, when="wait"),
        Button(T("appointment.wait_leave"), id="one_leave", on_click=on_leave, when="leave"),
        Button(T("appointment.again"), id="one_again", on_click=on_again, when="again"),
        Row(
            SwitchTo(T("appointment.back"), id="one_back", state=Windows.main, when="to_coming"),
            SwitchTo(T("appointment.back_to_past"), id="one_past", state=Windows.past, when="to_past"),
            to_menu("one_menu"),
        ),
        buttons_only(),
        state=Windows.one,
        getter=one_getter,
        preview_data=preview(lambda manager: show_one(samples.booked(), samples.NOW, manager)),
        preview_add_transitions=leads(Windows.cancel, Windows.late, Windows.reminders),
    )
