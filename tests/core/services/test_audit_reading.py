"""The journal read and verified on both databases: by place, whoever writes meanwhile."""

import asyncio
from datetime import timedelta

import pytest

from core.domain.actor import NotAllowed, Role, Staff, System
from core.domain.audit import AuditLog, Entry, Operation, Sought
from core.domain.ids import AccountId, StaffId, new_id
from core.ports import Transaction
from core.services.audit import AuditPage, ReadAudit, SignCheckpoint, Verified, VerifyAudit
from core.services.staff import AddStaff
from tests.core.services.town import START, Town

AUDITOR = Staff(StaffId(new_id(START)), Role.AUDITOR)
PEOPLE = [AccountId(new_id(START)) for _ in range(5)]


async def write(town: Town, number: int) -> None:
    async with town.container() as scope:
        audit = await scope.get(AuditLog)
        async with await scope.get(Transaction):
            audit.record(System("test"), Operation.CARD_VIEWED, PEOPLE[number % len(PEOPLE)], number=str(number))


async def read_all(town: Town, sought: Sought, limit: int) -> list[Entry]:
    found: list[Entry] = []
    page: AuditPage | None = None
    while page is None or page.after is not None:
        page = await town.call(ReadAudit, AUDITOR, sought, after=page.after if page else None, limit=limit)
        assert isinstance(page, AuditPage)
        found += page.entries
    return found


async def test_lines_of_one_moment_in_many_chains_are_each_read_once(town: Town) -> None:
    await asyncio.gather(*(write(town, number) for number in range(12)))
    town.clock.turn(seconds=1)
    cards = Sought(operation="card.viewed")
    found = await read_all(town, cards, limit=5)
    assert sorted(int(each.details["number"]) for each in found) == list(range(12))
    assert [(each.at, each.chain, each.seq) for each in found] == sorted(
        ((each.at, each.chain, each.seq) for each in found), reverse=True
    )
    of_one = await read_all(town, Sought(operation="card.", person=PEOPLE[3]), limit=1)
    assert sorted(each.details["number"] for each in of_one) == ["3", "8"]
    assert await read_all(town, Sought(operation="card.", since=town.clock.now()), limit=5) == []
    assert len(await read_all(town, Sought(operation="card.", until=town.clock.now()), limit=50)) == 12


async def test_an_actor_is_found_by_login_by_label_and_by_kind(town: Town) -> None:
    added = await town.call(AddStaff, "vera", "Вера", Role.AUDITOR)
    vera = Staff(added.id, Role.AUDITOR)  # type: ignore[attr-defined]
    await write(town, 1)
    for who, label in (
        ("vera", f"staff:{vera.staff}"),
        (f"staff:{vera.staff}", f"staff:{vera.staff}"),
        ("staff:", "staff:"),
    ):
        await town.call(ReadAudit, vera, Sought())
        page = await town.call(ReadAudit, vera, Sought(), who=who)
        assert isinstance(page, AuditPage)
        assert page.entries
        assert all(each.actor.startswith(label) for each in page.entries)
        assert page.names[vera.staff] == "vera"
    tests = await town.call(ReadAudit, vera, Sought(), who="system:test")
    assert [each.operation for each in tests.entries] == ["card.viewed"]  # type: ignore[attr-defined]


async def test_a_journal_that_is_written_and_signed_meanwhile_is_sound(town: Town) -> None:
    for number in range(6):
        await write(town, number)
        town.clock.turn(minutes=1)
        await town.call(SignCheckpoint)

    async def goes_on() -> None:
        for number in range(10):
            await write(town, number)
            await town.call(SignCheckpoint)

    verified, _ = await asyncio.gather(town.call(VerifyAudit, AUDITOR), goes_on())
    assert isinstance(verified, Verified)
    assert (verified.findings, verified.whole) == ((), True)
    assert verified.lines >= 6
    (kept,) = await read_all(town, Sought(operation="audit.verified"), limit=5)
    assert kept.details["findings"] == "0"
    assert kept.at - timedelta(minutes=6) == START


async def test_no_other_role_reads_or_verifies(town: Town) -> None:
    for role in set(Role) - {Role.AUDITOR}:
        other = Staff(AUDITOR.staff, role)
        for call in (town.call(ReadAudit, other, Sought()), town.call(VerifyAudit, other)):
            with pytest.raises(NotAllowed):
                await call
