"""What people send into a window: read, then removed from the chat, because it may name a person."""

from aiogram.types import CallbackQuery, Message
from aiogram_dialog import DialogManager, ShowMode
from aiogram_dialog.api.internal import ReplyCallbackQuery

from bot.sweep import remove_later


async def forget(message: Message) -> None:
    """Remove a message that was read, once it is answered. Telegram may refuse (older than 48 hours, gone): then it stays."""
    if message.bot is not None:
        await remove_later(message.bot, message.chat.id, message.message_id, typed=True)


def at_the_bottom(manager: DialogManager) -> None:
    """Draw the next window afresh below what was just sent, and remove the old one."""
    manager.show_mode = ShowMode.DELETE_AND_SEND


async def forget_press(callback: CallbackQuery) -> None:
    """Remove the text that a press on a reply keyboard leaves in the chat; an inline button leaves none."""
    if isinstance(callback, ReplyCallbackQuery):
        await forget(callback.original_message)
