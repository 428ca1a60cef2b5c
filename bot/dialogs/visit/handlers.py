"""Choices in /visits: a visit, what to narrow the list down to, and the history as PDF."""

from aiogram.types import CallbackQuery
from aiogram_dialog import DialogManager
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import explain
from bot.dialogs.paging import PAGE
from bot.dialogs.period import choose_span
from bot.dialogs.shown import zone_of
from bot.dialogs.typed import at_the_bottom
from bot.dialogs.visit.position import ANY, INSTITUTION, SPECIALITY, VISIT, choose, filters_of, visit_of
from bot.medical import send_file
from bot.states import Visits
from bot.text import language_of
from bot.words import count, say
from core.domain.ids import RecordId
from core.domain.record import NotFound
from core.domain.record.history import Filters
from core.domain.record.looking import Span
from core.services.record import ExportVisits


async def on_visit(_callback: CallbackQuery, _widget: object, manager: DialogManager, item: str) -> None:
    """One visit in full."""
    manager.dialog_data[VISIT] = item
    await manager.switch_to(Visits.visit)


async def on_speciality(_callback: CallbackQuery, _widget: object, manager: DialogManager, item: str) -> None:
    """A speciality, or all of them."""
    choose(manager, SPECIALITY, item)
    await manager.switch_to(Visits.narrow)


async def on_institution(_callback: CallbackQuery, _widget: object, manager: DialogManager, item: str) -> None:
    """An institution, or all of them."""
    choose(manager, INSTITUTION, item)
    await manager.switch_to(Visits.narrow)


async def on_reset(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """«Сбросить»: everything is shown again."""
    choose_span(manager, Span.all())
    choose(manager, SPECIALITY, ANY)
    choose(manager, INSTITUTION, ANY)


async def on_show(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """The list as it is narrowed down, from the first page."""
    manager.dialog_data[PAGE] = 1
    await manager.switch_to(Visits.main)


@inject
async def on_history_pdf(
    _callback: CallbackQuery, _button: object, manager: DialogManager, export: FromDishka[ExportVisits]
) -> None:
    """Everything that matches, as PDF."""
    await _send(manager, export, filters_of(manager))


@inject
async def on_visit_pdf(
    _callback: CallbackQuery, _button: object, manager: DialogManager, export: FromDishka[ExportVisits]
) -> None:
    """The open visit as PDF."""
    await _send(manager, export, visit_of(manager))


async def _send(manager: DialogManager, export: ExportVisits, chosen: Filters | RecordId) -> None:
    language = language_of(manager)
    try:
        made = await export(citizen_of(manager), chosen, language, zone_of(manager))
    except NotFound as fault:
        explain(manager, fault)
        return
    number = count("visit.number", language, made.number)
    await send_file(manager, made.content, made.name, say("visit.file", language, {"number": number}))
    at_the_bottom(manager)
