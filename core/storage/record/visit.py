"""Visits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select

from core.domain.ids import AccountId, RecordId
from core.domain.record import NotFound, Period, Visit
from core.storage.base import table_of
from core.storage.key import Seals
from core.storage.record.rows import VisitRow
from core.storage.record.shelf import Record, batches, moments, opened, put, remove
from core.storage.record.written import coding_in, coding_out, filled
from core.storage.transaction import SqlTransaction

ROWS = table_of(VisitRow)
MINE = ROWS.c.account == bindparam("account")
NEWEST = (ROWS.c.started_at.desc(), ROWS.c.id.desc())
OF = (
    select(ROWS)
    .where(MINE, ROWS.c.started_at >= bindparam("since"), ROWS.c.started_at < bindparam("until"))
    .order_by(*NEWEST)
)
ONE = select(ROWS).where(MINE, ROWS.c.id == bindparam("id"))
SOME = select(ROWS).where(MINE, ROWS.c.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class SqlVisits:
    """`core.domain.record.Visits`."""

    transaction: SqlTransaction
    seals: Seals

    async def put(self, visits: Sequence[Visit]) -> None:
        """Store them in one statement; NotFound, with nothing stored, for an id that is another person's."""
        await put(self.transaction, self.seals, VisitRow, [_record(visit) for visit in visits])

    async def remove(self, account: AccountId, ids: Sequence[RecordId]) -> None:
        """Delete those that are this account's."""
        await remove(self.transaction, VisitRow, account, ids)

    async def of(self, account: AccountId, period: Period) -> Sequence[Visit]:
        """Return all that began within the period, the newest first."""
        return await self._read(await self.transaction.ask(OF, account=account, **moments(period)))

    async def one(self, account: AccountId, record: RecordId) -> Visit:
        """Return it; raises NotFound."""
        found = await self._read(await self.transaction.ask(ONE, account=account, id=record))
        if not found:
            raise NotFound
        return found[0]

    async def some(self, account: AccountId, records: Sequence[RecordId]) -> Sequence[Visit]:
        """Return those of them that are this account's, the newest first."""
        found: list[Visit] = []
        for ids in batches(records):
            found += await self._read(await self.transaction.ask(SOME, account=account, ids=ids))
        return sorted(found, key=lambda visit: (visit.started_at, visit.id), reverse=True)

    async def _read(self, rows: Sequence[Row[Any]]) -> list[Visit]:
        return [_visit(row, kept) for row, kept in await opened(self.seals, VisitRow, rows)]


def _record(visit: Visit) -> Record:
    content = filled(
        ended_at=visit.ended_at and visit.ended_at.isoformat(),
        kind=visit.kind and coding_in(visit.kind),
        institution=visit.institution,
        doctor=visit.doctor,
        speciality=visit.speciality,
        diagnoses=[coding_in(each) for each in visit.diagnoses],
        recommendations=list(visit.recommendations),
        prescriptions=list(visit.prescriptions),
    )
    return Record(visit.id, visit.account, {"clinic": visit.clinic, "started_at": visit.started_at}, content)


def _visit(row: Row[Any], kept: Mapping[str, Any]) -> Visit:
    return Visit(
        id=row.id,
        account=row.account,
        clinic=row.clinic,
        started_at=row.started_at,
        ended_at=datetime.fromisoformat(kept["ended_at"]) if "ended_at" in kept else None,
        kind=coding_out(kept["kind"]) if "kind" in kept else None,
        institution=kept.get("institution", ""),
        doctor=kept.get("doctor", ""),
        speciality=kept.get("speciality", ""),
        diagnoses=tuple(coding_out(each) for each in kept.get("diagnoses", ())),
        recommendations=tuple(kept.get("recommendations", ())),
        prescriptions=tuple(kept.get("prescriptions", ())),
    )
