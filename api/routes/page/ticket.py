"""A request written on a page: topic, words, files, looked through, sent. What was begun in the chat goes on here."""

from typing import Annotated

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.routes.page.faults import Faults, sentences, told
from api.routes.page.route import PageRoute
from api.routes.page.session import Careful, Mine, show, signed, unhurried
from api.routes.page.typed import given, read_files
from api.words import words_for
from core.domain.account import WrongMove
from core.domain.document import BadFile
from core.domain.support import SupportTopic
from core.domain.ticket import (
    LONGEST_DESCRIPTION,
    DescriptionWanted,
    DraftGone,
    TicketNotThere,
    TooManyFiles,
    TooManyTickets,
)
from core.services.ticket import (
    AttachToTicket,
    BeginTicket,
    DescribeTicket,
    DropTicketDraft,
    NameEarlier,
    SendTicket,
    ViewTicketDraft,
)

WRITING = [Depends(signed), Depends(unhurried)]
pages = APIRouter(prefix="/my/tickets/new", route_class=PageRoute, include_in_schema=False)
NEW, ALL = "/my/tickets/new", "/my/tickets"


@pages.get("")
async def form(request: Request, mine: Careful, view: FromDishka[ViewTicketDraft]) -> Response:
    """What is asked for; what was begun stands there."""
    return await _form(request, mine, view)


@pages.post("", dependencies=WRITING)
async def write(
    request: Request,
    mine: Careful,
    begin: FromDishka[BeginTicket],
    describe: FromDishka[DescribeTicket],
    name: FromDishka[NameEarlier],
    attach: FromDishka[AttachToTicket],
    view: FromDishka[ViewTicketDraft],
    topic: Annotated[str, Form()] = "",
    earlier: Annotated[str, Form()] = "",
    description: Annotated[str, Form()] = "",
) -> Response:
    """Keep each answer that can be kept; the others are asked for again, and what was typed stays in its place."""
    typed = {"topic": topic, "earlier": given(earlier)[:50], "description": given(description, LONGEST_DESCRIPTION + 1)}
    faults: Faults = {}
    try:
        await begin(mine.citizen, next((each for each in SupportTopic if each == topic), SupportTopic.OTHER))
    except TooManyTickets as fault:
        return await _form(request, mine, view, typed, {"": fault})
    try:
        await describe(mine.citizen, typed["description"])
    except DescriptionWanted as fault:
        faults["description"] = fault
    try:
        await name(mine.citizen, typed["earlier"])
    except TicketNotThere as fault:
        faults["earlier"] = fault
    try:
        for called, content in await read_files(request):
            await attach(mine.citizen, called, content)
    except (BadFile, TooManyFiles) as fault:
        faults["scan"] = fault
    except DraftGone:
        return RedirectResponse(ALL, 303)
    if faults:
        return await _form(request, mine, view, typed, faults)
    return RedirectResponse(f"{NEW}/check", 303)


@pages.get("/check")
async def check(request: Request, mine: Careful, view: FromDishka[ViewTicketDraft]) -> Response:
    """All of it, before it is sent."""
    return await _check(request, mine, view)


@pages.post("/send", dependencies=WRITING)
async def send(
    request: Request, mine: Careful, sends: FromDishka[SendTicket], view: FromDishka[ViewTicketDraft]
) -> Response:
    """«Отправить». Sent twice it is there once."""
    try:
        sent = await sends(mine.citizen)
    except (TooManyTickets, DescriptionWanted) as fault:
        return await _check(request, mine, view, fault)
    except (DraftGone, WrongMove):
        return RedirectResponse(ALL, 303)
    return RedirectResponse(f"{ALL}/{sent.id}?done=sent", 303)


@pages.post("/drop", dependencies=WRITING)
async def drop(mine: Careful, drops: FromDishka[DropTicketDraft]) -> Response:
    """Nothing of it is kept."""
    await drops(mine.citizen)
    return RedirectResponse(f"{ALL}?done=dropped", 303)


async def _form(
    request: Request,
    mine: Mine,
    view: ViewTicketDraft,
    typed: dict[str, str] | None = None,
    faults: Faults | None = None,
) -> Response:
    draft, words = await view(mine.citizen), await words_for(request)
    ticket = draft.ticket if draft else None
    kept = {
        "topic": ticket.topic.value if ticket else SupportTopic.OTHER.value,
        "earlier": (ticket.earlier if ticket else None) or "",
        "description": ticket.description if ticket else "",
    }
    return await show(
        request,
        mine,
        "ticket_new",
        422 if faults else 200,
        topics=[(each.value, words(f"support.topic.{each.value}")) for each in SupportTopic],
        typed=typed or kept,
        files=[file.name for file in draft.files] if draft else [],
        errors=sentences(faults or {}, words),
    )


async def _check(request: Request, mine: Mine, view: ViewTicketDraft, fault: Exception | None = None) -> Response:
    draft, words = await view(mine.citizen), await words_for(request)
    if draft is None:
        return RedirectResponse(ALL, 303)
    known = (("name", draft.known.name), ("snils", draft.known.snils), ("passport", draft.known.passport))
    return await show(
        request,
        mine,
        "ticket_check",
        200 if fault is None else 422,
        topic=words(f"support.topic.{draft.ticket.topic.value}"),
        known=[(words(f"page.ticket.known.{name}"), value) for name, value in known if value],
        earlier=draft.ticket.earlier,
        description=draft.ticket.description,
        files=[file.name for file in draft.files],
        ready=draft.ready,
        error=told(fault, words) if fault else None,
    )
