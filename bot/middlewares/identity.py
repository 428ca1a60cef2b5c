"""Who acts and in which language: looked up once an update, for handlers and windows alike."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import Chat as TelegramChat
from aiogram.types import TelegramObject, User
from dishka import AsyncContainer

from core.domain.ids import ChatId
from core.services.chat import MeetChat


class Identity(BaseMiddleware):
    """Puts `actor` (Visitor or Citizen), `language`, `zone` into the data. Only private chats are served."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> object:
        chat: TelegramChat | None = data.get("event_chat")
        person: User | None = data.get("event_from_user")
        if person is None or person.is_bot or chat is None or chat.type != "private":
            return None
        scope: AsyncContainer = data["dishka_container"]
        meet = await scope.get(MeetChat)
        met = await meet(ChatId(chat.id), person.language_code)
        data["actor"], data["language"], data["zone"] = met.actor, met.language, met.zone
        return await handler(event, data)
