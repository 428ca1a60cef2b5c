"""The journal looked after and read: checkpoints signed and kept twice, everything checked against them, lines found."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, Integer, Text, and_, bindparam, cast, literal, or_, select, true, tuple_

from core.domain.audit import Entry, Finding, Operation, Place, Sought
from core.domain.ids import AccountId
from core.security.chain import AuditCheck, ChainLine, Checkpoint, sign_checkpoint
from core.security.keyring import KeyRing
from core.storage.audit import BATCH, AuditLineRow, SqlAuditTrail
from core.storage.base import Big, UtcDateTime, table_of
from core.storage.conversation.rows import ConversationRow
from core.storage.ticket.rows import TicketRow
from core.storage.transaction import SqlTransaction

LINES = table_of(AuditLineRow)
# Made once: pages that do something by themselves ask it each time.
LATELY = select(LINES.c.subject, LINES.c.details).where(
    LINES.c.actor == bindparam("by", type_=Text),
    LINES.c.operation == bindparam("what", type_=Text),
    LINES.c.at > bindparam("since", type_=UtcDateTime()),
)
MOST_NAMED = 100
"""So many of a person's conversations, and of their requests, the latest, are looked for in what lists showed."""


@dataclass(frozen=True, slots=True)
class SignedTrail:
    """`core.domain.audit.Trail`. `copy` is the file outside the database: one checkpoint a line, only ever added to."""

    transaction: SqlTransaction
    keyring: KeyRing
    copy: Path

    async def checkpoint(self, now: datetime) -> None:
        """Sign where every chain ends, unless nothing was added since the last time."""
        trail = SqlAuditTrail(self.transaction)
        before, heads = await trail.last_checkpoint(), await trail.heads()
        if before is not None and dict(before.heads) == dict(heads):
            return
        checkpoint = sign_checkpoint(now, heads, before, self.keyring.sign)
        if await trail.add_checkpoint(checkpoint):
            line = checkpoint.dumps() + "\n"

            async def put_outside() -> None:
                await asyncio.to_thread(_append, self.copy, line)

            self.transaction.after_commit(put_outside)

    async def verify(self) -> Sequence[Finding]:
        """Run the whole check in the open transaction."""
        check = self.check()
        while await check.step():
            pass
        return check.found

    def check(self) -> "PartialTrailCheck":
        """Begin the check, to be taken part by part."""
        return PartialTrailCheck(SqlAuditTrail(self.transaction), AuditCheck(self.keyring.audit_key), self.copy)


@dataclass(slots=True)
class PartialTrailCheck:
    """`core.domain.audit.PartialCheck`: the copy outside first, then the database's checkpoints, then every line.

    Checkpoints are read up to the one that was the newest right after the copy was read: what is signed meanwhile would
    stand in one place only. Lines come last, so that all that were signed are there. Hashing keeps nobody waiting: it is
    done in a thread.
    """

    trail: SqlAuditTrail
    check: AuditCheck
    copy: Path
    found: list[Finding] = field(default_factory=list)
    lines: int = 0
    _until: int | None = None
    _number: int = -1
    _place: tuple[int, int] = (-1, 0)

    async def step(self) -> bool:
        """Check the next part; False when that was the last one."""
        if self._until is None:
            going = await asyncio.to_thread(self._outside)
            self._until = await self.trail.last_number()
            return going
        stored = await self.trail.checkpoints(self._number, self._until, BATCH)
        if stored:
            self._number = stored[-1][0]
            return await asyncio.to_thread(self._stored, stored)
        self._number = max(self._number, self._until)
        batch = await self.trail.batch(self._place, BATCH)
        await asyncio.to_thread(self._lines, batch)
        return bool(batch)

    def _outside(self) -> bool:
        for number, line in enumerate(_lines(self.copy), start=1):
            try:
                self._note(self.check.outside(Checkpoint.loads(line)))
            except ValueError:
                return self._unreadable(f"{self.copy.name}, line {number}")
        return True

    def _stored(self, stored: Sequence[tuple[int, str]]) -> bool:
        for number, line in stored:
            try:
                self._note(self.check.stored(Checkpoint.loads(line)))
            except ValueError:
                return self._unreadable(f"checkpoint {number}")
        return True

    def _lines(self, batch: Sequence[ChainLine]) -> None:
        if not batch:
            self._note(self.check.finish())
            return
        for line in batch:
            self._note(self.check.line(line))
        self._place = (batch[-1].entry.chain, batch[-1].entry.seq)
        self.lines += len(batch)

    def _note(self, found: Sequence[object]) -> None:
        self.found += [Finding(*str(each).split(": ", 1)) for each in found]

    def _unreadable(self, where: str) -> bool:
        """Nothing that comes after means anything."""
        self.found = [Finding(where, "cannot be read")]
        return False


