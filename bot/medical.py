"""What the bot sends that is medical: never forwardable, noted, and out of the chat when the session ends.

What is to go stands in the database until Telegram has removed it: neither a crash nor the loss of Redis leaves anything behind.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from aiogram import Bot
from aiogram.types import BufferedInputFile, CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup, Message
from aiogram_dialog import DialogManager
from dishka import AsyncContainer

from bot.sweep import remove_later
from core.domain.factor import Shown
from core.domain.ids import ChatId
from core.ports import Leftover
from core.services.factor import ForgetMedical, NoteMedical, RetryMedical, TakeMedical

LONGEST_CAPTION = 1024
"""Telegram's limit."""


Copied = tuple[str, str]
"""A button's label, and what it puts into the clipboard."""


async def send_file(
    manager: DialogManager,
    content: bytes,
    name: str,
    caption: str,
    *,
    picture: bool = False,
    copied: Copied | None = None,
    stays: timedelta | None = None,
) -> None:
    """Send a file, or a picture, into the chat. `caption` is HTML; `stays`: how long it may stay at the latest.

    Without `stays` it goes with the end of the session.
    """
    bot, chat = _bot_and_chat(manager)
    file, keyboard = BufferedInputFile(content, name), _keyboard(copied)
    caption = caption[:LONGEST_CAPTION]
    if picture:
        sent = await bot.send_photo(chat, file, caption=caption, protect_content=True, reply_markup=keyboard)
    else:
        sent = await bot.send_document(chat, file, caption=caption, protect_content=True, reply_markup=keyboard)
    await _note(manager, sent, stays)


async def send_words(
    manager: DialogManager, text: str, *, copied: Copied | None = None, stays: timedelta | None = None
) -> None:
    """Send words into the chat, in HTML."""
    bot, chat = _bot_and_chat(manager)
    sent = await bot.send_message(chat, text, protect_content=True, reply_markup=_keyboard(copied))
    await _note(manager, sent, stays)


class Notes:
    """Notes the windows that show something medical: each in a scope of its own, since a window may be drawn outside of updates."""

    def __init__(self, container: AsyncContainer) -> None:
        self.container = container

    async def __call__(self, chat: int, message: int) -> None:
        """Note a message of a chat."""
        async with self.container() as scope:
            await (await scope.get(NoteMedical))(ChatId(chat), message)


class MedicalLeftovers:
    """`core.ports.Leftovers` over the database, for a `Sweeper`: what was noted and is to go."""

    def __init__(self, container: AsyncContainer) -> None:
        self.container = container

    async def put(self, chat: int, messages: Sequence[int], seconds: float) -> None:
        """Let messages of a chat go in so many seconds."""
        async with self.container() as scope:
            note = await scope.get(NoteMedical)
            for message in messages:
                await note(ChatId(chat), message, timedelta(seconds=seconds))

    async def due(self, limit: int) -> list[Leftover]:
        """Return those whose session is over."""
        async with self.container() as scope:
            taken = await (await scope.get(TakeMedical))(limit)
        return [Leftover(_name(shown), shown.chat, shown.message, age) for shown, age in taken]

    async def again(self, leftovers: Sequence[Leftover], seconds: float) -> None:
        """Try them again in so many seconds."""
        async with self.container() as scope:
            await (await scope.get(RetryMedical))([_shown(each) for each in leftovers], seconds)

    async def gone(self, leftovers: Sequence[Leftover]) -> None:
        """Forget them."""
        if leftovers:
            async with self.container() as scope:
                await (await scope.get(ForgetMedical))([_shown(each) for each in leftovers])

    async def only_here(self) -> list[Leftover]:
        """Nothing is lost with this process."""
        return []


def _name(shown: Shown) -> str:
    return f"{shown.chat}:{shown.message}:{shown.since.isoformat()}"


def _shown(leftover: Leftover) -> Shown:
    _chat, _message, since = leftover.name.split(":", 2)
    return Shown(ChatId(leftover.chat), leftover.message, datetime.fromisoformat(since))


def _keyboard(copied: Copied | None) -> InlineKeyboardMarkup | None:
    if copied is None:
        return None
    button = InlineKeyboardButton(text=copied[0], copy_text=CopyTextButton(text=copied[1]))
    return InlineKeyboardMarkup(inline_keyboard=[[button]])


def _bot_and_chat(manager: DialogManager) -> tuple[Bot, int]:
    bot, chat = manager.middleware_data["bot"], manager.middleware_data["event_chat"]
    assert isinstance(bot, Bot)  # noqa: S101 (aiogram's own)
    return bot, int(chat.id)


async def _note(manager: DialogManager, sent: Message, stays: timedelta | None) -> None:
    scope: AsyncContainer = manager.middleware_data["dishka_container"]
    try:
        await (await scope.get(NoteMedical))(ChatId(sent.chat.id), sent.message_id, stays)
    except BaseException:
        # What nobody would take out of the chat at the end of the session does not stay in it.
        await remove_later(manager.middleware_data["bot"], sent.chat.id, sent.message_id)
        raise
