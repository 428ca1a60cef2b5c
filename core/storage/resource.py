"""Kept resources: compressed and sealed, one blob a row; a bundle is a few statements whatever it holds."""

import asyncio
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ForeignKey, Index, Insert, Row, Select, bindparam, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.ids import AccountId, ClinicId, RecordId
from core.domain.resource import Content, Kept, Mark, Stamp, unpacked
from core.ports import BlindIndexes
from core.security.envelope import DataKey, Envelope, Place
from core.storage.base import Base, table_of
from core.storage.key import Seals
from core.storage.transaction import SqlTransaction

TABLE = "resources"
PATIENT = "clinic.patient"
AT_ONCE = 500
"""Rows or ids in one statement."""
IS_PART = text("part_of IS NOT NULL")


class ResourceRow(Base):
    """A resource as it came. In clear: whose, whence, its type and version. `part_of`: its visit or panel."""

    __tablename__ = TABLE
    __table_args__ = (
        Index("ix_resources_clinic_type", "clinic", "type", "shown"),
        Index(
            "ix_resources_part_of",
            "part_of",
            sqlite_where=IS_PART,
            postgresql_where=IS_PART,
        ),
    )

    id: Mapped[RecordId] = mapped_column(primary_key=True)
    account: Mapped[AccountId | None] = mapped_column(ForeignKey("accounts.id"))
    clinic: Mapped[ClinicId] = mapped_column(ForeignKey("clinics.id"))
    type: Mapped[str]
    version: Mapped[str]
    updated_at: Mapped[datetime | None]
    digest: Mapped[bytes]
    edition: Mapped[int]
    part_of: Mapped[RecordId | None]
    shown: Mapped[bool]
    removed: Mapped[bool]
    received_at: Mapped[datetime]
    content: Mapped[bytes]


class ClinicPatientRow(Base):
    """Whose record a patient of a clinic is; the clinic's name of the patient is a keyed hash."""

    __tablename__ = "clinic_patients"

    clinic: Mapped[ClinicId] = mapped_column(ForeignKey("clinics.id"), primary_key=True)
    patient: Mapped[bytes] = mapped_column(primary_key=True)
    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"), index=True)
    seen_at: Mapped[datetime]


ROWS = table_of(ResourceRow)
PATIENTS = table_of(ClinicPatientRow)
SOME = ROWS.c.id.in_(bindparam("ids", expanding=True))
CLEAR = tuple(column for column in ROWS.columns if column.name not in {"content", "received_at"})
MARKS = select(*CLEAR).where(SOME)
CONTENTS = select(ROWS.c.id, ROWS.c.account, ROWS.c.edition, ROWS.c.content).where(SOME, ROWS.c.removed.is_(False))
PARTS = (
    select(*CLEAR)
    .where(ROWS.c.part_of.in_(bindparam("ids", expanding=True)), ROWS.c.removed.is_(False))
    .order_by(ROWS.c.received_at, ROWS.c.id)
)
COUNT = (
    select(ROWS.c.type, ROWS.c.shown, func.count().label("many"))
    .where(ROWS.c.clinic == bindparam("clinic"))
    .group_by(ROWS.c.type, ROWS.c.shown)
)
KNOWN = select(PATIENTS.c.patient, PATIENTS.c.account).where(
    PATIENTS.c.clinic == bindparam("clinic"), PATIENTS.c.patient.in_(bindparam("patients", expanding=True))
)


