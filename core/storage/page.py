"""Links and sessions of pages: found by the SHA-256 of their secrets, which is enough for 256 random bits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, and_, delete, exists, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.actor import Citizen
from core.domain.ids import AccountId, ChatId
from core.domain.page import KEPT_LINKS, LINK_LIFETIME, LONGEST, Link, LinkGone, PageGone, PageSession, Place
from core.storage.base import Base, Big
from core.storage.chat import ChatRow
from core.storage.token import hashed
from core.storage.transaction import SqlTransaction, Stored


class PageLinkRow(Base):
    """A link. `used_at` moves once."""

    __tablename__ = "page_links"

    hash: Mapped[bytes] = mapped_column(primary_key=True)
    chat: Mapped[int] = mapped_column(Big, index=True)
    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"))
    place: Mapped[str]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class PageSessionRow(Base):
    """A session of one browser."""

    __tablename__ = "page_sessions"

    hash: Mapped[bytes] = mapped_column(primary_key=True)
    chat: Mapped[int] = mapped_column(Big, index=True)
    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"))
    opened_at: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)
    proved_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class SqlPages:
    """`core.domain.page.Pages`."""

    transaction: SqlTransaction

    async def make(self, token: str, link: Link, now: datetime) -> None:
        """Store a link; the oldest ones of its chat past `KEPT_LINKS` end."""
        values: dict[str, Stored] = {
            "hash": hashed(token),
            "chat": link.citizen.chat,
            "account": link.citizen.account,
            "place": link.place.value,
            "expires_at": now + LINK_LIFETIME,
            "used_at": None,
        }
        await self.transaction.insert(PageLinkRow, values)
        own = PageLinkRow.chat == link.citizen.chat
        kept = select(PageLinkRow.hash).where(own).order_by(PageLinkRow.expires_at.desc()).limit(KEPT_LINKS)
        await self.transaction.change(delete(PageLinkRow).where(own, PageLinkRow.hash.not_in(kept.scalar_subquery())))

    async def waits(self, token: str, now: datetime) -> bool:
        """Whether a link can still be opened. Looking uses nothing up."""
        return await self.transaction.session.scalar(select(PageLinkRow.hash).where(_fresh(token, now))) is not None

    async def burn(self, token: str, now: datetime) -> Link:
        """Use a link up, in one statement; LinkGone otherwise."""
        used = update(PageLinkRow).where(_fresh(token, now)).values(used_at=now).returning(PageLinkRow)
        row = await self.transaction.session.scalar(used)
        if row is None:
            raise LinkGone
        return Link(Citizen(row.account, ChatId(row.chat)), Place(row.place))

    async def open(self, secret: str, citizen: Citizen, now: datetime) -> None:
        """Begin a session."""
        values: dict[str, Stored] = {
            "hash": hashed(secret),
            "chat": citizen.chat,
            "account": citizen.account,
            "opened_at": now,
            "until": now + LONGEST,
            "proved_at": None,
        }
        await self.transaction.insert(PageSessionRow, values)

    async def find(self, secret: str, now: datetime) -> PageSession:
        """Return an open session; PageGone otherwise."""
        asked = (
            select(PageSessionRow, ChatRow.zone)
            .join(ChatRow, and_(ChatRow.id == PageSessionRow.chat, ChatRow.account == PageSessionRow.account))
            .where(PageSessionRow.hash == hashed(secret), PageSessionRow.until > now)
        )
        found = (await self.transaction.session.execute(asked)).first()
        if found is None:
            raise PageGone
        row, zone = found
        citizen = Citizen(row.account, ChatId(row.chat))
        return PageSession(citizen, zone, row.until, proved=row.proved_at is not None)

    async def prove(self, secret: str, at: datetime | None) -> None:
        """Note when the second factor was shown in this browser; None: it has to be shown anew."""
        own = PageSessionRow.hash == hashed(secret)
        await self.transaction.change(update(PageSessionRow).where(own).values(proved_at=at))

    async def close(self, secret: str) -> None:
        """End a session."""
        await self.transaction.change(delete(PageSessionRow).where(PageSessionRow.hash == hashed(secret)))

    async def end(self, chat: ChatId) -> None:
        """End every link and session of a chat."""
        await self.transaction.change(delete(PageLinkRow).where(PageLinkRow.chat == chat))
        await self.transaction.change(delete(PageSessionRow).where(PageSessionRow.chat == chat))

    async def forget_before(self, moment: datetime) -> int:
        """Remove what ran out before that; returns how much."""
        links = await self.transaction.change(delete(PageLinkRow).where(PageLinkRow.expires_at < moment))
        return links + await self.transaction.change(delete(PageSessionRow).where(PageSessionRow.until < moment))


def _fresh(token: str, now: datetime) -> ColumnElement[bool]:
    """The condition that a link waits, and that its chat still speaks for its account."""
    speaks = exists().where(ChatRow.id == PageLinkRow.chat, ChatRow.account == PageLinkRow.account)
    waits = (PageLinkRow.hash == hashed(token), PageLinkRow.used_at.is_(None), PageLinkRow.expires_at > now)
    return and_(*waits, speaks)
