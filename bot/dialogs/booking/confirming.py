"""The check before an appointment is made, and the tap that makes it."""

from aiogram.types import CallbackQuery, Message
from aiogram_dialog import DialogManager, StartMode, Window
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Button, Column, Row, Start, SwitchTo
from aiogram_dialog.widgets.text import Format, Multi
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.astray import an_id, buttons_only, one_of, text_only
from bot.dialogs.booking import samples
from bot.dialogs.booking.checking import (
    check_getter,
    done_getter,
    show_check,
    show_done,
    show_taken,
    taken_getter,
)
from bot.dialogs.booking.holding import REFUSALS, take_slot
from bot.dialogs.booking.placing import show_question
from bot.dialogs.booking.position import HELD, held_of, moves_of, slot_of
from bot.dialogs.booking.shown import until
from bot.dialogs.booking.slip import send_slip
from bot.dialogs.booking.timing import on_slot
from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import NOTICE, carried, explain, note
from bot.dialogs.parts import back, forward, leads, lists, preview, to_menu
from bot.dialogs.typed import at_the_bottom, forget
from bot.places import ABOUT, PLACE
from bot.states import Appointments
from bot.states import Booking as Windows
from bot.text import Ready, T
from core.domain.access import LockedOut, Section
from core.domain.booking import HoldGone, InvalidReferral
from core.domain.schedule import SlotTaken
from core.ports import Clock
from core.services.booking import ConfirmBooking, HoldSlot, LetGo, NameReferral, ShareWith, ViewHold


@inject
async def on_confirm(
    _callback: CallbackQuery,
    _button: object,
    manager: DialogManager,
    confirm: FromDishka[ConfirmBooking],
    clock: FromDishka[Clock],
) -> None:
    """«Записаться»: the slip comes as a message; or the clinic was asked; or somebody was faster there."""
    try:
        confirmed = await confirm(citizen_of(manager), held_of(manager))
    except SlotTaken:
        await manager.switch_to(Windows.taken)
        return
    except REFUSALS as fault:
        explain(manager, fault)
        return
    except HoldGone:
        return
    if not confirmed.asked:
        await send_slip(manager, confirmed.view, clock.now())
        at_the_bottom(manager)
    await manager.switch_to(Windows.done)


@inject
async def on_again(
    _callback: CallbackQuery, _button: object, manager: DialogManager, hold: FromDishka[HoldSlot]
) -> None:
    """The time was up: the same slot once more."""
    await take_slot(manager, hold, slot_of(manager))


@inject
async def on_share(
    _callback: CallbackQuery,
    _widget: object,
    manager: DialogManager,
    item: str,
    view: FromDishka[ViewHold],
    share: FromDishka[ShareWith],
) -> None:
    """A section of the record goes along, or stays. The record must be open for it: whoever is locked out is led to that."""
    section, booking = Section(item), held_of(manager)
    try:
        held = await view(citizen_of(manager), booking)
        on = section not in held.booking.shares
        await share(citizen_of(manager), booking, section, on=on)
    except HoldGone:
        return
    except LockedOut:
        note(manager, "book.share_locked", {"until": until(held.until, manager)})
        raise
    note(manager, f"book.share_{'on' if on else 'off'}_done.{item}")


@inject
async def on_referral(
    message: Message, _input: MessageInput, manager: DialogManager, name: FromDishka[NameReferral]
) -> None:
    """A referral's number: kept or explained, and removed from the chat either way."""
    at_the_bottom(manager)
    try:
        await name(citizen_of(manager), held_of(manager), message.text or "")
    except InvalidReferral as fault:
        explain(manager, fault)
    except HoldGone:
        await manager.switch_to(Windows.check)
    else:
        note(manager, "book.referral_kept")
        await manager.switch_to(Windows.check)
    await forget(message)


@inject
async def on_other_time(
    _callback: CallbackQuery, _button: object, manager: DialogManager, let_go: FromDishka[LetGo]
) -> None:
    """Another time: what is held is let go, the days are shown again."""
    await _release(manager, let_go)
    await manager.switch_to(Windows.day)


@inject
async def on_let_go(
    _callback: CallbackQuery, _button: object, manager: DialogManager, let_go: FromDishka[LetGo]
) -> None:
    """«Отказаться»."""
    await _release(manager, let_go)
    note(manager, "book.given_up_move" if moves_of(manager) else "book.given_up")
    await manager.start(Windows.main, data=carried(manager), mode=StartMode.RESET_STACK)


async def _release(manager: DialogManager, let_go: LetGo) -> None:
    if HELD in manager.dialog_data:
        await let_go(citizen_of(manager), held_of(manager))
        del manager.dialog_data[HELD]


async def on_open(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """The appointment itself: to change its reminders, to move it."""
    about = {PLACE: "appointment", ABOUT: str(held_of(manager))}
    await manager.start(Appointments.one, data=about, mode=StartMode.RESET_STACK)


def check_window() -> Window:
    """Everything that will be booked, before it is."""
    return Window(
        Multi(NOTICE, Ready("text"), T("book.check_until", when="here"), sep="\n\n"),
        forward("book.confirm", "check_confirm", on_confirm, when="new"),
        forward("book.confirm_move", "check_move", on_confirm, when="move"),
        forward("book.try_again", "check_again", on_again, when="gone"),
        Button(T("book.change"), id="check_open", on_click=on_open, when="settled"),
        SwitchTo(Format("{referral_words}"), id="check_referral", state=Windows.referral, when="referral"),
        Column(lists("check_share", "shares", one_of(*Section), on_share)),
        Row(
            Button(T("book.other_time"), id="check_other", on_click=on_other_time, when="wanted"),
            Button(T("book.let_go"), id="check_let_go", on_click=on_let_go, when="here"),
        ),
        to_menu("check_menu"),
        buttons_only(),
        state=Windows.check,
        getter=check_getter,
        preview_data=preview(lambda manager: show_check(samples.hold(), samples.NOW, manager)),
        preview_add_transitions=leads(Windows.done, Windows.taken, Windows.main, Windows.day),
    )


def referral_window() -> Window:
    """The number of a referral."""
    return Window(
        Multi(NOTICE, T("book.referral_ask"), sep="\n\n"),
        back("referral_back", Windows.check),
        MessageInput(on_referral, content_types="text"),
        text_only(),
        state=Windows.referral,
        getter=show_question,
        preview_data={},
    )


def taken_window() -> Window:
    """Somebody was faster: the nearest others, a tap each."""
    return Window(
        Multi(NOTICE, T("book.taken", when="some"), T("book.taken_none", when="none"), sep="\n\n"),
        Column(lists("taken_slot", "slots", an_id, on_slot)),
        Button(T("book.other_days"), id="taken_days", on_click=on_other_time),
        to_menu("taken_menu"),
        buttons_only(),
        state=Windows.taken,
        getter=taken_getter,
        preview_data=preview(lambda manager: show_taken(samples.nearest(), samples.NOW, manager)),
        preview_add_transitions=leads(Windows.check, Windows.day),
    )


def done_window() -> Window:
    """It is booked, or the clinic was asked."""
    return Window(
        Multi(NOTICE, Ready("text"), sep="\n\n"),
        Button(T("book.change"), id="done_open", on_click=on_open, when="booked"),
        Row(
            Start(T("book.mine"), id="done_mine", state=Appointments.main, mode=StartMode.RESET_STACK),
            to_menu("done_menu"),
        ),
        buttons_only(),
        state=Windows.done,
        getter=done_getter,
        preview_data=preview(lambda manager: show_done(samples.booked(), samples.NOW, manager)),
    )
