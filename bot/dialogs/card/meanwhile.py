"""What changed while the person looked at a window: they are led to where things stand now, and told so."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, TelegramObject
from aiogram_dialog import Dialog, DialogManager

from bot.dialogs.card.place import begin_again
from bot.dialogs.notice import explain
from core.domain.account import WrongMove
from core.domain.application import Blocked, NoApplication
from core.domain.card import NoCard
from core.domain.consent import NoConsent


class Meanwhile(BaseMiddleware):
    """Stands before the dialog's handlers. The registries answer, a second phone is at it, a consent is withdrawn."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> object:
        manager: DialogManager = data["dialog_manager"]
        try:
            return await handler(event, data)
        except (NoApplication, NoCard, NoConsent):
            pass
        except (Blocked, WrongMove) as change:
            explain(manager, change)
        if isinstance(event, CallbackQuery):
            await manager.answer_callback()
        await begin_again(manager)
        return None


def led_on(dialog: Dialog) -> Dialog:
    """Return the dialog, ready for what changes meanwhile."""
    for observer in (dialog.message, dialog.callback_query):
        observer.middleware(Meanwhile())
    return dialog
