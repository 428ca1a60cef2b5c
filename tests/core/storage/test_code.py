"""One-time codes: one open a purpose, five tries counted exactly, used once."""

import asyncio
from dataclasses import replace
from datetime import datetime

from core.domain.actor import Citizen
from core.domain.code import Challenge, Channel, Purpose, TooSoon
from core.domain.ids import ChallengeId, new_id
from tests.core.storage.house import House


def challenge(citizen: Citizen, now: datetime, purpose: Purpose = Purpose.PHONE) -> Challenge:
    return Challenge(
        id=ChallengeId(new_id(now)),
        account=citizen.account,
        purpose=purpose,
        channel=Channel.SMS,
        target="+79000000004",
        destination="+79000000004",
        salt=b"salt",
        digest=b"digest",
        sent_at=now,
    )


async def test_a_new_code_takes_the_place_of_the_open_one_of_its_purpose(house: House) -> None:
    citizen = await house.newcomer()
    now = house.clock.now()
    first, second = challenge(citizen, now), challenge(citizen, house.clock.pass_(minutes=1))
    other = challenge(citizen, now, Purpose.EMAIL)
    here = house.request()
    async with here.transaction:
        for each in (first, other, second):
            await here.challenges.put(each)
        assert await here.challenges.current(citizen.account, Purpose.PHONE) == second
        assert await here.challenges.current(citizen.account, Purpose.EMAIL) == other
        assert await here.challenges.current(citizen.account, Purpose.POLICY) is None
        assert await here.challenges.count_try(first.id) is None
        assert await here.challenges.use_up(first.id) is False
        assert await here.challenges.sent_since(citizen.account, now) == 3
        assert await here.challenges.sent_since(citizen.account, second.sent_at) == 1


async def test_of_forty_guesses_at_once_five_are_counted(house: House) -> None:
    citizen = await house.newcomer()
    sent = challenge(citizen, house.clock.now())
    here = house.request()
    async with here.transaction:
        await here.challenges.put(sent)

    async def guess() -> int | None:
        request = house.request()
        async with request.transaction:
            return await request.challenges.count_try(sent.id)

    left = await asyncio.gather(*(guess() for _ in range(40)))
    assert sorted(each for each in left if each is not None) == [0, 1, 2, 3, 4]
    async with here.transaction.looking():
        assert await here.challenges.current(citizen.account, Purpose.PHONE) == replace(sent, tries=5)


async def test_a_code_entered_twenty_times_at_once_is_used_once(house: House) -> None:
    citizen = await house.newcomer()
    sent = challenge(citizen, house.clock.now())
    here = house.request()
    async with here.transaction:
        await here.challenges.put(sent)

    async def use() -> bool:
        request = house.request()
        async with request.transaction:
            return await request.challenges.use_up(sent.id)

    assert sum(await asyncio.gather(*(use() for _ in range(20)))) == 1
    async with here.transaction.looking():
        assert await here.challenges.current(citizen.account, Purpose.PHONE) is None


async def test_twenty_codes_asked_for_at_once_leave_one_open(house: House) -> None:
    citizen = await house.newcomer()

    async def ask() -> None:
        request = house.request()
        try:
            async with request.transaction:
                await request.challenges.put(challenge(citizen, house.clock.now()))
        except TooSoon:
            return

    await asyncio.gather(*(ask() for _ in range(20)))
    here = house.request()
    async with here.transaction.looking():
        current = await here.challenges.current(citizen.account, Purpose.PHONE)
        assert current is not None
        assert await here.challenges.use_up(current.id)
        assert await here.challenges.current(citizen.account, Purpose.PHONE) is None
