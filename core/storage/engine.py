"""Engines: PostgreSQL in production, one SQLite file embedded. Parameters never reach a log or an exception text."""

from functools import partial
from time import monotonic
from typing import Any

from sqlalchemy import URL, Connection, Dialect, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry, PoolProxiedConnection

BUSY_SECONDS = 10
"""How long a transaction waits for its turn on SQLite before it fails."""

RESTED_S = 1.0
"""After how long out of use a connection is asked whether it is still there."""

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    # FULL, not NORMAL: an update is confirmed to Telegram after its commit, so a commit must outlive a power cut.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # What is wiped is overwritten, not only unlinked.
    "PRAGMA secure_delete=ON",
)

POSTGRES_SETTINGS = {
    "application_name": "medkarta",
    "statement_timeout": "15000",
    "lock_timeout": "10000",
    "idle_in_transaction_session_timeout": "60000",
    "jit": "off",
}


DEADLOCK = "40P01"
"""PostgreSQL's word for it."""


def driver_url(url: str) -> URL:
    """Return the URL with its async driver; takes `postgresql://`, `postgres://` and `sqlite:///path` too."""
    parsed = make_url(url)
    match parsed.get_backend_name():
        case "sqlite":
            return parsed.set(drivername="sqlite+aiosqlite")
        case "postgresql" | "postgres":
            return parsed.set(drivername="postgresql+asyncpg")
        case other:
            raise ValueError(f"{other}: only postgresql:// and sqlite:/// databases are supported")


def make_engine(url: str, *, connections: int = 20, busy_seconds: int = BUSY_SECONDS) -> AsyncEngine:
    """Return an engine; ValueError for another kind of database.

    `connections` is PostgreSQL's pool at its fullest, `busy_seconds` how long a transaction waits for its turn on SQLite.

    SQLite has one writer anyway, so one connection serves the whole process: whoever comes first is served first, where
    several connections would race for the file. Each of its transactions begins as a writer (BEGIN IMMEDIATE), so that
    none fails half-way for having read first.
    """
    address = driver_url(url)
    if address.get_backend_name() == "postgresql":
        engine = create_async_engine(
            address,
            hide_parameters=True,
            pool_size=connections,
            max_overflow=0,
            pool_timeout=10,
            pool_recycle=1800,
            connect_args={
                "timeout": 10,
                "command_timeout": 30,
                "server_settings": POSTGRES_SETTINGS,
                # What the straight way prepares stays prepared: the driver forgets it after five minutes by itself.
                "statement_cache_size": 256,
                "max_cached_statement_lifetime": 0,
            },
        )
        event.listen(engine.sync_engine, "checkin", _note_rest)
        event.listen(engine.sync_engine, "checkout", partial(_ask_the_rested, engine.sync_engine.dialect))
        return engine
    engine = create_async_engine(
        address,
        hide_parameters=True,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=BUSY_SECONDS * 3,
    )
    event.listen(engine.sync_engine, "connect", partial(_prepare, busy_seconds))
    event.listen(engine.sync_engine, "begin", _begin_as_writer)
    return engine


def is_deadlock(error: BaseException | None) -> bool:
    """Whether the database ended a transaction since it and another waited for one another."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) == DEADLOCK


def _note_rest(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    entry.info["resting_since"] = monotonic()


def _ask_the_rested(
    dialect: Dialect, connection: DBAPIConnection, entry: ConnectionPoolEntry, _fairy: PoolProxiedConnection
) -> None:
    """Ask a connection that has rested whether it is still there, and let the pool take another one if not.

    The pool's own `pool_pre_ping` asks at every checkout: a round trip more a transaction. What worked a moment ago works
    now, or fails as it would have a moment after the question; then the whole pool is emptied, and the update tried again.
    """
    if monotonic() - entry.info.get("resting_since", monotonic()) < RESTED_S:
        return
    try:
        there = dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error:
        there = False
    if not there:
        raise DisconnectionError


def _prepare(busy_seconds: int, connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver must not open transactions by itself (SQLAlchemy's recipe for SQLite): the listener of "begin" does.
    driver: Any = connection  # DBAPI connections are not typed
    driver.isolation_level = None
    cursor = driver.cursor()
    for pragma in (f"PRAGMA busy_timeout={busy_seconds * 1000}", *PRAGMAS):
        cursor.execute(pragma)
    cursor.close()


def _begin_as_writer(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
