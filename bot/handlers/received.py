"""A PDF that somebody received, sent or forwarded outside of forms: whether it is genuine and whole. Nothing of it is shown."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import Message
from aiogram_dialog import Dialog, DialogManager
from aiogram_dialog.widgets.input import CombinedInput, MessageInput
from aiohttp import ClientError
from dishka import AsyncContainer

from bot.dialogs.astray import Astray
from bot.dialogs.typed import forget
from bot.handlers.showing import show_place
from bot.words import say
from core.domain.actor import Citizen, Visitor
from core.services.extract import CheckFile

MOST_MB = 10
"""No paper of ours comes near it."""
MIME = "application/pdf"


Inputs = Mapping[str, Sequence[MessageInput]]
"""What each window takes, by its state; its last word to what it does not take is left out."""


def inputs_of(dialogs: Iterable[Dialog]) -> Inputs:
    """Return what the windows take."""
    return {
        str(state.state): [
            each for each in _inputs(getattr(window, "on_message", None)) if not isinstance(each, Astray)
        ]
        for dialog in dialogs
        for state, window in dialog.windows.items()
    }


def _inputs(widget: object) -> list[MessageInput]:
    if isinstance(widget, CombinedInput):
        return [found for each in widget.inputs for found in _inputs(each)]
    return [widget] if isinstance(widget, MessageInput) else []


async def is_taken(message: Message, inputs: Sequence[MessageInput]) -> bool:
    """Whether one of these inputs takes a message."""
    for each in inputs:
        if all([await passes.call(message) for passes in each.filters]):
            return True
    return False


async def is_called_a_pdf(message: Message) -> bool:
    """Whether its sender calls it a PDF. A coroutine: aiogram runs a plain function in a thread."""
    document = message.document
    if document is None or message.animation is not None:
        return False
    return document.mime_type == MIME or (document.file_name or "").lower().endswith(".pdf")


def received_router(inputs: Inputs, *, personal: bool = True) -> Router:
    """Return the router of received papers. It is asked before the dialogs, and passes on what a form waits for.

    Without `personal` data in the chat the file goes from it, whatever it was.
    """
    router = Router(name="received")

    @router.message(is_called_a_pdf)
    async def received(
        message: Message,
        dialog_manager: DialogManager,
        actor: Visitor | Citizen,
        language: str,
        dishka_container: AsyncContainer,
        **_data: Any,
    ) -> None:
        if dialog_manager.has_context():
            state = dialog_manager.current_context().state.state
            if await is_taken(message, inputs.get(str(state), ())):
                raise SkipHandler
        key, values = await _looked_at(message, actor, dishka_container)
        if personal:
            await message.reply(say(key, language, values))
        else:
            await forget(message)
            await message.answer(f"{say(key, language, values)}\n\n{say('received.removed', language)}")
        if dialog_manager.has_context():
            # The window goes on below the answer, as it was.
            await show_place(dialog_manager)

    return router


async def _looked_at(message: Message, actor: Visitor | Citizen, scope: AsyncContainer) -> tuple[str, dict[str, str]]:
    document, bot = message.document, message.bot
    if document is None or bot is None:
        return "received.not_fetched", {}
    if document.file_size is not None and document.file_size > MOST_MB * 1024 * 1024:
        return "received.too_big", {"limit": str(MOST_MB)}
    try:
        content = await bot.download(document)
    except (TelegramBadRequest, ClientError, OSError):
        content = None
    if content is None:
        return "received.not_fetched", {}
    outcome = await (await scope.get(CheckFile))(actor, content.read())
    return f"received.{outcome.value}", {}
