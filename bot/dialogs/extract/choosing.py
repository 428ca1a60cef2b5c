"""Taps and words while an order is put together: each calls one use case and moves on."""

from collections.abc import Awaitable
from datetime import date

from aiogram.fsm.state import State
from aiogram.types import CallbackQuery, Message
from aiogram_dialog import ChatEvent, DialogManager
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import ManagedCalendar
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.citizen import citizen_of
from bot.dialogs.extract.getters import PAPER
from bot.dialogs.notice import Worded, explain, note
from bot.dialogs.shown import shown_time
from bot.dialogs.typed import at_the_bottom, forget
from bot.states import Extracts
from bot.text import language_of
from core.domain.account import WrongMove
from core.domain.code import CodeGone, TooSoon, WrongCode
from core.domain.extract import (
    Aim,
    BadPeriod,
    ExtractKind,
    NoWayToConfirm,
    OrderIncomplete,
    Span,
    TooManyOrders,
    WordsTooLong,
    WordsWanted,
)
from core.domain.factor import FactorEnded, FactorLocked, NoFactor, WrongFactor
from core.domain.identifiers import InvalidValue
from core.domain.record.looking import InvalidDates
from core.services.extract import (
    BeginOrder,
    ChooseAim,
    ChooseLastDay,
    ChoosePeriod,
    ConfirmOrder,
    DropOrder,
    SendOrderCode,
    TypeAim,
    TypePeriod,
)

Misread = BadPeriod | InvalidDates | WordsTooLong | WordsWanted
"""What is wrong with an answer, and said where the person stands."""


@inject
async def on_kind(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, item: str, begin: FromDishka[BeginOrder]
) -> None:
    """A kind: the order begins."""
    await begin(citizen_of(manager), ExtractKind(item), language_of(manager))
    await manager.switch_to(Extracts.span)


@inject
async def on_span(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, item: str, choose: FromDishka[ChoosePeriod]
) -> None:
    """A period; own dates come from the calendar."""
    onward = Extracts.since if Span(item) is Span.OWN else Extracts.aim
    await _onward(manager, choose(citizen_of(manager), Span(item)), onward)


@inject
async def on_since(
    _event: ChatEvent,
    _widget: ManagedCalendar,
    manager: DialogManager,
    day: date,
    choose: FromDishka[ChoosePeriod],
) -> None:
    """The first day of one's own period."""
    await _onward(manager, choose(citizen_of(manager), Span.OWN, day), Extracts.until, BadPeriod)


@inject
async def on_until(
    _event: ChatEvent,
    _widget: ManagedCalendar,
    manager: DialogManager,
    day: date,
    choose: FromDishka[ChooseLastDay],
) -> None:
    """The last day."""
    await _onward(manager, choose(citizen_of(manager), day), Extracts.aim, BadPeriod)


@inject
async def on_days(
    message: Message, _input: MessageInput, manager: DialogManager, choose: FromDishka[TypePeriod]
) -> None:
    """Days were typed: read or explained, and removed from the chat either way."""
    at_the_bottom(manager)
    await _onward(manager, choose(citizen_of(manager), message.text or ""), Extracts.aim, InvalidDates)
    await forget(message)


@inject
async def on_aim(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, item: str, choose: FromDishka[ChooseAim]
) -> None:
    """A purpose."""
    await _onward(manager, choose(citizen_of(manager), Aim(item)), Extracts.confirm)


@inject
async def on_words(message: Message, _input: MessageInput, manager: DialogManager, choose: FromDishka[TypeAim]) -> None:
    """A purpose in own words: kept or explained, and removed from the chat either way."""
    at_the_bottom(manager)
    await _onward(manager, choose(citizen_of(manager), message.text or ""), Extracts.confirm, WordsWanted, WordsTooLong)
    await forget(message)


@inject
async def on_send_code(
    _callback: CallbackQuery, _button: object, manager: DialogManager, send: FromDishka[SendOrderCode]
) -> None:
    """A code by SMS."""
    try:
        await send(citizen_of(manager))
    except (TooManyOrders, NoWayToConfirm, TooSoon) as fault:
        explain(manager, fault)
    except OrderIncomplete as fault:
        await _anew(manager, fault)
    else:
        note(manager, "extract.code_sent")


@inject
async def on_code(
    message: Message, _input: MessageInput, manager: DialogManager, confirm: FromDishka[ConfirmOrder]
) -> None:
    """A code was typed: the order stands, or what is wrong is said."""
    at_the_bottom(manager)
    try:
        extract = await confirm(citizen_of(manager), message.text or "")
    except FactorLocked as fault:
        note(manager, fault.message_key, {"until": shown_time(fault.until, manager)})
    except (
        InvalidValue,
        WrongCode,
        CodeGone,
        WrongFactor,
        FactorEnded,
        NoFactor,
        NoWayToConfirm,
        TooManyOrders,
    ) as fault:
        explain(manager, fault)
    except (OrderIncomplete, WrongMove) as fault:
        await _anew(manager, fault)
    else:
        manager.dialog_data[PAPER] = str(extract)
        note(manager, "extract.ordered")
        await manager.switch_to(Extracts.one)
    await forget(message)


@inject
async def on_drop(
    _callback: CallbackQuery, _button: object, manager: DialogManager, drop: FromDishka[DropOrder]
) -> None:
    """«Не заказывать»."""
    await drop(citizen_of(manager))
    note(manager, "extract.dropped")
    await manager.switch_to(Extracts.main)


async def _onward(manager: DialogManager, asked: Awaitable[object], state: State, *wrong: type[Misread]) -> None:
    """Go on to the next question; what is `wrong` with the answer is explained where the person stands."""
    try:
        await asked
    except wrong as fault:
        explain(manager, fault)
    except OrderIncomplete as fault:
        await _anew(manager, fault)
    else:
        await manager.switch_to(state)


async def _anew(manager: DialogManager, fault: Worded) -> None:
    """The order is gone: ordered or dropped meanwhile, in another window."""
    explain(manager, fault)
    await manager.switch_to(Extracts.main)
