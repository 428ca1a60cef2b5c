"""What results, visits and vaccinations share: many rows put at once, each sealed for its place, and opened again."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Delete, Insert, Row, Select, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from core.domain.ids import AccountId, RecordId
from core.domain.record import NotFound, Period
from core.security.envelope import Place
from core.storage.base import Base, table_of
from core.storage.key import Seals
from core.storage.transaction import SqlTransaction

AT_ONCE = 500
"""Ids in one list, and rows sealed at once: SQLite takes 32,766 parameters in a statement, PostgreSQL plans a short list
better, and of a large delivery no more than these are held sealed beside what they were made of."""
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
Content = Mapping[str, Any]
"""What is sealed, as JSON has it."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record on its way into its row: what stands in clear beside id and account, and what is sealed."""

    id: RecordId
    account: AccountId
    clear: dict[str, Any]
    content: Content


async def put(transaction: SqlTransaction, seals: Seals, kind: type[Base], records: Sequence[Record]) -> None:
    """Store them, hundreds in one statement; a record that is there is replaced, its content sealed for the next version.

    Raises NotFound, with nothing stored, when a record of that id is another person's.
    """
    if not records:
        return
    versions = await _versions(transaction, kind, records)
    await seals.of_accounts({record.account for record in records})
    connection = await transaction.session.connection()
    # In one order, so that two deliveries of the same records wait for each other and never for one another at once.
    ordered = sorted(records, key=lambda record: record.id.int)
    for start in range(0, len(ordered), AT_ONCE):
        rows = []
        for record in ordered[start : start + AT_ONCE]:
            # The same one twice in a delivery: the later one takes the place of the earlier.
            version = versions[record.id] = versions.get(record.id, 0) + 1
            seal = await seals.row_of(record.account, kind.__tablename__, record.id, version)
            sealed = seal.shut("content", json.dumps(record.content, ensure_ascii=False, separators=(",", ":")))
            own = {"id": record.id, "account": record.account, "content": sealed, "version": version}
            rows.append({**record.clear, **own})
        await connection.execute(_upsert(kind, transaction.on_postgresql), rows)


async def remove(transaction: SqlTransaction, kind: type[Base], account: AccountId, ids: Sequence[RecordId]) -> None:
    """Delete those that are this account's."""
    for some in batches(ids):
        await transaction.alter(_removal(kind), owner=account, ids=some)


def batches(ids: Iterable[RecordId]) -> Iterator[list[RecordId]]:
    """Return lists that one statement takes."""
    every = list(dict.fromkeys(ids))
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]


def moments(period: Period) -> dict[str, datetime]:
    """Return the ends of a period as parameters; an open end is where time ends."""
    return {"since": period.since or FIRST, "until": period.until or LAST}


def days(period: Period) -> dict[str, date]:
    """The same for days, which count as their midnight in UTC: `since` and `last` belong to the period."""
    since, until = period.since or FIRST, period.until or LAST
    first = since.astimezone(UTC)
    begun = first.time() != datetime.min.time()
    return {
        "since": first.date() + timedelta(days=1) if begun else first.date(),
        "last": (until.astimezone(UTC) - timedelta(microseconds=1)).date(),
    }


async def opened(seals: Seals, kind: type[Base], rows: Sequence[Row[Any]]) -> list[tuple[Row[Any], dict[str, Any]]]:
    """Return each row of one account with what was sealed in it; raises `core.security.envelope.Tampered`."""
    if not rows:
        return []
    # Many rows: what does not change from one to the next is done once.
    key = await seals.of_account(rows[0].account)
    table, unseal, read = kind.__tablename__, seals.envelope.open_text, json.loads
    return [(row, read(unseal(key, Place(table, row.id, "content", row.version), row.content))) for row in rows]


async def _versions(transaction: SqlTransaction, kind: type[Base], records: Sequence[Record]) -> dict[RecordId, int]:
    owners = {record.id: record.account for record in records}
    if any(owners[record.id] != record.account for record in records):
        raise NotFound
    found: dict[RecordId, int] = {}
    for some in batches(owners):
        for row in await transaction.ask(_present(kind), ids=some):
            if row.account != owners[row.id]:
                raise NotFound
            found[row.id] = row.version
    return found


@cache
def _present(kind: type[Base]) -> Select[Any]:
    table = table_of(kind)
    return select(table.c.id, table.c.account, table.c.version).where(table.c.id.in_(bindparam("ids", expanding=True)))


@cache
def _removal(kind: type[Base]) -> Delete:
    table = table_of(kind)
    mine = table.c.account == bindparam("owner")
    return delete(table).where(mine, table.c.id.in_(bindparam("ids", expanding=True)))


@cache
def _upsert(kind: type[Base], on_postgresql: bool) -> Insert:
    table = table_of(kind)
    into = postgresql.insert(table) if on_postgresql else sqlite.insert(table)
    anew = {column.name: into.excluded[column.name] for column in table.columns if column.name not in {"id", "account"}}
    # Between the look and the write somebody else may have stored it: whose it is never changes.
    mine = table.c.account == into.excluded.account
    return into.on_conflict_do_update(index_elements=[table.c.id], set_=anew, where=mine)
