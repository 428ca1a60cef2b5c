"""The one place that commits: a durable block, with the done mark of the update that it answers."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from types import TracebackType
from typing import Self
from uuid import UUID

from sqlalchemy import CursorResult, Delete, Update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.update import AlreadyDone, Incoming
from core.ports import Clock
from core.storage.base import Base, Big

log = logging.getLogger(__name__)

Stored = UUID | str | bytes | int | bool | datetime | Mapping[str, str] | list[list[str]] | None
"""What a column can take."""
Step = Callable[[], Awaitable[None]]


class UpdateRow(Base):
    """The mark of an update of Telegram that took effect; `answered_at` once its person has the answer."""

    __tablename__ = "updates"

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=False)
    done_at: Mapped[datetime] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]


class SqlTransaction:
    """`core.ports.Transaction`, one after another over the engine; the Sql twins work inside the one that is open.

    `incoming` names the update of Telegram that is being answered, if there is one. Not shared between tasks.
    """

    def __init__(self, engine: AsyncEngine, clock: Clock, incoming: Incoming | None = None) -> None:
        self._engine = engine
        self._clock = clock
        self._incoming = incoming or Incoming()
        self._marked: int | None = None
        self._session: AsyncSession | None = None
        self._at_the_end: list[Step] = []
        self._after_commit: list[Step] = []
        self._after_rollback: list[Step] = []

    @property
    def session(self) -> AsyncSession:
        """The session of the open transaction, a new one each time; RuntimeError when none is open."""
        if self._session is None:
            raise RuntimeError("no transaction is open")
        return self._session

    @property
    def on_postgresql(self) -> bool:
        """Which of the two databases it is."""
        return self._engine.dialect.name == "postgresql"

    def at_the_end(self, step: Step) -> None:
        """Do this as the last thing before the commit."""
        self._at_the_end.append(step)

    def after_commit(self, step: Step) -> None:
        """Do this outside the database once the commit stands; a failure is logged and changes nothing."""
        self._after_commit.append(step)

    def after_rollback(self, step: Step) -> None:
        """Undo this outside the database when nothing was stored; a failure is logged and changes nothing."""
        self._after_rollback.append(step)

    async def change(self, statement: Update | Delete) -> int:
        """Run a statement that changes rows and return how many it changed."""
        result = await self.session.execute(statement)
        return result.rowcount if isinstance(result, CursorResult) else 0

    async def insert(self, row: type[Base], values: Mapping[str, Stored]) -> bool:
        """Insert a row; False, and nothing broken, when a unique index refuses it."""
        statement = (
            postgresql.insert(row).values(**values).on_conflict_do_nothing()
            if self.on_postgresql
            else sqlite.insert(row).values(**values).on_conflict_do_nothing()
        )
        result = await self.session.execute(statement)
        return isinstance(result, CursorResult) and result.rowcount == 1

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[None]:
        """Open it to look: audit lines are committed, the update is not marked done."""
        await self._begin()
        try:
            yield
        except BaseException:
            await self._forget()
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
            await self._forget()

    async def _begin(self) -> None:
        if self._session is not None:
            raise RuntimeError("a transaction is open already: use cases do not call use cases")
        session = AsyncSession(
            self._engine,
            autobegin=False,
            autoflush=False,
            expire_on_commit=False,
            # Rows are read as they are now, after every conditional UPDATE: nothing is remembered in between.
            execution_options={"populate_existing": True, "synchronize_session": False},
        )
        self._session = session
        try:
            await session.begin()
            await session.connection()
        except BaseException:
            await self._close()
            raise

    async def _keep(self, *, mark: bool) -> None:
        try:
            update = self._incoming.id if mark else None
            first = update is not None and update != self._marked
            if first and not await self.insert(UpdateRow, {"id": update, "done_at": self._clock.now()}):
                raise AlreadyDone
            for step in self._at_the_end:
                await step()
            await self.session.commit()
        except BaseException:
            await self._forget()
            raise
        if first:
            self._marked = update
        steps = self._after_commit
        await self._close()
        await _outside(steps)

    async def _forget(self) -> None:
        steps = self._after_rollback
        try:
            await self.session.rollback()
        finally:
            await self._close()
        await _outside(steps)

    async def _close(self) -> None:
        session, self._session = self._session, None
        self._at_the_end, self._after_commit, self._after_rollback = [], [], []
        if session is not None:
            await session.close()


async def _outside(steps: list[Step]) -> None:
    for step in steps:
        try:
            await step()
        except Exception as error:
            # What the database says stands. The type alone is told: a message might name what nobody should read.
            log.warning("after_transaction_failed", extra={"error": type(error).__name__})
