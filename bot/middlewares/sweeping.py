"""After the answer, whether it could be given or not: what is to go from the chat goes, in one call, or is remembered."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware, Bot
from aiogram.types import Chat, TelegramObject

from bot.sweep import SWEEP, Sweep


class Sweeping(BaseMiddleware):
    """Stands inside `Identity`, so that there is a private chat, and inside `Once`: the update is not answered before."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> object:
        bot, chat = data["bot"], data["event_chat"]
        assert isinstance(bot, Bot)  # noqa: S101 (aiogram's own)
        assert isinstance(chat, Chat)  # noqa: S101 (`Identity` has seen to it)
        sweep = Sweep(bot, chat.id, data.get("leftovers"))
        before = SWEEP.set(sweep)
        try:
            return await handler(event, data)
        finally:
            SWEEP.reset(before)
            await sweep.finish()
