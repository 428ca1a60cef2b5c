"""Engines and columns: the addresses they take, the times they refuse, the order of writers."""

import asyncio
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError

from core.domain.ids import ChatId
from core.storage.engine import driver_url, make_engine
from core.storage.mark import UpdateRow
from tests.core.storage.house import House


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("sqlite:///var/medkarta.sqlite3", "sqlite+aiosqlite:///var/medkarta.sqlite3"),
        ("sqlite+aiosqlite:////srv/m.db", "sqlite+aiosqlite:////srv/m.db"),
        ("postgresql://m:w@db:5433/medkarta", "postgresql+asyncpg://m:w@db:5433/medkarta"),
        ("postgres://m@db/medkarta", "postgresql+asyncpg://m@db/medkarta"),
    ],
)
def test_addresses_are_taken_in_their_usual_forms(given: str, taken: str) -> None:
    assert driver_url(given).render_as_string(hide_password=False) == taken


def test_another_database_is_refused_without_showing_its_address() -> None:
    with pytest.raises(ValueError, match="only postgresql") as told:
        make_engine("mysql://user:secret@host/base")
    assert "secret" not in str(told.value)


async def test_a_moment_without_a_zone_is_refused(house: House) -> None:
    here = house.request()
    with pytest.raises(StatementError, match="without a zone"):
        async with here.transaction:
            await here.chats.meet(ChatId(1), "ru", datetime(2026, 11, 23))


async def test_a_moment_of_another_zone_comes_back_in_utc(house: House) -> None:
    here, moscow = house.request(), house.clock.now().astimezone(timezone(timedelta(hours=3)))
    async with here.transaction:
        await here.updates.finish(1, moscow)
        row = await here.transaction.session.scalar(select(UpdateRow))
        assert row is not None
        assert row.done_at.isoformat() == "2026-11-23T09:00:00+00:00"


async def test_a_hundred_writers_at_once_all_get_their_turn(house: House) -> None:
    async def write(number: int) -> None:
        here = house.request()
        async with here.transaction:
            await here.chats.meet(ChatId(number), "ru", house.clock.now())

    await asyncio.gather(*(write(number) for number in range(100)))
    async with house.engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM chats")) == 100
