"""The journal: lines written as the last thing of a transaction, linked into chains, read in order."""

import json
from collections.abc import AsyncIterator, Mapping
from datetime import datetime

from sqlalchemy import JSON, Index, LargeBinary, Text, bindparam, func, insert, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.actor import Actor, label
from core.domain.audit import Operation
from core.ports import Clock
from core.security.chain import GENESIS, AuditEntry, ChainLine, Checkpoint, chain_of, link
from core.security.chain.lines import LINE
from core.storage.base import Base, Big, UtcDateTime, table_of
from core.storage.transaction import SqlTransaction, Stored

POSTGRES_CHAINS = 64
"""One locked chain lets 336 transactions a second through, 64 of them 733; SQLite has one writer and needs one."""

BATCH = 1000


class AuditLineRow(Base):
    """A line. Nothing here is personal. Triggers refuse every change of what was written."""

    __tablename__ = "audit_lines"
    __table_args__ = (
        Index("ix_audit_lines_subject", "subject", "at"),
        Index("ix_audit_lines_at", "at", "chain", "seq"),
        Index("ix_audit_lines_actor", "actor", "at"),
        Index("ix_audit_lines_operation", "operation", "at"),
    )

    chain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str]
    operation: Mapped[str]
    subject: Mapped[str]
    details: Mapped[dict[str, str]] = mapped_column(JSON)
    channel: Mapped[str]
    previous: Mapped[bytes]
    hash: Mapped[bytes]


class AuditHeadRow(Base):
    """Where a chain ends: what the next line follows, locked while it is written."""

    __tablename__ = "audit_heads"

    chain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Big)
    hash: Mapped[bytes]


class CheckpointRow(Base):
    """A signed checkpoint, as the one line of JSON that also stands outside the database."""

    __tablename__ = "audit_checkpoints"

    number: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=False)
    line: Mapped[str]


# Made once: building and keying a statement costs several times what running it does.
HEADS = table_of(AuditHeadRow)
LOCK_HEAD = select(HEADS.c.seq, HEADS.c.hash).where(HEADS.c.chain == bindparam("at_chain"))
MOVE_HEAD = (
    update(HEADS)
    .where(HEADS.c.chain == bindparam("at_chain"))
    .values(seq=bindparam("to_seq"), hash=bindparam("to_hash"))
)
WRITE_LINE = insert(table_of(AuditLineRow))
# The head locked, the lines linked and written, the head moved: in one statement, whose lock lasts no longer than it must.
# The hash is that of `core.security.chain.link`; all but the number and what went before is made ready there.
APPEND = text(f"""
    WITH RECURSIVE
    head AS (SELECT seq, hash FROM audit_heads WHERE chain = :chain FOR UPDATE),
    line (place, seq, previous, hash) AS (
        SELECT 0, seq, hash, hash FROM head
        UNION ALL
        SELECT place + 1, seq + 1, hash,
               sha256('\\x{LINE.hex()}'::bytea || hash || (:begins)[place + 1]
                      || convert_to((seq + 1)::text, 'UTF8') || (:ends)[place + 1])
        FROM line WHERE place < cardinality(:begins)),
    moved AS (
        UPDATE audit_heads SET seq = line.seq, hash = line.hash
        FROM line WHERE audit_heads.chain = :chain AND line.place = cardinality(:begins))
    INSERT INTO audit_lines (chain, seq, at, actor, operation, subject, details, channel, previous, hash)
    SELECT :chain, seq, (:moments)[place], (:actors)[place], (:operations)[place],
           (:subjects)[place], (:details)[place]::json, (:channels)[place], previous, hash
    FROM line WHERE place > 0
""").bindparams(  # noqa: S608 - a constant of ours
    bindparam("chain", type_=Big),
    *(bindparam(name, type_=ARRAY(LargeBinary)) for name in ("begins", "ends")),
    bindparam("moments", type_=ARRAY(UtcDateTime())),
    *(bindparam(name, type_=ARRAY(Text)) for name in ("actors", "operations", "subjects", "details", "channels")),
)


