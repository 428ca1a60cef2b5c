"""Identity checks: what was compared and why one was refused are sealed; two different members, by the database's word."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ColumnElement, ForeignKey, Index, exists, func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.actor import NotAllowed
from core.domain.ids import AccountId, ChatId, ProofId, StaffId
from core.domain.proof import MOVES, OPEN, Proof, ProofMoved, ProofState, SameMember
from core.storage.base import Base
from core.storage.chat import ChatRow
from core.storage.factor.rows import FactorRow
from core.storage.key import Seals
from core.storage.transaction import SqlTransaction, Stored

TABLE = "proofs"
STANDING = text("state IN ('asked', 'compared')")


class ProofRow(Base):
    """An identity check. That two different members carry it is the database's to see to."""

    __tablename__ = TABLE
    __table_args__ = (
        Index("uq_proofs_open", "account", unique=True, sqlite_where=STANDING, postgresql_where=STANDING),
        Index("ix_proofs_state_asked_at", "state", "asked_at"),
        Index("ix_proofs_account_asked_at", "account", "asked_at"),
        CheckConstraint(
            "state <> 'confirmed' OR (first IS NOT NULL AND second IS NOT NULL AND first <> second)", "two"
        ),
    )

    id: Mapped[ProofId] = mapped_column(primary_key=True)
    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"))
    state: Mapped[str]
    asked_at: Mapped[datetime]
    chat: Mapped[ChatId] = mapped_column(BigInteger)
    factor: Mapped[int]
    expires_at: Mapped[datetime]
    compared: Mapped[bytes | None]
    first: Mapped[StaffId | None] = mapped_column(ForeignKey("staff.id"))
    first_at: Mapped[datetime | None]
    second: Mapped[StaffId | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[bytes | None]


WAITING = ProofRow.state.in_([state.value for state in OPEN])


@dataclass(frozen=True, slots=True)
class SqlProofs:
    """`core.domain.proof.Proofs`."""

    transaction: SqlTransaction
    seals: Seals

    async def ask(self, proof: Proof) -> bool:
        """Store it; False when one is open already. One whose time is over makes way."""
        late = update(ProofRow).where(ProofRow.account == proof.account, WAITING, ProofRow.expires_at <= proof.asked_at)
        await self.transaction.change(late.values(state=ProofState.TAKEN_BACK.value, decided_at=proof.asked_at))
        return await self.transaction.insert(
            ProofRow,
            {
                "id": proof.id,
                "account": proof.account,
                "state": proof.state.value,
                "asked_at": proof.asked_at,
                "chat": proof.chat,
                "factor": proof.factor,
                "expires_at": proof.expires_at,
            },
        )

    async def asked_since(self, account: AccountId, moment: datetime) -> int:
        """Count those that were asked for since then."""
        asked = select(func.count()).where(ProofRow.account == account, ProofRow.asked_at > moment)
        return await self.transaction.session.scalar(asked) or 0

    async def latest(self, account: AccountId) -> Proof | None:
        """Return the last one."""
        asked = select(ProofRow).where(ProofRow.account == account)
        last = asked.order_by(ProofRow.asked_at.desc(), ProofRow.id.desc()).limit(1)
        row = await self.transaction.session.scalar(last)
        return None if row is None else await self._opened(row)

    async def get(self, proof: ProofId) -> Proof:
        """NotAllowed where there is none. For staff; the use case has checked the role."""
        row = await self.transaction.session.scalar(select(ProofRow).where(ProofRow.id == proof))
        if row is None:
            raise NotAllowed
        return await self._opened(row)

    async def open(self, limit: int, now: datetime) -> list[Proof]:
        """Those that wait for a member of staff, oldest first; their time is not over."""
        oldest = (
            select(ProofRow)
            .where(WAITING, ProofRow.expires_at > now)
            .order_by(ProofRow.asked_at, ProofRow.id)
            .limit(limit)
        )
        rows = (await self.transaction.session.scalars(oldest)).all()
        await self.seals.of_accounts([row.account for row in rows])
        return [await self._opened(row) for row in rows]

    async def compare(self, proof: Proof, compared: str, by: StaffId, now: datetime) -> None:
        """Write down what the first member compared; ProofMoved when it is not asked for any more."""
        seal = await self.seals.row_of(proof.account, TABLE, proof.id)
        values: dict[str, Stored] = {"compared": seal.shut("compared", compared), "first": by, "first_at": now}
        await self._move(proof.id, ProofState.COMPARED, values, ProofRow.expires_at > now)

    async def confirm(self, proof: ProofId, by: StaffId, now: datetime) -> None:
        """The second member's word. SameMember when the database sees the first one, ProofMoved."""
        bound = exists().where(ChatRow.id == ProofRow.chat, ChatRow.account == ProofRow.account)
        same = exists().where(FactorRow.account == ProofRow.account, FactorRow.version == ProofRow.factor)
        holds = (ProofRow.expires_at > now, bound, same)
        try:
            async with self.transaction.session.begin_nested():
                await self._move(proof, ProofState.CONFIRMED, {"second": by, "decided_at": now}, *holds)
        except IntegrityError:
            raise SameMember from None

    async def refuse(self, proof: Proof, reason: str, by: StaffId, now: datetime) -> None:
        """End an open one with a reason; ProofMoved. The first as well as the second member can."""
        seal = await self.seals.row_of(proof.account, TABLE, proof.id)
        values: dict[str, Stored] = {"reason": seal.shut("reason", reason), "second": by, "decided_at": now}
        await self._move(proof.id, ProofState.REFUSED, values, ProofRow.expires_at > now)

    async def take_back(self, account: AccountId, now: datetime) -> bool:
        """It is needed no more, or what it was asked for is over; False when none is open."""
        back = update(ProofRow).where(ProofRow.account == account, WAITING)
        return bool(await self.transaction.change(back.values(state=ProofState.TAKEN_BACK.value, decided_at=now)))

    async def _move(
        self, proof: ProofId, to: ProofState, values: dict[str, Stored], *holds: ColumnElement[bool]
    ) -> None:
        movable = [state.value for state, ways in MOVES.items() if to in ways]
        here = update(ProofRow).where(ProofRow.id == proof, ProofRow.state.in_(movable), *holds)
        if not await self.transaction.change(here.values(state=to.value, **values)):
            raise ProofMoved

    async def _opened(self, row: ProofRow) -> Proof:
        seal = await self.seals.row_of(row.account, TABLE, row.id)
        return Proof(
            id=row.id,
            account=row.account,
            state=ProofState(row.state),
            asked_at=row.asked_at,
            chat=row.chat,
            factor=row.factor,
            expires_at=row.expires_at,
            compared=seal.open_known("compared", row.compared),
            first=row.first,
            first_at=row.first_at,
            second=row.second,
            decided_at=row.decided_at,
            reason=seal.open_known("reason", row.reason),
        )
