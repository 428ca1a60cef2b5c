"""Requests for verification: the typed ИНН is sealed; one pending an account."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.actor import NotAllowed
from core.domain.ids import AccountId, StaffId, VerificationId
from core.domain.verification import MOVES, AlreadyDecided, RequestState, VerificationRequest
from core.storage.base import Base
from core.storage.key import Seals
from core.storage.staff import StaffRow
from core.storage.transaction import SqlTransaction

TABLE = "verifications"
PENDING = text("state = 'pending'")


class VerificationRow(Base):
    """A request and the reviewer's decision."""

    __tablename__ = TABLE
    __table_args__ = (
        Index("uq_verifications_pending", "account", unique=True, sqlite_where=PENDING, postgresql_where=PENDING),
        Index("ix_verifications_account_asked_at", "account", "asked_at"),
        Index("ix_verifications_state_asked_at", "state", "asked_at"),
    )

    id: Mapped[VerificationId] = mapped_column(primary_key=True)
    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"))
    state: Mapped[str]
    inn: Mapped[bytes | None]
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[StaffId | None] = mapped_column(ForeignKey("staff.id"))


@dataclass(frozen=True, slots=True)
class SqlVerifications:
    """`core.domain.verification.Verifications`."""

    transaction: SqlTransaction
    seals: Seals

    async def ask(self, request: VerificationRequest) -> bool:
        """Store it; False when one is pending already."""
        seal = await self.seals.row_of(request.account, TABLE, request.id)
        return await self.transaction.insert(
            VerificationRow,
            {
                "id": request.id,
                "account": request.account,
                "state": request.state.value,
                "inn": seal.shut_known("inn", request.inn),
                "asked_at": request.asked_at,
                "decided_at": request.decided_at,
                "decided_by": request.decided_by,
            },
        )

    async def latest(self, account: AccountId) -> VerificationRequest | None:
        """Return the last request."""
        asked = select(VerificationRow).where(VerificationRow.account == account)
        last = asked.order_by(VerificationRow.asked_at.desc(), VerificationRow.id.desc()).limit(1)
        row = await self.transaction.session.scalar(last)
        return None if row is None else await self._opened(row)

    async def get(self, request: VerificationId) -> VerificationRequest:
        """NotAllowed where there is none. For staff; the use case has checked the role."""
        row = await self.transaction.session.scalar(select(VerificationRow).where(VerificationRow.id == request))
        if row is None:
            raise NotAllowed
        return await self._opened(row)

    async def pending(self, limit: int) -> list[VerificationRequest]:
        """Oldest first."""
        waiting = select(VerificationRow).where(VerificationRow.state == RequestState.PENDING.value)
        oldest = waiting.order_by(VerificationRow.asked_at, VerificationRow.id).limit(limit)
        rows = (await self.transaction.session.scalars(oldest)).all()
        await self.seals.of_accounts([row.account for row in rows])
        return [await self._opened(row) for row in rows]

    async def decide(self, request: VerificationId, to: RequestState, by: StaffId, now: datetime) -> None:
        """One conditional UPDATE; AlreadyDecided when it was decided before, NotAllowed where there is none."""
        movable = [state.value for state, ways in MOVES.items() if to in ways]
        open_ = update(VerificationRow).where(VerificationRow.id == request, VerificationRow.state.in_(movable))
        if await self.transaction.change(open_.values(state=to.value, decided_by=by, decided_at=now)):
            return
        decided = await self.get(request)
        raise AlreadyDecided(
            await self.transaction.session.scalar(select(StaffRow.login).where(StaffRow.id == decided.decided_by))
        )

    async def _opened(self, row: VerificationRow) -> VerificationRequest:
        seal = await self.seals.row_of(row.account, TABLE, row.id)
        return VerificationRequest(
            id=row.id,
            account=row.account,
            state=RequestState(row.state),
            asked_at=row.asked_at,
            inn=seal.open_known("inn", row.inn),
            decided_at=row.decided_at,
            decided_by=row.decided_by,
        )
