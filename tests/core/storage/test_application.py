"""Applications: one open a person; every answer is kept; nobody overwrites what another has changed."""

import asyncio
from dataclasses import replace

import pytest

from core.domain.account import WrongMove
from core.domain.application import ApplicationState, Check, Field, NoApplication
from core.domain.ids import ApplicationId, new_id
from tests.core.storage.house import House, a_draft, an_answer


async def test_answers_come_back_as_they_were_given_and_changed(house: House) -> None:
    citizen, here, now = await house.newcomer(), house.request(), house.clock.now()
    draft = a_draft(citizen, now, an_answer(Field.NAME, "Иванцова Аглая"), an_answer(Field.SNILS, "11223344595"))
    async with here.transaction:
        assert await here.applications.open_of(citizen) is None
        await here.applications.add(draft, now)
        assert await here.applications.open_of(citizen) == draft
    changed = replace(
        draft.answered(an_answer(Field.NAME, "Иванцова Аглая Тихоновна")).answered(an_answer(Field.SEX, "female")),
        benefits=True,
        reviewed=True,
    )
    async with here.transaction:
        assert await here.applications.save(changed, now) == replace(changed, version=2)
    async with here.transaction.looking():
        kept = await here.applications.open_of(citizen)
        assert kept == replace(changed, version=2)
        assert await here.applications.get(draft.id) == kept
    without = {field: answer for field, answer in changed.answers.items() if field is not Field.SEX}
    async with here.transaction:
        await here.applications.save(replace(changed, version=2, answers=without), now)
        assert (await here.applications.get(draft.id)).answers == without


async def test_thirty_taps_on_apply_open_one_application(house: House) -> None:
    citizen = await house.newcomer()

    async def apply() -> bool:
        here, now = house.request(), house.clock.now()
        try:
            async with here.transaction:
                await here.applications.add(a_draft(citizen, now, an_answer(Field.SEX, "female")), now)
        except WrongMove:
            return False
        return True

    assert sum(await asyncio.gather(*(apply() for _ in range(30)))) == 1


async def test_a_dropped_application_makes_room_for_a_new_one(house: House) -> None:
    citizen, here, now = await house.newcomer(), house.request(), house.clock.now()
    first, second = a_draft(citizen, now), a_draft(citizen, now)
    async with here.transaction:
        await here.applications.add(first, now)
        await here.applications.save(first.moved(ApplicationState.DROPPED), now)
        await here.applications.add(second, now)
        assert await here.applications.open_of(citizen) == second
        with pytest.raises(NoApplication):
            await here.applications.get(ApplicationId(new_id(now)))


async def test_of_twenty_changes_to_one_reading_one_is_kept(house: House) -> None:
    citizen, here, now = await house.newcomer(), house.request(), house.clock.now()
    draft = a_draft(citizen, now)
    async with here.transaction:
        await here.applications.add(draft, now)

    async def answer(number: int) -> bool:
        request = house.request()
        try:
            async with request.transaction:
                await request.applications.save(draft.answered(an_answer(Field.ADDRESS, f"дом {number}")), now)
        except WrongMove:
            return False
        return True

    assert sum(await asyncio.gather(*(answer(number) for number in range(20)))) == 1


async def test_a_chat_that_no_longer_speaks_for_the_account_sees_no_draft(house: House) -> None:
    citizen, here, now = await house.newcomer(), house.request(), house.clock.now()
    async with here.transaction:
        await here.applications.add(a_draft(citizen, now), now)
        await here.chats.unbind(citizen.chat)
        assert await here.applications.open_of(citizen) is None


async def test_what_waits_for_a_registry_is_found_longest_untouched_first(house: House) -> None:
    here, waiting = house.request(), []
    for check in (Check.WAITING, Check.VALID, Check.WAITING):
        draft = a_draft(await house.newcomer(), house.clock.now(), an_answer(Field.SNILS, "11223344595", check=check))
        async with here.transaction:
            await here.applications.add(draft, house.clock.now())
        if check is Check.WAITING:
            waiting.append(draft.id)
        house.clock.pass_(minutes=1)
    async with here.transaction.looking():
        assert await here.applications.waiting_for_registries(10) == waiting
        assert await here.applications.waiting_for_registries(1) == waiting[:1]
