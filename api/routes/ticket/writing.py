"""What staff do with a ticket: answer, ask, note, move, take, assign, merge, link, tag."""

from uuid import UUID

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends, Request
from pydantic import Field

from api.idempotency import Key, MaybeKey, OnceRoute, own
from api.openapi import WRITE
from api.routes.conversation.bodies import Linked, Strict, Tags
from api.routes.ticket.bodies import BODY, Words, read_answer
from api.routes.ticket.shown import RemarkBody, TicketSummary, remark_body, summary
from api.sessions import Colleague, call_signed
from core.domain.ids import StaffId, TeamId, TicketId
from core.domain.staff import Session
from core.domain.ticket import Ticket, TicketState
from core.services.ticket import (
    AnswerTicket,
    AskInTicket,
    AssignTicket,
    LinkTickets,
    MergeTickets,
    MoveTicket,
    NoteInTicket,
    TagTicket,
    TakeTicket,
)

rest = APIRouter(
    prefix="/api/v1/tickets/{ticket}", route_class=OnceRoute, tags=["ticket"], dependencies=[Depends(call_signed)]
)


class TicketNote(Strict):
    """What colleagues read; `mentions` are members of staff."""

    text: Words
    mentions: set[UUID] = Field(default=set(), max_length=20)


class Move(Strict):
    """Which state it comes to; `version` is that of the ticket as it was seen."""

    to: TicketState
    version: int = Field(ge=1, le=2**31 - 1)


class Given(Strict):
    """Whose it is: a member's, a group's, or everybody's where both are null."""

    to: UUID | None = None
    team: UUID | None = None


class Into(Strict):
    """The ticket that it goes into: of the same person."""

    into: UUID


@rest.post("/answers", status_code=201, responses=WRITE, openapi_extra=BODY)
async def answer(
    request: Request, ticket: UUID, session: Colleague, use_case: FromDishka[AnswerTicket], key: Key
) -> RemarkBody:
    """Answer the citizen, with words, files, or both. Where one file is not taken, nothing is said."""
    sent = await read_answer(request)
    made = await use_case(session.member.actor, TicketId(ticket), sent.text, own(session, key), sent.files)
    return remark_body(made, _names(session))


@rest.post("/questions", status_code=201, responses=WRITE, openapi_extra=BODY)
async def ask(
    request: Request, ticket: UUID, session: Colleague, use_case: FromDishka[AskInTicket], key: Key
) -> RemarkBody:
    """Ask the citizen for a paper or for words, with a form to fill in if need be: the clock stands still until they come."""
    sent = await read_answer(request)
    made = await use_case(session.member.actor, TicketId(ticket), sent.text, own(session, key), sent.files)
    return remark_body(made, _names(session))


@rest.post("/notes", status_code=201, responses=WRITE)
async def note(
    ticket: UUID, session: Colleague, body: TicketNote, use_case: FromDishka[NoteInTicket], key: Key
) -> RemarkBody:
    """Write a note that staff alone see; those mentioned are told."""
    mentions = [StaffId(each) for each in body.mentions]
    made = await use_case(session.member.actor, TicketId(ticket), body.text, mentions, own(session, key))
    return remark_body(made, _names(session))


@rest.post("/move", responses=WRITE)
async def move(
    ticket: UUID, session: Colleague, body: Move, use_case: FromDishka[MoveTicket], _key: MaybeKey = None
) -> TicketSummary:
    """Close it, reopen it, or let it come to another state by hand."""
    moved = await use_case(session.member.actor, TicketId(ticket), body.to, body.version)
    return _mine(moved, session)


@rest.post("/take", responses=WRITE)
async def take(
    ticket: UUID, session: Colleague, use_case: FromDishka[TakeTicket], _key: MaybeKey = None
) -> TicketSummary:
    """Take one that nobody has; whoever is second hears by whom it was taken (409, `by`)."""
    return _mine(await use_case(session.member.actor, TicketId(ticket)), session)


@rest.post("/assign", status_code=204, responses=WRITE)
async def assign(
    ticket: UUID, session: Colleague, body: Given, use_case: FromDishka[AssignTicket], _key: MaybeKey = None
) -> None:
    """Give it to a member, to a group, or back to all. It may be out of one's sight from then on."""
    to, team = body.to, body.team
    await use_case(
        session.member.actor,
        TicketId(ticket),
        None if to is None else StaffId(to),
        None if team is None else TeamId(team),
    )


@rest.post("/merge", responses=WRITE)
async def merge(
    ticket: UUID, session: Colleague, body: Into, use_case: FromDishka[MergeTickets], _key: MaybeKey = None
) -> TicketSummary:
    """Let it go into another of the same person; returns that one."""
    return _mine(await use_case(session.member.actor, TicketId(ticket), TicketId(body.into)), session)


@rest.post("/links", status_code=204, responses=WRITE)
async def link(
    ticket: UUID, session: Colleague, body: Linked, use_case: FromDishka[LinkTickets], _key: MaybeKey = None
) -> None:
    """Say that two belong together."""
    await use_case(session.member.actor, TicketId(ticket), TicketId(body.ticket))


@rest.put("/tags", responses=WRITE)
async def tags(ticket: UUID, session: Colleague, body: Tags, use_case: FromDishka[TagTicket]) -> TicketSummary:
    """Give it tags, in place of those it had."""
    return _mine(await use_case(session.member.actor, TicketId(ticket), body.tags), session)


def _names(session: Session) -> dict[StaffId, str]:
    return {session.member.id: session.member.name}


def _mine(ticket: Ticket, session: Session) -> TicketSummary:
    return summary(ticket, _names(session))
