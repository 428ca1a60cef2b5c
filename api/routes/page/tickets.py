"""A citizen's requests on pages: what became of them, answered within, closed, opened again, rated; and their files."""

from collections.abc import Awaitable
from secrets import token_hex
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import RedirectResponse, Response

from api.routes.page.faults import told
from api.routes.page.route import PageRoute
from api.routes.page.session import Careful, Mine, show, signed, unhurried
from api.routes.page.typed import given, read_files
from api.words import Words, words_for
from core.domain.document import BadFile
from core.domain.ids import RemarkId, TicketId
from core.domain.ticket import (
    LONGEST_REMARK,
    MOST_FILES,
    BadRating,
    Remark,
    RemarkSide,
    TicketClosed,
    TicketNotThere,
    TicketState,
    TooLateToReopen,
    TooManyFiles,
    TooManyRemarks,
    TooManyTickets,
    WordsWanted,
)
from core.ports import Clock
from core.services.ticket import (
    AddRemark,
    CloseTicket,
    ListTickets,
    OpenOwnTicketFile,
    RateTicket,
    ReopenTicket,
    TicketView,
    ViewTicket,
)

WRITING = [Depends(signed), Depends(unhurried)]
pages = APIRouter(prefix="/my/tickets", route_class=PageRoute, include_in_schema=False)
HERE = "/my/tickets"
DONE = ("sent", "dropped", "kept", "closed", "reopened", "rated")
JOINED = "joined:"
TOO_LONG = LONGEST_REMARK + 1
"""So many letters are read of what was typed: enough to say that it is too long."""
Key = Annotated[str, Form(max_length=64, pattern=r"^[!-~]*$")]
"""A name of what is sent, new with each page: the same form sent twice is one."""
REFUSALS = (
    BadFile,
    BadRating,
    TicketClosed,
    TooLateToReopen,
    TooManyFiles,
    TooManyRemarks,
    TooManyTickets,
    WordsWanted,
)


@pages.get("")
async def tickets(request: Request, mine: Careful, listed: FromDishka[ListTickets]) -> Response:
    """All of them, what changed last first."""
    page = request.query_params.get("page", "1")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1
    found, words = await listed(mine.citizen, max(number, 1)), await words_for(request)
    lines = [
        {
            "id": str(each.id),
            "title": f"№ {each.number} · {words(f'support.topic.{each.topic.value}')}",
            "state": words(f"ticket.state.{each.state.value}"),
            "at": words.instant(each.changed_at, mine.zone),
        }
        for each in found.tickets
    ]
    return await show(
        request, mine, "tickets", lines=lines, paging=found.paging, draft=found.draft, note=_note(request, words)
    )


@pages.get("/{ticket}")
async def one(
    request: Request, mine: Careful, ticket: UUID, view: FromDishka[ViewTicket], clock: FromDishka[Clock]
) -> Response:
    """One, with what was said last; what was said before is further `back`."""
    return await _one(request, mine, ticket, view, clock)


@pages.post("/{ticket}/answer", dependencies=WRITING)
async def answer(
    request: Request,
    mine: Careful,
    ticket: UUID,
    add: FromDishka[AddRemark],
    view: FromDishka[ViewTicket],
    clock: FromDishka[Clock],
    text: Annotated[str, Form()] = "",
    key: Key = "",
) -> Response:
    """Words, files, or both, together: what is wrong with a file leaves the words in their field. Sent twice it is there once."""
    typed = given(text, TOO_LONG)
    work = add(mine.citizen, TicketId(ticket), typed, await read_files(request), key or None)
    return await _done(request, mine, ticket, view, clock, work, "kept", typed)


@pages.post("/{ticket}/close", dependencies=WRITING)
async def close(
    request: Request,
    mine: Careful,
    ticket: UUID,
    closes: FromDishka[CloseTicket],
    view: FromDishka[ViewTicket],
    clock: FromDishka[Clock],
) -> Response:
    """«Вопрос решён»."""
    return await _done(request, mine, ticket, view, clock, closes(mine.citizen, TicketId(ticket)), "closed")


@pages.post("/{ticket}/reopen", dependencies=WRITING)
async def reopen(
    request: Request,
    mine: Careful,
    ticket: UUID,
    reopens: FromDishka[ReopenTicket],
    view: FromDishka[ViewTicket],
    clock: FromDishka[Clock],
    text: Annotated[str, Form()] = "",
    key: Key = "",
) -> Response:
    """It is not over. Sent twice it is there once."""
    work = reopens(mine.citizen, TicketId(ticket), given(text, TOO_LONG), key or None)
    return await _done(request, mine, ticket, view, clock, work, "reopened", given(text, TOO_LONG))


