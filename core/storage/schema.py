"""The shape of the database: all rows known to SQLAlchemy, and the migrations that lead there."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.operations import Operations
from alembic.operations.ops import DropColumnOp, DropTableOp
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, column, literal, select, table, text

from core.storage import (
    account,
    application,
    audit,
    booking,
    broadcast,
    canned,
    card,
    chat,
    clinic,
    code,
    consent,
    conversation,
    document,
    extract,
    factor,
    handover,
    hook,
    idempotency,
    key,
    knowledge,
    notification,
    page,
    proof,
    record,
    reminder,
    resource,
    schedule,
    signin,
    sla,
    staff,
    subscription,
    team,
    ticket,
    transaction,
    update,
    vaccination,
    verification,
    worktime,
)
from core.storage.base import Base
from core.storage.engine import make_engine

ROWS = (
    account, application, audit, card, chat, code, consent, document, key, notification, signin, staff, transaction,
    update, verification, subscription, reminder, broadcast, record, factor,
    proof, extract, clinic, resource, handover, vaccination, page, booking, schedule, canned,
    conversation, hook, idempotency, sla, team, ticket, worktime,
    knowledge,
)  # fmt: skip
"""Every module with rows: the metadata is complete once they are imported."""

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
MIGRATING = 0x6D65646B61727461
"""The advisory lock of PostgreSQL under which one process migrates and the others wait."""
PATIENCE_SECONDS = 600
"""How long a process that starts on SQLite waits for another one that migrates, rather than give up its start."""


LOSE = "lose"
"""The setting, and the word after `alembic -x`, that lets a downgrade lose what stands in what it drops."""
COUNTED_ANEW = frozenset({"desk_counter"})
"""It has its one row from the migration on, and counts what stands elsewhere."""


class WouldLose(Exception):
    """Rows stand in what the downgrade drops: nothing was changed."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"{where} holds data that going back would lose. Back it up first, then allow it: -x {LOSE}=yes"
        )
        self.where = where


def metadata() -> MetaData:
    """Return all tables."""
    return Base.metadata


async def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to a revision. Processes that start together wait for each other: the first one does it.

    All or nothing: the migrations are one transaction, on SQLite too.
    """
    await _migrate(url, command.upgrade, revision)


async def downgrade(url: str, revision: str = "base", *, lose: bool = False) -> None:
    """Take the database back to a revision. Raises WouldLose, changing nothing, where something stands in what would go.

    `lose`: let it go.
    """
    await _migrate(url, command.downgrade, revision, lose=lose)


def pending(connection: Connection) -> bool:
    """Tell whether the database is behind the migrations; for the readiness check, through `run_sync`."""
    return set(MigrationContext.configure(connection).get_current_heads()) != _heads()


@cache
def _heads() -> frozenset[str]:
    # Reading the scripts takes some ten milliseconds, and they are those of this process for as long as it runs.
    return frozenset(ScriptDirectory.from_config(config()).get_heads())


def config(connection: Connection | None = None, *, lose: bool = False) -> Config:
    """Return Alembic's settings; with a connection, migrations run inside its transaction. `lose`: as in `downgrade`."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    settings.attributes["connection"], settings.attributes[LOSE] = connection, lose
    return settings


@Operations.implementation_for(DropTableOp, replace=True)
def _drop_table(operations: Operations, drop: DropTableOp) -> None:
    _refuse_filled(operations, drop.table_name)
    operations.impl.drop_table(drop.to_table(operations.migration_context))


@Operations.implementation_for(DropColumnOp, replace=True)
def _drop_column(operations: Operations, drop: DropColumnOp) -> None:
    _refuse_filled(operations, drop.table_name, drop.column_name)
    there = drop.to_column(operations.migration_context)
    operations.impl.drop_column(drop.table_name, there, schema=drop.schema, **drop.kw)


def _refuse_filled(operations: Operations, name: str, within: str | None = None) -> None:
    """Raise WouldLose for a table that has rows, or a column that has values, on the way down; nothing on the way up."""
    options = operations.migration_context.opts
    if options["fn"].__name__ != "downgrade" or options.get(LOSE) or name in COUNTED_ANEW:
        return
    asked = select(literal(1)).select_from(table(name)).limit(1)
    if within is not None:
        asked = asked.where(column(within).is_not(None))
    if operations.get_bind().scalar(asked) is not None:
        raise WouldLose(name if within is None else f"{name}.{within}")


async def _migrate(url: str, migrate: Callable[[Config, str], None], revision: str, *, lose: bool = False) -> None:
    engine = make_engine(url, busy_seconds=PATIENCE_SECONDS)
    try:
        async with engine.begin() as connection:
            # On SQLite the transaction itself, begun as a writer, is the lock: whoever comes second waits it out.
            if engine.dialect.name == "postgresql":
                await connection.execute(text("SET LOCAL statement_timeout = 0"))
                await connection.execute(text("SET LOCAL lock_timeout = 0"))
                await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATING})
            await connection.run_sync(lambda sync: migrate(config(sync, lose=lose), revision))
    finally:
        await engine.dispose()
