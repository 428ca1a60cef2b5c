"""Who acts and in which language: looked up once an update, for handlers and windows alike."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject

from bot.tongues import Tongues
from core.domain.chat import Chat


class Identity(BaseMiddleware):
    """Puts `actor` (Visitor or Citizen), `language`, `zone` into the data, from whom `Once` has met.

    `tongues`, where the data have them, learn the language.
    """

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> object:
        met: Chat = data["met"]
        tongues: Tongues | None = data.get("tongues")
        if tongues is not None:
            await tongues.note(met.id, met.language)
        data["actor"], data["language"], data["zone"] = met.actor, met.language, met.zone
        return await handler(event, data)