@dataclass(frozen=True, slots=True)
class SqlReading:
    """`core.domain.audit.Reading`."""

    transaction: SqlTransaction

    async def page(self, sought: Sought, after: Place | None, limit: int) -> Sequence[Entry]:
        """Return the lines after a place, the latest first: by the place itself, however long the journal is."""
        conditions = _conditions(sought)
        if sought.person is not None:
            conditions.append(or_(*_own(sought.person), *await self._named(sought.person)))
        if after is not None:
            here = tuple_(AuditLineRow.at, AuditLineRow.chain, AuditLineRow.seq)
            place = (literal(after.at, UtcDateTime()), literal(after.chain, Integer()), literal(after.seq, Big))
            conditions.append(here < tuple_(*place))
        latest = (AuditLineRow.at.desc(), AuditLineRow.chain.desc(), AuditLineRow.seq.desc())
        rows = await self.transaction.session.scalars(
            select(AuditLineRow).where(*conditions).order_by(*latest).limit(limit)
        )
        return [_entry(row) for row in rows]

    async def lately(
        self, actor: str, operation: Operation, since: datetime
    ) -> Sequence[tuple[str, Mapping[str, str]]]:
        """Return subject and details of what an actor has done since."""
        asked = {"by": actor, "what": operation.value, "since": since}
        return [(row.subject, row.details) for row in await self.transaction.session.execute(LATELY, asked)]

    async def _named(self, person: AccountId) -> list[ColumnElement[bool]]:
        """Return what finds the looks at the queue that named a conversation of theirs, while it stood there."""
        whole = ConversationRow.account == person
        latest = select(ConversationRow.id, ConversationRow.asked_at, ConversationRow.ended_at).where(whole)
        rows = await self.transaction.session.execute(
            latest.order_by(ConversationRow.asked_at.desc()).limit(MOST_NAMED)
        )
        return [
            and_(
                AuditLineRow.operation == Operation.CONVERSATIONS_LISTED.value,
                AuditLineRow.at >= row.asked_at,
                AuditLineRow.at <= row.ended_at if row.ended_at is not None else true(),
                cast(AuditLineRow.details, Text).contains(str(row.id)),
            )
            for row in rows
        ] + await self._named_tickets(person)

    async def _named_tickets(self, person: AccountId) -> list[ColumnElement[bool]]:
        """Return what finds the lists that named a request of theirs: it stands in some of them after it was closed, too."""
        latest = select(TicketRow.id, TicketRow.opened_at).where(TicketRow.account == person)
        rows = await self.transaction.session.execute(latest.order_by(TicketRow.opened_at.desc()).limit(MOST_NAMED))
        found = [
            and_(AuditLineRow.at >= row.opened_at, cast(AuditLineRow.details, Text).contains(str(row.id)))
            for row in rows
        ]
        lists = (Operation.TICKETS_VIEWED.value, Operation.TICKETS_SEARCHED.value)
        return [and_(AuditLineRow.operation.in_(lists), or_(*found))] if found else []


def _conditions(sought: Sought) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if sought.since is not None:
        found.append(AuditLineRow.at >= sought.since)
    if sought.until is not None:
        found.append(AuditLineRow.at < sought.until)
    if sought.operation.endswith("."):
        # Named one by one an index finds them; a beginning would be looked for in every line.
        found.append(AuditLineRow.operation.in_([each for each in Operation if each.startswith(sought.operation)]))
    elif sought.operation:
        found.append(AuditLineRow.operation == sought.operation)
    if sought.actor.endswith(":"):
        found.append(AuditLineRow.actor.startswith(sought.actor, autoescape=True))
    elif sought.actor:
        found.append(AuditLineRow.actor == sought.actor)
    return found


def _own(person: AccountId) -> list[ColumnElement[bool]]:
    return [AuditLineRow.subject == f"account:{person}", AuditLineRow.actor == f"citizen:{person}"]


def _entry(row: AuditLineRow) -> Entry:
    return Entry(row.at, row.chain, row.seq, row.actor, row.operation, row.subject, row.details, row.channel)


def _append(path: Path, line: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("a", encoding="utf-8") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines() if path.exists() else []
