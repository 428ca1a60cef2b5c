"""The short way to PostgreSQL: statements that were made once run on the driver itself, each in one round trip.

SQLAlchemy makes the text, the types and the errors; what it builds anew around each execution is left out.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar, cast

import asyncpg  # type: ignore[import-untyped]  # it comes without types
from sqlalchemy import BindParameter, ClauseElement, Dialect, Executable, Float, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import StatementError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.sql.visitors import iterate
from sqlalchemy.types import TypeEngine

from core.storage.base import Base, UtcDateTime, table_of

T = TypeVar("T")
COUNTED = frozenset({"INSERT", "UPDATE", "DELETE", "SELECT"})
FAULTS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)


class Record(asyncpg.Record):  # type: ignore[misc]  # no types
    """The driver's row, its columns read as attributes, as those of SQLAlchemy's rows are."""

    __slots__ = ()

    def __getattr__(self, name: str) -> object:
        try:
            return cast("object", self[name])
        except KeyError:
            raise AttributeError(name) from None


@dataclass(frozen=True, slots=True)
class Ready:
    """A statement in PostgreSQL's words: its text, and how its parameters are made, in their order."""

    text: str
    parameters: tuple[tuple[str, Callable[[Any], Any] | None], ...]
    given: Mapping[str, Any]

    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Parameters that are lists, and the names of their elements."""

    def values(self, values: Mapping[str, Any]) -> list[Any]:
        """Return the parameters by their places. Raises StatementError for one that its column cannot take."""
        every = {**self.given, **values} if self.given else values
        try:
            for name, elements in self.lists.items():
                every = {**every, **dict(zip(elements, every[name], strict=True))}
            return [every[name] if made is None else made(every[name]) for name, made in self.parameters]
        except (KeyError, TypeError, ValueError) as fault:
            raise StatementError(str(fault), self.text, None, fault, hide_parameters=True) from fault


class Lists:
    """A statement with lists among its parameters: another text for each of their lengths, and few of these are met."""

    def __init__(self, compiled: SQLCompiler, names: Sequence[str]) -> None:
        self._compiled, self._names = compiled, names
        self._made: dict[tuple[int, ...], Ready] = {}

    def ready(self, values: Mapping[str, Any]) -> Ready | None:
        """Return it for lists of this length; None for longer ones, which are met once."""
        lengths = tuple(len(values[name]) for name in self._names)
        if max(lengths, default=0) > LONGEST_LIST:
            return None
        found = self._made.get(lengths)
        if found is None:
            found = self._made[lengths] = self._expanded(values)
        return found

    def _expanded(self, values: Mapping[str, Any]) -> Ready:
        compiled = self._compiled
        state = compiled.construct_expanded_state(dict(values), escape_names=False)
        own = {name: bound.value for name, bound in compiled.binds.items() if not bound.required}
        processors = cast("Mapping[str, Callable[[Any], Any]]", state.processors)
        parameters = tuple((name, processors.get(name)) for name in state.positiontup or ())
        return Ready(state.statement, parameters, own, state.parameter_expansion)


LONGEST_LIST = 10
READY: dict[tuple[Executable, frozenset[str]], Ready | Lists | None] = {}
"""By the identity of a statement, which is made once, and by what it is given."""


def ready(statement: Executable, values: Mapping[str, Any], dialect: Dialect) -> Ready | None:
    """Return the statement as the driver takes it; None where only SQLAlchemy can run it (a long list, tuples)."""
    key = statement, frozenset(values)
    try:
        found = READY[key]
    except KeyError:
        found = READY[key] = _made(statement, values, dialect)
    return found.ready(values) if isinstance(found, Lists) else found


@cache
def tables_of(statement: Executable) -> frozenset[str]:
    """Return the names of the tables that a statement looks into."""
    return frozenset(each.name for each in iterate(cast("ClauseElement", statement)) if isinstance(each, Table))


@cache
def insertion(row: type[Base], on_postgresql: bool) -> Executable:
    """Return the statement that inserts a row where no unique index refuses it; made once, it is found by its identity."""
    table = table_of(row)
    return (
        postgresql.insert(table).on_conflict_do_nothing()
        if on_postgresql
        else sqlite.insert(table).on_conflict_do_nothing()
    )


def _made(statement: Executable, names: Mapping[str, Any], dialect: Dialect) -> Ready | Lists | None:
    compiled = statement.compile(dialect=dialect, column_keys=list(names))  # type: ignore[attr-defined]
    if not isinstance(compiled, SQLCompiler):
        return None
    if any(not _reads_itself(each.type, dialect) for each in compiled._result_columns):  # noqa: SLF001 - nothing public tells
        return None
    if (
        compiled.post_compile_params
        and not compiled.insert_prefetch
        and all(map(_is_list, compiled.post_compile_params))
    ):
        return Lists(compiled, sorted(each.key for each in compiled.post_compile_params if each.required))
    if compiled.post_compile_params or compiled.positiontup is None:
        return None
    given: dict[str, Any] = {}
    for column in compiled.insert_prefetch:
        if not isinstance(column.default, ScalarElementColumnDefault):
            return None
        given[column.key] = column.default.arg
    own = {name: bound.value for name, bound in compiled.binds.items() if not bound.required}
    # A list of processors belongs to tuples, which are lists of unknown length.
    made = cast("Mapping[str, Callable[[Any], Any]]", compiled._bind_processors)  # noqa: SLF001
    return Ready(compiled.string, tuple((name, made.get(name)) for name in compiled.positiontup), own | given)


def _is_list(bound: BindParameter[Any]) -> bool:
    return bound.expanding and not bound.literal_execute and not bound.type._is_tuple_type  # noqa: SLF001


def _reads_itself(kind: TypeEngine[Any], dialect: Dialect) -> bool:
    """Whether the driver returns the type as it is wanted. It gives moments in UTC already."""
    if isinstance(kind, Float):
        return not kind.asdecimal
    return isinstance(kind, UtcDateTime) or kind._cached_result_processor(dialect, None) is None  # noqa: SLF001


class Straight:
    """A connection of the pool, used without SQLAlchemy's executions. What fails, fails with SQLAlchemy's errors.

    BEGIN is sent before the first change alone. At READ COMMITTED, which is PostgreSQL's and ours, what is read before
    that sees the same inside of a transaction and outside of it: each statement looks anew.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        sync = connection.sync_connection
        if sync is None:
            raise RuntimeError("the connection is not open")
        self._connection, self._sync = connection, sync
        # What stands between SQLAlchemy and the driver: it knows whether a transaction was begun.
        adapter: Any = sync.connection.dbapi_connection
        self._adapter, self._driver = adapter, adapter.driver_connection
        self._cut_off = False

    async def rows(self, statement: Ready, values: Mapping[str, Any]) -> Sequence[Any]:
        """Return what a statement finds."""
        found = self._driver.fetch(statement.text, *statement.values(values), record_class=Record)
        return cast("Sequence[Any]", await self._done(found, statement.text))

    async def count(self, statement: Ready, values: Mapping[str, Any]) -> int:
        """Return how many rows a statement changed."""
        status: str = await self._done(self._driver.execute(statement.text, *statement.values(values)), statement.text)
        word, _, number = status.rpartition(" ")
        return int(number) if word.partition(" ")[0] in COUNTED else -1

    async def begin(self) -> None:
        """Open a transaction of the database, unless one is open."""
        if self.begun is None:
            await self._done(self._adapter._start_transaction())  # noqa: SLF001

    @property
    def begun(self) -> Any:  # noqa: ANN401 - the driver has no types
        """The driver's open transaction; None where there is nothing to keep or to forget."""
        return self._adapter._transaction  # noqa: SLF001 - where SQLAlchemy itself keeps it

    async def end(self, step: Callable[[], Awaitable[None]]) -> None:
        """End the open transaction by this step of it."""
        await self._done(self._adapter._call_and_discard(step))  # noqa: SLF001

    async def roll_back(self) -> None:
        """Forget what was changed. A connection that was cut off in the middle of a statement is not used again."""
        if self._cut_off or self._driver.is_closed():
            await self._connection.invalidate()
        elif self.begun is not None:
            await self.end(self.begun.rollback)

    async def _done(self, step: Awaitable[T], text: str = "") -> T:
        try:
            return await step
        except asyncio.CancelledError:
            self._cut_off = True
            raise
        # Beginning and ending go through the adapter, which has told its faults in its own way already.
        except (*FAULTS, self._sync.dialect.loaded_dbapi.Error) as fault:
            await self._tell(fault, text)
            raise

    async def _tell(self, fault: Exception, text: str) -> None:
        """Raise a fault of the driver as SQLAlchemy does, values hidden; a broken connection goes, and its pool with it."""
        try:
            self._adapter._handle_exception(fault)  # noqa: SLF001
        except self._sync.dialect.loaded_dbapi.Error as known:
            told = known
        except Exception as other:
            if other is fault:
                return
            raise
        else:
            return
        await self._connection.run_sync(
            lambda sync: sync._handle_dbapi_exception(told, text, None, None, None)  # noqa: SLF001
        )
