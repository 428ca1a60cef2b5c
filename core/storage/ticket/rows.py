"""The rows: in clear is what finds, sorts and moves a request; what people wrote is sealed."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.ids import AccountId, ChatId, RemarkId, StaffId, TeamId, TicketId
from core.domain.support import UNREADABLE, SupportTopic, Urgency
from core.domain.ticket import Attachment, Remark, RemarkSide, Ticket, TicketState
from core.storage.base import Base, Big
from core.storage.key import RowSeal
from core.storage.transaction import Stored

TICKETS, REMARKS, FILES, LINKS, NUMBERS = "tickets", "ticket_remarks", "ticket_files", "ticket_links", "ticket_numbers"
WORDS = "ticket_words"
IS_DRAFT = text("state = 'draft'")
HAS_KEY = text("key IS NOT NULL")
UNSEARCHABLE = text("NOT searchable")


class TicketRow(Base):
    """A request. `content` seals description, the earlier number and the words of the rating; `tags` one a line.

    `searchable`: its words are indexed as they stand; every change makes that untrue.
    """

    __tablename__ = TICKETS
    __table_args__ = (
        Index("uq_tickets_draft", "account", unique=True, sqlite_where=IS_DRAFT, postgresql_where=IS_DRAFT),
        Index("uq_tickets_number", "number", unique=True),
        Index("ix_tickets_account_changed_at", "account", "changed_at"),
        Index("ix_tickets_state_urgency_due_at", "state", "urgency", "due_at"),
        Index("ix_tickets_merged_into", "merged_into"),
        Index("ix_tickets_unsearchable", "id", sqlite_where=UNSEARCHABLE, postgresql_where=UNSEARCHABLE),
    )

    id: Mapped[TicketId] = mapped_column(primary_key=True)
    number: Mapped[str | None]
    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"))
    chat: Mapped[int | None] = mapped_column(Big)
    language: Mapped[str]
    topic: Mapped[str]
    state: Mapped[str]
    urgency: Mapped[str]
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    left_s: Mapped[int | None]
    first_answer_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    owner: Mapped[StaffId | None] = mapped_column(ForeignKey("staff.id"))
    team: Mapped[TeamId | None]
    tags: Mapped[str]
    merged_into: Mapped[TicketId | None] = mapped_column(ForeignKey("tickets.id"))
    rating: Mapped[int | None]
    last_remark: Mapped[int]
    content: Mapped[bytes]
    version: Mapped[int]
    searchable: Mapped[bool]


class RemarkRow(Base):
    """What was said. `mentions` are ids, one a line."""

    __tablename__ = REMARKS
    __table_args__ = (
        Index("uq_ticket_remarks_number", "ticket", "number", unique=True),
        Index("uq_ticket_remarks_key", "ticket", "key", unique=True, sqlite_where=HAS_KEY, postgresql_where=HAS_KEY),
    )

    id: Mapped[RemarkId] = mapped_column(primary_key=True)
    ticket: Mapped[TicketId] = mapped_column(ForeignKey("tickets.id"))
    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"))
    number: Mapped[int]
    side: Mapped[str]
    at: Mapped[datetime]
    author: Mapped[StaffId | None] = mapped_column(ForeignKey("staff.id"))
    asks: Mapped[bool]
    mentions: Mapped[str]
    key: Mapped[str | None]
    content: Mapped[bytes]


class FileRow(Base):
    """A file of a remark: its name is sealed; `wrapped` is the key of its bytes, `kek` what wraps that."""

    __tablename__ = FILES
    __table_args__ = (Index("uq_ticket_files_place", "remark", "place", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    remark: Mapped[RemarkId] = mapped_column(ForeignKey("ticket_remarks.id"))
    ticket: Mapped[TicketId] = mapped_column(ForeignKey("tickets.id"), index=True)
    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"))
    place: Mapped[int]
    mime: Mapped[str]
    size: Mapped[int]
    title: Mapped[bytes]
    kek: Mapped[str] = mapped_column(index=True)
    wrapped: Mapped[bytes]


class LinkRow(Base):
    """Two requests that belong together; `one` is the smaller id."""

    __tablename__ = LINKS

    one: Mapped[TicketId] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    other: Mapped[TicketId] = mapped_column(ForeignKey("tickets.id"), primary_key=True, index=True)


class TicketWordRow(Base):
    """A word of a request or of what was said in it, under a short keyed hash that many words share."""

    __tablename__ = WORDS

    word: Mapped[bytes] = mapped_column(primary_key=True)
    ticket: Mapped[TicketId] = mapped_column(ForeignKey("tickets.id"), primary_key=True, index=True)


class NumberRow(Base):
    """How many requests a year has had."""

    __tablename__ = NUMBERS

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


def owner_of(file: UUID) -> str:
    """Return the owner's name that the wrapping of a file's key is bound to."""
    return f"ticket_file:{file}"


def values_of(ticket: Ticket, seal: RowSeal) -> dict[str, Stored]:
    """Return what a row holds of a request, its id and account aside."""
    content = {"description": ticket.description, "earlier": ticket.earlier, "rated": ticket.rated}
    return {
        "number": ticket.number or None,
        "chat": ticket.chat,
        "language": ticket.language,
        "topic": ticket.topic.value,
        "state": ticket.state.value,
        "urgency": ticket.urgency.value,
        "opened_at": ticket.opened_at,
        "changed_at": ticket.changed_at,
        "due_at": ticket.due_at,
        "left_s": ticket.left_s,
        "first_answer_at": ticket.first_answer_at,
        "closed_at": ticket.closed_at,
        "owner": ticket.owner,
        "team": ticket.team,
        "tags": lines_of(ticket.tags),
        "merged_into": ticket.merged_into,
        "rating": ticket.rating,
        "last_remark": ticket.last_remark,
        "content": seal.shut("content", json.dumps(content, ensure_ascii=False, separators=(",", ":"))),
        "version": seal.version,
        "searchable": False,
    }


def opened(row: TicketRow, seal: RowSeal | None) -> Ticket:
    """Return the request of a row; without a seal that opens it, what stands in clear."""
    kept: dict[str, Any] = {"description": UNREADABLE, "earlier": None, "rated": ""}
    if seal is not None:
        kept = json.loads(seal.open("content", row.content))
    return Ticket(
        id=row.id,
        number=row.number or "",
        account=row.account,
        chat=None if row.chat is None else ChatId(row.chat),
        language=row.language,
        topic=SupportTopic(row.topic),
        state=TicketState(row.state),
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        description=kept["description"],
        earlier=kept["earlier"],
        urgency=Urgency(row.urgency),
        due_at=row.due_at,
        left_s=row.left_s,
        first_answer_at=row.first_answer_at,
        closed_at=row.closed_at,
        owner=row.owner,
        team=row.team,
        tags=frozenset(row.tags.split("\n")) - {""},
        merged_into=row.merged_into,
        rating=row.rating,
        rated=kept["rated"],
        last_remark=row.last_remark,
        version=row.version,
        unreadable=seal is None,
    )


def heard(row: RemarkRow, files: tuple[Attachment, ...], text: str) -> Remark:
    """Return the remark of a row."""
    return Remark(
        id=row.id,
        ticket=row.ticket,
        side=RemarkSide(row.side),
        at=row.at,
        text=text,
        author=row.author,
        files=files,
        asks=row.asks,
        number=row.number,
        mentions=frozenset(StaffId(UUID(each)) for each in row.mentions.split("\n") if each),
        key=row.key,
    )


def lines_of(words: frozenset[str]) -> str:
    """Return words so that one of them is found between two line ends."""
    return "".join(f"\n{each}" for each in sorted(words)) + "\n" if words else ""
