"""A record that cannot be opened now: its person is led to what has to be done first, and back to the very place afterwards."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, Message, TelegramObject
from aiogram_dialog import DialogManager, ShowMode, StartMode

from bot.dialogs.factor.way import BACK, WANTED, WITH
from bot.dialogs.notice import carried
from bot.dialogs.typed import forget
from bot.handlers.places import LOOKS_LIKE_A_COMMAND
from bot.states import Security
from core.domain.access import LockedOut
from core.domain.card import CardSuspended, NoCard

SHUT = (LockedOut, NoCard, CardSuspended)


class LeadThrough(BaseMiddleware):
    """Stands before message and callback handlers, where the dialog manager still knows which window was wanted.

    A window that stood open before waits beneath, as it is; what it had to say is said at once. One that was just being
    opened is opened anew afterwards.
    """

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> object:
        manager: DialogManager = data["dialog_manager"]
        before = manager.current_context().id if manager.has_context() else None
        try:
            return await handler(event, data)
        except SHUT as fault:
            if isinstance(event, CallbackQuery):
                await manager.answer_callback()
            else:
                manager.show_mode = ShowMode.DELETE_AND_SEND
            if isinstance(event, Message) and not LOOKS_LIKE_A_COMMAND.match(event.text or ""):
                await forget(event)
            await lead(manager, fault, before)
            return None


async def lead(manager: DialogManager, fault: Exception, before: str | None) -> None:
    """Show what stands in the way, and remember where the person wanted to go. `before`: the context of the last window."""
    if not isinstance(fault, LockedOut):
        state = Security.no_card if isinstance(fault, NoCard) else Security.suspended
        await manager.start(state, mode=StartMode.RESET_STACK)
        return
    state = Security.unlock if fault.ready else Security.main
    context = manager.current_context() if manager.has_context() else None
    if context is None:
        await manager.start(state, mode=StartMode.RESET_STACK)
    elif context.id == before:
        await manager.start(state, data={BACK: True} | carried(manager))
    else:
        wanted = {WANTED: context.state.state, WITH: context.start_data}
        await manager.start(state, data=wanted, mode=StartMode.RESET_STACK)
