"""A number that identifies a person, or a picture of a paper, sent where nothing asks for it: it goes, and the page is pointed to.

Only where nothing personal is shown in the chat: elsewhere the dialogs take such numbers and files.
"""

from typing import Any

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.enums import ContentType
from aiogram.types import Message
from aiogram_dialog import DialogManager

from bot.dialogs.notice import said
from bot.dialogs.typed import forget
from bot.handlers.places import open_place
from bot.handlers.received import Inputs, is_taken
from core.domain.actor import Citizen, Visitor
from core.domain.identifiers import InvalidValue, PassportNumber, PolicyNumber, Snils

TAKEN_ELSEWHERE = frozenset({ContentType.PHOTO, ContentType.DOCUMENT, ContentType.CONTACT})
"""What the dialogs of scans and contacts would take."""


async def names_a_person(message: Message) -> bool:
    """Whether it is such a number. A coroutine: aiogram runs a plain function in a thread."""
    for kind in (Snils, PassportNumber, PolicyNumber):
        try:
            kind.parse(message.text or "")
        except InvalidValue:
            continue
        return True
    return False


async def is_a_file(message: Message) -> bool:
    """Whether it may be a scan, or a contact. A coroutine, as above."""
    return message.content_type in TAKEN_ELSEWHERE


def typed_router(inputs: Inputs) -> Router:
    """Return the router of what went astray. It is asked before the dialogs, and passes on what a window waits for."""
    router = Router(name="typed")

    @router.message(names_a_person)
    async def typed(message: Message, dialog_manager: DialogManager, actor: Visitor | Citizen, **_data: Any) -> None:
        await lead_away(message, dialog_manager, actor, "card", inputs)

    @router.message(is_a_file)
    async def sent(message: Message, dialog_manager: DialogManager, actor: Visitor | Citizen, **_data: Any) -> None:
        place = "status" if message.contact is not None else "scans"
        await lead_away(message, dialog_manager, actor, place, inputs)

    return router


async def lead_away(
    message: Message, manager: DialogManager, actor: Visitor | Citizen, place: str, inputs: Inputs
) -> None:
    """Take it from the chat, and open the window that points to where it belongs."""
    if manager.has_context():
        state = manager.current_context().state.state
        if await is_taken(message, inputs.get(str(state), ())):
            raise SkipHandler
    await forget(message)
    await open_place(manager, place, actor, said("page.point.not_here"))
