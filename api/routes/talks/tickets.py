"""The pages of requests: the list, one with all that was said, and its files."""

from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_hex
from typing import Annotated
from urllib.parse import quote, urlencode
from uuid import UUID

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from api.context import clock_of
from api.headers import policy
from api.limits import LARGEST_LINE, MAX_BODY
from api.notes import worded
from api.rendering import render
from api.routes.talks.answered import problem
from api.routes.talks.pages import Answering
from api.routes.talks.rows import colleagues, teams
from api.routes.talks.shown import ABOVE, PICTURES
from api.words import Words, words_for
from core.domain.document import MAX_BYTES
from core.domain.ids import RemarkId, TicketId
from core.domain.staff import Session
from core.domain.support import SupportTopic
from core.domain.ticket import MOST_FILES, MOVES, BadCursor, Remark, RemarkSide, TicketFilter, TicketState
from core.services.conversation import LastEvent
from core.services.staff import ViewStaff
from core.services.team import NotePresent
from core.services.ticket import (
    OpenTicketFile,
    SearchTickets,
    TicketAtDesk,
    TicketLine,
    ViewTicketAtDesk,
    ViewTickets,
)

pages = APIRouter(prefix="/desk/tickets", route_class=DishkaRoute, include_in_schema=False)
PAGE = 50
SHOWS = ("open", "mine", "unowned", "answered", "closed")
INLINE = {*PICTURES, "application/pdf"}
JOINED = "joined:"
MOVED = frozenset({TicketState.IN_WORK, TicketState.CLOSED})
"""What a button brings it to; the other states follow from what is written."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One part of the list."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class File:
    """A file of a remark."""

    name: str = field(repr=False)
    mime: str
    size: int
    address: str

    @property
    def picture(self) -> bool:
        """Whether it is looked at in place."""
        return self.mime in PICTURES


@dataclass(frozen=True, slots=True)
class Said:
    """A remark as it is shown."""

    id: RemarkId
    side: str
    at: datetime
    who: str
    text: str = field(repr=False)
    asks: bool
    files: list[File]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was written in a form that was refused: which one (`answer`, `ask`, `note`), and the words."""

    deed: str
    text: str = field(repr=False)


@pages.get("")
async def listed(
    request: Request,
    session: Answering,
    view: FromDishka[ViewTickets],
    search: FromDishka[SearchTickets],
    present: FromDishka[NotePresent],
    last: FromDishka[LastEvent],
    show: Annotated[str, Query(max_length=10)] = "open",
    topic: Annotated[str, Query(max_length=20)] = "",
    words: Annotated[str, Query(max_length=100)] = "",
    after: Annotated[str, Query(max_length=300)] = "",
) -> Response:
    """The list, what is due first first; what was searched for, the newest first."""
    staff, now = session.member.actor, (await clock_of(request)).now()
    duty, event = await present(staff), await last()
    show = show if show in SHOWS else "open"
    if words.strip():
        found, onward = await search(staff, words, _ticket(after), PAGE)
        rows: list[TicketLine] = list(found)
        more = _address(words=words, after=str(onward)) if onward else None
    else:
        about = frozenset({SupportTopic(topic)} if topic in set(SupportTopic) else ())
        try:
            page = await view(staff, _filter(show, session, about), after or None, PAGE)
        except BadCursor:
            page = await view(staff, _filter(show, session, about), None, PAGE)
        rows = list(page.lines)
        more = _address(show=show, topic=topic, after=page.after) if page.after else None
    return await render(
        request,
        "talks/tickets.html",
        rows=rows,
        more=more,
        show=show if not words.strip() else "found",
        words=words,
        topic=topic,
        topics=tuple(SupportTopic),
        tabs=[Tab(name, _address(show=name, topic=topic)) for name in SHOWS],
        here=_address(show=show, topic=topic),
        presence=duty.presence.value,
        event=event,
        now=now,
        opened=False,
        problem=None,
    )


def _ticket(text: str) -> TicketId | None:
    try:
        return TicketId(UUID(text)) if text else None
    except ValueError:
        return None


def _address(**asked: str) -> str:
    return f"/desk/tickets?{urlencode({name: value for name, value in asked.items() if value})}"


