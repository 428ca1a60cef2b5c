"""Fresh migrated databases for tests: a copied SQLite file, or a PostgreSQL database made from a migrated template."""

import asyncio
import atexit
import hashlib
import secrets
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from core.storage.schema import MIGRATIONS, metadata, upgrade
from tests.services import POSTGRESQL

ADMIN = POSTGRESQL
KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.needs_postgresql)]
"""For `@pytest.fixture(params=KINDS)`: the same tests on both databases."""

COUNTER = "desk_counter"
"""It has one row, from the migration on."""
_TEMPLATES = 0x7465737473
_free: list[str] = []


@asynccontextmanager
async def fresh_database(kind: str, tmp_path: Path) -> AsyncIterator[str]:
    """Make a migrated database that nobody else uses, yield its URL, and empty or remove it afterwards."""
    if kind == "sqlite":
        yield await _sqlite(tmp_path)
        return
    name = _free.pop() if _free else await _made()
    yield _named(name)
    await _emptied(name)
    _free.append(name)


@asynccontextmanager
async def empty_database(kind: str, tmp_path: Path) -> AsyncIterator[str]:
    """The same without a single table."""
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    name = f"medkarta_test_{secrets.token_hex(6)}"
    await _as_admin(f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        yield _named(name)
    finally:
        await _as_admin(f"DROP DATABASE {name} WITH (FORCE)")


async def _sqlite(tmp_path: Path) -> str:
    # pytest numbers the folders of a session's tests inside one folder of its own.
    template = tmp_path.parent / f"template-{_migrations()}.sqlite3"
    if not template.exists():
        fresh = tmp_path / "template.sqlite3"
        await upgrade(f"sqlite:///{fresh}")
        fresh.replace(template)
    copy = tmp_path / "medkarta.sqlite3"
    shutil.copy(template, copy)
    return f"sqlite:///{copy}"


async def _made() -> str:
    name = f"medkarta_test_{secrets.token_hex(6)}"
    await _as_admin(f"CREATE DATABASE {name} TEMPLATE {await _template()}")
    # Making one takes half a second, emptying one a few milliseconds: each serves the process to its end.
    atexit.register(lambda: asyncio.run(_as_admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")))
    return name


async def _emptied(name: str) -> None:
    connection = await asyncpg.connect(_named(name))
    try:
        await connection.execute("SET session_replication_role = replica")  # the journal's triggers look away
        emptied = metadata().tables.keys() - {COUNTER}
        await connection.execute(
            ";".join(f"DELETE FROM {table}" for table in emptied) + f"; UPDATE {COUNTER} SET last = 0"
        )
    finally:
        await connection.close()


async def _template() -> str:
    # Kept between runs: its name says which migrations made it. The lock lets one process at a time make it.
    name = f"medkarta_template_{_migrations()}"
    connection = await asyncpg.connect(ADMIN)
    try:
        await connection.execute(f"SELECT pg_advisory_lock({_TEMPLATES})")
        if not await connection.fetchval("SELECT count(*) FROM pg_database WHERE datname = $1 AND datistemplate", name):
            await connection.execute(f"DROP DATABASE IF EXISTS {name}")
            await connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
            await upgrade(_named(name))
            await connection.execute(f"ALTER DATABASE {name} IS_TEMPLATE true")
    finally:
        await connection.close()
    return name


async def _as_admin(statement: str) -> None:
    connection = await asyncpg.connect(ADMIN)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _named(database: str) -> str:
    return f"{ADMIN.rsplit('/', 1)[0]}/{database}"


def _migrations() -> str:
    digest = hashlib.sha256()
    for migration in sorted((MIGRATIONS / "versions").glob("*.py")):
        digest.update(migration.read_bytes())
    return digest.hexdigest()[:12]
