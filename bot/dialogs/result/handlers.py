"""Choices in /results: a category, a record, words to look for."""

from uuid import UUID

from aiogram.types import CallbackQuery, Message
from aiogram_dialog import DialogManager
from aiogram_dialog.widgets.input import MessageInput
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import explain
from bot.dialogs.paging import PAGE
from bot.dialogs.result.position import (
    CAME_FROM,
    CATEGORY,
    FOUND,
    PANEL,
    PANEL_PAGE,
    RECORD,
    WAYS,
    came_from,
)
from bot.dialogs.result.shown import TOGETHER
from bot.dialogs.typed import at_the_bottom, forget
from bot.states import Results
from core.domain.ids import RecordId
from core.domain.record import NotFound, Panel
from core.services.record import OpenPanel, SearchResults

MOST_FOUND = 10


async def on_category(_callback: CallbackQuery, _widget: object, manager: DialogManager, item: str) -> None:
    """To the periods of one category."""
    manager.dialog_data.update({CATEGORY: item, PAGE: 1})
    await manager.switch_to(Results.period)


async def on_show(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """«Показать результаты»: from the first page."""
    manager.dialog_data[PAGE] = 1
    await manager.switch_to(Results.list)


@inject
async def on_entry(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, item: str, open_panel: FromDishka[OpenPanel]
) -> None:
    """A line of the list, or something found: a panel opens as a whole, a result with everything of its kind."""
    way = "search" if manager.current_context().state == Results.search else "list"
    try:
        found = await open_panel(citizen_of(manager), RecordId(UUID(item)))
    except NotFound as fault:
        explain(manager, fault)
        return
    if isinstance(found.record, Panel) or len(found.record.measured) > TOGETHER:
        manager.dialog_data.update({PANEL: item, PANEL_PAGE: 1, CAME_FROM: way})
        await manager.switch_to(Results.panel)
    else:
        manager.dialog_data[RECORD] = item
        came_from(manager, way)
        await manager.switch_to(Results.course)


async def on_value(_callback: CallbackQuery, _widget: object, manager: DialogManager, item: str) -> None:
    """A value of the open panel: everything of its kind."""
    manager.dialog_data["panel_came_from"] = manager.dialog_data.get(CAME_FROM, "list")
    manager.dialog_data[RECORD] = item
    came_from(manager, "panel")
    await manager.switch_to(Results.course)


async def on_back(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """Back to where a panel or a course was opened from."""
    way: str = manager.dialog_data.get(CAME_FROM, "list")
    if way == "panel":
        manager.dialog_data[CAME_FROM] = manager.dialog_data.get("panel_came_from", "list")
    await manager.switch_to(WAYS[way])


async def on_search(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """Asked afresh: nothing is offered before something is typed."""
    manager.dialog_data.pop(FOUND, None)
    await manager.switch_to(Results.search)


@inject
async def on_words(
    message: Message, _input: MessageInput, manager: DialogManager, search: FromDishka[SearchResults]
) -> None:
    """A name was typed: what was probably meant is shown by its ids; the words are kept nowhere and go from the chat."""
    at_the_bottom(manager)
    found = await search(citizen_of(manager), message.text or "")
    manager.dialog_data[FOUND] = [str(record) for record in found[:MOST_FOUND]]
    await forget(message)
