"""What was sent into a window that does not take it: words are a question, the rest has a kind answer, and nothing is lost."""

from collections.abc import Callable, Collection
from enum import StrEnum
from typing import Any
from uuid import UUID

from aiogram.enums import ContentType
from aiogram.fsm.state import State
from aiogram.types import Message
from aiogram_dialog import DialogManager, ShowMode, StartMode
from aiogram_dialog.widgets.input import MessageInput
from dishka import AsyncContainer

from bot.courtesy import courtesy_of
from bot.dialogs.notice import note
from bot.dialogs.typed import at_the_bottom
from bot.states import Asking
from bot.text import language_of
from core.services.knowledge import Answers, FindAnswers

FILES = frozenset({ContentType.PHOTO, ContentType.DOCUMENT, ContentType.VIDEO, ContentType.ANIMATION})
SPOKEN = frozenset({ContentType.VOICE, ContentType.AUDIO, ContentType.VIDEO_NOTE})


class NotOffered(Exception):
    """A press that no window of ours offers: Telegram lets a program send any data in a button's name."""


def among(items: Collection[str]) -> Callable[[str], str]:
    """Return what reads the item of a pressed button: one of these. Raises NotOffered."""

    def read(item: str) -> str:
        if item not in items:
            raise NotOffered
        return item

    return read


def one_of(*choices: StrEnum) -> Callable[[str], str]:
    """Return the same for the values of choices."""
    return among(frozenset(choice.value for choice in choices))


def an_id(item: str) -> str:
    """Read the item of a pressed button: an id of a record. Raises NotOffered."""
    try:
        return str(UUID(item))
    except ValueError:
        raise NotOffered from None


def kept_id(manager: DialogManager, key: str) -> UUID:
    """Return the id that the dialog keeps under a key. Raises NotOffered where there is none."""
    try:
        return UUID(manager.dialog_data[key])
    except (KeyError, ValueError):
        raise NotOffered from None


def word_for(message: Message, *, typing: bool) -> str:
    """Return the message key of what to say; `typing`: the window waits for text."""
    if message.content_type in SPOKEN:
        return "menu.spoken"
    if typing:
        return "menu.text_wanted"
    if message.content_type in FILES:
        return "menu.file_not_here"
    if not message.text:
        return "menu.not_text"
    return courtesy_of(message.text) or "menu.not_understood"


def asks(message: Message) -> bool:
    """Whether it may be a question: text with at least two letters that is no mere courtesy."""
    text = message.text or ""
    return sum(each.isalpha() for each in text) > 1 and courtesy_of(text) is None


async def find(message: Message, manager: DialogManager) -> tuple[State, dict[str, Any]]:
    """Look for what answers a question; return the window to show and what it begins with, nothing typed in it."""
    container: AsyncContainer = manager.middleware_data["dishka_container"]
    find_answers = await container.get(FindAnswers)
    answers = await find_answers(language_of(manager), message.text or "", manager.middleware_data["actor"])
    return (Asking.answer if answers.sure else Asking.near), told(answers)


def told(answers: Answers) -> dict[str, Any]:
    """Return what the windows of a question remember: ids alone."""
    return {
        "asked": str(answers.asked),
        "article": str(answers.articles[0].article) if answers.sure else None,
        "near": [str(each.article) for each in answers.articles],
        "operator": answers.operator,
    }


async def answer(message: Message, manager: DialogManager, mode: StartMode = StartMode.NORMAL) -> None:
    """Answer a question, above the window that stood open: it waits beneath, as it was."""
    state, data = await find(message, manager)
    await manager.start(state, data=data, mode=mode, show_mode=ShowMode.DELETE_AND_SEND)


async def answers_for_sure(message: Message, manager: DialogManager) -> bool:
    """Answer whoever is nowhere, if the answer is sure; what else is written there may belong into a form, and is not kept."""
    if not asks(message):
        return False
    container: AsyncContainer = manager.middleware_data["dishka_container"]
    sure = (await (await container.get(FindAnswers))(language_of(manager), message.text or "")).sure
    if sure:
        await answer(message, manager, StartMode.RESET_STACK)
    return sure


async def _tap_please(message: Message, _input: MessageInput, manager: DialogManager) -> None:
    if asks(message):
        await answer(message, manager)
        return
    note(manager, word_for(message, typing=False))
    at_the_bottom(manager)


async def _type_please(message: Message, _input: MessageInput, manager: DialogManager) -> None:
    note(manager, word_for(message, typing=True))
    at_the_bottom(manager)


class Astray(MessageInput):
    """The last input of a window: it takes what the window does not, and says so."""


def buttons_only() -> MessageInput:
    """Return the last input of a window that has buttons only: what is written there is a question."""
    return Astray(_tap_please)


def text_only() -> MessageInput:
    """Return the last input of a window that waits for text."""
    return Astray(_type_please)