class SqlAuditLog:
    """`core.domain.audit.AuditLog` for the open transaction; one object a request, beside its transaction."""

    def __init__(self, transaction: SqlTransaction, clock: Clock) -> None:
        self._transaction = transaction
        self._clock = clock
        self._within: object = None
        self._pending: list[AuditEntry] = []

    def record(self, actor: Actor, operation: Operation, subject: object | None = None, **details: str) -> None:
        """Add a line to the open transaction; RuntimeError when none is open.

        `subject` is the id of the account whose data it is, None for nobody's. `details` hold nothing personal.
        """
        block = self._transaction.block
        if self._within is not block:
            self._within, self._pending = block, []
            self._transaction.at_the_end(self._write)
        chains = POSTGRES_CHAINS if self._transaction.on_postgresql else 1
        whose = "-" if subject is None else f"account:{subject}"
        entry = AuditEntry(
            chain=chain_of(whose, chains),
            seq=0,
            at=self._clock.now(),
            actor=label(actor),
            operation=operation.value,
            subject=whose,
            details=details,
        )
        self._pending.append(entry)

    async def _write(self) -> None:
        # Chains in order, so that two transactions never wait for each other; heads last, so that others wait shortly.
        chains = sorted({entry.chain for entry in self._pending})
        for chain in chains:
            entries = [entry for entry in self._pending if entry.chain == chain]
            if self._transaction.on_postgresql:
                await self._append(chain, entries, alone=len(chains) == 1)
            else:
                await self._write_chain(chain, entries)

    async def _append(self, chain: int, entries: list[AuditEntry], *, alone: bool) -> None:
        around = [entry.around_number() for entry in entries]
        values: dict[str, Stored] = {
            "chain": chain,
            "begins": [begin for begin, _ in around],
            "ends": [end for _, end in around],
            "moments": [entry.at for entry in entries],
            "actors": [entry.actor for entry in entries],
            "operations": [entry.operation for entry in entries],
            "subjects": [entry.subject for entry in entries],
            "details": [json.dumps(dict(entry.details), ensure_ascii=False) for entry in entries],
            "channels": [entry.channel for entry in entries],
        }
        append = self._transaction.alter_alone if alone else self._transaction.alter
        if not await append(APPEND, **values):
            await self._transaction.insert(AuditHeadRow, {"chain": chain, "seq": 0, "hash": GENESIS})
            if not await append(APPEND, **values):
                raise RuntimeError(f"the head of audit chain {chain} cannot be read")

    async def _write_chain(self, chain: int, entries: list[AuditEntry]) -> None:
        seq, hash_ = await self._head(chain)
        rows = []
        for entry in entries:
            seq += 1
            placed = AuditEntry(
                chain, seq, entry.at, entry.actor, entry.operation, entry.subject, entry.details, entry.channel
            )
            line = ChainLine(placed, hash_, link(hash_, placed))
            hash_ = line.hash
            rows.append(_values(line))
        for row in rows:
            await self._transaction.alter(WRITE_LINE, **row)
        await self._transaction.alter(MOVE_HEAD, at_chain=chain, to_seq=seq, to_hash=hash_)

    async def _head(self, chain: int) -> tuple[int, bytes]:
        head = await self._transaction.ask(LOCK_HEAD, at_chain=chain)
        if not head:
            await self._transaction.insert(AuditHeadRow, {"chain": chain, "seq": 0, "hash": GENESIS})
            head = await self._transaction.ask(LOCK_HEAD, at_chain=chain)
        if not head:
            raise RuntimeError(f"the head of audit chain {chain} cannot be read")
        return head[0].seq, head[0].hash


class SqlAuditTrail:
    """The journal as a whole: for the check, the checkpoints and the auditor. Works inside the open transaction."""

    def __init__(self, transaction: SqlTransaction) -> None:
        self._transaction = transaction

    async def lines(self, *, after: tuple[int, int] = (-1, 0)) -> AsyncIterator[ChainLine]:
        """Yield lines ordered by chain and number, those after the place `after`; read in batches, all by default."""
        while batch := await self.batch(after, BATCH):
            for line in batch:
                yield line
            after = (batch[-1].entry.chain, batch[-1].entry.seq)

    async def batch(self, after: tuple[int, int], limit: int) -> list[ChainLine]:
        """Return the next lines after a place: for a long journal, each batch in a transaction of its own."""
        place = tuple_(AuditLineRow.chain, AuditLineRow.seq)
        asked = select(AuditLineRow).where(place > after).order_by(AuditLineRow.chain, AuditLineRow.seq).limit(limit)
        return [_line(row) for row in await self._transaction.session.scalars(asked)]

    async def of_subject(self, subject: object, limit: int) -> list[ChainLine]:
        """Return what was done with the data of an account, latest first."""
        asked = select(AuditLineRow).where(AuditLineRow.subject == f"account:{subject}")
        latest = asked.order_by(AuditLineRow.at.desc(), AuditLineRow.seq.desc()).limit(limit)
        return [_line(row) for row in await self._transaction.session.scalars(latest)]

    async def heads(self) -> Mapping[int, tuple[int, bytes]]:
        """Return where every chain ends: chain to number and hash of its last line."""
        rows = await self._transaction.session.scalars(select(AuditHeadRow).order_by(AuditHeadRow.chain))
        return {row.chain: (row.seq, row.hash) for row in rows}

    async def add_checkpoint(self, checkpoint: Checkpoint) -> bool:
        """Store it; False when another process stored one of this number first."""
        return await self._transaction.insert(CheckpointRow, {"number": checkpoint.number, "line": checkpoint.dumps()})

    async def last_checkpoint(self) -> Checkpoint | None:
        """Return the newest; ValueError when it cannot be read."""
        newest = select(CheckpointRow.line).order_by(CheckpointRow.number.desc()).limit(1)
        line = await self._transaction.session.scalar(newest)
        return None if line is None else Checkpoint.loads(line)

    async def last_number(self) -> int:
        """Return the number of the newest checkpoint, -1 where there is none."""
        number = await self._transaction.session.scalar(select(func.max(CheckpointRow.number)))
        return -1 if number is None else number

    async def checkpoints(self, after: int, until: int, limit: int) -> list[tuple[int, str]]:
        """Return the number and the line of the next ones by number, those after one and up to another.

        The line is read by the caller: one that somebody spoiled is a finding, not a failure.
        """
        between = (CheckpointRow.number > after, CheckpointRow.number <= until)
        asked = select(CheckpointRow).where(*between).order_by(CheckpointRow.number).limit(limit)
        return [(row.number, row.line) for row in await self._transaction.session.scalars(asked)]


def _values(line: ChainLine) -> dict[str, Stored]:
    entry = line.entry
    return {
        "chain": entry.chain,
        "seq": entry.seq,
        "at": entry.at,
        "actor": entry.actor,
        "operation": entry.operation,
        "subject": entry.subject,
        "details": dict(entry.details),
        "channel": entry.channel,
        "previous": line.previous,
        "hash": line.hash,
    }


def _line(row: AuditLineRow) -> ChainLine:
    entry = AuditEntry(row.chain, row.seq, row.at, row.actor, row.operation, row.subject, row.details, row.channel)
    return ChainLine(entry, row.previous, row.hash)
