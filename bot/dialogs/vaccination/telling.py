"""Answers while a dose is told or put right: each calls one use case, is kept at once, and goes from the chat."""

from collections.abc import Awaitable
from datetime import date

from aiogram.types import CallbackQuery, Message
from aiogram_dialog import DialogManager
from aiogram_dialog.api.entities import ChatEvent
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import ManagedCalendar
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.astray import NotOffered
from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import explain, note
from bot.dialogs.receiving import fetch, file_of
from bot.dialogs.shown import zone_of
from bot.dialogs.typed import at_the_bottom, forget
from bot.dialogs.vaccination.position import CORRECTING, FIXING, VACCINE_PAGE, dose_of, kind_of
from bot.states import Vaccinations
from core.domain.account import WrongMove
from core.domain.document import BadFile
from core.domain.record import NotFound
from core.domain.vaccination import (
    VACCINES,
    BadDose,
    ClaimIncomplete,
    ClaimKind,
    CorrectionWaits,
    Field,
    TooManyClaims,
    WordsLong,
    WordsShort,
)
from core.services.vaccination import (
    AnswerDay,
    AnswerVaccine,
    AnswerWords,
    AttachScan,
    BeginClaim,
    BeginCorrection,
    DropDraftClaim,
    SendClaim,
    TypeWhy,
)

FAULTS = (WordsShort, WordsLong, BadDose, ClaimIncomplete, TooManyClaims, CorrectionWaits, WrongMove, NotFound)
NEXT = {
    Vaccinations.vaccine: Vaccinations.day,
    Vaccinations.day: Vaccinations.series,
    Vaccinations.series: Vaccinations.institution,
    Vaccinations.institution: Vaccinations.check,
}
WINDOWS = {
    Field.VACCINE: Vaccinations.vaccine,
    Field.GIVEN_ON: Vaccinations.day,
    Field.SERIES: Vaccinations.series,
    Field.INSTITUTION: Vaccinations.institution,
}
"""Where each answer about a new dose is given, in the order of the questions."""


async def went_well(manager: DialogManager, work: Awaitable[object]) -> bool:
    """Do it; what stands in the way is said in the window that is drawn next."""
    try:
        await work
    except FAULTS as fault:
        explain(manager, fault)
        return False
    return True


async def go_on(manager: DialogManager) -> None:
    """To the next question, or to the summary."""
    state = manager.current_context().state
    if kind_of(manager) is ClaimKind.CORRECTION:
        await manager.switch_to(Vaccinations.sure if state == Vaccinations.why else Vaccinations.why)
    elif manager.dialog_data.pop(FIXING, False) or state not in NEXT:
        await manager.switch_to(Vaccinations.check)
    else:
        await manager.switch_to(NEXT[state])


@inject
async def on_tell(
    _callback: CallbackQuery, _button: object, manager: DialogManager, begin: FromDishka[BeginClaim]
) -> None:
    """«Рассказать самому»: what was begun goes on at its summary."""
    manager.dialog_data.update({CORRECTING: False, VACCINE_PAGE: 1, FIXING: False})
    try:
        claim = await begin(citizen_of(manager))
    except (TooManyClaims, WrongMove) as fault:
        explain(manager, fault)
        return
    begun = not claim.told.empty or claim.scan is not None
    await manager.switch_to(Vaccinations.check if begun else Vaccinations.vaccine)


@inject
async def on_scan(
    message: Message, _input: MessageInput, manager: DialogManager, attach: FromDishka[AttachScan]
) -> None:
    """A scan of the certificate: of a new dose it may be all that is sent, beside a correction it is welcome."""
    at_the_bottom(manager)
    correcting = manager.current_context().state == Vaccinations.sure
    manager.dialog_data.update({CORRECTING: correcting, FIXING: False})
    file = file_of(message)
    try:
        await attach(citizen_of(manager), await fetch(message, file) if file else b"", kind_of(manager))
    except (BadFile, ClaimIncomplete, TooManyClaims, WrongMove) as fault:
        explain(manager, fault)
        await forget(message)
        return
    note(manager, "vaccination.scan_taken")
    await forget(message)
    await manager.switch_to(Vaccinations.sure if correcting else Vaccinations.check)


