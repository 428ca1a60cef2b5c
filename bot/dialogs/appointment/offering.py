"""An earlier time that is offered to whoever waits for one: taken or not, within ten minutes."""

from datetime import datetime
from typing import Any

from aiogram.types import CallbackQuery
from aiogram_dialog import DialogManager, Window
from aiogram_dialog.widgets.kbd import Button, SwitchTo
from aiogram_dialog.widgets.text import Multi
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.appointment.position import WAIT, open_booking, wait_of
from bot.dialogs.astray import buttons_only
from bot.dialogs.booking import samples
from bot.dialogs.booking.holding import REFUSALS
from bot.dialogs.booking.shown import doctor_of, full_time, until
from bot.dialogs.booking.slip import send_slip
from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import NOTICE, explain, note, take
from bot.dialogs.parts import forward, leads, preview
from bot.dialogs.typed import at_the_bottom
from bot.states import Appointments as Windows
from bot.text import T, language_of
from core.domain.booking import BookingOver, HoldGone, NoBooking, NoOffer
from core.domain.schedule import SlotTaken
from core.ports import Clock
from core.services.booking import DeclineOffer, TakeOffer, ViewOffer
from core.services.booking.views import OfferView

GONE = (NoOffer, HoldGone, SlotTaken, NoBooking, BookingOver)


@inject
async def offer_getter(
    dialog_manager: DialogManager, view: FromDishka[ViewOffer], clock: FromDishka[Clock], **_data: Any
) -> dict[str, Any]:
    """The offer, while it is one."""
    try:
        found = await view(citizen_of(dialog_manager), wait_of(dialog_manager))
    except NoOffer:
        found = None
    return show_offer(found, clock.now(), dialog_manager)


def show_offer(view: OfferView | None, now: datetime, manager: DialogManager) -> dict[str, Any]:
    """Return the earlier time beside the one that the person has."""
    if view is None:
        return {"here": False, "gone": True, "what": "", "when": "", "until": "", "former": ""} | take(manager)
    language, offered = language_of(manager), view.offered
    standing = view.standing
    return {
        "here": True,
        "gone": False,
        "what": doctor_of(offered.doctor.speciality, offered.doctor.name, language),
        "when": full_time(offered.wall, offered.facility.region, now, manager),
        "until": until(view.until, manager),
        "former": full_time(standing.booking.wall, standing.choice.facility.region, now, manager),
    } | take(manager)


@inject
async def on_take(
    _callback: CallbackQuery,
    _button: object,
    manager: DialogManager,
    take_offer: FromDishka[TakeOffer],
    clock: FromDishka[Clock],
) -> None:
    """«Взять это время»: the former one is let go in the same transaction."""
    try:
        confirmed = await take_offer(citizen_of(manager), wait_of(manager))
    except GONE:
        return
    except REFUSALS as fault:
        explain(manager, fault)
        return
    open_booking(manager, str(confirmed.view.booking.id))
    if confirmed.asked:
        note(manager, "appointment.offer_asked")
    else:
        await send_slip(manager, confirmed.view, clock.now())
        at_the_bottom(manager)
        note(manager, "appointment.offer_taken")
    await manager.switch_to(Windows.one)


@inject
async def on_decline(
    _callback: CallbackQuery, _button: object, manager: DialogManager, decline: FromDishka[DeclineOffer]
) -> None:
    """«Нет, спасибо»: the next in turn is asked at once."""
    try:
        await decline(citizen_of(manager), wait_of(manager))
    except GONE:
        return
    del manager.dialog_data[WAIT]
    note(manager, "appointment.offer_declined")
    await manager.switch_to(Windows.main)


def offer_window() -> Window:
    """The offer, and how long it stands."""
    return Window(
        Multi(NOTICE, T("appointment.offer", when="here"), T("appointment.offer_gone", when="gone"), sep="\n\n"),
        forward("appointment.offer_take", "offer_take", on_take, when="here"),
        Button(T("appointment.offer_decline"), id="offer_decline", on_click=on_decline, when="here"),
        SwitchTo(T("book.mine"), id="offer_mine", state=Windows.main),
        buttons_only(),
        state=Windows.offer,
        getter=offer_getter,
        preview_data=preview(lambda manager: show_offer(samples.offer(), samples.NOW, manager)),
        preview_add_transitions=leads(Windows.one),
    )
