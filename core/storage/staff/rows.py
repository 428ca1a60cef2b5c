"""The tables of the people at the desk and of their sessions."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.ids import StaffId
from core.storage.base import Base

TABLE = "staff"
SESSIONS = "staff_sessions"


class StaffRow(Base):
    """A member of staff."""

    __tablename__ = TABLE
    __table_args__ = (Index("uq_staff_login", "login", unique=True),)

    id: Mapped[StaffId] = mapped_column(primary_key=True)
    login: Mapped[str]
    name: Mapped[bytes]
    role: Mapped[str]
    password_hash: Mapped[str]
    totp_secret: Mapped[bytes]
    last_step: Mapped[int]
    failures: Mapped[int]
    locked_until: Mapped[datetime | None]
    disabled: Mapped[bool]
    handed: Mapped[bool]
    handed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class SessionRow(Base):
    """A signed-in browser."""

    __tablename__ = SESSIONS

    name_hash: Mapped[bytes] = mapped_column(primary_key=True)
    member: Mapped[StaffId] = mapped_column(ForeignKey("staff.id"), index=True)
    csrf: Mapped[bytes]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    address: Mapped[bytes | None]
    agent: Mapped[bytes | None]
    offered: Mapped[bytes | None]
