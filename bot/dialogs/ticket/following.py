"""Requests that were sent: what the windows show, and what a person does with one."""

from typing import Any

from aiogram.types import CallbackQuery, Message
from aiogram_dialog import DialogManager
from aiogram_dialog.widgets.input import MessageInput
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.citizen import begin, citizen_of
from bot.dialogs.notice import Worded, explain, note, take
from bot.dialogs.paging import number_of, page_of
from bot.dialogs.shown import shown_moment
from bot.dialogs.ticket.fetching import sent_files
from bot.dialogs.ticket.position import TALK_PAGE, begun_with, open_ticket, ticket_of
from bot.dialogs.ticket.receiving import receive
from bot.dialogs.ticket.shown import head, label_of, pages_of
from bot.dialogs.ticket.writing import LONG
from bot.dialogs.typed import at_the_bottom, forget
from bot.places import ABOUT, PLACE
from bot.states import Tickets as Windows
from bot.text import language_of
from bot.words import say
from core.domain.record.looking import Paging
from core.domain.ticket import (
    BadRating,
    TicketClosed,
    TicketNotThere,
    TicketState,
    TooLateToReopen,
    TooManyRemarks,
    TooManyTickets,
    WordsWanted,
)
from core.ports import Clock
from core.services.ticket import (
    AddRemark,
    AttachToTicket,
    CloseTicket,
    ListTickets,
    RateTicket,
    ReopenTicket,
    TicketList,
    TicketView,
    ViewTicket,
    WantedPaper,
)

STARS = (5, 4, 3, 2, 1)
NEWEST = 10_000
"""A page that is never there: the nearest is the last."""
STANDS = "stars"
"""In the dialog's store: the rating whose words are asked for."""


@inject
async def on_start(start_data: object, manager: DialogManager, wanted: FromDishka[WantedPaper]) -> None:
    """Open the list; or the request that a push's button is about, or the one that waits for a paper."""
    if not await begin(start_data, manager):
        return
    place, about = begun_with(start_data, PLACE), begun_with(start_data, ABOUT)
    if place == "bring" and not about:
        about = str(await wanted(citizen_of(manager)) or "")
    if not place:
        return
    try:
        open_ticket(manager, about)
    except ValueError:
        note(manager, "ticket.nothing_asked" if place == "bring" else "ticket.not_there")
        await manager.switch_to(Windows.main)


@inject
async def show_list(dialog_manager: DialogManager, view: FromDishka[ListTickets], **_data: Any) -> dict[str, Any]:
    """One page of them."""
    return shown_list(await view(citizen_of(dialog_manager), number_of(dialog_manager)), dialog_manager)


def shown_list(found: TicketList, manager: DialogManager) -> dict[str, Any]:
    """Return the buttons."""
    tickets = [(str(each.id), label_of(each, manager)) for each in found.tickets]
    return (
        {"tickets": tickets, "some": bool(tickets), "none": not tickets, "draft": found.draft}
        | page_of(found.paging, manager)
        | take(manager)
    )


async def on_ticket(_callback: CallbackQuery, _widget: object, manager: DialogManager, ticket: str) -> None:
    """One of the list."""
    open_ticket(manager, ticket)
    await manager.switch_to(Windows.one)


@inject
async def show_one(
    dialog_manager: DialogManager, view: FromDishka[ViewTicket], clock: FromDishka[Clock], **_data: Any
) -> dict[str, Any]:
    """The open one."""
    try:
        found = await view(citizen_of(dialog_manager), ticket_of(dialog_manager))
    except TicketNotThere:
        return NOTHING | {"text": say("ticket.not_there", language_of(dialog_manager))} | take(dialog_manager)
    late = found.reopen_until is not None and clock.now() > found.reopen_until
    return shown_one(found, dialog_manager, late=late)


NOTHING: dict[str, Any] = {
    **dict.fromkeys(("here", "going", "asks", "closed", "reopen", "rate", "unrated", "over"), False),
    **dict.fromkeys(
        ("files", "number", "topic", "state", "changed", "due", "rating", "until", "text", "page", "came_from"), ""
    ),
    "turns": [],
    "stars": [],
}


