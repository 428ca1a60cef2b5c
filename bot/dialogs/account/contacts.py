"""A new phone by SMS code, a new address by a mail code. Nothing changes until the code is entered."""

from typing import Any

from aiogram.types import CallbackQuery, Message
from aiogram_dialog import DialogManager, Window
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Button, RequestContact, SwitchTo
from aiogram_dialog.widgets.markup.reply_keyboard import ReplyKeyboardFactory
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.astray import text_only
from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import NOTICE, explain, note, only_notices, take
from bot.dialogs.parts import back
from bot.dialogs.typed import at_the_bottom, forget, forget_press
from bot.states import Status
from bot.text import N, T
from core.domain.code import RESEND_AFTER, CodeGone, Purpose, TooSoon, WrongCode
from core.domain.identifiers import InvalidValue
from core.services.account import ChangeEmail, ChangePhone, ConfirmContact, PendingCode, ResendContactCode

PURPOSE = "purpose"
"""In the dialog's store: which contact the code proves."""


@inject
async def take_phone(
    message: Message, _input: MessageInput, manager: DialogManager, change: FromDishka[ChangePhone]
) -> None:
    """A number was typed or shared. Telegram lets people share anybody's contact: only one's own is taken."""
    contact = message.contact
    if contact is not None and (message.from_user is None or contact.user_id != message.from_user.id):
        at_the_bottom(manager)
        note(manager, "account.not_own_contact")
        await forget(message)
        return
    await _change(message, manager, Purpose.PHONE, change, contact.phone_number if contact else message.text or "")


@inject
async def take_email(
    message: Message, _input: MessageInput, manager: DialogManager, change: FromDishka[ChangeEmail]
) -> None:
    """An address was typed."""
    await _change(message, manager, Purpose.EMAIL, change, message.text or "")


async def _change(
    message: Message, manager: DialogManager, purpose: Purpose, change: ChangePhone | ChangeEmail, raw: str
) -> None:
    """Send the code. Right after another one to the same place none is sent: that one is still good, and asked for."""
    at_the_bottom(manager)
    try:
        await change(citizen_of(manager), raw)
    except InvalidValue as fault:
        explain(manager, fault)
    except TooSoon as pause:
        explain(manager, pause)
        if pause.seconds <= RESEND_AFTER.total_seconds():
            await _ask_code(manager, purpose)
    else:
        await _ask_code(manager, purpose)
    await forget(message)


async def _ask_code(manager: DialogManager, purpose: Purpose) -> None:
    manager.dialog_data[PURPOSE] = purpose.value
    await manager.switch_to(Status.code)


def purpose_of(manager: DialogManager) -> Purpose:
    """Return which contact the code proves."""
    return Purpose(manager.dialog_data.get(PURPOSE, Purpose.PHONE.value))


@inject
async def show_code(
    dialog_manager: DialogManager, pending_code: FromDishka[PendingCode], **_data: Any
) -> dict[str, Any]:
    """Show where the code went, and when another can be asked for."""
    purpose = purpose_of(dialog_manager)
    sent = await pending_code(citizen_of(dialog_manager), purpose)
    return {
        "purpose": purpose.value,
        "sent": sent is not None,
        "gone": sent is None,
        "destination": sent.destination if sent else "",
        "seconds": sent.seconds_until_resend if sent else 0,
    } | take(dialog_manager)


@inject
async def take_code(
    message: Message, _input: MessageInput, manager: DialogManager, confirm: FromDishka[ConfirmContact]
) -> None:
    """The code was typed: the new contact counts from now on, or the person learns what is wrong and stays."""
    at_the_bottom(manager)
    purpose = purpose_of(manager)
    try:
        await confirm(citizen_of(manager), purpose, message.text or "")
    except (InvalidValue, WrongCode, CodeGone) as fault:
        explain(manager, fault)
    else:
        note(manager, f"account.changed.{purpose.value}")
        await manager.switch_to(Status.main)
    await forget(message)


@inject
async def resend(
    _callback: CallbackQuery, _button: Button, manager: DialogManager, again: FromDishka[ResendContactCode]
) -> None:
    """«Прислать ещё раз»."""
    try:
        await again(citizen_of(manager), purpose_of(manager))
    except TooSoon as pause:
        explain(manager, pause)
    except CodeGone:
        note(manager, "account.give_again")
        await ask_again(_callback, _button, manager)
    else:
        note(manager, "account.code_sent_again")


async def ask_again(_callback: CallbackQuery, _button: Button, manager: DialogManager) -> None:
    """Back to the question: another number, another address."""
    await manager.switch_to(Status.phone if purpose_of(manager) is Purpose.PHONE else Status.email)


async def leave_phone(callback: CallbackQuery, _button: Button, _manager: DialogManager) -> None:
    """The button of a reply keyboard leaves its own text in the chat."""
    await forget_press(callback)


def phone_window() -> Window:
    """Return the window with Telegram's own button for sharing one's number."""
    return Window(
        NOTICE,
        T("account.ask_phone"),
        RequestContact(T("account.share_phone")),
        SwitchTo(T("menu.back"), id="phone_back", state=Status.main, on_click=leave_phone),
        MessageInput(take_phone, content_types=("text", "contact")),
        text_only(),
        markup_factory=ReplyKeyboardFactory(
            resize_keyboard=True, one_time_keyboard=True, input_field_placeholder=T("account.phone_placeholder")
        ),
        state=Status.phone,
        getter=only_notices,
        preview_data={},
    )


def email_window() -> Window:
    """Return the window that asks for an address."""
    return Window(
        NOTICE,
        T("account.ask_email"),
        back("email_back", Status.main),
        MessageInput(take_email, content_types="text"),
        text_only(),
        state=Status.email,
        getter=only_notices,
        preview_data={},
    )


def code_window() -> Window:
    """Return the window that asks for the code."""
    return Window(
        NOTICE,
        T("account.code_sent.{purpose}", when="sent"),
        N("account.resend_in", by="seconds", when=lambda shown, _w, _m: shown["seconds"] and not shown.get("notice")),
        T("account.code_gone", when="gone"),
        Button(T("account.resend"), id="code_resend", on_click=resend),
        Button(T("account.another.{purpose}"), id="code_another", on_click=ask_again),
        back("code_back", Status.main),
        MessageInput(take_code, content_types="text"),
        text_only(),
        state=Status.code,
        getter=show_code,
        preview_data={
            "purpose": "phone",
            "sent": True,
            "gone": False,
            "destination": "+7 900 •••-••-01",
            "seconds": 42,
        },
    )
