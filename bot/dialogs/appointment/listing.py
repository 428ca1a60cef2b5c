"""The lists: appointments to come with the offers that wait for an answer, and past ones by pages."""

from datetime import datetime
from typing import Any

from aiogram.types import CallbackQuery
from aiogram_dialog import DialogManager, StartMode, Window
from aiogram_dialog.widgets.kbd import Column, Start, SwitchTo
from aiogram_dialog.widgets.text import Multi
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.appointment.position import WAIT, open_booking
from bot.dialogs.astray import an_id, buttons_only
from bot.dialogs.booking import samples
from bot.dialogs.booking.shown import labelled, near_time, plain_day, surname_of
from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import NOTICE, take
from bot.dialogs.paging import number_of, page_of, turning
from bot.dialogs.parts import FORWARD, back_or_menu, leads, lists, preview, to_menu
from bot.states import Appointments as Windows
from bot.states import Booking
from bot.text import Ready, T, language_of
from bot.words import count, say
from core.ports import Clock
from core.services.booking import ViewComing, ViewPast
from core.services.booking.views import BookingView, ComingView, OfferView, PastView


@inject
async def main_getter(
    dialog_manager: DialogManager, view: FromDishka[ViewComing], clock: FromDishka[Clock], **_data: Any
) -> dict[str, Any]:
    """What is to come."""
    return show_main(await view(citizen_of(dialog_manager)), clock.now(), dialog_manager)


def show_main(view: ComingView, now: datetime, manager: DialogManager) -> dict[str, Any]:
    """Return a button for each appointment, the soonest first, and one for each offer before them."""
    language = language_of(manager)
    return {
        "coming": count("appointment.coming", language, len(view.bookings)) if view.bookings else "",
        "offers": [(str(each.wait.id), offer_label(each, now, language)) for each in view.offers],
        "bookings": [(str(each.booking.id), coming_label(each, now, language)) for each in view.bookings],
        "none": not view.bookings,
        "past": view.past > 0,
    } | take(manager)


def offer_label(view: OfferView, now: datetime, language: str) -> str:
    """Return «Есть раньше: завтра, 9:40»."""
    return say("appointment.offer_label", language, {"when": near_time(view.offered.wall, now, language)})


def coming_label(view: BookingView, now: datetime, language: str) -> str:
    """Return «завтра, 9:40 · Терапевт Иванова»: the time first, since it is what people look for."""
    when, who = near_time(view.booking.wall, now, language), surname_of(view.choice.doctor.name)
    what = say("book.doctor_of", language, {"speciality": view.speciality.name(language), "doctor": who})
    if view.asked:
        what = say("appointment.asked_label", language, {"what": what})
    return labelled(when, what, language)


@inject
async def past_getter(dialog_manager: DialogManager, view: FromDishka[ViewPast], **_data: Any) -> dict[str, Any]:
    """A page of what is over."""
    return show_past(await view(citizen_of(dialog_manager), number_of(dialog_manager)), dialog_manager)


def show_past(view: PastView, manager: DialogManager) -> dict[str, Any]:
    """Return a button for each."""
    language = language_of(manager)
    return (
        {
            "bookings": [(str(each.booking.id), past_label(each, language)) for each in view.bookings],
            "none": not view.bookings,
        }
        | page_of(view.paging, manager)
        | take(manager)
    )


def past_label(view: BookingView, language: str) -> str:
    """Return «вт, 3 ноября · Терапевт · отменена вами»."""
    state = say(f"appointment.state.{view.booking.state.value}", language)
    when = plain_day(view.booking.wall.at.date(), language)
    return labelled(
        say("book.label", language, {"what": when, "when": view.speciality.name(language)}), state, language
    )


async def on_booking(_callback: CallbackQuery, _widget: object, manager: DialogManager, item: str) -> None:
    """One of those to come."""
    open_booking(manager, item)
    await manager.switch_to(Windows.one)


async def on_past(_callback: CallbackQuery, _widget: object, manager: DialogManager, item: str) -> None:
    """One of the past ones: its way back leads to them."""
    open_booking(manager, item, past=True)
    await manager.switch_to(Windows.one)


async def on_offer(_callback: CallbackQuery, _widget: object, manager: DialogManager, item: str) -> None:
    """An offer."""
    manager.dialog_data[WAIT] = item
    await manager.switch_to(Windows.offer)


def main_window() -> Window:
    """Appointments to come."""
    return Window(
        Multi(NOTICE, T("appointment.title"), Ready("coming"), T("appointment.none", when="none"), sep="\n\n"),
        Column(lists("main_offer", "offers", an_id, on_offer)),
        Column(lists("main_booking", "bookings", an_id, on_booking)),
        Start(T("appointment.book"), id="main_book", state=Booking.main, mode=StartMode.RESET_STACK, style=FORWARD),
        SwitchTo(T("appointment.past"), id="main_past", state=Windows.past, when="past"),
        to_menu("main_menu"),
        buttons_only(),
        state=Windows.main,
        getter=main_getter,
        preview_data=preview(lambda manager: show_main(samples.coming(), samples.NOW, manager)),
        preview_add_transitions=leads(Windows.one, Windows.offer),
    )


def past_window() -> Window:
    """What is over, the latest first."""
    return Window(
        Multi(NOTICE, T("appointment.past_title"), T("appointment.past_none", when="none"), Ready("page"), sep="\n\n"),
        Column(lists("past_booking", "bookings", an_id, on_past)),
        turning("past_page"),
        back_or_menu("past", Windows.main),
        buttons_only(),
        state=Windows.past,
        getter=past_getter,
        preview_data=preview(lambda manager: show_past(samples.past(), manager)),
        preview_add_transitions=leads(Windows.one),
    )
