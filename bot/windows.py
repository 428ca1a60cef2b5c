"""How windows come onto the screen: the new one first, then the old one goes (aiogram-dialog does it the other way round)."""

from collections.abc import Awaitable, Callable

from aiogram import Bot
from aiogram_dialog.api.entities import NewMessage, OldMessage, ShowMode
from aiogram_dialog.manager.message_manager import MessageManager, _combine

from bot.sweep import remove_later

Note = Callable[[int, int], Awaitable[None]]
"""Remembers a message of a chat."""


class AnswerFirst(MessageManager):
    """A person waits for one call: the window. What it replaces is removed, or loses its buttons, afterwards.

    A window that must not be forwarded shows something medical: `note` is told its message, so that it goes when the session
    ends. Such a one is never edited into one of the other kind: Telegram keeps a message as it was sent.
    """

    def __init__(self, note: Note) -> None:
        self._note = note

    async def show_message(self, bot: Bot, new_message: NewMessage, old_message: OldMessage | None) -> OldMessage:
        """Show a window; the message it replaces goes after it."""
        shown = await self._show(bot, new_message, old_message)
        if new_message.protect_content and new_message.show_mode is not ShowMode.NO_UPDATE:
            try:
                await self._note(shown.chat.id, shown.message_id)
            except BaseException:
                # What nobody would remember does not stay.
                await remove_later(bot, shown.chat.id, shown.message_id)
                raise
        return shown

    async def _show(self, bot: Bot, new_message: NewMessage, old_message: OldMessage | None) -> OldMessage:
        if old_message is None or new_message.show_mode is ShowMode.NO_UPDATE:
            return await super().show_message(bot, new_message, old_message)
        replaces = new_message.show_mode is ShowMode.DELETE_AND_SEND or (
            new_message.show_mode is ShowMode.EDIT and self._must_replace(new_message, old_message)
        )
        if replaces:
            sent = await self.send_message(bot, new_message)
            await remove_later(bot, old_message.chat.id, old_message.message_id)
            return _combine(new_message, sent)
        if new_message.show_mode is ShowMode.SEND and not self.had_reply_keyboard(old_message):
            sent = await self.send_message(bot, new_message)
            await self.remove_inline_kbd(bot, old_message)
            return _combine(new_message, sent)
        return await super().show_message(bot, new_message, old_message)

    def _must_replace(self, new_message: NewMessage, old_message: OldMessage) -> bool:
        if bool(new_message.protect_content) != bool(old_message.has_protected_content):
            return True
        return self._message_changed(new_message, old_message) and not self._can_edit(new_message, old_message)