@inject
async def on_vaccine(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, place: int, answer: FromDishka[AnswerVaccine]
) -> None:
    """One of the list."""
    if place >= len(VACCINES):
        raise NotOffered
    if await went_well(manager, answer(citizen_of(manager), kind_of(manager), place)):
        await go_on(manager)


@inject
async def on_vaccine_words(
    message: Message, _input: MessageInput, manager: DialogManager, answer: FromDishka[AnswerVaccine]
) -> None:
    """Words: kept as they are, and what was probably meant is offered in the same window."""
    at_the_bottom(manager)
    await went_well(manager, answer(citizen_of(manager), kind_of(manager), message.text or ""))
    await forget(message)


async def on_own_words(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """«Оставить моими словами»: they are kept already."""
    await go_on(manager)


@inject
async def on_day(
    _event: ChatEvent, _widget: ManagedCalendar, manager: DialogManager, day: date, answer: FromDishka[AnswerDay]
) -> None:
    """A day of the calendar."""
    if await went_well(manager, answer(citizen_of(manager), kind_of(manager), day, zone_of(manager))):
        await go_on(manager)


@inject
async def on_day_words(
    message: Message, _input: MessageInput, manager: DialogManager, answer: FromDishka[AnswerDay]
) -> None:
    """A day was typed."""
    at_the_bottom(manager)
    work = answer(citizen_of(manager), kind_of(manager), message.text or "?", zone_of(manager))
    if await went_well(manager, work):
        await go_on(manager)
    await forget(message)


@inject
async def on_words(
    message: Message, _input: MessageInput, manager: DialogManager, answer: FromDishka[AnswerWords]
) -> None:
    """Series, institution, or what is right."""
    at_the_bottom(manager)
    what = Field.INSTITUTION if manager.current_context().state == Vaccinations.institution else Field.SERIES
    if kind_of(manager) is ClaimKind.CORRECTION:
        what = Field(manager.dialog_data["wrong"])
    if await went_well(manager, answer(citizen_of(manager), kind_of(manager), what, message.text or "?")):
        await go_on(manager)
    await forget(message)


@inject
async def on_unknown(
    _callback: CallbackQuery, _button: object, manager: DialogManager, answer: FromDishka[AnswerWords]
) -> None:
    """«Не знаю» is an answer, too."""
    what = Field.SERIES if manager.current_context().state == Vaccinations.series else Field.INSTITUTION
    if await went_well(manager, answer(citizen_of(manager), ClaimKind.NEW, what, "")):
        await go_on(manager)


async def on_fix(_callback: CallbackQuery, _widget: object, manager: DialogManager, item: str) -> None:
    """Another answer to one question."""
    manager.dialog_data.update({FIXING: True, VACCINE_PAGE: 1})
    await manager.switch_to(WINDOWS[Field(item)])


@inject
async def on_field(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, item: str, begin: FromDishka[BeginCorrection]
) -> None:
    """What is wrong in the open dose."""
    manager.dialog_data.update({CORRECTING: True, VACCINE_PAGE: 1, "wrong": item})
    if await went_well(manager, begin(citizen_of(manager), dose_of(manager), Field(item))):
        of_its_own = {Field.VACCINE: Vaccinations.vaccine, Field.GIVEN_ON: Vaccinations.day}
        await manager.switch_to(of_its_own.get(Field(item), Vaccinations.right))


@inject
async def on_why(message: Message, _input: MessageInput, manager: DialogManager, answer: FromDishka[TypeWhy]) -> None:
    """Why it is wrong."""
    at_the_bottom(manager)
    if await went_well(manager, answer(citizen_of(manager), message.text or "")):
        await go_on(manager)
    await forget(message)


@inject
async def on_send(
    _callback: CallbackQuery, _button: object, manager: DialogManager, send: FromDishka[SendClaim]
) -> None:
    """«Отправить»."""
    kind = kind_of(manager)
    if await went_well(manager, send(citizen_of(manager), kind)):
        note(manager, f"vaccination.sent_{kind.value}")
        await manager.switch_to(Vaccinations.main)


@inject
async def on_drop(
    _callback: CallbackQuery, _button: object, manager: DialogManager, drop: FromDishka[DropDraftClaim]
) -> None:
    """Nothing of it is kept."""
    if await went_well(manager, drop(citizen_of(manager), kind_of(manager))):
        note(manager, "vaccination.dropped")
        await manager.switch_to(Vaccinations.main)
