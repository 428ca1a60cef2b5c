"""The journal: gapless under load, and whoever touches it is seen."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.domain.actor import System
from core.domain.audit import Operation
from core.domain.ids import AccountId, new_id
from core.security.chain import ChainLine, verify_lines
from tests.core.storage.house import START, House, a_member

ACCOUNTS = [AccountId(new_id(START)) for _ in range(12)]


async def record(house: House, number: int) -> None:
    """One transaction with three lines about two people and one about nobody."""
    here, account = house.request(), ACCOUNTS[number % len(ACCOUNTS)]
    async with here.transaction:
        here.audit.record(System("test"), Operation.CARD_VIEWED, account, number=str(number))
        here.audit.record(System("test"), Operation.QUEUE_VIEWED)
        here.audit.record(System("test"), Operation.CARD_VIEWED, ACCOUNTS[(number + 5) % len(ACCOUNTS)])
        here.audit.record(System("test"), Operation.CONSENT_GIVEN, account)


async def lines(house: House) -> list[ChainLine]:
    here = house.request()
    async with here.transaction.looking():
        return [line async for line in here.journal.lines()]


async def test_forty_transactions_at_once_leave_whole_chains_without_a_gap(house: House) -> None:
    await asyncio.gather(*(record(house, number) for number in range(40)))
    kept = await lines(house)
    assert len(kept) == 160
    assert verify_lines(kept, [], house.keyring.audit_key) == []
    here = house.request()
    async with here.transaction.looking():
        assert sum(seq for seq, _ in (await here.journal.heads()).values()) == 160
    chains = {line.entry.chain for line in kept}
    assert len(chains) > 5 if house.kind == "postgresql" else chains == {0}


async def test_a_line_says_who_did_what_when_to_whose_data(house: House) -> None:
    citizen, here = await house.newcomer(), house.request()
    async with here.transaction:
        here.audit.record(citizen, Operation.CONSENT_GIVEN, citizen.account, version="2026-11")
    async with here.transaction.looking():
        (line,) = await here.journal.of_subject(citizen.account, 10)
    entry = line.entry
    assert (entry.seq, entry.at, entry.actor) == (1, house.clock.now(), f"citizen:{citizen.account}")
    assert (entry.operation, entry.subject) == ("consent.given", f"account:{citizen.account}")
    assert entry.details == {"version": "2026-11"}


async def test_what_was_done_to_somebodys_data_is_read_latest_first(house: House) -> None:
    citizen, here = await house.newcomer(), house.request()
    for operation in (Operation.CARD_CREATED, Operation.CARD_VIEWED, Operation.CARD_SUSPENDED):
        async with here.transaction:
            here.audit.record(citizen, operation, citizen.account)
        house.clock.pass_(minutes=1)
    async with here.transaction.looking():
        latest = await here.journal.of_subject(citizen.account, 2)
    assert [line.entry.operation for line in latest] == ["card.suspended", "card.viewed"]


async def test_a_line_that_cannot_be_written_undoes_what_it_tells(house: House) -> None:
    await record(house, 0)
    await meddle(house, "UPDATE audit_heads SET seq = 0")
    here = house.request()
    with pytest.raises(DBAPIError):  # noqa: PT012 - the whole block fails
        async with here.transaction:
            await here.staff.add(a_member(START), START)
            here.audit.record(System("test"), Operation.STAFF_ADDED)
    async with here.transaction.looking():
        assert await here.staff.by_login("reviewer") is None


@pytest.mark.parametrize("table", ["audit_lines", "audit_checkpoints"])
async def test_the_database_refuses_to_change_or_remove_what_was_written(house: House, table: str) -> None:
    await record(house, 0)
    await checkpoint(house)
    column = "actor" if table == "audit_lines" else "line"
    changes = [f"UPDATE {table} SET {column} = 'nobody'", f"DELETE FROM {table}"]
    changes.append(
        f"TRUNCATE {table}" if house.kind == "postgresql" else f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
    )
    for change in changes:
        with pytest.raises(DBAPIError, match="never changed"):
            async with house.engine.begin() as connection:
                await connection.execute(text(change))
    assert await findings(house) == []


async def checkpoint(house: House) -> None:
    here = house.request()
    async with here.transaction:
        await here.trail.checkpoint(house.clock.now())


async def findings(house: House) -> list[str]:
    here = house.request()
    async with here.transaction.looking():
        return [f"{each.where}: {each.what}" for each in await here.trail.verify()]


async def meddle(house: House, *statements: str) -> None:
    """Somebody who owns the database and puts its guards to sleep."""
    async with house.engine.begin() as connection:
        if house.kind == "postgresql":
            await connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            names = await connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
            for name in names.all():
                await connection.execute(text(f"DROP TRIGGER {name}"))
        for statement in statements:
            await connection.execute(text(statement))


async def test_a_signed_journal_that_nobody_touched_is_found_whole(house: House) -> None:
    await record(house, 0)
    await checkpoint(house)
    await record(house, 1)
    await checkpoint(house)
    await checkpoint(house)
    await record(house, 2)
    assert await findings(house) == []
    assert len(house.outside.read_text().splitlines()) == 2, "nothing new, nothing signed"


@pytest.mark.parametrize(
    ("crime", "verdict"),
    [
        ("UPDATE audit_lines SET actor = 'nobody' WHERE operation = 'consent.given'", "changed"),
        ("DELETE FROM audit_lines WHERE seq = (SELECT max(seq) FROM audit_lines AS last)", "cut off"),
        ("DELETE FROM audit_lines", "cut off"),
        ("DELETE FROM audit_checkpoints", "in one place only"),
        ("UPDATE audit_checkpoints SET line = 'x'", "cannot be read"),
    ],
)
async def test_whoever_touches_the_journal_is_found_out(house: House, crime: str, verdict: str) -> None:
    for number in range(3):
        await record(house, number)
        await checkpoint(house)
    await meddle(house, crime)
    assert any(verdict in finding for finding in await findings(house))


async def test_workers_that_sign_at_once_sign_once(house: House) -> None:
    await record(house, 0)
    await asyncio.gather(*(checkpoint(house) for _ in range(10)))
    assert len(house.outside.read_text().splitlines()) == 1
    assert await findings(house) == []