@dataclass(frozen=True, slots=True)
class SqlResources:
    """`core.domain.resource.Resources`."""

    transaction: SqlTransaction
    seals: Seals
    indexes: BlindIndexes

    async def marks(self, ids: Collection[RecordId]) -> Mapping[RecordId, Mark]:
        """Return what is kept under these ids."""
        return {mark.id: mark for rows in await self._asked(MARKS, ids) for mark in map(_mark, rows)}

    async def contents(self, ids: Collection[RecordId]) -> Mapping[RecordId, Content]:
        """Open them; those that were taken back are left out."""
        found: dict[RecordId, Content] = {}
        for rows in await self._asked(CONTENTS, ids):
            keys = await self.seals.of_accounts({row.account for row in rows if row.account})
            for row in rows:
                key = keys[row.account] if row.account else await self.seals.of_system()
                sealed = self.seals.envelope.open(key, _place(row.id, row.edition), row.content)
                found[row.id] = json.loads(unpacked(sealed), parse_float=Decimal)
        return found

    async def parts(self, wholes: Collection[RecordId]) -> Sequence[Mark]:
        """Return what belongs to these visits and panels, the first that came first."""
        return [_mark(row) for rows in await self._asked(PARTS, wholes) for row in rows]

    async def put(self, kept: Sequence[Kept], now: datetime) -> None:
        """Store them, each few hundred sealed in a thread; one with the same id is replaced."""
        accounts = {each.mark.account for each in kept}
        owned = await self.seals.of_accounts([each for each in accounts if each])
        keys: dict[AccountId | None, DataKey] = dict(owned.items())
        if None in accounts:
            keys[None] = await self.seals.of_system()
        connection = await self.transaction.session.connection()
        # In one order, so that two deliveries wait for each other and never for one another at once.
        ordered = sorted(kept, key=lambda each: each.mark.id.int)
        for start in range(0, len(ordered), AT_ONCE):
            some = ordered[start : start + AT_ONCE]
            sealed = await asyncio.to_thread(_sealed, self.seals.envelope, keys, some)
            rows = [
                {**_clear(each), "received_at": now, "content": content}
                for each, content in zip(some, sealed, strict=True)
            ]
            await connection.execute(_upsert(self.transaction.on_postgresql), rows)

    async def attach(self, parts: Mapping[RecordId, RecordId | None]) -> None:
        """Note which visit or panel each belongs to."""
        wholes: dict[RecordId | None, list[RecordId]] = {}
        for part, whole in parts.items():
            wholes.setdefault(whole, []).append(part)
        for whole, some in wholes.items():
            await self.transaction.change(update(ROWS).where(ROWS.c.id.in_(some)).values(part_of=whole))

    async def patients(self, clinic: ClinicId, ids: Collection[str]) -> Mapping[str, AccountId]:
        """Return whose records the clinic's patients were when it named them last."""
        names = {self._patient(clinic, each): each for each in ids}
        rows = await self.transaction.ask(KNOWN, clinic=clinic, patients=list(names)) if names else ()
        return {names[row.patient]: row.account for row in rows}

    async def remember(self, clinic: ClinicId, account: AccountId, ids: Collection[str], now: datetime) -> None:
        """Note whose records these patients of the clinic are."""
        named = sorted(self._patient(clinic, each) for each in ids)
        rows = [{"clinic": clinic, "patient": each, "account": account, "seen_at": now} for each in named]
        if rows:
            connection = await self.transaction.session.connection()
            await connection.execute(_remember(self.transaction.on_postgresql), rows)

    async def count(self, clinic: ClinicId) -> Mapping[str, tuple[int, int]]:
        """Count by type, in the index alone: how many are kept, and how many of those are shown."""
        found: dict[str, tuple[int, int]] = {}
        for row in await self.transaction.ask(COUNT, clinic=clinic):
            kept, shown = found.get(row.type, (0, 0))
            found[row.type] = kept + row.many, shown + (row.many if row.shown else 0)
        return dict(sorted(found.items()))

    async def _asked(self, statement: Select[Any], ids: Collection[RecordId]) -> list[Sequence[Row[Any]]]:
        every = sorted(set(ids))
        return [
            await self.transaction.ask(statement, ids=every[start : start + AT_ONCE])
            for start in range(0, len(every), AT_ONCE)
        ]

    def _patient(self, clinic: ClinicId, id_: str) -> bytes:
        return self.indexes.of(PATIENT, f"{clinic}/{id_}")


def _sealed(envelope: Envelope, keys: Mapping[AccountId | None, DataKey], kept: Sequence[Kept]) -> list[bytes]:
    return [envelope.seal(keys[each.mark.account], _place(each.mark.id, each.mark.edition), each.body) for each in kept]


def _place(resource: RecordId, edition: int) -> Place:
    return Place(TABLE, resource, "content", edition)


def _clear(kept: Kept) -> dict[str, Any]:
    mark = kept.mark
    return {
        "id": mark.id,
        "account": mark.account,
        "clinic": mark.clinic,
        "type": mark.type,
        "version": mark.stamp.version,
        "updated_at": mark.stamp.updated_at,
        "digest": bytes.fromhex(mark.stamp.digest),
        "edition": mark.edition,
        "part_of": mark.part_of,
        "shown": mark.shown,
        "removed": mark.removed,
    }


def _mark(row: Row[Any]) -> Mark:
    stamp = Stamp(row.version, row.updated_at, row.digest.hex())
    return Mark(row.id, row.clinic, row.account, row.type, stamp, row.edition, row.part_of, row.shown, row.removed)


@cache
def _upsert(on_postgresql: bool) -> Insert:
    into = postgresql.insert(ROWS) if on_postgresql else sqlite.insert(ROWS)
    whose = {"id", "account", "clinic"}
    anew = {column.name: into.excluded[column.name] for column in ROWS.columns if column.name not in whose}
    return into.on_conflict_do_update(index_elements=[ROWS.c.id], set_=anew)


@cache
def _remember(on_postgresql: bool) -> Insert:
    into = postgresql.insert(PATIENTS) if on_postgresql else sqlite.insert(PATIENTS)
    anew = {"account": into.excluded.account, "seen_at": into.excluded.seen_at}
    return into.on_conflict_do_update(index_elements=[PATIENTS.c.clinic, PATIENTS.c.patient], set_=anew)
