"""What a member of the desk does with a request, by forms."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import Response

from api.routes.talks.answered import REFUSED, NothingChosen, attempt, done, is_part, refused, told
from api.routes.talks.deeds import Number, Text, chosen_tags, somebody
from api.routes.talks.pages import Answering
from api.routes.talks.tickets import Typed, ticket_page
from api.sessions import form_signed
from api.words import words_for
from core.domain.document import MAX_BYTES
from core.domain.ids import StaffId, TeamId, TicketId
from core.domain.staff import Session
from core.domain.ticket import TicketState
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

deeds = APIRouter(
    prefix="/desk/tickets", route_class=DishkaRoute, include_in_schema=False, dependencies=[Depends(form_signed)]
)
Files = Annotated[list[UploadFile] | None, File()]
Key = Annotated[str, Form(min_length=1, max_length=64, pattern=r"^[!-~]+$")]


def place(ticket: UUID) -> str:
    """Return where a request stands at the desk."""
    return f"/desk/tickets/{ticket}"


@deeds.post("/{ticket}/answer")
async def answer(
    request: Request,
    ticket: UUID,
    session: Answering,
    deed: FromDishka[AnswerTicket],
    key: Key,
    text: Text = "",
    files: Files = None,
) -> Response:
    """Answer it, with words, files, or both."""
    writes = deed(session.member.actor, TicketId(ticket), _plain(text), key, await _read(files))
    return await _written(request, ticket, session, writes, Typed("answer", _plain(text)))


@deeds.post("/{ticket}/ask")
async def ask(
    request: Request,
    ticket: UUID,
    session: Answering,
    deed: FromDishka[AskInTicket],
    key: Key,
    text: Text = "",
    files: Files = None,
) -> Response:
    """Ask for a paper or for words; the clock stands still until they come."""
    writes = deed(session.member.actor, TicketId(ticket), _plain(text), key, await _read(files))
    return await _written(request, ticket, session, writes, Typed("ask", _plain(text)))


@deeds.post("/{ticket}/note")
async def note(
    request: Request,
    ticket: UUID,
    session: Answering,
    deed: FromDishka[NoteInTicket],
    key: Key,
    text: Text = "",
    mentions: Annotated[list[UUID] | None, Form()] = None,
) -> Response:
    """Write something that colleagues alone read."""
    called = [StaffId(each) for each in mentions or ()]
    writes = deed(session.member.actor, TicketId(ticket), _plain(text), called, key)
    return await _written(request, ticket, session, writes, Typed("note", _plain(text)))


@deeds.post("/{ticket}/move")
async def move(
    request: Request, ticket: UUID, session: Answering, deed: FromDishka[MoveTicket], version: Number, to: Text = ""
) -> Response:
    """Close it, or take it up again."""

    async def do() -> None:
        if to not in set(TicketState):
            raise NothingChosen
        await deed(session.member.actor, TicketId(ticket), TicketState(to), version)

    return await attempt(request, do(), place(ticket), said="tickets.done.move")


@deeds.post("/{ticket}/take")
async def take(request: Request, ticket: UUID, session: Answering, deed: FromDishka[TakeTicket]) -> Response:
    """Take it."""
    return await attempt(request, deed(session.member.actor, TicketId(ticket)), place(ticket), said="tickets.done.take")


@deeds.post("/{ticket}/assign")
async def assign(
    request: Request, ticket: UUID, session: Answering, deed: FromDishka[AssignTicket], to: Text = "", team: Text = ""
) -> Response:
    """Give it to somebody, or to a group."""

    async def do() -> None:
        whom, group = somebody(to), somebody(team)
        await deed(
            session.member.actor,
            TicketId(ticket),
            StaffId(whom) if whom else None,
            TeamId(group) if group else None,
        )

    return await attempt(request, do(), place(ticket), said="talks.done.assign")


def _joined(
    session: Answering, ticket: UUID, other: str, deed: Callable[..., Awaitable[object]]
) -> Callable[[], Awaitable[None]]:
    async def do() -> None:
        chosen = somebody(other)
        if chosen is None:
            raise NothingChosen
        await deed(session.member.actor, TicketId(ticket), TicketId(chosen))

    return do


@deeds.post("/{ticket}/merge")
async def merge(
    request: Request, ticket: UUID, session: Answering, deed: FromDishka[MergeTickets], into: Text = ""
) -> Response:
    """Let it go on in another one of the same person."""
    return await attempt(request, _joined(session, ticket, into, deed)(), place(ticket), said="tickets.done.merge")


@deeds.post("/{ticket}/link")
async def link(
    request: Request, ticket: UUID, session: Answering, deed: FromDishka[LinkTickets], other: Text = ""
) -> Response:
    """Say that two belong together."""
    return await attempt(request, _joined(session, ticket, other, deed)(), place(ticket), said="tickets.done.link")


@deeds.post("/{ticket}/tags")
async def tags(
    request: Request, ticket: UUID, session: Answering, deed: FromDishka[TagTicket], tags: Text = ""
) -> Response:
    """Name it by words to find it by."""
    tagged = deed(session.member.actor, TicketId(ticket), chosen_tags(tags))
    return await attempt(request, tagged, place(ticket), said="talks.done.tags")


async def _written(request: Request, ticket: UUID, session: Session, deed: Awaitable[object], typed: Typed) -> Response:
    """Do it. Without a script what was typed comes back with what stands in the way: no address may carry it."""
    try:
        await deed
    except REFUSED as error:
        if is_part(request):
            return await refused(request, error, place(ticket))
        status, _, said = told(error, await words_for(request))
        return await ticket_page(request, session, TicketId(ticket), said=said, status=status, typed=typed)
    return await done(request, place(ticket), said=f"tickets.done.{typed.deed}")


async def _read(files: list[UploadFile] | None) -> list[tuple[str, bytes]]:
    """Return the files that were chosen, each as far as it may go on; a field left alone sends one without a name."""
    chosen = [each for each in files or () if each.filename]
    return [(each.filename or "", await each.read(MAX_BYTES + 1)) for each in chosen]


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
