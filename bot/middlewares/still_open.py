"""A window that is drawn without anybody's doing: only while it is the one that its person has before them."""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiogram import BaseMiddleware
from aiogram.enums import ContentType
from aiogram.types import TelegramObject
from aiogram_dialog import DialogManager

from bot.following import Followed

log = structlog.get_logger()


class StillOpen(BaseMiddleware):
    """Stands before the dialogs' own updates. What goes wrong here disturbs nobody: the person asked for nothing."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> object:
        followed: Followed | None = data.get("followed")
        manager: DialogManager = data["dialog_manager"]
        if followed is None or not followed.is_open(manager):
            return None
        # The store does not keep how a window was sent; every one that is followed is text, and stays that message.
        stack = manager.current_stack()
        stack.has_protected_content, stack.content_type = followed.guarded, ContentType.TEXT
        try:
            return await handler(event, data)
        except Exception as fault:
            # Locked meanwhile, for example, or Telegram is away.
            log.info("following.not_drawn", fault=type(fault).__name__)
            return None
