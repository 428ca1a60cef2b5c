"""The migrations lead up, down and up again, end where the rows are, and stand several processes starting at once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, func, inspect, select, text

from core.storage.engine import make_engine
from core.storage.schema import WouldLose, downgrade, metadata, pending, upgrade
from tests.databases import KINDS, empty_database

Answer = TypeVar("Answer")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
OLGA = """
    INSERT INTO staff (id, login, name, role, password_hash, totp_secret, last_step, failures, disabled, created_at)
    VALUES (:id, 'olga', :sealed, 'operator', '-', :sealed, 0, 0, false, :at)
"""


@pytest.fixture(params=KINDS)
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    async with empty_database(request.param, tmp_path) as url:
        yield url


async def test_the_database_goes_up_down_and_up_again(empty: str) -> None:
    await upgrade(empty)
    assert await _tables(empty) == {"alembic_version", *metadata().tables}
    await downgrade(empty)
    assert await _tables(empty) == {"alembic_version"}
    await upgrade(empty)
    assert await _tables(empty) == {"alembic_version", *metadata().tables}


async def test_going_back_is_refused_where_something_would_be_lost_and_changes_nothing(empty: str) -> None:
    await upgrade(empty)
    await _ask(empty, _somebody)
    before = await _tables(empty)
    with pytest.raises(WouldLose) as refused:
        await downgrade(empty)
    assert refused.value.where == "accounts"
    assert await _tables(empty) == before
    assert await _ask(empty, pending) is False
    await downgrade(empty, lose=True)
    assert await _tables(empty) == {"alembic_version"}


async def test_going_back_by_a_column_is_refused_where_it_says_something(empty: str) -> None:
    await upgrade(empty)
    await _ask(empty, _a_chat)
    with pytest.raises(WouldLose) as refused:
        await downgrade(empty, "0019")
    assert refused.value.where == "chats.heard_at"
    await _ask(empty, _silence)
    await downgrade(empty, "0019")
    await upgrade(empty)
    assert await _ask(empty, _chats) == 1


async def test_the_rows_are_what_the_migrations_make(empty: str) -> None:
    await upgrade(empty)
    assert await _ask(empty, _differences) == []


async def test_processes_that_start_at_once_migrate_once(empty: str) -> None:
    await asyncio.gather(*(upgrade(empty) for _ in range(4)))
    assert await _ask(empty, pending) is False


async def test_a_database_behind_the_migrations_is_told_from_one_that_is_ready(empty: str) -> None:
    assert await _ask(empty, pending) is True
    await upgrade(empty, "0001")
    assert await _ask(empty, pending) is True
    await upgrade(empty)
    assert await _ask(empty, pending) is False


async def test_whoever_worked_at_the_desk_before_goes_on_with_the_secrets_they_have(empty: str) -> None:
    await upgrade(empty, "0026")
    engine = make_engine(empty)
    async with engine.begin() as connection:
        await connection.execute(text(OLGA), {"id": "0" * 32, "sealed": b"-", "at": datetime(2026, 11, 23, tzinfo=UTC)})
    await engine.dispose()
    await upgrade(empty)
    assert await _ask(empty, lambda connection: list(connection.scalars(text("SELECT handed FROM staff")))) == [False]
    assert await _ask(empty, lambda connection: list(connection.scalars(text("SELECT handed_at FROM staff")))) == [None]


def _differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata()))


def _somebody(connection: Connection) -> None:
    _filled(connection, "accounts")


def _a_chat(connection: Connection) -> None:
    _filled(connection, "chats", heard_at=NOW)


def _silence(connection: Connection) -> None:
    chats = metadata().tables["chats"]
    connection.execute(chats.update().values(dict.fromkeys(("heard_at", "talk"))))
    connection.commit()


def _chats(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(metadata().tables["chats"])) or 0


def _filled(connection: Connection, name: str, **known: object) -> None:
    """Put a row into a table, with something in every column that wants something."""
    rows = metadata().tables[name]
    kinds: dict[type, object] = {UUID: UUID(int=1), str: "x", bytes: b"x", int: 1, bool: False, object: NOW}
    wanted = {each.name: kinds[each.type.python_type] for each in rows.columns if not each.nullable}
    connection.execute(rows.insert().values({**wanted, **known}))
    connection.commit()


def _names(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def _tables(url: str) -> set[str]:
    return await _ask(url, _names)


async def _ask(url: str, question: Callable[[Connection], Answer]) -> Answer:
    engine = make_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(question)
    finally:
        await engine.dispose()
