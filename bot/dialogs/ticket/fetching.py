"""The files that specialists have sent in a request: a list of them, and each into the chat when it is asked for.

A push says that there is an answer, never what: its files come as its words do, to whoever opens the request.
"""

from typing import Any
from uuid import UUID

from aiogram import Bot
from aiogram.types import BufferedInputFile, CallbackQuery
from aiogram_dialog import DialogManager
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.astray import NotOffered, an_id
from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import note, take
from bot.dialogs.paging import number_of, page_of
from bot.dialogs.ticket.position import FILES_PAGE, ticket_of
from bot.dialogs.typed import at_the_bottom
from bot.text import language_of
from bot.words import say
from core.domain.ids import RemarkId
from core.domain.record.looking import Paging
from core.domain.ticket import Attachment, RemarkSide, TicketNotThere
from core.services.ticket import OpenOwnTicketFile, TicketView, ViewTicket

PER_PAGE = 6
LONGEST = 56
"""Letters of a button's label at most: Telegram takes 64, and some letters count twice."""
File = tuple[RemarkId, int]


def sent_files(view: TicketView) -> list[tuple[str, Attachment]]:
    """Return what specialists have sent, the newest first, each with its button's item: the remark's id and the place."""
    told = [each for each in reversed(view.remarks) if each.side is RemarkSide.STAFF]
    return [(f"{each.id.hex}-{place}", file) for each in told for place, file in enumerate(each.files)]


def a_file(item: str) -> File:
    """Read the item of a pressed button. Raises NotOffered."""
    remark, _, place = item.partition("-")
    if not (place.isascii() and place.isdecimal() and len(place) < 4):
        raise NotOffered
    return RemarkId(UUID(an_id(remark))), int(place)


@inject
async def show_files(dialog_manager: DialogManager, view: FromDishka[ViewTicket], **_data: Any) -> dict[str, Any]:
    """One page of them."""
    try:
        found = await view(citizen_of(dialog_manager), ticket_of(dialog_manager))
    except TicketNotThere:
        note(dialog_manager, "ticket.not_there")
        return {"number": "", "sent": [], "none": True, "page": "", "turns": []} | take(dialog_manager)
    return shown_files(found, dialog_manager)


def shown_files(view: TicketView, manager: DialogManager) -> dict[str, Any]:
    """Return the buttons."""
    files = sent_files(view)
    paging = Paging(len(files), PER_PAGE, number_of(manager, FILES_PAGE))
    here = paging.shown(files)
    return (
        {
            "number": view.ticket.number,
            "sent": [(item, _label(file.name, language_of(manager))) for item, file in here],
            "none": not files,
        }
        | page_of(paging, manager, FILES_PAGE)
        | take(manager)
    )


@inject
async def on_file(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, file: File, opens: FromDishka[OpenOwnTicketFile]
) -> None:
    """Into the chat, and the window below it. It is theirs: to be saved, printed and filled in."""
    try:
        found, content = await opens(citizen_of(manager), *file)
    except TicketNotThere:
        note(manager, "ticket.file_not_there")
        return
    bot, chat = manager.middleware_data["bot"], manager.middleware_data["event_chat"]
    assert isinstance(bot, Bot)  # noqa: S101 (aiogram's own)
    await bot.send_document(chat.id, BufferedInputFile(content, found.name))
    at_the_bottom(manager)


def _label(name: str, language: str) -> str:
    """Return a file's name as a button bears it: its end, which tells what it is, is kept."""
    short = name if len(name.encode("utf-16-le")) // 2 <= LONGEST else f"{name[: LONGEST // 4]}…{name[-LONGEST // 4 :]}"
    return say("ticket.file", language, {"name": short})
