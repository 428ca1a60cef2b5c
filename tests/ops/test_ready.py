"""What counts as an outage: a part that is away, and nothing that was asked wrongly."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from asyncpg import InternalClientError  # type: ignore[import-untyped]  # it comes without types
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InternalError
from sqlalchemy.ext.asyncio import create_async_engine

from core.storage.engine import make_engine
from core.storage.straight import Straight
from core.storage.transaction import SqlTransaction
from ops.clock import SystemClock
from ops.ready import is_outage
from tests.services import POSTGRESQL


async def test_a_database_that_does_not_take_connections_is_known_to_be_away() -> None:
    engine = make_engine("postgresql://postgres@127.0.0.1:1/nowhere")
    transaction = SqlTransaction(engine, SystemClock())
    for _ in range(2):  # the first failure leaves nothing half open
        with pytest.raises(ConnectionRefusedError) as refused:
            async with transaction:
                raise AssertionError("nothing can begin here")
        assert is_outage(refused.value)
    await engine.dispose()


def test_a_driver_whose_connection_broke_under_it_means_that_the_database_is_away() -> None:
    broken = InternalClientError("cannot switch to state 15; another operation (2) is in progress")
    assert is_outage(broken)
    assert is_outage(InternalError("SELECT 1", {}, broken))
    assert not is_outage(InternalError("SELECT 1", {}, Said("XX000")))


@pytest.mark.needs_postgresql
async def test_a_connection_that_breaks_while_a_transaction_begins_means_that_the_database_is_away() -> None:
    engine = make_engine(POSTGRESQL)
    async with engine.connect() as breaking, engine.connect() as other:
        straight = Straight(breaking)
        number = (await breaking.execute(text("SELECT pg_backend_pid()"))).scalar_one()
        await breaking.rollback()
        await other.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number})
        with pytest.raises(DBAPIError) as told:
            await straight.begin()
        assert is_outage(told.value)
    await engine.dispose()


class Said(Exception):
    """What a driver passes on from the server."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "away"), [("57P01", True), ("57P02", True), ("57P03", True), ("08006", True), ("23505", False)]
)
def test_a_server_that_goes_or_comes_up_is_away_and_one_that_refuses_a_row_is_not(sqlstate: str, away: bool) -> None:
    assert is_outage(DBAPIError("SELECT 1", {}, Said(sqlstate))) is away


@asynccontextmanager
async def silent() -> AsyncIterator[int]:
    """Somebody who listens and says nothing; yields the port."""
    heard = asyncio.Event()

    async def hold(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await heard.wait()
        writer.close()

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
        heard.set()


async def test_a_database_that_says_nothing_in_time_is_away() -> None:
    async with silent() as port:
        url = f"postgresql+asyncpg://postgres@127.0.0.1:{port}/nowhere"
        engine = create_async_engine(url, connect_args={"timeout": 0.05})
        with pytest.raises(TimeoutError) as told:
            async with SqlTransaction(engine, SystemClock()):
                raise AssertionError("nothing can begin here")
        assert is_outage(told.value)
        await engine.dispose()


@pytest.mark.needs_postgresql
async def test_a_statement_that_takes_too_long_is_an_outage_and_one_that_a_handler_gave_up_is_not() -> None:
    url = make_engine(POSTGRESQL).url
    hasty, patient = create_async_engine(url, connect_args={"command_timeout": 0.05}), create_async_engine(url)
    with pytest.raises(TimeoutError) as told:
        async with hasty.connect() as connection:
            await connection.execute(text("SELECT pg_sleep(20)"))
    assert is_outage(told.value)
    with pytest.raises(TimeoutError) as own:
        async with patient.connect() as connection, asyncio.timeout(0.05):
            await connection.execute(text("SELECT pg_sleep(20)"))
    assert not is_outage(own.value)
    await hasty.dispose()
    await patient.dispose()


async def test_a_handler_that_waited_in_vain_is_no_outage() -> None:
    with pytest.raises(TimeoutError) as told:
        await asyncio.wait_for(asyncio.Event().wait(), 0)
    assert not is_outage(told.value)
    assert not is_outage(TimeoutError("raised nowhere"))
