"""The outbox as the database keeps it: what is to be told, and every attempt to tell it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.ids import AccountId, BroadcastId, ExtractId, LineId, NotificationId
from core.domain.notification import NotificationState
from core.storage.base import Base, Big

TABLE = "notifications"
WIPED = frozenset(
    {
        NotificationState.SENT,
        NotificationState.EXPIRED,
        NotificationState.UNWANTED,
        NotificationState.CANCELLED,
    }
)
KEPT = (NotificationState.REFUSED.value, NotificationState.UNCERTAIN.value)
"""Ends that keep their values for a while: somebody may want to send them again."""
ENDS = (*(state.value for state in WIPED), *KEPT)
UNSENT = (NotificationState.WAITING.value, NotificationState.SENDING.value)
IS_UNSENT = text("state IN ('sending', 'waiting')")
IS_UNCERTAIN = text("outcome = 'uncertain'")


class NotificationRow(Base):
    """One thing to tell. `placed_at` is the first due time and gives a chat its order; `reason` may quote an address."""

    __tablename__ = TABLE
    __table_args__ = (
        Index("ix_notifications_due", "lane", "due_at", sqlite_where=IS_UNSENT, postgresql_where=IS_UNSENT),
        Index("ix_notifications_chat", "chat", "lane", "placed_at", sqlite_where=IS_UNSENT, postgresql_where=IS_UNSENT),
        Index("ix_notifications_line", "line", sqlite_where=IS_UNSENT, postgresql_where=IS_UNSENT),
        Index("ix_notifications_state_settled_at", "state", "settled_at"),
        Index("ix_notifications_subject", "subject", sqlite_where=IS_UNSENT, postgresql_where=IS_UNSENT),
        # Nobody gets a broadcast twice.
        Index("uq_notifications_broadcast_account", "broadcast", "account", unique=True),
    )

    id: Mapped[NotificationId] = mapped_column(primary_key=True)
    channel: Mapped[str]
    lane: Mapped[str]
    key: Mapped[str]
    language: Mapped[str]
    account: Mapped[AccountId | None] = mapped_column(ForeignKey("accounts.id"))
    chat: Mapped[int | None] = mapped_column(Big)
    address: Mapped[bytes | None]
    told: Mapped[bytes | None]
    buttons: Mapped[list[list[str]]] = mapped_column(JSON)
    placed_at: Mapped[datetime]
    due_at: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    state: Mapped[str]
    tries: Mapped[int]
    lease_until: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    reason: Mapped[bytes | None]
    topic: Mapped[str | None]
    urgent: Mapped[bool] = mapped_column(default=False)
    in_digest: Mapped[bool] = mapped_column(default=False)
    subject: Mapped[UUID | None]
    wall_at: Mapped[str | None]
    wall_zone: Mapped[str | None]
    broadcast: Mapped[BroadcastId | None]
    attachment: Mapped[ExtractId | None]
    line: Mapped[LineId | None]
    doubtful: Mapped[bool] = mapped_column(default=False, server_default=false())
    pinned_until: Mapped[datetime | None]
    wiped: Mapped[bool] = mapped_column(default=False, server_default=false())


class AttemptRow(Base):
    """One call to a channel, written before it is made. `ended_at` None: under way, or never heard of again."""

    __tablename__ = "attempts"
    __table_args__ = (
        Index("ix_attempts_uncertain", "outcome", sqlite_where=IS_UNCERTAIN, postgresql_where=IS_UNCERTAIN),
    )

    notification: Mapped[NotificationId] = mapped_column(
        ForeignKey("notifications.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    message: Mapped[int | None] = mapped_column(Big)
