"""Sealed from the first row: nothing movable, every key replaceable."""

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from core.domain.application import Field
from core.domain.document import Purpose as For
from core.security.envelope import Envelope, Tampered
from core.security.keyring import KeyRing
from core.storage.account import AccountRow
from core.storage.application import AnswerRow
from core.storage.key import DataKeyRow
from core.storage.rotation import Rotated, SqlKeys
from tests.core.storage.asking import ASKED, ask_privately, tickets_of
from tests.core.storage.house import House, a_draft, a_member, a_person, a_scan, an_answer
from tests.core.storage.test_sealed import a_paper


async def test_a_value_put_into_another_persons_row_does_not_open(house: House) -> None:
    first, second, here = await house.newcomer(a_person("a")), await house.newcomer(a_person("b")), house.request()
    async with here.transaction:
        stolen = select(AccountRow.known).where(AccountRow.id == second.account).scalar_subquery()
        await here.transaction.change(update(AccountRow).where(AccountRow.id == first.account).values(known=stolen))
    async with here.transaction.looking():
        with pytest.raises(Tampered):
            await here.accounts.of(first)


async def test_a_key_put_into_another_persons_row_does_not_open(house: House) -> None:
    first, second, here = await house.newcomer(a_person("a")), await house.newcomer(a_person("b")), house.request()
    async with here.transaction:
        stolen = select(DataKeyRow.wrapped).where(DataKeyRow.owner == f"account:{second.account}").scalar_subquery()
        mine = update(DataKeyRow).where(DataKeyRow.owner == f"account:{first.account}")
        await here.transaction.change(mine.values(wrapped=stolen))
    async with here.transaction.looking():
        with pytest.raises(Tampered):
            await here.accounts.of(first)


async def test_a_value_put_into_another_column_does_not_open(house: House) -> None:
    citizen, here = await house.newcomer(), house.request()
    async with here.transaction:
        await here.transaction.change(update(AccountRow).values(phone=AccountRow.email))
    async with here.transaction.looking():
        with pytest.raises(Tampered):
            await here.accounts.of(citizen)


async def test_an_answer_put_into_another_field_or_an_older_one_put_back_does_not_open(house: House) -> None:
    citizen, here, now = await house.newcomer(), house.request(), house.clock.now()
    draft = a_draft(citizen, now, an_answer(Field.PHONE, "+79010000005"), an_answer(Field.ADDRESS, "старый адрес"))
    address = update(AnswerRow).where(AnswerRow.field == "address")
    async with here.transaction:
        await here.applications.add(draft, now)
        rows = {row.field: row.value for row in await here.transaction.session.scalars(select(AnswerRow))}
        draft = await here.applications.save(draft.answered(an_answer(Field.ADDRESS, "новый адрес")), now)
    for planted in (rows["phone"], rows["address"]):
        async with here.transaction:
            await here.transaction.change(address.values(value=planted))
        async with here.transaction.looking():
            with pytest.raises(Tampered):
                await here.applications.open_of(citizen)


async def test_twenty_who_need_the_products_own_key_first_make_one(house: House) -> None:
    async def add(number: int) -> None:
        here = house.request()
        async with here.transaction:
            await here.staff.add(a_member(house.clock.now(), f"member-{number:02}"), house.clock.now())

    await asyncio.gather(*(add(number) for number in range(20)))
    here = house.request()
    async with here.transaction.looking():
        assert len(await here.staff.all()) == 20


async def test_a_key_made_in_a_block_that_failed_is_not_used_again(house: House) -> None:
    here, now = house.request(), house.clock.now()
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 - the whole block fails
        async with here.transaction:
            await here.staff.add(a_member(now), now)
            raise ZeroDivisionError
    async with here.transaction:
        await here.staff.add(a_member(now), now)
    other = house.request()
    async with other.transaction.looking():
        assert len(await other.staff.all()) == 1


@pytest.fixture
def own_ring(keyring: KeyRing, house: House, tmp_path: Path) -> KeyRing:
    """A copy of the ring that may be rotated, in the house's hands."""
    shutil.copytree(keyring._folder, tmp_path / "ring")
    house.keyring = KeyRing.open(tmp_path / "ring")
    house.envelope = Envelope(house.keyring)
    return house.keyring


async def test_after_a_rotation_everything_opens_and_the_old_key_wraps_nothing(house: House, own_ring: KeyRing) -> None:
    citizen, here, now = await house.newcomer(), house.request(), house.clock.now()
    scan = a_scan(citizen, now)
    async with here.transaction:
        await here.documents.put(scan, b"scan")
        await here.staff.add(a_member(now), now)
        paper = a_paper(citizen, now)
        await here.extracts.begin(paper)
        claimed = await here.extracts.claim(now, now)
        assert claimed is not None
        await here.extracts.keep(claimed, b"paper")
        asked = await ask_privately(house, here, citizen, now)
    before = own_ring.current.id
    own_ring.rotate(now)
    keys = SqlKeys(house.engine, own_ring, house.envelope)
    assert await keys.in_use() == {before: 5}
    assert await keys.rotate() == Rotated(people=2, files=3)
    assert await keys.rotate() == Rotated(people=0, files=0)
    assert await keys.in_use() == {own_ring.current.id: 5}
    own_ring.retire(before)
    house.envelope = Envelope(own_ring)
    later = house.request()
    async with later.transaction.looking():
        assert (await later.accounts.of(citizen)).known == a_person("subject-1001")
        assert await later.documents.content(citizen, scan.id) == b"scan"
        assert await later.extracts.content(await later.extracts.one(citizen, paper.id)) == b"paper"
        assert [document.id for document in await later.documents.of(citizen, For.APPLICATION)] == [scan.id]
        assert len(await later.staff.all()) == 1
        assert (await tickets_of(house, later).content(asked.id, 0))[1] == ASKED[5].encode()


async def test_people_go_on_working_while_keys_are_rotated(house: House, own_ring: KeyRing) -> None:
    citizens = [await house.newcomer() for _ in range(5)]
    own_ring.rotate(house.clock.now())

    async def work(citizen: object) -> None:
        here = house.request()
        for number in range(5):
            async with here.transaction:
                account = await here.accounts.of(citizen)
                await here.accounts.save(replace(account, phone=f"+7900000001{number}"))

    await asyncio.gather(
        SqlKeys(house.engine, own_ring, house.envelope).rotate(), *(work(citizen) for citizen in citizens)
    )
    here = house.request()
    async with here.transaction.looking():
        assert {(await here.accounts.of(citizen)).version for citizen in citizens} == {6}


async def test_ten_thousand_keys_are_all_wrapped_anew(house: House, own_ring: KeyRing) -> None:
    owners = [f"account:{number}" for number in range(10_000)]
    old = own_ring.current.id
    rows = [{"owner": owner, "kek": old, "wrapped": house.envelope.new_key(owner)[1]} for owner in owners]
    async with house.engine.begin() as connection:
        await connection.execute(insert(DataKeyRow), rows)
    own_ring.rotate(house.clock.now())
    assert await SqlKeys(house.engine, own_ring, house.envelope).rotate() == Rotated(people=10_000, files=0)
    assert await SqlKeys(house.engine, own_ring, house.envelope).in_use() == {own_ring.current.id: 10_000}
