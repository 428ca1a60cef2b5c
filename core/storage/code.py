"""One-time codes. What a code proves and where it went are sealed, and wiped once the code is used or replaced."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, bindparam, func, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.code import RESEND_AFTER, TRIES, Challenge, Channel, Purpose, TooSoon
from core.domain.ids import AccountId, ChallengeId
from core.storage.base import Base, table_of
from core.storage.key import Seals
from core.storage.transaction import SqlTransaction

TABLE = "challenges"
CLOSED = {"open": False, "target": None, "destination": None}


class ChallengeRow(Base):
    """A code that was sent; one open at most an account and purpose."""

    __tablename__ = TABLE
    __table_args__ = (
        Index(
            "uq_challenges_open",
            "account",
            "purpose",
            unique=True,
            sqlite_where=text("open"),
            postgresql_where=text("open"),
        ),
        Index("ix_challenges_account_sent_at", "account", "sent_at"),
    )

    id: Mapped[ChallengeId] = mapped_column(primary_key=True)
    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"))
    purpose: Mapped[str]
    channel: Mapped[str]
    target: Mapped[bytes | None]
    destination: Mapped[bytes | None]
    salt: Mapped[bytes]
    digest: Mapped[bytes]
    sent_at: Mapped[datetime]
    tries: Mapped[int]
    open: Mapped[bool]


CHALLENGES = table_of(ChallengeRow)
CURRENT = select(CHALLENGES).where(
    CHALLENGES.c.account == bindparam("account"), CHALLENGES.c.purpose == bindparam("purpose"), CHALLENGES.c.open
)
LATELY = CHALLENGES.c.account == bindparam("account"), CHALLENGES.c.sent_at >= bindparam("since")
SENT = select(func.count().label("number")).where(*LATELY)
TRIED = select(func.coalesce(func.sum(CHALLENGES.c.tries), 0).label("number")).where(*LATELY)
CLOSE = (
    update(CHALLENGES)
    .where(CHALLENGES.c.account == bindparam("whose"), CHALLENGES.c.purpose == bindparam("proving"), CHALLENGES.c.open)
    .values(CLOSED)
)


@dataclass(frozen=True, slots=True)
class SqlChallenges:
    """`core.domain.code.Challenges`."""

    transaction: SqlTransaction
    seals: Seals

    async def current(self, account: AccountId, purpose: Purpose) -> Challenge | None:
        """Return the open challenge, expired or not."""
        rows = await self.transaction.ask(CURRENT, account=account, purpose=purpose.value)
        row = rows[0] if rows else None
        if row is None or row.target is None or row.destination is None:
            return None
        seal = await self.seals.row_of(account, TABLE, row.id)
        return Challenge(
            id=row.id,
            account=row.account,
            purpose=Purpose(row.purpose),
            channel=Channel(row.channel),
            target=seal.open("target", row.target),
            destination=seal.open("destination", row.destination),
            salt=row.salt,
            digest=row.digest,
            sent_at=row.sent_at,
            tries=row.tries,
        )

    async def put(self, challenge: Challenge) -> None:
        """Store it in place of the open one of the same purpose; TooSoon when another was stored at the same moment."""
        await self.transaction.alter(CLOSE, whose=challenge.account, proving=challenge.purpose.value)
        seal = await self.seals.row_of(challenge.account, TABLE, challenge.id)
        values = {
            "id": challenge.id,
            "account": challenge.account,
            "purpose": challenge.purpose.value,
            "channel": challenge.channel.value,
            "target": seal.shut("target", challenge.target),
            "destination": seal.shut("destination", challenge.destination),
            "salt": challenge.salt,
            "digest": challenge.digest,
            "sent_at": challenge.sent_at,
            "tries": challenge.tries,
            "open": True,
        }
        if not await self.transaction.insert(ChallengeRow, values):
            raise TooSoon(int(RESEND_AFTER.total_seconds()))

    async def sent_since(self, account: AccountId, since: datetime) -> int:
        """Count codes sent to the account's owner since then, for all purposes."""
        (sent,) = await self.transaction.ask(SENT, account=account, since=since)
        return int(sent.number)

    async def tried_since(self, account: AccountId, since: datetime) -> int:
        """Count tries, right and wrong, at codes sent since then, for all purposes."""
        (tried,) = await self.transaction.ask(TRIED, account=account, since=since)
        return int(tried.number)

    async def count_try(self, challenge: ChallengeId) -> int | None:
        """Count one try in one conditional UPDATE and return how many are left; None when none was left or it was used."""
        tried = (
            update(ChallengeRow)
            .where(ChallengeRow.id == challenge, ChallengeRow.open, ChallengeRow.tries < TRIES)
            .values(tries=ChallengeRow.tries + 1)
            .returning(ChallengeRow.tries)
        )
        tries = await self.transaction.session.scalar(tried)
        return None if tries is None else TRIES - tries

    async def use_up(self, challenge: ChallengeId) -> bool:
        """Mark used; False when somebody used it first."""
        used = update(ChallengeRow).where(ChallengeRow.id == challenge, ChallengeRow.open).values(CLOSED)
        return await self.transaction.change(used) == 1
