"""Calls of programs that are made once: names and bodies are kept as keyed hashes, answers sealed under the product's own key."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.idempotency import UNDER_WAY, Answered, Call, KeyTaken, StillUnderWay
from core.storage.base import Base, table_of
from core.storage.key import RowSeal, Seals
from core.storage.transaction import SqlTransaction, Stored

TABLE = "calls"


class CallRow(Base):
    """A call. `status` is there once it was answered."""

    __tablename__ = TABLE

    name: Mapped[bytes] = mapped_column(primary_key=True)
    body: Mapped[bytes]
    begun_at: Mapped[datetime] = mapped_column(index=True)
    status: Mapped[int | None]
    kind: Mapped[str | None]
    answer: Mapped[bytes | None]


CALLS = table_of(CallRow)
ANSWERED = (
    update(CALLS)
    .where(CALLS.c.name == bindparam("of"))
    .values({name: bindparam(name) for name in ("status", "kind", "answer")})
)


@dataclass(frozen=True, slots=True)
class SqlCalls:
    """`core.domain.idempotency.Calls`."""

    transaction: SqlTransaction
    seals: Seals

    async def begin(self, call: Call, now: datetime) -> Answered | None:
        """Note that it is being answered, or return its answer. Raises KeyTaken, StillUnderWay."""
        begun: dict[str, Stored] = {"name": call.name, "body": call.body, "begun_at": now}
        if await self.transaction.insert(CallRow, begun, alone=True):
            return None
        row = await self.transaction.session.scalar(select(CallRow).where(CallRow.name == call.name))
        if row is None:
            raise StillUnderWay  # it came to nothing at this very moment
        if row.body != call.body:
            raise KeyTaken
        if row.status is not None and row.answer is not None:
            seal = await self._seal(call)
            return Answered(row.status, row.kind or "", seal.open("answer", row.answer))
        lapsed = (CallRow.name == call.name, CallRow.begun_at == row.begun_at, CallRow.begun_at < now - UNDER_WAY)
        if await self.transaction.change(update(CallRow).where(*lapsed).values(begun_at=now)):
            return None
        raise StillUnderWay

    async def end(self, call: Call, answered: Answered) -> None:
        """Keep the answer, sealed."""
        sealed = (await self._seal(call)).shut("answer", answered.text)
        values: dict[str, Stored] = {"status": answered.status, "kind": answered.kind, "answer": sealed}
        await self.transaction.alter_alone(ANSWERED, of=call.name, **values)

    async def drop(self, call: Call) -> None:
        """It came to nothing: the key is free again."""
        await self.transaction.change(delete(CallRow).where(CallRow.name == call.name, CallRow.status.is_(None)))

    async def forget_before(self, moment: datetime) -> int:
        """Remove those begun before that; returns how many."""
        return await self.transaction.change(delete(CallRow).where(CallRow.begun_at < moment))

    async def _seal(self, call: Call) -> RowSeal:
        return await self.seals.system_row(TABLE, call.name.hex())
