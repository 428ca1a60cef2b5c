"""Where people stand: one at a time in a chat, read once an update, written once when the person was answered."""

from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import Any

from aiogram import BaseMiddleware
from aiogram.dispatcher.middlewares.user_context import EVENT_CONTEXT_KEY, EventContext
from aiogram.fsm.storage.base import BaseEventIsolation, BaseStorage, StorageKey
from aiogram.types import TelegramObject

from bot.positions import PagedStorage

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class OneAtATime(BaseMiddleware):
    """Holds the chat while its update is handled. Stands outside `Once`: whether it was seen before is asked inside.

    With `Positions` it takes the place of aiogram's FSM middleware, which reads a state from the store for each update:
    ours stand in the dialogs' own contexts, and that state is never set.
    """

    def __init__(self, isolation: BaseEventIsolation) -> None:
        self.isolation = isolation

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> object:
        context: EventContext = data[EVENT_CONTEXT_KEY]
        chat = context.chat_id or context.user_id
        if chat is None:
            return await handler(event, data)
        async with self.isolation.lock(StorageKey(data["bot"].id, chat, chat)):
            return await handler(event, data)


class Positions(BaseMiddleware):
    """Opens the chat's page. Stands inside `Once`, so that an update is not answered before its position is stored."""

    def __init__(self, storage: BaseStorage) -> None:
        self.storage = storage

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> object:
        async with self.storage.page() if isinstance(self.storage, PagedStorage) else nullcontext():
            return await handler(event, data)
