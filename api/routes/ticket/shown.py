"""What is told of tickets. Names, words and file names are data: whoever shows them escapes them."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import BaseModel

from api.notes import worded
from api.routes.conversation.shown import StaffBody
from api.words import Words
from core.domain.account import Verification
from core.domain.card import CardState
from core.domain.ids import StaffId
from core.domain.support import SupportTopic, Urgency
from core.domain.ticket import Remark, RemarkSide, Ticket, TicketState
from core.services.ticket import Asker, TicketAtDesk, TicketLine


class TicketSummary(BaseModel):
    """A ticket. `left_s`: seconds until it is due, below zero when it is late, null while it is not."""

    id: UUID
    number: str
    state: TicketState
    topic: SupportTopic
    urgency: Urgency
    language: str
    opened_at: datetime
    changed_at: datetime
    due_at: datetime | None
    left_s: int | None
    first_answer_at: datetime | None
    closed_at: datetime | None
    owner: StaffBody | None
    team: UUID | None
    tags: list[str]
    merged_into: UUID | None
    rating: int | None
    version: int


class ListedTicket(TicketSummary):
    """One in a list; `name` is «Анна И.»."""

    name: str


class TicketsBody(BaseModel):
    """A page of tickets; `next` goes on where it ends."""

    tickets: list[ListedTicket]
    next: str | None


class TicketFile(BaseModel):
    """A file of a remark; `address` gives its bytes."""

    name: str
    mime: str
    size: int
    address: str


class RemarkBody(BaseModel):
    """Something said in a ticket. `text` of an event is the state that it came to, or `joined:` and the number of a ticket that
    went into it. `asks`: a paper is asked for.
    """

    id: UUID
    number: int
    side: RemarkSide
    at: datetime
    text: str
    author: StaffBody | None
    files: list[TicketFile]
    asks: bool
    mentions: list[StaffBody]


class AskerBody(BaseModel):
    """Whose ticket it is. `known` is masked, and null once consent was withdrawn."""

    name: str
    verification: Verification
    card: CardState | None
    region: str | None
    zone: str
    language: str
    known: dict[str, str | None] | None
    blocked: bool


class OneTicket(BaseModel):
    """A ticket with all that was said, notes included, and what belongs to it.

    `into_number`: where it went when it was merged; `into` is null all the same while that one is another group's.
    """

    ticket: TicketSummary
    description: str
    earlier: str | None
    rated: str
    remarks: list[RemarkBody]
    asker: AskerBody
    more_before: bool
    merged: list[TicketSummary]
    into: TicketSummary | None
    into_number: str | None
    linked: list[TicketSummary]
    others: list[TicketSummary]


def summary(ticket: Ticket, names: Mapping[StaffId, str], left: timedelta | None = None) -> TicketSummary:
    """Return what is told of a ticket."""
    return TicketSummary(
        id=ticket.id,
        number=ticket.number,
        state=ticket.state,
        topic=ticket.topic,
        urgency=ticket.urgency,
        language=ticket.language,
        opened_at=ticket.opened_at,
        changed_at=ticket.changed_at,
        due_at=ticket.due_at,
        left_s=None if left is None else int(left.total_seconds()),
        first_answer_at=ticket.first_answer_at,
        closed_at=ticket.closed_at,
        owner=_staff(ticket.owner, names),
        team=ticket.team,
        tags=sorted(ticket.tags),
        merged_into=ticket.merged_into,
        rating=ticket.rating,
        version=ticket.version,
    )


def listed(line: TicketLine) -> ListedTicket:
    """Return what is told of one in a list."""
    owner = line.ticket.owner
    names = {owner: line.owner} if owner and line.owner else {}
    return ListedTicket(**summary(line.ticket, names, line.left).model_dump(), name=line.name)


def remark_body(remark: Remark, names: Mapping[StaffId, str], words: Words | None = None) -> RemarkBody:
    """Return what is told of a remark, of a note of nobody in particular in these words."""
    return RemarkBody(
        id=remark.id,
        number=remark.number,
        side=remark.side,
        at=remark.at,
        text=worded(remark, words) if words else remark.text,
        author=_staff(remark.author, names),
        files=[
            TicketFile(
                name=each.name, mime=each.mime, size=each.size, address=f"/api/v1/remarks/{remark.id}/files/{place}"
            )
            for place, each in enumerate(remark.files)
        ],
        asks=remark.asks,
        mentions=[StaffBody(id=each, name=names.get(each, "")) for each in sorted(remark.mentions)],
    )


def one_ticket(found: TicketAtDesk, words: Words) -> OneTicket:
    """Return what is told of one that was opened."""
    return OneTicket(
        ticket=summary(found.ticket, found.names, found.left),
        description=found.ticket.description,
        earlier=found.ticket.earlier,
        rated=found.ticket.rated,
        remarks=[remark_body(each, found.names, words) for each in found.remarks],
        asker=_asker(found.asker),
        more_before=found.earlier,
        merged=[summary(each, found.names) for each in found.merged],
        into=None if found.into is None else summary(found.into, found.names),
        into_number=found.into_number,
        linked=[summary(each, found.names) for each in found.linked],
        others=[summary(each, found.names) for each in found.others],
    )


def _asker(asker: Asker) -> AskerBody:
    return AskerBody(
        name=asker.name,
        verification=asker.verification,
        card=asker.card,
        region=asker.region,
        zone=asker.zone,
        language=asker.language,
        known=None if asker.known is None else asdict(asker.known),
        blocked=asker.blocked,
    )


def _staff(staff: StaffId | None, names: Mapping[StaffId, str]) -> StaffBody | None:
    return None if staff is None else StaffBody(id=staff, name=names.get(staff, ""))