@pages.post("/{ticket}/rate", dependencies=WRITING)
async def rate(
    request: Request,
    mine: Careful,
    ticket: UUID,
    rates: FromDishka[RateTicket],
    view: FromDishka[ViewTicket],
    clock: FromDishka[Clock],
    stars: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
) -> Response:
    """1 to 5, and words."""
    count = int(stars) if stars in {"1", "2", "3", "4", "5"} else 0
    review = given(text, TOO_LONG)
    work = rates(mine.citizen, TicketId(ticket), count, review)
    return await _done(request, mine, ticket, view, clock, work, "rated", review=(count, review))


@pages.get("/files/{remark}/{place}")
async def file(
    mine: Careful,
    remark: UUID,
    place: Annotated[int, Path(ge=0, lt=MOST_FILES)],
    opens: FromDishka[OpenOwnTicketFile],
) -> Response:
    """A file of theirs, to be saved."""
    if not 0 <= place < 1000:
        raise TicketNotThere
    found, content = await opens(mine.citizen, RemarkId(remark), place)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name)}"}
    return Response(content, media_type=found.mime, headers=headers)


async def _done(
    request: Request,
    mine: Mine,
    ticket: UUID,
    view: ViewTicket,
    clock: Clock,
    work: Awaitable[object],
    done: str,
    typed: str = "",
    review: tuple[int, str] | None = None,
) -> Response:
    """Do it and show the request again, or say what is wrong, with what was typed still there."""
    try:
        await work
    except REFUSALS as fault:
        return await _one(request, mine, ticket, view, clock, fault, typed, review)
    return RedirectResponse(f"{HERE}/{ticket}?done={done}", 303)


async def _one(
    request: Request,
    mine: Mine,
    ticket: UUID,
    view: ViewTicket,
    clock: Clock,
    fault: Exception | None = None,
    typed: str = "",
    review: tuple[int, str] | None = None,
) -> Response:
    asked = request.query_params.get("back", "0")
    back = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 4 else 0
    found, words = await view(mine.citizen, TicketId(ticket), back), await words_for(request)
    shown, state = found.ticket, found.ticket.state
    rating, rated = review or (shown.rating or 0, shown.rated)
    late = found.reopen_until is not None and clock.now() > found.reopen_until
    return await show(
        request,
        mine,
        "ticket",
        200 if fault is None else 422,
        id=str(shown.id),
        number=shown.number,
        came_from=found.came_from,
        topic=words(f"support.topic.{shown.topic.value}"),
        state=words(f"ticket.state.{state.value}"),
        changed=words.instant(shown.changed_at, mine.zone),
        due=words.instant(shown.due_at, mine.zone) if shown.due_at else "",
        until=words.instant(found.reopen_until, mine.zone) if found.reopen_until and not late else "",
        late=late,
        asks=found.asks,
        closed=state is TicketState.CLOSED,
        rates=state in {TicketState.CLOSED, TicketState.ANSWERED},
        rating=rating,
        rated=rated,
        earlier=back + 1 if found.earlier else 0,
        said=_said(found, mine, words),
        key=token_hex(16),
        typed=typed,
        error=told(fault, words) if fault and not isinstance(fault, BadFile) else None,
        errors={"scan": told(fault, words)} if isinstance(fault, BadFile) else {},
        note=_note(request, words),
    )


def _said(found: TicketView, mine: Mine, words: Words) -> list[dict[str, object]]:
    """Return the description and what was said after it, each with who and when."""
    at, who = words.instant(found.ticket.opened_at, mine.zone), words("page.ticket.you")
    first: dict[str, object] = {"event": False, "who": who, "at": at, "text": found.ticket.description, "files": []}
    return [first, *(_remark(each, mine, words) for each in found.remarks)]


def _remark(remark: Remark, mine: Mine, words: Words) -> dict[str, object]:
    at = words.instant(remark.at, mine.zone)
    if remark.side is RemarkSide.EVENT:
        joined = remark.text.startswith(JOINED)
        text = (
            words("page.ticket.joined", number=remark.text.removeprefix(JOINED))
            if joined
            else words(f"ticket.state.{remark.text}")
        )
        return {"event": True, "at": at, "text": text, "files": []}
    mine_too = remark.side is RemarkSide.CITIZEN
    return {
        "event": False,
        "who": words("page.ticket.you" if mine_too else "page.ticket.specialist"),
        "at": at,
        "text": remark.text,
        "files": [(f"{HERE}/files/{remark.id}/{place}", file.name) for place, file in enumerate(remark.files)],
    }


def _note(request: Request, words: Words) -> str | None:
    done = request.query_params.get("done", "")
    return words(f"page.ticket.{done}") if done in DONE else None
