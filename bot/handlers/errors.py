"""What went wrong, said kindly: buttons of old windows, positions lost with the store, windows renamed by an update."""

from typing import Any

from aiogram import Router
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.filters import ExceptionTypeFilter
from aiogram.types import Chat, ErrorEvent
from aiogram_dialog import DialogManager
from aiogram_dialog.api.exceptions import (
    DialogStackOverflow,
    NoContextError,
    OutdatedIntent,
    UnknownIntent,
    UnknownState,
    UnregisteredDialogError,
    UnregisteredWindowError,
)
from dishka import AsyncContainer

from bot.dialogs.astray import NotOffered
from bot.dialogs.notice import note, said, words_of
from bot.handlers.showing import show_below, show_place, taps_open_window
from bot.messenger import GONE
from bot.middlewares.lead_through import SHUT, lead
from bot.states import Menu
from bot.words import say
from core.domain.account import WrongMove
from core.domain.actor import NotAllowed, SignInNeeded
from core.domain.booking import BookingOver, HoldGone, NoBooking, NoOffer, StillAsked
from core.domain.code import TooSoon
from core.domain.consent import NoConsent
from core.domain.conversation import Ended
from core.domain.ids import ChatId
from core.domain.schedule import NoSuchDoctor, NoSuchFacility
from core.ports import Unavailable
from core.services.chat import NoteBlocked

STALE = (
    UnknownIntent,
    OutdatedIntent,
    UnknownState,
    UnregisteredDialogError,
    UnregisteredWindowError,
    NoContextError,
    DialogStackOverflow,
    NotOffered,
)
MEANWHILE = (
    WrongMove,
    NotAllowed,
    SignInNeeded,
    NoConsent,
    TooSoon,
    Unavailable,
    NoSuchFacility,
    NoSuchDoctor,
    NoBooking,
    BookingOver,
    StillAsked,
    HoldGone,
    NoOffer,
    Ended,
)
"""What any use case may meet when something changes between looking and doing, or an outside system is away."""


def errors_router() -> Router:
    """Return the router of faults that have a kind answer; others go on to whoever feeds the updates."""
    router = Router(name="errors")

    @router.errors(ExceptionTypeFilter(*STALE))
    async def stale(error: ErrorEvent, dialog_manager: DialogManager, language: str = "ru", **_data: Any) -> None:
        """The button, or the message that was replied to, belongs to a window that is gone. What was typed is stored."""
        callback, manager = error.update.callback_query, dialog_manager
        if callback is None:
            if manager.has_context():
                note(manager, "menu.stale_reply")
            await show_place(manager, said("menu.stale_reply"))
        elif manager.has_context() and taps_open_window(callback, manager):
            # The second tap of a fast double one: the first has led on in the same message.
            await callback.answer()
        else:
            known = manager.has_context()
            await callback.answer(say("menu.stale" if known else "menu.stale_start", language))
            await show_below(manager)

    @router.errors(ExceptionTypeFilter(TelegramForbiddenError, TelegramBadRequest))
    async def gone(error: ErrorEvent, dishka_container: AsyncContainer, event_chat: Chat, **_data: Any) -> object:
        """The person blocked the bot, or is no more: what they asked for stands, and there is nobody to answer."""
        refusal = error.exception
        if not isinstance(refusal, TelegramForbiddenError) and not any(word in str(refusal) for word in GONE):
            return UNHANDLED
        await (await dishka_container.get(NoteBlocked))(ChatId(event_chat.id))
        return None

    @router.errors(ExceptionTypeFilter(*MEANWHILE))
    async def meanwhile(error: ErrorEvent, dialog_manager: DialogManager, **_data: Any) -> None:
        """No dialog expected it here: the person learns what it is and goes on from the menu, which draws what is true now."""
        callback = error.update.callback_query
        if callback is not None:
            await callback.answer()
        key, values = words_of(error.exception)  # type: ignore[arg-type]  # every one of MEANWHILE has words
        await show_below(dialog_manager, Menu.main, said(key, values))

    @router.errors(ExceptionTypeFilter(*SHUT))
    async def shut(error: ErrorEvent, dialog_manager: DialogManager, **_data: Any) -> None:
        """A window that was drawn without anybody's doing found the record locked; a person's own tap never comes here."""
        await lead(dialog_manager, error.exception, None)

    return router
