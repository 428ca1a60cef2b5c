"""The journal: lines written as the last thing of a transaction, linked into chains, read in order."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime

from sqlalchemy import JSON, Index, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.actor import Actor, label
from core.domain.audit import Operation
from core.ports import Clock
from core.security.chain import GENESIS, AuditEntry, ChainLine, Checkpoint, chain_of, link
from core.storage.base import Base, Big
from core.storage.transaction import SqlTransaction

POSTGRES_CHAINS = 64
"""One locked chain lets 336 transactions a second through, 64 of them 733; SQLite has one writer and needs one."""

BATCH = 1000


class AuditLineRow(Base):
    """A line. Nothing here is personal. Triggers refuse every change of what was written."""

    __tablename__ = "audit_lines"
    __table_args__ = (Index("ix_audit_lines_subject", "subject", "at"),)

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


class SqlAuditLog:
    """`core.domain.audit.AuditLog` for the open transaction; one object a request, beside its transaction."""

    def __init__(self, transaction: SqlTransaction, clock: Clock) -> None:
        self._transaction = transaction
        self._clock = clock
        self._within: AsyncSession | None = None
        self._pending: list[AuditEntry] = []

    def record(self, actor: Actor, operation: Operation, subject: object | None = None, **details: str) -> None:
        """Add a line to the open transaction; RuntimeError when none is open.

        `subject` is the id of the account whose data it is, None for nobody's. `details` hold nothing personal.
        """
        session = self._transaction.session
        if self._within is not session:
            self._within, self._pending = session, []
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
        for chain in sorted({entry.chain for entry in self._pending}):
            await self._write_chain(chain, [entry for entry in self._pending if entry.chain == chain])

    async def _write_chain(self, chain: int, entries: list[AuditEntry]) -> None:
        head = await self._head(chain)
        seq, hash_ = head.seq, head.hash
        rows = []
        for entry in entries:
            seq += 1
            placed = AuditEntry(
                chain, seq, entry.at, entry.actor, entry.operation, entry.subject, entry.details, entry.channel
            )
            line = ChainLine(placed, hash_, link(hash_, placed))
            hash_ = line.hash
            rows.append(_values(line))
        await self._transaction.session.execute(insert(AuditLineRow), rows)
        await self._transaction.change(
            update(AuditHeadRow).where(AuditHeadRow.chain == chain).values(seq=seq, hash=hash_)
        )

    async def _head(self, chain: int) -> AuditHeadRow:
        locked = select(AuditHeadRow).where(AuditHeadRow.chain == chain).with_for_update()
        head = await self._transaction.session.scalar(locked)
        if head is None:
            await self._transaction.insert(AuditHeadRow, {"chain": chain, "seq": 0, "hash": GENESIS})
            head = await self._transaction.session.scalar(locked)
        if head is None:
            raise RuntimeError(f"the head of audit chain {chain} cannot be read")
        return head


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

    async def checkpoints(self, *, after: int = -1) -> AsyncIterator[tuple[int, str]]:
        """Yield the number and the line of each by number, those after the number `after`; read in batches.

        The line is read by the caller: one that somebody spoiled is a finding, not a failure.
        """
        while True:
            asked = (
                select(CheckpointRow).where(CheckpointRow.number > after).order_by(CheckpointRow.number).limit(BATCH)
            )
            rows = (await self._transaction.session.scalars(asked)).all()
            if not rows:
                return
            for row in rows:
                yield row.number, row.line
            after = rows[-1].number


def _values(line: ChainLine) -> dict[str, object]:
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
