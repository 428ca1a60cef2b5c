"""Papers as rows: one draft an account, one winner a move, nothing moved past its table, files that open in their place alone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from core.domain.account import WrongMove
from core.domain.actor import Citizen
from core.domain.extract import LEASE, Extract, ExtractNotThere, ExtractState, fresh_number, fresh_token
from core.domain.ids import ExtractId, new_id
from core.security.envelope import Tampered
from core.storage.extract import ExtractRow
from tests.core.storage.house import House, a_person
from tests.core.storage.test_key import a_paper


def another(citizen: Citizen, house: House, state: ExtractState = ExtractState.ORDERED) -> Extract:
    now = house.clock.now()
    own = {"id": ExtractId(new_id(now)), "number": fresh_number(now), "token": fresh_token(), "state": state}
    return replace(a_paper(citizen, now), **own)  # type: ignore[arg-type]


async def stored(house: House, *papers: Extract) -> None:
    here = house.request()
    async with here.transaction:
        for paper in papers:
            await here.extracts.begin(paper)


async def test_what_was_read_before_somebody_changed_it_changes_nothing(house: House) -> None:
    citizen = await house.newcomer()
    paper = another(citizen, house)
    await stored(house, paper)
    here, there, now = house.request(), house.request(), house.clock.now()
    async with here.transaction.looking():
        read = await here.extracts.get(paper.id)
    async with there.transaction:
        claimed = await there.extracts.claim(now, now + LEASE)
    assert claimed is not None
    for to in (None, ExtractState.DRAFTING):
        with pytest.raises(WrongMove):
            async with here.transaction:
                await here.extracts.save(replace(read, state=ExtractState.DRAFTING, tries=1), to)
    async with there.transaction.looking():
        assert (await there.extracts.get(paper.id)).version == claimed.version


async def test_a_claim_lapses_and_its_holder_comes_too_late(house: House) -> None:
    citizen = await house.newcomer()
    await stored(house, another(citizen, house))
    here, now = house.request(), house.clock.now()
    async with here.transaction:
        first = await here.extracts.claim(now, now + LEASE)
        assert await here.extracts.claim(now, now + LEASE) is None
    async with here.transaction:
        second = await here.extracts.claim(now + LEASE, now + 2 * LEASE)
    assert first is not None
    assert second is not None
    assert (first.tries, second.tries) == (1, 2)
    with pytest.raises(WrongMove):
        async with here.transaction:
            await here.extracts.keep(first, b"late")
    assert house.shelf.files == {}
    async with here.transaction:
        made = await here.extracts.keep(second, b"paper")
        assert await here.extracts.content(made) == b"paper"
    assert len(house.shelf.files) == 1


async def test_there_is_one_draft_an_account_and_one_number_for_all(house: House) -> None:
    citizen, other = await house.newcomer(a_person("a")), await house.newcomer(a_person("b"))
    await stored(house, another(citizen, house, ExtractState.ASKED), another(other, house, ExtractState.ASKED))
    with pytest.raises(WrongMove):
        await stored(house, another(citizen, house, ExtractState.ASKED))
    paper = another(citizen, house)
    await stored(house, paper)
    with pytest.raises(WrongMove):
        await stored(house, replace(another(other, house), number=paper.number))


async def test_no_move_goes_past_the_table(house: House) -> None:
    citizen = await house.newcomer()
    paper = another(citizen, house)
    await stored(house, paper)
    here = house.request()
    for to in set(ExtractState) - {ExtractState.DRAFTING}:
        with pytest.raises(WrongMove):
            async with here.transaction:
                await here.extracts.save(await here.extracts.get(paper.id), to)


async def test_papers_are_their_owners_alone(house: House) -> None:
    citizen, other = await house.newcomer(a_person("a")), await house.newcomer(a_person("b"))
    paper = another(citizen, house)
    await stored(house, paper, another(citizen, house, ExtractState.ASKED))
    here = house.request()
    async with here.transaction.looking():
        assert [each.id for each in await here.extracts.of(citizen, 10)] == [paper.id]
        assert await here.extracts.of(other, 10) == []
        assert await here.extracts.draft_of(other) is None
        with pytest.raises(ExtractNotThere):
            await here.extracts.one(other, paper.id)
        assert await here.extracts.by_token(paper.token) is None
        assert await here.extracts.ordered_since(citizen.account, house.clock.now() - timedelta(days=1)) == 0


async def test_a_content_put_into_another_paper_does_not_open(house: House) -> None:
    citizen = await house.newcomer()
    first, second = another(citizen, house), another(citizen, house)
    await stored(house, first, second)
    here = house.request()
    async with here.transaction:
        sealed = await here.transaction.session.get(ExtractRow, first.id)
        assert sealed is not None
        moved = update(ExtractRow).where(ExtractRow.id == second.id).values(content=sealed.content)
        await here.transaction.change(moved)
    async with here.transaction.looking():
        with pytest.raises(Tampered):
            await here.extracts.get(second.id)
