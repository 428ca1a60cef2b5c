"""Dialogs for people who have signed in: whoever signed out meanwhile is led back to the portal."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, TelegramObject
from aiogram_dialog import Dialog, DialogManager, ShowMode, StartMode

from bot.dialogs.notice import carry
from bot.states import SignIn
from core.domain.actor import Citizen, SignInNeeded


def citizen_of(manager: DialogManager) -> Citizen:
    """Return who acts. Raises SignInNeeded for a visitor; `for_citizens` keeps visitors out."""
    actor = manager.middleware_data["actor"]
    if not isinstance(actor, Citizen):
        raise SignInNeeded
    return actor


def signed_in(manager: DialogManager) -> bool:
    """Whether a citizen acts."""
    return isinstance(manager.middleware_data["actor"], Citizen)


async def begin(start_data: object, manager: DialogManager) -> bool:
    """Take along what is to be said first, or lead to the portal; returns whether a citizen acts."""
    if not signed_in(manager):
        await lead_to_portal(manager)
        return False
    carry(start_data, manager)
    return True


async def lead_to_portal(manager: DialogManager) -> None:
    """Offer the way in, in place of the window that wants somebody signed in."""
    await manager.start(SignIn.link, mode=StartMode.RESET_STACK)


class CitizensOnly(BaseMiddleware):
    """Stands before the handlers of a dialog."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> object:
        manager: DialogManager = data["dialog_manager"]
        if signed_in(manager):
            return await handler(event, data)
        if isinstance(event, CallbackQuery):
            await manager.answer_callback()
        else:
            manager.show_mode = ShowMode.DELETE_AND_SEND
        await lead_to_portal(manager)
        return None


def for_citizens(dialog: Dialog) -> Dialog:
    """Return the dialog, closed to visitors."""
    for observer in (dialog.message, dialog.callback_query):
        observer.middleware(CitizensOnly())
    return dialog
