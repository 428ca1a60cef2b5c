"""The shape of the database: all rows known to SQLAlchemy, and the migrations that lead there."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text

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


def metadata() -> MetaData:
    """Return all tables."""
    return Base.metadata


async def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to a revision. Processes that start together wait for each other: the first one does it.

    All or nothing: the migrations are one transaction, on SQLite too.
    """
    await _migrate(url, command.upgrade, revision)


async def downgrade(url: str, revision: str = "base") -> None:
    """Take the database back to a revision."""
    await _migrate(url, command.downgrade, revision)


def pending(connection: Connection) -> bool:
    """Tell whether the database is behind the migrations; for the readiness check, through `run_sync`."""
    return set(MigrationContext.configure(connection).get_current_heads()) != _heads()


@cache
def _heads() -> frozenset[str]:
    # Reading the scripts takes some ten milliseconds, and they are those of this process for as long as it runs.
    return frozenset(ScriptDirectory.from_config(config()).get_heads())


def config(connection: Connection | None = None) -> Config:
    """Return Alembic's settings; with a connection, migrations run inside its transaction."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


async def _migrate(url: str, migrate: Callable[[Config, str], None], revision: str) -> None:
    engine = make_engine(url)
    try:
        async with engine.begin() as connection:
            # On SQLite the transaction itself, begun as a writer, is the lock.
            if engine.dialect.name == "postgresql":
                await connection.execute(text("SET LOCAL statement_timeout = 0"))
                await connection.execute(text("SET LOCAL lock_timeout = 0"))
                await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATING})
            await connection.run_sync(lambda sync: migrate(config(sync), revision))
    finally:
        await engine.dispose()
