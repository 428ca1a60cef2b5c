"""What an administrator puts back was written for a window that may be gone: no form takes it for an answer of its own."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import Message, TelegramObject

from bot.handlers.places import LOOKS_LIKE_A_COMMAND
from bot.handlers.showing import show_place
from bot.words import say


class PutBack(BaseMiddleware):
    """Stands before message handlers, after the dialog manager was made. `put_back` in the data says that it is such a one.

    Its person is told which message it is, and asked to send it again; it stays in the chat. Commands mean the same anywhere.
    """

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> object:
        if not data.get("put_back") or not isinstance(event, Message) or LOOKS_LIKE_A_COMMAND.match(event.text or ""):
            return await handler(event, data)
        await event.reply(say("menu.put_back", data["language"]), allow_sending_without_reply=True)
        # The window goes on below the answer, as it was.
        await show_place(data["dialog_manager"])
        return None
