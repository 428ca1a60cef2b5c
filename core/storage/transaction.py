"""The one place that commits: a durable block, with the done mark of the update that it answers."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from sqlalchemy import CursorResult, Delete, Dialect, Executable, Row, Table, Update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from core.domain.update import AlreadyDone, Held, Incoming, LostLock
from core.ports import Clock, Collided
from core.storage.base import Base, Stored
from core.storage.engine import is_deadlock
from core.storage.mark import MARK, OVERTAKEN, RAISE_FENCE, STILL_HELD, UpdateRow
from core.storage.straight import Ready, Straight, insertion, ready, tables_of

__all__ = ["SqlTransaction", "Step", "Stored"]

log = logging.getLogger(__name__)

Step = Callable[[], Awaitable[None]]


class SqlTransaction:
    """`core.ports.Transaction`, one after another over the engine; the Sql twins work inside the one that is open.

    `incoming` names the update of Telegram that is being answered, if there is one. Not shared between tasks.
    """

    def __init__(self, engine: AsyncEngine, clock: Clock, incoming: Incoming | None = None) -> None:
        self._engine = engine
        # Asked at every statement, and several properties deep in the engine.
        self.dialect: Dialect = engine.dialect
        self.on_postgresql: bool = self.dialect.name == "postgresql"
        self._clock = clock
        self._incoming = incoming or Incoming()
        self._marked: int | None = None
        self._connection: AsyncConnection | None = None
        self._straight: Straight | None = None
        self._session: AsyncSession | None = None
        self._foreseen: dict[tuple[Executable, frozenset[tuple[str, Stored]]], Sequence[Any]] = {}
        self._at_the_end: list[Step] = []
        self._after_commit: list[Step] = []
        self._after_rollback: list[Step] = []

    @property
    def session(self) -> AsyncSession:
        """The session of the open transaction, a new one each time; RuntimeError when none is open."""
        self._outdate(None)
        if self._session is None:
            connection = self._open
            sync = connection.sync_connection
            if sync is not None and not sync.in_transaction():
                sync.begin()  # SQLAlchemy's own note: PostgreSQL hears of it with the first statement
            self._session = AsyncSession(
                connection,
                autoflush=False,
                expire_on_commit=False,
                # Rows are read as they are now, after every conditional UPDATE: nothing is remembered in between.
                execution_options={"populate_existing": True, "synchronize_session": False},
            )
        return self._session

    @property
    def block(self) -> object:
        """What tells one open transaction from the next; RuntimeError when none is open."""
        return self._open

    @property
    def _open(self) -> AsyncConnection:
        if self._connection is None:
            raise RuntimeError("no transaction is open")
        return self._connection

    def now(self) -> datetime:
        """Return the time by the clock that the product goes by."""
        return self._clock.now()

    def at_the_end(self, step: Step) -> None:
        """Do this as the last thing before the commit."""
        self._at_the_end.append(step)

    def after_commit(self, step: Step) -> None:
        """Do this outside the database once the commit stands; a failure is logged and changes nothing."""
        self._after_commit.append(step)

    def after_rollback(self, step: Step) -> None:
        """Undo this outside the database when nothing was stored; a failure is logged and changes nothing."""
        self._after_rollback.append(step)

    async def ask(self, statement: Executable, **values: Stored) -> Sequence[Row[Any]]:
        """Run a statement that was made once, with its parameters by name, and return its rows.

        This is the straight way, past the session: no statement is built, keyed and looked up anew, no object is made.
        It changes and locks nothing: on PostgreSQL no transaction is begun for it.
        """
        foreseen = self._foreseen.get((statement, frozenset(values.items()))) if self._foreseen else None
        if foreseen is not None:
            return foreseen
        straight, made = self._straight, ready(statement, values, self.dialect) if self._straight else None
        if straight is None or made is None:
            return (await self._open.execute(statement, values)).all()
        return await straight.rows(made, values)

    async def ask_ready(self, statement: Ready, values: Mapping[str, Stored]) -> Sequence[Row[Any]]:
        """The same with one that stands in PostgreSQL's own words; RuntimeError elsewhere."""
        if self._straight is None:
            raise RuntimeError("no transaction of PostgreSQL is open")
        return await self._straight.rows(statement, values)

    def foresee(self, statement: Executable, values: Mapping[str, Stored], rows: Sequence[Any]) -> None:
        """Let a statement that will be asked be answered by rows that were read already, until its tables change."""
        self._foreseen[statement, frozenset(values.items())] = rows

    def _outdate(self, changed: Executable | None) -> None:
        """Forget what was read ahead of a table that is being changed; of all when nobody knows which."""
        table = getattr(changed, "table", None)
        name = table.name if isinstance(table, Table) else None
        for asked in [each for each in self._foreseen if name is None or name in tables_of(each[0])]:
            del self._foreseen[asked]

    async def alter(self, statement: Executable, **values: Stored) -> int:
        """Run a statement that was made once and changes rows, and return how many it changed."""
        return await self._altered(statement, values)

    async def altered(self, statement: Executable, **values: Stored) -> Sequence[Row[Any]]:
        """Run a statement that was made once and changes or locks rows, and return those that it names."""
        self._outdate(statement)
        straight, made = self._straight, ready(statement, values, self.dialect) if self._straight else None
        if straight is None or made is None:
            return (await self._open.execute(statement, values)).all()
        await straight.begin()
        return await straight.rows(made, values)

    async def alter_alone(self, statement: Executable, **values: Stored) -> int:
        """The same for the only change of its block: on PostgreSQL it is a transaction by itself, unless one is begun."""
        return await self._altered(statement, values, alone=True)

    async def _altered(self, statement: Executable, values: Mapping[str, Stored], *, alone: bool = False) -> int:
        self._outdate(statement)
        straight, made = self._straight, ready(statement, values, self.dialect) if self._straight else None
        if straight is None or made is None:
            return (await self._open.execute(statement, values)).rowcount
        if not alone:
            await straight.begin()
        return await straight.count(made, values)

    async def change(self, statement: Update | Delete) -> int:
        """Run a statement that changes rows and return how many it changed."""
        result = await self.session.execute(statement)
        return result.rowcount if isinstance(result, CursorResult) else 0

    async def insert(self, row: type[Base], values: Mapping[str, Stored], *, alone: bool = False) -> bool:
        """Insert a row; False, and nothing broken, when a unique index refuses it. `alone`: as `alter_alone` does."""
        return await self._altered(insertion(row, self.on_postgresql), values, alone=alone) == 1

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[None]:
        """Open it to look: audit lines are committed, the update is not marked done."""
        await self._begin()
        try:
            yield
        except BaseException as error:
            await self._forget(error)
            raise
        await self._keep(mark=False)

    async def __aenter__(self) -> Self:
        await self._begin()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            await self._keep(mark=True)
        else:
            await self._forget(error)

    async def _begin(self) -> None:
        if self._connection is not None:
            raise RuntimeError("a transaction is open already: use cases do not call use cases")
        # What did not come up needs no closing, and closing it would hide why it did not.
        connection = await self._engine.connect()
        self._connection = connection
        if self.on_postgresql:
            self._straight = Straight(connection)
            return
        try:
            await connection.begin()
        except BaseException:
            await self._close()
            raise

    async def _keep(self, *, mark: bool) -> None:
        try:
            update = self._incoming.id if mark else None
            first = update is not None and update != self._marked
            if first and update is not None:
                await self._mark(update)
            elif mark and self._incoming.held is not None:
                await self._fence(self._incoming.held)
            for step in self._at_the_end:
                await step()
            await self._commit()
        except BaseException as error:
            await self._forget(error)
            raise
        if first:
            self._marked = update
        steps = self._after_commit
        await self._close()
        await _outside(steps)

    async def _mark(self, update: int) -> None:
        """Write the done mark, if nobody has held the chat since; what is true of both is one statement."""
        held = self._incoming.held
        values: Mapping[str, Stored] = {"id": update, "done_at": self._clock.now()}
        if held is None:
            if not await self.insert(UpdateRow, values):
                raise AlreadyDone
            return
        fenced = {**values, "chat": held.chat, "fence": held.fence}
        if self._straight is not None:
            await self._straight.begin()
            (found,) = await self.ask(MARK, **fenced)
            marked, seen, lost = tuple(found)
        else:
            # One writer at a time: nothing changes between the statements.
            lost = (await self._open.execute(OVERTAKEN, fenced)).first() is not None
            if not lost:
                await self._open.execute(RAISE_FENCE, fenced)
            marked = not lost and await self.insert(UpdateRow, values)
            seen = not marked and not lost
        if lost and not seen:
            raise LostLock
        if not marked:
            raise AlreadyDone

    async def _fence(self, held: Held) -> None:
        """A further block of an update that is marked already: nobody may have held the chat since either."""
        fenced: Mapping[str, Stored] = {"chat": held.chat, "fence": held.fence}
        if not await self.alter(STILL_HELD, **fenced) and await self.ask(OVERTAKEN, **fenced):
            raise LostLock

    async def _commit(self) -> None:
        if self._straight is not None and self._session is None and not self._open.in_transaction():
            if self._straight.begun is not None:
                await self._straight.end(self._straight.begun.commit)
        else:
            await self._open.commit()

    async def _forget(self, error: BaseException | None) -> None:
        """Store nothing. Raises Collided where that is what `error` says."""
        steps = self._after_rollback
        try:
            if self._straight is not None:
                await self._straight.roll_back()
            await self._open.rollback()
        finally:
            await self._close()
        await _outside(steps)
        if is_deadlock(error):
            raise Collided from error

    async def _close(self) -> None:
        connection, self._connection = self._connection, None
        session, self._session, self._straight = self._session, None, None
        self._foreseen.clear()
        self._at_the_end, self._after_commit, self._after_rollback = [], [], []
        try:
            if session is not None:
                await session.close()
        finally:
            if connection is not None:
                await connection.close()


async def _outside(steps: list[Step]) -> None:
    for step in steps:
        try:
            await step()
        except Exception as error:
            # What the database says stands. The type alone is told: a message might name what nobody should read.
            log.warning("after_transaction_failed", extra={"error": type(error).__name__})
