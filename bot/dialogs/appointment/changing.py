"""What is asked before an appointment is changed: why it is cancelled, how late, when to remind."""

from collections.abc import Awaitable
from typing import Any

from aiogram.types import CallbackQuery, Message
from aiogram_dialog import DialogManager, Window
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Button, Column, Group, SwitchTo
from aiogram_dialog.widgets.text import Multi
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.appointment.looking import one_getter, show_one
from bot.dialogs.appointment.position import booking_of
from bot.dialogs.astray import among, buttons_only, text_only
from bot.dialogs.booking import samples
from bot.dialogs.booking.slip import REMINDERS, reminders_words
from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import NOTICE, explain, note
from bot.dialogs.parts import DANGER, back, lists, preview
from bot.dialogs.typed import at_the_bottom, forget
from bot.states import Appointments as Windows
from bot.text import T, language_of
from bot.words import count, say
from core.domain.booking import (
    LATE_MINUTES,
    LONGEST_REASON,
    BookingOver,
    HoldGone,
    InvalidReason,
    NoBooking,
    NotToday,
    StillAsked,
)
from core.services.booking import CancelBooking, ChooseReminders, SayLate

WHY = ("well", "busy", "elsewhere", "silent")
"""The usual reasons; each has words for its button and for the clinic."""
REFUSED = (BookingOver, NoBooking, NotToday, StillAsked)


def _sample(manager: DialogManager) -> dict[str, Any]:
    return show_one(samples.booked(), samples.NOW, manager) | choices(manager)


async def choices_getter(dialog_manager: DialogManager, **_data: Any) -> dict[str, Any]:
    """The buttons of these windows."""
    return choices(dialog_manager)


def choices(manager: DialogManager) -> dict[str, Any]:
    """Return what can be chosen."""
    language = language_of(manager)
    return {
        "limit": str(LONGEST_REASON),
        "minutes": [(str(each), count("appointment.late_by", language, each)) for each in LATE_MINUTES],
        "spans": [(each, say(f"appointment.remind_button.{each}", language)) for each in REMINDERS],
    }


def _why(name: str) -> Button:
    @inject
    async def pressed(
        _callback: CallbackQuery, _button: object, manager: DialogManager, cancel: FromDishka[CancelBooking]
    ) -> None:
        reason = say(f"appointment.reason.{name}", language_of(manager))
        await _done(manager, cancel(citizen_of(manager), booking_of(manager), reason), "appointment.cancelled")

    return Button(T(f"appointment.why.{name}"), id=f"cancel_{name}", on_click=pressed, style=DANGER)


@inject
async def on_words(
    message: Message, _input: MessageInput, manager: DialogManager, cancel: FromDishka[CancelBooking]
) -> None:
    """A reason in own words: cancelled with it, or explained; removed from the chat either way."""
    at_the_bottom(manager)
    try:
        asked = cancel(citizen_of(manager), booking_of(manager), message.text or "")
        await _done(manager, asked, "appointment.cancelled")
    except InvalidReason as fault:
        explain(manager, fault)
    await forget(message)


@inject
async def on_minutes(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, item: str, late: FromDishka[SayLate]
) -> None:
    """So many minutes."""
    await _done(manager, late(citizen_of(manager), booking_of(manager), int(item)), "appointment.late_done")


@inject
async def on_span(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, item: str, choose: FromDishka[ChooseReminders]
) -> None:
    """When to remind."""
    chosen = REMINDERS[item]
    key = "appointment.reminders_done" if chosen else "appointment.reminders_none"
    values = {"reminders": reminders_words(chosen, language_of(manager))}
    await _done(manager, choose(citizen_of(manager), booking_of(manager), chosen), key, values)


async def _done(
    manager: DialogManager, asked: Awaitable[object], key: str, values: dict[str, str] | None = None
) -> None:
    """Back to the appointment, with what was done, or why it was not: it is over already, or not today's."""
    try:
        await asked
    except REFUSED as fault:
        explain(manager, fault)
    except HoldGone:
        explain(manager, BookingOver())
    else:
        note(manager, key, values)
    await manager.switch_to(Windows.one)


def cancel_window() -> Window:
    """The question, and in each answer to it what it does: a reason cancels, tapped or typed."""
    return Window(
        Multi(NOTICE, T("appointment.cancel_ask"), sep="\n\n"),
        *(_why(name) for name in WHY),
        SwitchTo(T("appointment.why_own"), id="cancel_words", state=Windows.words),
        SwitchTo(T("appointment.keep"), id="cancel_keep", state=Windows.one),
        MessageInput(on_words, content_types="text"),
        buttons_only(),
        state=Windows.cancel,
        getter=(one_getter, choices_getter),
        preview_data=preview(_sample),
    )


def words_window() -> Window:
    """A reason in own words."""
    return Window(
        Multi(NOTICE, T("appointment.words_ask"), sep="\n\n"),
        SwitchTo(T("appointment.keep"), id="words_keep", state=Windows.one),
        MessageInput(on_words, content_types="text"),
        text_only(),
        state=Windows.words,
        getter=(one_getter, choices_getter),
        preview_data=preview(_sample),
    )


def late_window() -> Window:
    """How late."""
    return Window(
        Multi(NOTICE, T("appointment.late_ask"), sep="\n\n"),
        Column(lists("late_minutes", "minutes", among([str(each) for each in LATE_MINUTES]), on_minutes)),
        back("late_back", Windows.one),
        buttons_only(),
        state=Windows.late,
        getter=(one_getter, choices_getter),
        preview_data=preview(_sample),
    )


def reminders_window() -> Window:
    """When to remind."""
    return Window(
        Multi(NOTICE, T("appointment.reminders_ask"), sep="\n\n"),
        Group(lists("reminders_span", "spans", among(REMINDERS), on_span), width=1),
        back("reminders_back", Windows.one),
        buttons_only(),
        state=Windows.reminders,
        getter=(one_getter, choices_getter),
        preview_data=preview(_sample),
    )
