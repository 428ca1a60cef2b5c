"""What no dialog took: people who are nowhere, edits, a person who blocked the bot. Each has a kind answer."""

from aiogram import Router
from aiogram.filters import KICKED, ChatMemberUpdatedFilter
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message
from aiogram_dialog import DialogManager
from dishka import AsyncContainer

from bot.dialogs.astray import answers_for_sure, word_for
from bot.dialogs.notice import said
from bot.handlers.showing import show_below, show_place
from bot.words import say
from core.domain.ids import ChatId
from core.services.chat import NoteBlocked, NoteReturned


def fallback_router() -> Router:
    """Return the router that is asked last."""
    router = Router(name="fallback")

    @router.message()
    async def astray(message: Message, dialog_manager: DialogManager) -> None:
        """Nobody knows where this person is: their place was lost with the store, or they have never been here."""
        if not dialog_manager.has_context() and await answers_for_sure(message, dialog_manager):
            return
        await show_place(dialog_manager, said(word_for(message, typing=False)))

    @router.edited_message()
    async def edited(message: Message, language: str) -> None:
        await message.answer(say("menu.edited", language))

    @router.callback_query()
    async def unknown_button(callback: CallbackQuery, language: str, dialog_manager: DialogManager) -> None:
        await callback.answer(say("menu.stale", language))
        await show_below(dialog_manager)

    @router.my_chat_member(ChatMemberUpdatedFilter(KICKED))
    async def blocked(event: ChatMemberUpdated, dishka_container: AsyncContainer) -> None:
        await (await dishka_container.get(NoteBlocked))(ChatId(event.chat.id))

    @router.my_chat_member()
    async def back(event: ChatMemberUpdated, dishka_container: AsyncContainer) -> None:
        await (await dishka_container.get(NoteReturned))(ChatId(event.chat.id))

    return router
