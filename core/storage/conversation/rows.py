"""Conversations as the database keeps them: what was said is sealed, what orders and fences it is not."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.ids import AccountId, ConversationId, LineId, StaffId, TeamId, TicketId
from core.storage.base import Base, Big, table_of

LINES, DRAFTS = "lines", "drafts"
IS_OPEN, IS_TAKEN = text("state <> 'ended'"), text("state = 'taken'")


class ConversationRow(Base):
    """`citizen_line` is the number of the citizen's last line, `last_at` when either side said something last.

    `first_taken_at`: when it was first taken, which ends the wait in the queue.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        Index("uq_conversations_chat", "chat", unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
        Index("ix_conversations_queue", "urgency", "asked_at", sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
        Index("ix_conversations_owner", "owner", sqlite_where=IS_TAKEN, postgresql_where=IS_TAKEN),
        Index("ix_conversations_chat_asked_at", "chat", "asked_at"),
        Index("ix_conversations_ended_at", "ended_at"),
        Index("ix_conversations_asked_at", "asked_at"),
        Index("ix_conversations_account_asked_at", "account", "asked_at"),
    )

    id: Mapped[ConversationId] = mapped_column(primary_key=True)
    chat: Mapped[int] = mapped_column(Big, ForeignKey("chats.id"))
    account: Mapped[AccountId | None] = mapped_column(ForeignKey("accounts.id"))
    language: Mapped[str]
    topic: Mapped[str]
    urgency: Mapped[str]
    state: Mapped[str]
    asked_at: Mapped[datetime]
    epoch: Mapped[int]
    lines: Mapped[int]
    citizen_line: Mapped[int]
    last_at: Mapped[datetime]
    owner: Mapped[StaffId | None] = mapped_column(ForeignKey("staff.id"))
    team: Mapped[TeamId | None]
    taken_at: Mapped[datetime | None]
    first_taken_at: Mapped[datetime | None]
    first_answer_at: Mapped[datetime | None]
    waits_since: Mapped[datetime | None]
    promised_at: Mapped[datetime | None]
    read: Mapped[int]
    doing: Mapped[str]
    tags: Mapped[list[str]] = mapped_column(JSON)
    ticket: Mapped[TicketId | None]
    ended_at: Mapped[datetime | None]
    ending: Mapped[str | None]
    rating: Mapped[int | None]
    version: Mapped[int]


class LineRow(Base):
    """A line. `wrapped` is the key of its file, `kek` what wraps it; text, name and point are sealed with each version."""

    __tablename__ = LINES
    __table_args__ = (
        Index("uq_lines_number", "conversation", "number", unique=True),
        Index("uq_lines_key", "conversation", "key", unique=True),
        Index("ix_lines_message", "conversation", "message"),
    )

    id: Mapped[LineId] = mapped_column(primary_key=True)
    conversation: Mapped[ConversationId] = mapped_column(ForeignKey("conversations.id"))
    number: Mapped[int]
    side: Mapped[str]
    kind: Mapped[str]
    at: Mapped[datetime]
    text: Mapped[bytes | None]
    author: Mapped[StaffId | None]
    file_name: Mapped[bytes | None]
    mime: Mapped[str | None]
    size: Mapped[int | None]
    kek: Mapped[str | None] = mapped_column(index=True)
    wrapped: Mapped[bytes | None]
    point: Mapped[bytes | None]
    reply_to: Mapped[int | None]
    message: Mapped[int | None] = mapped_column(Big)
    delivery: Mapped[str | None]
    reason: Mapped[str | None]
    epoch: Mapped[int]
    mentions: Mapped[list[str]] = mapped_column(JSON)
    edited_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]
    key: Mapped[str | None]
    version: Mapped[int]


class VersionRow(Base):
    """What a line said until it was edited; sealed as it was then."""

    __tablename__ = "line_versions"

    line: Mapped[LineId] = mapped_column(ForeignKey("lines.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[bytes]
    until: Mapped[datetime]


class WordRow(Base):
    """A word of a line, under a short keyed hash that many words share."""

    __tablename__ = "line_words"

    word: Mapped[bytes] = mapped_column(primary_key=True)
    line: Mapped[LineId] = mapped_column(ForeignKey("lines.id"), primary_key=True, index=True)


class DraftRow(Base):
    """What somebody has begun to write."""

    __tablename__ = DRAFTS

    conversation: Mapped[ConversationId] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    staff: Mapped[StaffId] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    text: Mapped[bytes]
    version: Mapped[int]
    at: Mapped[datetime]


class DeskEventRow(Base):
    """One thing that happened at the desk; ids alone."""

    __tablename__ = "desk_events"

    number: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=False)
    happening: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    conversation: Mapped[ConversationId | None]
    line: Mapped[int | None]
    ticket: Mapped[TicketId | None]
    staff: Mapped[StaffId | None]
    team: Mapped[TeamId | None]


class DeskCounterRow(Base):
    """The number of the last event: one row, locked from its change to the commit."""

    __tablename__ = "desk_counter"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(Big)


class DeskSettingRow(Base):
    """What an administrator decided for the whole desk."""

    __tablename__ = "desk_settings"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


CONVERSATIONS, LINE_ROWS = table_of(ConversationRow), table_of(LineRow)
EVENTS, COUNTER = table_of(DeskEventRow), table_of(DeskCounterRow)
