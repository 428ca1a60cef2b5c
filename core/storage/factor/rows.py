"""The rows. Keys of authenticators are sealed, recovery codes are keyed hashes."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.ids import AccountId
from core.storage.base import Base, Big

TABLE = "factors"


class FactorRow(Base):
    """What is set up: one an account. `failures` and `last_step` move by conditional UPDATEs, `version` with the rest."""

    __tablename__ = TABLE

    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    kind: Mapped[str]
    secret: Mapped[bytes | None]
    pending: Mapped[bytes | None]
    confirmed: Mapped[bool]
    last_step: Mapped[int] = mapped_column(Big)
    failures: Mapped[int]
    locked_until: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    version: Mapped[int]


class RecoveryCodeRow(Base):
    """One of ten."""

    __tablename__ = "recovery_codes"

    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    salt: Mapped[bytes]
    used_at: Mapped[datetime | None]


class KnownChatRow(Base):
    """A chat in which the factor of an account was shown: the first time in another one is told."""

    __tablename__ = "known_chats"

    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    chat: Mapped[int] = mapped_column(Big, primary_key=True)
    since: Mapped[datetime]


class UnlockRow(Base):
    """An open session: one a chat. `span` in seconds."""

    __tablename__ = "unlocks"
    __table_args__ = (Index("ix_unlocks_until", "until"),)

    chat: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=False)
    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"))
    opened_at: Mapped[datetime]
    until: Mapped[datetime]
    span: Mapped[int]


class MedicalMessageRow(Base):
    """The number of a message that shows something medical.

    `due_at`: when it is to go, empty while its session is open; `try_at`: when it is tried next.
    """

    __tablename__ = "medical_messages"
    __table_args__ = (Index("ix_medical_messages_try_at", "try_at"),)

    chat: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=False)
    message: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=False)
    noted_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    try_at: Mapped[datetime | None]