def shown_one(view: TicketView, manager: DialogManager, *, late: bool = False) -> dict[str, Any]:
    """Return one with what was said, its newest words first to be seen, and what can be done with it."""
    ticket, language = view.ticket, language_of(manager)
    pages = pages_of(view, manager)
    paging = Paging(len(pages), 1, number_of(manager, TALK_PAGE) if TALK_PAGE in manager.dialog_data else NEWEST)
    closed = ticket.state is TicketState.CLOSED
    return {
        **NOTHING,
        **head(ticket, manager),
        "here": True,
        "files": str(len(sent_files(view)) or ""),
        "text": pages[paging.number - 1],
        "came_from": view.came_from or "",
        "going": not closed,
        "asks": view.asks,
        "closed": closed,
        "reopen": closed and not late,
        "over": closed and late,
        "until": shown_moment(view.reopen_until, manager) if view.reopen_until and not late else "",
        "rate": ticket.state in {TicketState.CLOSED, TicketState.ANSWERED},
        "stars": [(str(count), say(f"ticket.stars.{count}", language)) for count in STARS],
    } | page_of(paging, manager, TALK_PAGE) | take(manager)  # fmt: skip


@inject
async def on_answer(message: Message, _input: MessageInput, manager: DialogManager, add: FromDishka[AddRemark]) -> None:
    """Words within it. What names somebody goes from the chat."""
    at_the_bottom(manager)
    text = message.text or ""
    try:
        await add(citizen_of(manager), ticket_of(manager), text)
    except (WordsWanted, TicketNotThere, TicketClosed, TooManyRemarks) as fault:
        await _refused(manager, fault)
    else:
        await _done(manager, "ticket.remark_kept")
    if LONG.search(text):
        await forget(message)


@inject
async def on_paper(
    message: Message, _input: MessageInput, manager: DialogManager, attach: FromDishka[AttachToTicket]
) -> None:
    """A photo or a file within it."""
    try:
        await receive(message, manager, attach, ticket_of(manager))
    except (TicketNotThere, TicketClosed) as fault:
        await _refused(manager, fault)


@inject
async def on_close(
    _callback: CallbackQuery, _button: object, manager: DialogManager, close: FromDishka[CloseTicket]
) -> None:
    """«Да, закрыть»: and how was it?"""
    try:
        await close(citizen_of(manager), ticket_of(manager))
    except TicketNotThere as fault:
        await _refused(manager, fault)
    else:
        note(manager, "ticket.closed_now")
        await manager.switch_to(Windows.rate)


@inject
async def on_reopen(
    message: Message, _input: MessageInput, manager: DialogManager, reopen: FromDishka[ReopenTicket]
) -> None:
    """Why it is not over."""
    at_the_bottom(manager)
    text = message.text or ""
    try:
        await reopen(citizen_of(manager), ticket_of(manager), text)
    except (WordsWanted, TicketNotThere, TooLateToReopen, TooManyTickets, TooManyRemarks) as fault:
        await _refused(manager, fault)
    else:
        await _done(manager, "ticket.reopened")
    if LONG.search(text):
        await forget(message)


@inject
async def on_stars(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, stars: str, rate: FromDishka[RateTicket]
) -> None:
    """1 to 5: kept at once; words may follow."""
    try:
        await rate(citizen_of(manager), ticket_of(manager), int(stars))
    except (BadRating, TicketNotThere) as fault:
        await _refused(manager, fault)
    else:
        manager.dialog_data[STANDS] = int(stars)
        note(manager, "ticket.rated_now")
        await manager.switch_to(Windows.review)


@inject
async def on_review(
    message: Message, _input: MessageInput, manager: DialogManager, rate: FromDishka[RateTicket]
) -> None:
    """Words to the rating."""
    at_the_bottom(manager)
    try:
        await rate(citizen_of(manager), ticket_of(manager), int(manager.dialog_data.get(STANDS, 0)), message.text or "")
    except (BadRating, TicketNotThere) as fault:
        await _refused(manager, fault)
    else:
        await _done(manager, "ticket.review_kept")


async def _done(manager: DialogManager, key: str) -> None:
    note(manager, key)
    manager.dialog_data.pop(TALK_PAGE, None)
    await manager.switch_to(Windows.one)


async def _refused(manager: DialogManager, fault: Worded) -> None:
    explain(manager, fault)
    if not isinstance(fault, WordsWanted):
        await manager.switch_to(Windows.one)
