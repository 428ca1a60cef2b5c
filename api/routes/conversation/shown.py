"""What is told of conversations. Names, words and file names are data: whoever shows them escapes them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import BaseModel

from api.notes import worded
from api.words import Words
from core.domain.account import Verification
from core.domain.conversation import Conversation, ConversationState, Delivery, Ending, Line, LineKind, Side
from core.domain.ids import StaffId
from core.domain.support import SupportTopic, Urgency
from core.domain.ticket import Ticket, TicketState
from core.services.conversation import ConversationView, PersonBeside, QueueEntry


class StaffBody(BaseModel):
    """A member of staff by id and name."""

    id: UUID
    name: str


class FileBody(BaseModel):
    """A file of a line; `address` gives its bytes."""

    name: str
    mime: str
    size: int
    address: str


class PointBody(BaseModel):
    """A place on the map."""

    latitude: float
    longitude: float


class VersionBody(BaseModel):
    """What a line said until it was edited."""

    text: str
    until: datetime


class LineBody(BaseModel):
    """One line. Numbers have no gaps. `text` of an event is the key of its words. `gone`: its operator took it back."""

    number: int
    side: Side
    kind: LineKind
    at: datetime
    text: str
    author: StaffBody | None
    file: FileBody | None
    point: PointBody | None
    reply_to: int | None
    delivery: Delivery | None
    reason: str | None
    epoch: int
    mentions: list[StaffBody]
    earlier: list[VersionBody]
    edited_at: datetime | None
    gone: bool


class SummaryBody(BaseModel):
    """A conversation. `epoch` grows with each change of owner; `lines` is the number of the last line.

    `waits_since`: since when the citizen waits for an answer, null while they do not. `left_s`: seconds until what was promised
    is broken, below zero when it was. `doing`: the place of the bot they were at.
    """

    id: UUID
    state: ConversationState
    urgency: Urgency
    topic: SupportTopic
    language: str
    asked_at: datetime
    epoch: int
    lines: int
    owner: StaffBody | None
    team: UUID | None
    taken_at: datetime | None
    first_answer_at: datetime | None
    waits_since: datetime | None
    promised_at: datetime | None
    left_s: int | None
    read: int
    doing: str
    tags: list[str]
    ticket: UUID | None
    ended_at: datetime | None
    ending: Ending | None
    rating: int | None


class EntryBody(SummaryBody):
    """One in the queue. `name` is «Анна И.», null without an account; `last` what was said last.

    `late`: the limit of an answer is over, and it was escalated.
    """

    name: str | None
    last: LineBody | None
    unread: int
    blocked: bool
    late: bool


class QueueBody(BaseModel):
    """A page of the queue; `next` goes on where it ends. The stream of events goes on after `event`."""

    conversations: list[EntryBody]
    next: str | None
    event: int


class PersonBody(BaseModel):
    """Who it is with; identifiers are masked."""

    name: str | None
    verification: Verification | None
    card: str | None
    region: str | None
    zone: str
    language: str
    doing: str
    identifiers: dict[str, str]
    withdrawn: bool


class TicketBody(BaseModel):
    """A request of theirs that is open."""

    id: UUID
    number: str
    state: TicketState
    topic: SupportTopic
    opened_at: datetime
    changed_at: datetime


class TalkBody(BaseModel):
    """A conversation with its lines after a number and the person beside it. `mine`: whoever asks has it."""

    conversation: SummaryBody
    lines: list[LineBody]
    person: PersonBody
    tickets: list[TicketBody]
    draft: str
    blocked: bool
    mine: bool
    event: int


class RevealedBody(BaseModel):
    """An identifier in full."""

    value: str


def summary(conversation: Conversation, owner: str | None, left: timedelta | None = None) -> SummaryBody:
    """Return what is told of a conversation."""
    one = conversation
    return SummaryBody(
        id=one.id,
        state=one.state,
        urgency=one.urgency,
        topic=one.topic,
        language=one.language,
        asked_at=one.asked_at,
        epoch=one.epoch,
        lines=one.lines,
        owner=None if one.owner is None else StaffBody(id=one.owner, name=owner or ""),
        team=one.team,
        taken_at=one.taken_at,
        first_answer_at=one.first_answer_at,
        waits_since=one.waits_since,
        promised_at=one.promised_at,
        left_s=None if left is None else int(left.total_seconds()),
        read=one.read,
        doing=one.doing,
        tags=sorted(one.tags),
        ticket=one.ticket,
        ended_at=one.ended_at,
        ending=one.ending,
        rating=one.rating,
    )


def line_body(line: Line, names: Mapping[StaffId, str], words: Words | None = None) -> LineBody:
    """Return what is told of a line, notes of nobody in particular in these words.

    One that was taken back keeps its words: the operator said them.
    """
    address = f"/api/v1/conversations/{line.conversation}/lines/{line.number}/file"
    return LineBody(
        number=line.number,
        side=line.side,
        kind=line.kind,
        at=line.at,
        text=worded(line, words) if words else line.text,
        author=_staff(line.author, names),
        file=None
        if line.file is None
        else FileBody(name=line.file.name, mime=line.file.mime, size=line.file.size, address=address),
        point=None if line.point is None else PointBody(latitude=line.point[0], longitude=line.point[1]),
        reply_to=line.reply_to,
        delivery=line.delivery,
        reason=line.reason,
        epoch=line.epoch,
        mentions=[StaffBody(id=each, name=names.get(each, "")) for each in sorted(line.mentions)],
        earlier=[VersionBody(text=each.text, until=each.until) for each in line.earlier],
        edited_at=line.edited_at,
        gone=line.gone_at is not None,
    )


def lines_body(lines: Sequence[Line], names: Mapping[StaffId, str], words: Words) -> list[LineBody]:
    """Return what is told of some lines."""
    return [line_body(each, names, words) for each in lines]


def entry(found: QueueEntry) -> EntryBody:
    """Return what is told of one in the queue."""
    told = summary(found.conversation, found.owner, found.left)
    names = {found.conversation.owner: found.owner} if found.conversation.owner and found.owner else {}
    return EntryBody(
        **told.model_dump(),
        name=found.name,
        last=None if found.last is None else line_body(found.last, names),
        unread=found.unread,
        blocked=found.blocked,
        late=found.late,
    )


def talk(view: ConversationView, words: Words) -> TalkBody:
    """Return what is told of one that was opened."""
    owner = view.conversation.owner
    return TalkBody(
        conversation=summary(view.conversation, view.names.get(owner) if owner else None, view.left),
        lines=lines_body(view.lines, view.names, words),
        person=_person(view.person),
        tickets=[ticket_body(each) for each in view.tickets],
        draft=view.draft,
        blocked=view.blocked,
        mine=view.mine,
        event=view.event,
    )


def ticket_body(ticket: Ticket) -> TicketBody:
    """Return what is told of a ticket beside a conversation."""
    return TicketBody(
        id=ticket.id,
        number=ticket.number,
        state=ticket.state,
        topic=ticket.topic,
        opened_at=ticket.opened_at,
        changed_at=ticket.changed_at,
    )


def _person(person: PersonBeside) -> PersonBody:
    return PersonBody(
        name=person.name,
        verification=person.verification,
        card=person.card,
        region=person.region,
        zone=person.zone,
        language=person.language,
        doing=person.doing,
        identifiers=dict(person.identifiers),
        withdrawn=person.withdrawn,
    )


def _staff(staff: StaffId | None, names: Mapping[StaffId, str]) -> StaffBody | None:
    return None if staff is None else StaffBody(id=staff, name=names.get(staff, ""))
