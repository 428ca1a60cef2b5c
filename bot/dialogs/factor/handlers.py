"""What people do in /security. A code is removed from the chat once it was read."""

from collections.abc import Sequence
from datetime import timedelta

from aiogram.types import CallbackQuery, Message
from aiogram_dialog import DialogManager, ShowMode
from aiogram_dialog.widgets.input import MessageInput
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.citizen import citizen_of
from bot.dialogs.factor.getters import MINUTES
from bot.dialogs.factor.picture import qr_code
from bot.dialogs.factor.way import go_on
from bot.dialogs.notice import explain, note
from bot.dialogs.shown import shown_time
from bot.dialogs.typed import at_the_bottom, forget
from bot.medical import send_file, send_words
from bot.states import Security
from bot.text import language_of
from bot.words import say
from core.domain.code import CodeGone, TooSoon, WrongCode
from core.domain.factor import FactorEnded, FactorLocked, NoFactor, NoPhone, NotYet, WrongFactor
from core.domain.identifiers import InvalidValue
from core.domain.proof import TooManyProofs
from core.services.factor import (
    BeginSms,
    BeginTotp,
    ChangeSpan,
    ClearMedical,
    ConfirmSms,
    ConfirmTotp,
    Key,
    LockRecord,
    Means,
    RenewRecovery,
    SendFactorCode,
    UnlockRecord,
    ViewKey,
)
from core.services.proof import AskProof, TakeBackProof

STAYS = timedelta(minutes=15)
"""How long a picture of a key, or recovery codes, may stay in the chat when nobody says that they are saved."""
SPANS = frozenset(str(each) for each in MINUTES)


@inject
async def on_totp(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, begin: FromDishka[BeginTotp]
) -> None:
    """«Приложение с кодами»: its key as a picture, and below it the window with the same key to be typed."""
    try:
        key = await begin(citizen_of(manager))
    except FactorEnded as fault:
        explain(manager, fault)
        return
    await _show_key(manager, key)


@inject
async def on_key_again(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, view: FromDishka[ViewKey]
) -> None:
    """«Показать ключ ещё раз»: the same one."""
    try:
        key = await view(citizen_of(manager))
    except NoFactor:
        return
    await _show_key(manager, key)


async def _show_key(manager: DialogManager, key: Key) -> None:
    language = language_of(manager)
    words, copied = say("factor.key", language, {"key": key.groups}), key.groups.replace(" ", "")
    await send_file(
        manager, qr_code(key.uri), "key.png", words, picture=True, stays=STAYS,
        copied=(say("factor.copy_key", language), copied),
    )  # fmt: skip
    await manager.switch_to(Security.totp, show_mode=ShowMode.DELETE_AND_SEND)


@inject
async def on_sms(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, begin: FromDishka[BeginSms]
) -> None:
    """«Код по SMS»: a first one is sent."""
    try:
        await begin(citizen_of(manager))
    except (FactorEnded, NoPhone) as fault:
        explain(manager, fault)
        return
    except TooSoon as fault:
        explain(manager, fault)
    await manager.switch_to(Security.sms)


@inject
async def on_first_totp(
    message: Message, _input: MessageInput, manager: DialogManager, confirm: FromDishka[ConfirmTotp]
) -> None:
    """The authenticator's first code was typed."""
    await _confirm(message, manager, confirm)


@inject
async def on_first_sms(
    message: Message, _input: MessageInput, manager: DialogManager, confirm: FromDishka[ConfirmSms]
) -> None:
    """The first code by SMS was typed."""
    await _confirm(message, manager, confirm)


async def _confirm(message: Message, manager: DialogManager, confirm: ConfirmTotp | ConfirmSms) -> None:
    at_the_bottom(manager)
    await forget(message)
    try:
        codes = await confirm(citizen_of(manager), message.text or "")
    except (InvalidValue, NotYet, NoFactor, WrongCode, CodeGone, FactorEnded) as fault:
        explain(manager, fault)
        return
    note(manager, "factor.is_set_up")
    await _show_codes(manager, codes)


@inject
async def on_renew(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, renew: FromDishka[RenewRecovery]
) -> None:
    """«Новые резервные коды»."""
    try:
        codes = await renew(citizen_of(manager))
    except (NoFactor, FactorEnded) as fault:
        explain(manager, fault)
        return
    await _show_codes(manager, codes)


async def _show_codes(manager: DialogManager, codes: Sequence[str]) -> None:
    """Show recovery codes in a message of their own: they are kept nowhere, so that no window could show them again."""
    language = language_of(manager)
    lines = "\n".join(f"<code>{code}</code>" for code in codes)
    words = f"{say('factor.recovery_title', language)}\n\n{lines}"
    await send_words(manager, words, copied=(say("factor.recovery_copy", language), "\n".join(codes)), stays=STAYS)
    await manager.switch_to(Security.codes, show_mode=ShowMode.DELETE_AND_SEND)


@inject
async def on_saved(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, clear: FromDishka[ClearMedical]
) -> None:
    """«Коды сохранены»: they go from the chat, and the person goes on to where they wanted to be."""
    await clear(citizen_of(manager))
    await go_on(manager)


@inject
async def on_send(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, send: FromDishka[SendFactorCode]
) -> None:
    """«Прислать код»."""
    try:
        sent = await send(citizen_of(manager))
    except FactorLocked as fault:
        _explain_lock(manager, fault)
    except (NoFactor, FactorEnded, TooSoon) as fault:
        explain(manager, fault)
    else:
        note(manager, "factor.code_sent", {"phone": sent.destination})


@inject
async def on_code(
    message: Message, _input: MessageInput, manager: DialogManager, unlock: FromDishka[UnlockRecord]
) -> None:
    """A code was typed: the sections open and the person is back where they wanted to be, or learns what is wrong."""
    at_the_bottom(manager)
    await forget(message)
    try:
        means = await unlock(citizen_of(manager), message.text or "")
    except FactorLocked:
        # The window itself says until when.
        return
    except (InvalidValue, WrongFactor, NoFactor, FactorEnded, CodeGone) as fault:
        explain(manager, fault)
    else:
        await go_on(manager, "factor.recovered" if means is Means.RECOVERY else None)


def _explain_lock(manager: DialogManager, fault: FactorLocked) -> None:
    note(manager, fault.message_key, {"until": shown_time(fault.until, manager)})


@inject
async def on_lock(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, lock: FromDishka[LockRecord]
) -> None:
    """«Закрыть сейчас»."""
    await lock(citizen_of(manager))
    note(manager, "factor.closed_now")


@inject
async def on_span(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, minutes: str, change: FromDishka[ChangeSpan]
) -> None:
    """For how long the sections stay open after each look."""
    await change(citizen_of(manager), timedelta(minutes=int(minutes)))
    note(manager, "factor.span_changed", {"minutes": minutes})
    await manager.switch_to(Security.main)


@inject
async def on_ask(_callback: CallbackQuery, _widget: object, manager: DialogManager, ask: FromDishka[AskProof]) -> None:
    """«Попросить проверку»: nothing secret is said in the chat."""
    try:
        await ask(citizen_of(manager))
    except (NoFactor, TooManyProofs) as fault:
        explain(manager, fault)
    else:
        note(manager, "proof.asked_now")
    await manager.switch_to(Security.main)


@inject
async def on_take_back(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, take_back: FromDishka[TakeBackProof]
) -> None:
    """«Проверка не нужна»."""
    await take_back(citizen_of(manager))
    note(manager, "proof.taken_back")
