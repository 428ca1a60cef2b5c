"""The list of tickets, one of them, its files, and the search."""

from typing import Annotated, Literal
from uuid import UUID

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from api.cursors import Cursor, opened, opened_id, wrapped
from api.files import FILE, file_answer
from api.openapi import READ, READ_ON
from api.routes.conversation.bodies import PLAIN
from api.routes.conversation.reading import PAGE, Limit
from api.routes.ticket.shown import OneTicket, TicketsBody, listed, one_ticket
from api.sessions import Colleague
from api.words import words_for
from core.domain.ids import RemarkId, TeamId, TicketId
from core.domain.support import SupportTopic
from core.domain.ticket import MOST_FILES, OPEN, TicketFilter, TicketState
from core.services.ticket import OpenTicketFile, SearchTickets, ViewTicketAtDesk, ViewTickets

rest = APIRouter(prefix="/api/v1", route_class=DishkaRoute, tags=["ticket"])
States = list[
    Literal[TicketState.IN_WORK, TicketState.WAITING, TicketState.ANSWERED, TicketState.CLOSED, TicketState.MERGED]
]


@rest.get("/tickets", responses=READ_ON)
async def tickets(
    session: Colleague,
    view: FromDishka[ViewTickets],
    state: Annotated[States, Query(max_length=5)] = [],  # noqa: B006 (FastAPI copies it)
    topic: Annotated[list[SupportTopic], Query(max_length=len(SupportTopic))] = [],  # noqa: B006
    mine: bool = False,
    unowned: bool = False,
    team: UUID | None = None,
    language: Literal["ru", "en"] | None = None,
    tag: Annotated[str | None, Query(max_length=64, pattern=PLAIN)] = None,
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> TicketsBody:
    """Tickets by urgency, then what is due first; those that wait, unless states are named."""
    actor = session.member.actor
    narrowed = TicketFilter(
        states=frozenset(state) or OPEN,
        topics=frozenset(topic),
        owner=actor.staff if mine else None,
        unowned=unowned,
        team=None if team is None else TeamId(team),
        language=language,
        tag=tag,
    )
    page = await view(actor, narrowed, opened(cursor), limit)
    return TicketsBody(tickets=[listed(each) for each in page.lines], next=wrapped(page.after))


@rest.get("/tickets/search", responses=READ_ON)
async def search(
    session: Colleague,
    use_case: FromDishka[SearchTickets],
    words: Annotated[str, Query(min_length=1, max_length=200, pattern=PLAIN)],
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> TicketsBody:
    """Tickets with all the words, a number or a tag, the newest first; only what whoever asks may see."""
    after = opened_id(cursor)
    found, onward = await use_case(session.member.actor, words, None if after is None else TicketId(after), limit)
    return TicketsBody(tickets=[listed(each) for each in found], next=wrapped(onward))


@rest.get("/tickets/{ticket}", responses=READ)
async def one(
    request: Request,
    ticket: UUID,
    session: Colleague,
    view: FromDishka[ViewTicketAtDesk],
    back: Annotated[int, Query(ge=0, le=999)] = 0,
) -> OneTicket:
    """One ticket with the last 50 remarks; where `more_before` is set, `back=1` has the 50 before them, and so on."""
    found = await view(session.member.actor, TicketId(ticket), back)
    return one_ticket(found, await words_for(request))


@rest.get("/remarks/{remark}/files/{place}", response_class=Response, responses={**READ, **FILE})
async def file(
    remark: UUID,
    place: Annotated[int, Path(ge=0, lt=MOST_FILES)],
    session: Colleague,
    open_: FromDishka[OpenTicketFile],
) -> Response:
    """A file of a remark."""
    found, content = await open_(session.member.actor, RemarkId(remark), place)
    return file_answer(found.name, found.mime, content)
