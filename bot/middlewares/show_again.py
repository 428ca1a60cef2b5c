"""An update that took effect before is not handled again: its person is shown where they are."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, Message, TelegramObject
from aiogram_dialog import DialogManager, ShowMode, StartMode

from bot.dialogs.typed import forget
from bot.handlers.calling import asks_for_a_person, asks_for_help, in_a_form
from bot.handlers.places import LOOKS_LIKE_A_COMMAND
from bot.middlewares.talking import leads_away
from bot.states import Card, Menu
from core.domain.chat import Chat
from core.domain.update import AlreadyDone

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
        if isinstance(event, Message) and await _is_a_line(event, data):
            # It stays in the chat, and the bot keeps silent, as it did the first time.
            return None
        if isinstance(event, CallbackQuery):
            await manager.answer_callback()
        if isinstance(event, Message) and not LOOKS_LIKE_A_COMMAND.match(event.text or ""):
            # What is no command and had an effect was typed or sent into a form: stored, and perhaps not removed before the crash.
            await forget(event)
        if not manager.has_context():
            await manager.start(Menu.main, mode=StartMode.RESET_STACK, show_mode=ShowMode.DELETE_AND_SEND)
            return None
        state = manager.current_context().state
        if state.group is not None and state.group.__full_group_name__ in RESUMED_BY_STATE:
            try:
                await manager.start(Card.field, mode=StartMode.RESET_STACK, show_mode=ShowMode.DELETE_AND_SEND)
            except AlreadyDone:
                # There is no draft any more to look at, and this update has had its effect: it cannot begin another.
                await manager.start(Menu.main, mode=StartMode.RESET_STACK, show_mode=ShowMode.DELETE_AND_SEND)
        else:
            await manager.show(ShowMode.DELETE_AND_SEND)
        return None


async def _is_a_line(message: Message, data: dict[str, Any]) -> bool:
    """Whether it was said to an operator. Whoever called one by it is shown the queue."""
    met: Chat = data["met"]
    if met.talk is None or await asks_for_help(message) or await asks_for_a_person(message):
        return False
    return await leads_away(met, data) or not await in_a_form(message, data["dialog_manager"], data["inputs"])
