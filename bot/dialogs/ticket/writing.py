"""A request being written: the earlier one, the words, the files, a look at all of it, and off it goes."""

import re
from typing import Any

from aiogram.types import CallbackQuery, Message
from aiogram_dialog import DialogManager, StartMode
from aiogram_dialog.widgets.input import MessageInput
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import carried, explain, note, take
from bot.dialogs.shown import shown_moment
from bot.dialogs.ticket.position import TICKET, ticket_of
from bot.dialogs.ticket.receiving import receive
from bot.dialogs.ticket.shown import head, known_lines, label_of
from bot.dialogs.typed import at_the_bottom, forget
from bot.states import Request as Windows
from bot.states import Support
from bot.text import language_of
from bot.words import say
from core.domain.ticket import (
    DescriptionWanted,
    DraftGone,
    Ticket,
    TicketNotThere,
    TooManyTickets,
)
from core.services.ticket import (
    AttachToTicket,
    DescribeTicket,
    DropTicketDraft,
    NameEarlier,
    SendTicket,
    TicketDraft,
    ViewTicket,
    ViewTicketDraft,
)

LONG = re.compile(r"(?:\d[\s-]*){10,}")
"""So many digits in a row name somebody: a СНИЛС, a passport, a policy, a telephone."""
SHOWN = 2500


@inject
async def show_draft(dialog_manager: DialogManager, view: FromDishka[ViewTicketDraft], **_data: Any) -> dict[str, Any]:
    """What is put together so far."""
    return shown_draft(await view(citizen_of(dialog_manager)), dialog_manager)


def shown_draft(draft: TicketDraft | None, manager: DialogManager) -> dict[str, Any]:
    """Return the answers so far; None: sent or dropped in another window meanwhile."""
    language = language_of(manager)
    ticket = draft.ticket if draft else None
    described = ticket.description if ticket else ""
    files = len(draft.files) if draft else 0
    return {
        "here": draft is not None,
        "gone": draft is None,
        "topic": say(f"support.topic.{ticket.topic.value}", language) if ticket else "",
        "known": known_lines(draft.known if draft else None, language),
        "described": described[:SHOWN] + ("…" if len(described) > SHOWN else ""),
        "empty": draft is not None and not described,
        "earlier": (ticket.earlier if ticket else None) or "",
        "files": files,
        "no_files": draft is not None and not files,
        "ready": draft is not None and draft.ready,
        "recent": [(each.number, label_of(each, manager)) for each in draft.recent] if draft else [],
    } | take(manager)


@inject
async def on_earlier(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, number: str, name: FromDishka[NameEarlier]
) -> None:
    """One of the person's own."""
    await _named(manager, number, name)


@inject
async def on_no_earlier(
    _callback: CallbackQuery, _button: object, manager: DialogManager, name: FromDishka[NameEarlier]
) -> None:
    """There is none."""
    await _named(manager, "", name)


@inject
async def on_earlier_words(
    message: Message, _input: MessageInput, manager: DialogManager, name: FromDishka[NameEarlier]
) -> None:
    """A number was typed."""
    at_the_bottom(manager)
    await _named(manager, (message.text or "")[:50] or "-", name)


async def _named(manager: DialogManager, number: str, name: NameEarlier) -> None:
    try:
        await name(citizen_of(manager), number)
    except TicketNotThere:
        note(manager, "ticket.earlier_not_there")
    except DraftGone as fault:
        await _gone(manager, fault)
    else:
        await manager.switch_to(Windows.words)


@inject
async def on_words(
    message: Message, _input: MessageInput, manager: DialogManager, describe: FromDishka[DescribeTicket]
) -> None:
    """The description: it is in the draft at once. What names somebody goes from the chat."""
    at_the_bottom(manager)
    text = message.text or ""
    try:
        await describe(citizen_of(manager), text)
    except DescriptionWanted as fault:
        explain(manager, fault)
    except DraftGone as fault:
        await _gone(manager, fault)
    else:
        await manager.switch_to(Windows.files)
    if LONG.search(text):
        await forget(message)


@inject
async def on_file(
    message: Message, _input: MessageInput, manager: DialogManager, attach: FromDishka[AttachToTicket]
) -> None:
    """A photo or a file, or one of an album; words below the first may be the description."""
    try:
        taken = await receive(message, manager, attach, None)
    except DraftGone as fault:
        await _gone(manager, fault)
        return
    if taken and manager.current_context().state == Windows.words and message.caption:
        await manager.switch_to(Windows.files)


@inject
async def on_send(
    _callback: CallbackQuery, _button: object, manager: DialogManager, send: FromDishka[SendTicket]
) -> None:
    """«Отправить»."""
    try:
        sent = await send(citizen_of(manager))
    except (DescriptionWanted, TooManyTickets) as fault:
        explain(manager, fault)
    except DraftGone as fault:
        await _gone(manager, fault)
    else:
        manager.dialog_data[TICKET] = str(sent.id)
        await manager.switch_to(Windows.sent)


@inject
async def on_drop(
    _callback: CallbackQuery, _button: object, manager: DialogManager, drop: FromDishka[DropTicketDraft]
) -> None:
    """Thought better of it: words and files are gone."""
    await drop(citizen_of(manager))
    note(manager, "ticket.dropped")
    await manager.start(Support.main, data=carried(manager), mode=StartMode.RESET_STACK)


async def _gone(manager: DialogManager, fault: DraftGone) -> None:
    explain(manager, fault)
    await manager.switch_to(Windows.check)


@inject
async def show_sent(dialog_manager: DialogManager, view: FromDishka[ViewTicket], **_data: Any) -> dict[str, Any]:
    """The number, the state, and when an answer can be expected."""
    try:
        found = await view(citizen_of(dialog_manager), ticket_of(dialog_manager))
    except TicketNotThere:
        return {"here": False, "gone": True, "number": "", "due": ""} | take(dialog_manager)
    return shown_sent(found.ticket, dialog_manager)


def shown_sent(ticket: Ticket, manager: DialogManager) -> dict[str, Any]:
    """Return what is told of one that was just sent."""
    due = shown_moment(ticket.due_at, manager) if ticket.due_at else ""
    return head(ticket, manager) | {"here": True, "gone": False, "due": due} | take(manager)