def _filter(show: str, session: Answering, about: frozenset[SupportTopic]) -> TicketFilter:
    match show:
        case "mine":
            return TicketFilter(topics=about, owner=session.member.id)
        case "unowned":
            return TicketFilter(topics=about, unowned=True)
        case "answered":
            return TicketFilter(frozenset({TicketState.ANSWERED}), topics=about)
        case "closed":
            return TicketFilter(frozenset({TicketState.CLOSED, TicketState.MERGED}), topics=about)
        case _:
            return TicketFilter(topics=about)


@pages.get("/{ticket}")
async def opened(
    request: Request,
    ticket: UUID,
    session: Answering,
    refused: Annotated[str, Query(max_length=60)] = "",
    back: Annotated[int, Query(ge=0, le=999)] = 0,
) -> Response:
    """One request."""
    said = problem(refused, await words_for(request))
    return await ticket_page(request, session, TicketId(ticket), back=back, said=said)


async def ticket_page(
    request: Request,
    session: Session,
    ticket: TicketId,
    *,
    back: int = 0,
    said: str | None = None,
    status: int = 200,
    typed: Typed | None = None,
) -> Response:
    """Show one request; `said` stands in the way of what was `typed`, which stands where it was. Raises TicketNotThere."""
    inside, staff = request.state.dishka_container, session.member.actor
    view, roster = await inside.get(ViewTicketAtDesk), await inside.get(ViewStaff)
    present, last = await inside.get(NotePresent), await inside.get(LastEvent)
    words, now = await words_for(request), (await clock_of(request)).now()
    duty, event = await present(staff), await last()
    found, people = await view(staff, ticket, back), await roster(staff)
    known = found.asker.known
    return await render(
        request,
        "talks/ticket.html",
        status,
        found=found,
        earlier=back + 1 if found.earlier else 0,
        remarks=[_said(each, found, words) for each in found.remarks],
        owner=found.names.get(found.ticket.owner) if found.ticket.owner else None,
        mine=found.ticket.owner == staff.staff,
        may_assign=staff.role in ABOVE or found.ticket.owner == staff.staff,
        moves=[to for to in TicketState if to in MOVES[found.ticket.state] & MOVED],
        people=colleagues(people, staff),
        teams=teams(people),
        known=[(name, value) for name in ("snils", "passport") if known and (value := getattr(known, name))],
        limits=(MAX_BYTES, MOST_FILES, LARGEST_LINE - MAX_BODY),
        key=token_hex(16),
        presence=duty.presence.value,
        event=event,
        now=now,
        opened=True,
        problem=said,
        typed=typed,
    )


def _said(remark: Remark, found: TicketAtDesk, words: Words) -> Said:
    who = found.names.get(remark.author, words("talks.somebody")) if remark.author else found.asker.name
    if remark.side is RemarkSide.NOTE and remark.author is None:
        who = words("sla.note.who")
    text = worded(remark, words)
    if remark.side is RemarkSide.EVENT and text in set(TicketState):
        text = words(f"tickets.event.{text}")
        text = f"{who}: {text}" if remark.author else text
    elif remark.side is RemarkSide.EVENT and text.startswith(JOINED):
        text = words("tickets.event.joined", number=text.removeprefix(JOINED))
    return Said(
        remark.id,
        "operator" if remark.side is RemarkSide.STAFF else remark.side.value,
        remark.at,
        who,
        text,
        remark.asks,
        [
            File(each.name, each.mime, each.size, f"/desk/tickets/files/{remark.id}/{place}")
            for place, each in enumerate(remark.files)
        ],
    )


@pages.get("/files/{remark}/{place}")
async def content(
    remark: UUID,
    place: Annotated[int, Path(ge=0, lt=MOST_FILES)],
    session: Answering,
    open_file: FromDishka[OpenTicketFile],
) -> Response:
    """The bytes of a file: pictures and papers in place, the rest to be kept; nothing in them runs."""
    file, body = await open_file(session.member.actor, RemarkId(remark), place)
    shown = file.mime in INLINE
    return Response(
        body,
        media_type=file.mime if shown else "application/octet-stream",
        headers={
            "Content-Disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(file.name, safe='')}",
            "Content-Security-Policy": policy(
                default_src="'none'", form_action="'none'", frame_ancestors="'self'", sandbox=""
            ),
            "X-Frame-Options": "SAMEORIGIN",
        },
    )
