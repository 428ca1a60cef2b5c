"""An account's own part of the journal, for its owner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from core.domain.activity import Act, Who
from core.domain.audit import Operation
from core.domain.ids import AccountId
from core.storage.audit import AuditLineRow
from core.storage.transaction import SqlTransaction

KINDS = {"chat": Who.CHAT, "staff": Who.STAFF, "clinic": Who.CLINIC, "handover": Who.HANDOVER, "system": Who.PRODUCT}
VERIFY_PAGE = "system:verify"
"""The page speaks for whoever looks there."""
NAMED = frozenset({Who.STAFF, Who.CLINIC})


@dataclass(frozen=True, slots=True)
class SqlJournal:
    """`core.domain.activity.Journal`."""

    transaction: SqlTransaction

    async def of(
        self, account: AccountId, until: datetime, *, outsiders: bool, limit: int, offset: int = 0
    ) -> Sequence[Act]:
        """Return what was done with the data of an account up to `until`, the latest first."""
        asked = select(AuditLineRow.at, AuditLineRow.actor, AuditLineRow.operation, AuditLineRow.details)
        latest = asked.where(*_of(account, until, outsiders=outsiders)).order_by(
            AuditLineRow.at.desc(), AuditLineRow.seq.desc()
        )
        rows = await self.transaction.session.execute(latest.limit(limit).offset(offset))
        return [_act(account, *row) for row in rows]

    async def count(self, account: AccountId, until: datetime, *, outsiders: bool) -> int:
        """Return how many lines there are up to `until`."""
        asked = select(func.count()).select_from(AuditLineRow).where(*_of(account, until, outsiders=outsiders))
        return await self.transaction.session.scalar(asked) or 0


def _of(account: AccountId, until: datetime, *, outsiders: bool) -> list[ColumnElement[bool]]:
    conditions = [AuditLineRow.subject == f"account:{account}", AuditLineRow.at <= until]
    if outsiders:
        product = and_(AuditLineRow.actor.like("system:%"), AuditLineRow.actor != VERIFY_PAGE)
        own = or_(AuditLineRow.actor == f"citizen:{account}", product)
        conditions.append(~own)
    return conditions


def _act(account: AccountId, at: datetime, actor: str, operation: str, details: dict[str, str]) -> Act:
    kind, _, name = actor.partition(":")
    own = Who.OWNER if name == str(account) else Who.OTHER
    who = own if kind == "citizen" else Who.ANYBODY if actor == VERIFY_PAGE else KINDS[kind]
    return Act(at, who, Operation(operation), UUID(name) if who in NAMED else None, details)
