"""What is set up, its recovery codes, and the chats where it was shown. A race is one conditional UPDATE."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, delete, func, literal, or_, select, update

from core.domain.account import WrongMove
from core.domain.factor import IN_A_ROW, Factor, FactorKind
from core.domain.ids import AccountId, ChatId
from core.domain.lockout import TRIES, lock_after
from core.storage.base import UtcDateTime
from core.storage.factor.rows import TABLE, FactorRow, KnownChatRow, RecoveryCodeRow
from core.storage.key import Seals
from core.storage.transaction import SqlTransaction, Stored


@dataclass(frozen=True, slots=True)
class SqlFactors:
    """`core.domain.factor.Factors`."""

    transaction: SqlTransaction
    seals: Seals

    async def of(self, account: AccountId) -> Factor | None:
        """Return what is set up, confirmed or not."""
        unused = (
            select(func.count())
            .where(RecoveryCodeRow.account == account, RecoveryCodeRow.used_at.is_(None))
            .scalar_subquery()
        )
        found = (
            await self.transaction.session.execute(select(FactorRow, unused).where(FactorRow.account == account))
        ).first()
        if found is None:
            return None
        row, left = found
        seal = await self.seals.row_of(account, TABLE, account, row.version)
        return Factor(
            account=account,
            kind=FactorKind(row.kind),
            secret=seal.open_known("secret", row.secret),
            confirmed=row.confirmed,
            pending=seal.open_known("pending", row.pending),
            last_step=row.last_step,
            failures=row.failures,
            locked_until=row.locked_until,
            recovery_left=left,
            version=row.version,
        )

    async def save(self, factor: Factor, now: datetime, *, step: int | None = None) -> None:
        """Store what is set up; WrongMove when it changed since it was read."""
        seal = await self.seals.row_of(factor.account, TABLE, factor.account, factor.version + 1)
        values: dict[str, Stored] = {
            "kind": factor.kind.value,
            "secret": seal.shut_known("secret", factor.secret),
            "pending": seal.shut_known("pending", factor.pending),
            "confirmed": factor.confirmed,
            "changed_at": now,
            "version": seal.version,
        }
        if factor.version == 0:
            counters: dict[str, Stored] = {"last_step": step or 0, "failures": 0, "locked_until": None}
            stored = await self.transaction.insert(FactorRow, {"account": factor.account, **values, **counters})
        else:
            if step is not None:
                values["last_step"] = step
            unchanged = (FactorRow.account == factor.account, FactorRow.version == factor.version)
            stored = bool(await self.transaction.change(update(FactorRow).where(*unchanged).values(values)))
        if not stored:
            raise WrongMove

    async def remove(self, account: AccountId) -> None:
        """Take it away with its recovery codes, and forget the chats in which it was shown."""
        for row in (RecoveryCodeRow, KnownChatRow, FactorRow):
            await self.transaction.change(delete(row).where(row.account == account))

    async def accept_step(self, account: AccountId, step: int, now: datetime) -> bool:
        """Move the last accepted step on and clear the failures; False for a replay or a locked factor."""
        fresh = update(FactorRow).where(FactorRow.account == account, FactorRow.last_step < step, *_open(now))
        return await self.transaction.change(fresh.values(last_step=step, failures=0, locked_until=None)) == 1

    async def accept_other(self, account: AccountId, now: datetime) -> bool:
        """Clear the failures after a right code of another kind; False for a locked factor."""
        right = update(FactorRow).where(FactorRow.account == account, *_open(now))
        return await self.transaction.change(right.values(failures=0, locked_until=None)) == 1

    async def count_failure(self, account: AccountId, now: datetime) -> bool:
        """Count one wrong code and lock by `lock_after`; False for a locked one, which counts none."""
        after = FactorRow.failures + 1
        locks = {failures: lock_after(failures, now) for failures in range(TRIES, IN_A_ROW + 1, TRIES)}
        until = case(
            *((after == failures, literal(until, UtcDateTime)) for failures, until in locks.items()), else_=None
        )
        wrong = update(FactorRow).where(FactorRow.account == account, *_open(now))
        return await self.transaction.change(wrong.values(failures=after, locked_until=until)) == 1

    async def put_recovery(self, account: AccountId, digests: Sequence[tuple[bytes, bytes]]) -> None:
        """Replace the recovery codes by these: pairs of salt and digest."""
        await self.transaction.change(delete(RecoveryCodeRow).where(RecoveryCodeRow.account == account))
        for salt, digest in digests:
            await self.transaction.insert(
                RecoveryCodeRow, {"account": account, "digest": digest, "salt": salt, "used_at": None}
            )

    async def recovery(self, account: AccountId) -> Sequence[tuple[bytes, bytes]]:
        """The unused ones."""
        unused = select(RecoveryCodeRow.salt, RecoveryCodeRow.digest).where(
            RecoveryCodeRow.account == account, RecoveryCodeRow.used_at.is_(None)
        )
        return [(row.salt, row.digest) for row in await self.transaction.session.execute(unused)]

    async def use_recovery(self, account: AccountId, digest: bytes, now: datetime) -> bool:
        """Mark one used; False when it was before."""
        unused = update(RecoveryCodeRow).where(
            RecoveryCodeRow.account == account, RecoveryCodeRow.digest == digest, RecoveryCodeRow.used_at.is_(None)
        )
        return await self.transaction.change(unused.values(used_at=now)) == 1

    async def know(self, account: AccountId, chat: ChatId, now: datetime) -> bool:
        """Remember that the factor was shown in this chat; False where it is known already."""
        return await self.transaction.insert(KnownChatRow, {"account": account, "chat": chat, "since": now})


def _open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Neither locked nor ended."""
    return (
        or_(FactorRow.locked_until.is_(None), FactorRow.locked_until <= now),
        FactorRow.failures < IN_A_ROW,
    )
