"""What was sent into a window that does not take it: a kind word in the window itself, and nothing is lost."""

from collections.abc import Callable
from enum import StrEnum
from uuid import UUID

from aiogram.enums import ContentType
from aiogram.types import Message
from aiogram_dialog import DialogManager
from aiogram_dialog.widgets.input import MessageInput

from bot.dialogs.notice import note
from bot.dialogs.typed import at_the_bottom

FILES = frozenset({ContentType.PHOTO, ContentType.DOCUMENT, ContentType.VIDEO, ContentType.ANIMATION})
SPOKEN = frozenset({ContentType.VOICE, ContentType.AUDIO, ContentType.VIDEO_NOTE})


class NotOffered(Exception):
    """A press that no window of ours offers: Telegram lets a program send any data in a button's name."""


def one_of(*choices: StrEnum) -> Callable[[str], str]:
    """Return what reads the item of a pressed button: one of these values. Raises NotOffered."""

    def read(item: str) -> str:
        if item not in {choice.value for choice in choices}:
            raise NotOffered
        return item

    return read


def an_id(item: str) -> str:
    """Read the item of a pressed button: an id of a record. Raises NotOffered."""
    try:
        return str(UUID(item))
    except ValueError:
        raise NotOffered from None


def word_for(message: Message, *, typing: bool) -> str:
    """Return the message key of what to say; `typing`: the window waits for text."""
    if message.content_type in SPOKEN:
        return "menu.spoken"
    if typing:
        return "menu.text_wanted"
    if message.content_type in FILES:
        return "menu.file_not_here"
    return "menu.not_understood" if message.text else "menu.not_text"


async def _tap_please(message: Message, _input: MessageInput, manager: DialogManager) -> None:
    note(manager, word_for(message, typing=False))
    at_the_bottom(manager)


async def _type_please(message: Message, _input: MessageInput, manager: DialogManager) -> None:
    note(manager, word_for(message, typing=True))
    at_the_bottom(manager)


def buttons_only() -> MessageInput:
    """Return the last input of a window that has buttons only."""
    return MessageInput(_tap_please)


def text_only() -> MessageInput:
    """Return the last input of a window that waits for text."""
    return MessageInput(_type_please)
