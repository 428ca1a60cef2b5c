"""Consents: every act is a row of its own, kept for ever."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, Row, bindparam, exists, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from core.domain.consent import Consent
from core.domain.ids import AccountId, ConsentId
from core.storage.base import Base, table_of
from core.storage.transaction import SqlTransaction


class ConsentRow(Base):
    """One act: which text (version, language, SHA-256), when, and who gave it. Nothing here is personal but the ids."""

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_account_given_at", "account", "given_at"),)

    id: Mapped[ConsentId] = mapped_column(primary_key=True)
    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"))
    text_version: Mapped[str]
    language: Mapped[str]
    digest: Mapped[str]
    given_at: Mapped[datetime]
    confirmed_by: Mapped[str]
    person: Mapped[str]
    withdrawn_at: Mapped[datetime | None]


def is_not_withdrawn(account: InstrumentedAttribute[AccountId]) -> ColumnElement[bool]:
    """The condition that the account's consent stands, or was never asked for: joined to the data that staff may see."""
    acts = exists().where(ConsentRow.account == account)
    return or_(~acts, acts.where(ConsentRow.withdrawn_at.is_(None)))


CONSENTS = table_of(ConsentRow)
LATEST = (
    select(CONSENTS)
    .where(CONSENTS.c.account == bindparam("account"))
    .order_by(CONSENTS.c.given_at.desc(), CONSENTS.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class SqlConsents:
    """`core.domain.consent.Consents`."""

    transaction: SqlTransaction

    async def latest(self, account: AccountId) -> Consent | None:
        """Return the last act."""
        for row in await self.transaction.ask(LATEST, account=account):
            return _read(row)
        return None

    async def give(self, consent: Consent) -> None:
        """Store an act; the same one twice is one."""
        await self.transaction.insert(
            ConsentRow,
            {
                "id": consent.id,
                "account": consent.account,
                "text_version": consent.version,
                "language": consent.language,
                "digest": consent.digest,
                "given_at": consent.given_at,
                "confirmed_by": consent.confirmed_by,
                "person": consent.person,
                "withdrawn_at": consent.withdrawn_at,
            },
        )

    async def withdraw(self, consent: ConsentId, now: datetime) -> bool:
        """Mark withdrawn; False when it was withdrawn before."""
        standing = update(ConsentRow).where(ConsentRow.id == consent, ConsentRow.withdrawn_at.is_(None))
        return await self.transaction.change(standing.values(withdrawn_at=now)) == 1


def _read(row: Row[Any]) -> Consent:
    return Consent(
        id=row.id,
        account=row.account,
        version=row.text_version,
        language=row.language,
        digest=row.digest,
        given_at=row.given_at,
        confirmed_by=row.confirmed_by,
        withdrawn_at=row.withdrawn_at,
        person=row.person,
    )
