"""An update that took effect before is not handled again: its person is shown where they are."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, TelegramObject
from aiogram_dialog import DialogManager, ShowMode, StartMode

from bot.states import Card, Menu

RESUMED_BY_STATE = frozenset({Card.__full_group_name__})
"""Dialogs that find their place from the database when started anew: their FSM position may be behind the effect."""


class ShowAgain(BaseMiddleware):
    """Stands before message and callback handlers, after the dialog manager was made."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> object:
        if not data.get("show_again"):
            return await handler(event, data)
        manager: DialogManager = data["dialog_manager"]
        if isinstance(event, CallbackQuery):
            await manager.answer_callback()
        if not manager.has_context():
            await manager.start(Menu.main, mode=StartMode.RESET_STACK, show_mode=ShowMode.DELETE_AND_SEND)
            return None
        state = manager.current_context().state
        if state.group is not None and state.group.__full_group_name__ in RESUMED_BY_STATE:
            await manager.start(Card.field, mode=StartMode.RESET_STACK, show_mode=ShowMode.DELETE_AND_SEND)
        else:
            await manager.show(ShowMode.DELETE_AND_SEND)
        return None
