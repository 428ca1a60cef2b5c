"""The rows of articles and of what was asked."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.ids import AccountId, ArticleId, StaffId
from core.storage.base import Base, Big


class ArticleRow(Base):
    """An article. `ru` and `en` are JSON: title, body, ways of asking. `seeded` is the digest of the product's own text."""

    __tablename__ = "articles"

    id: Mapped[ArticleId] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    topic: Mapped[str]
    place: Mapped[str]
    ru: Mapped[str]
    en: Mapped[str]
    version: Mapped[int]
    edited_at: Mapped[datetime | None]
    edited_by: Mapped[StaffId | None] = mapped_column(ForeignKey("staff.id"))
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[StaffId | None] = mapped_column(ForeignKey("staff.id"))
    seeded: Mapped[str | None]
    helped: Mapped[int]
    unhelped: Mapped[int]


class ProposalRow(Base):
    """A change that waits beside its article: one an article."""

    __tablename__ = "article_proposals"

    article: Mapped[ArticleId] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    topic: Mapped[str]
    place: Mapped[str]
    ru: Mapped[str]
    en: Mapped[str]
    by: Mapped[StaffId] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


class AskedRow(Base):
    """A question, its words sealed; gone after a day. `account` is None for a person who had not signed in."""

    __tablename__ = "asked"
    __table_args__ = (Index("ix_asked_chat_at", "chat", "at"), Index("ix_asked_at", "at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    chat: Mapped[int] = mapped_column(Big)
    account: Mapped[AccountId | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    words: Mapped[bytes]
    article: Mapped[ArticleId | None] = mapped_column(ForeignKey("articles.id"))
    helped: Mapped[bool | None]
