"""Showing a person where they are, from outside the dialogs: one window, at the bottom of the chat."""

from typing import Any

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.fsm.state import State
from aiogram.types import CallbackQuery
from aiogram_dialog import DialogManager, ShowMode, StartMode

from bot.states import Menu
from bot.sweep import remove_later


async def show_place(manager: DialogManager, otherwise: dict[str, Any] | None = None) -> None:
    """Show the window that is open, below what was just sent; who is nowhere gets the menu, with `otherwise` said in it."""
    if manager.has_context():
        await manager.show(ShowMode.DELETE_AND_SEND)
    else:
        await manager.start(Menu.main, data=otherwise, mode=StartMode.RESET_STACK, show_mode=ShowMode.DELETE_AND_SEND)


async def show_below(manager: DialogManager, state: State | None = None, data: dict[str, Any] | None = None) -> None:
    """After a tap on another message: open `state`, or show the open window (the menu when there is none) at the bottom.

    The message that was tapped stays to be read and loses its buttons (`SEND` takes them away); the window that stood
    open goes, so that there is one.
    """
    await remove_window(manager)
    if state is None and manager.has_context():
        await manager.show(ShowMode.SEND)
    else:
        await manager.start(state or Menu.main, data=data, mode=StartMode.RESET_STACK, show_mode=ShowMode.SEND)


async def remove_window(manager: DialogManager) -> None:
    """Delete the message of the window that is open, after the answer; where Telegram refuses (gone already) it stays."""
    last, bot, chat = (
        manager.current_stack().last_message_id,
        manager.middleware_data["bot"],
        manager.middleware_data["event_chat"],
    )
    assert isinstance(bot, Bot)  # noqa: S101 (aiogram's own)
    if last is not None:
        await remove_later(bot, chat.id, last)


def taps_open_window(callback: CallbackQuery, manager: DialogManager) -> bool:
    """Whether the tapped message is the one that holds the open window now."""
    return callback.message is not None and callback.message.message_id == manager.current_stack().last_message_id


async def without_buttons(callback: CallbackQuery) -> None:
    """Take the buttons of a message away: they have been used."""
    bot, message = callback.bot, callback.message
    if bot is None or message is None:
        return
    try:
        await bot.edit_message_reply_markup(chat_id=message.chat.id, message_id=message.message_id)
    except TelegramAPIError:
        return
