"""Attempts to sign in through the portal: each is used once, within its time."""

import asyncio
from datetime import datetime

import pytest

from core.domain.ids import ChatId
from core.domain.signin import LIFETIME, SignIn, SignInGone, SignInState
from tests.core.storage.house import House


def attempt(now: datetime, name: str = "a", chat: int = 1) -> SignIn:
    return SignIn(
        ticket=f"ticket-{name}",
        state=f"state-{name}",
        nonce=f"nonce-{name}",
        verifier=f"verifier-{name}",
        chat=ChatId(chat),
        chat_name="Аглая (@aglaya)",
        phase=SignInState.STARTED,
        expires_at=now + LIFETIME,
    )


async def test_our_link_and_the_portals_answer_find_the_attempt(house: House) -> None:
    here, now = house.request(), house.clock.now()
    async with here.transaction:
        await here.sign_ins.start(attempt(now))
        assert await here.sign_ins.by_ticket("ticket-a", now) == attempt(now)
        assert await here.sign_ins.by_state("state-a", now) == attempt(now)
        assert await here.sign_ins.take("state-a", now) == attempt(now)


async def test_an_attempt_is_taken_by_one_of_twenty_browsers(house: House) -> None:
    here, now = house.request(), house.clock.now()
    async with here.transaction:
        await here.sign_ins.start(attempt(now))

    async def take() -> bool:
        request = house.request()
        try:
            async with request.transaction:
                await request.sign_ins.take("state-a", now)
        except SignInGone:
            return False
        return True

    assert sum(await asyncio.gather(*(take() for _ in range(20)))) == 1
    async with here.transaction.looking():
        for late in (here.sign_ins.by_ticket("ticket-a", now), here.sign_ins.by_state("state-a", now)):
            with pytest.raises(SignInGone):
                await late


async def test_ten_minutes_later_the_link_is_gone(house: House) -> None:
    here, now = house.request(), house.clock.now()
    async with here.transaction:
        await here.sign_ins.start(attempt(now))
    later = house.clock.pass_(minutes=10)
    async with here.transaction:
        for late in (here.sign_ins.by_ticket("ticket-a", later), here.sign_ins.take("state-a", later)):
            with pytest.raises(SignInGone):
                await late
        assert await here.sign_ins.forget_before(house.clock.pass_(days=1)) == 1


async def test_the_attempt_that_comes_back_first_ends_the_others_of_its_chat(house: House) -> None:
    here, now = house.request(), house.clock.now()
    async with here.transaction:
        await here.sign_ins.start(attempt(now, "old"))
        await here.sign_ins.start(attempt(now, "other chat", chat=2))
        await here.sign_ins.start(attempt(now, "new"))
        await here.sign_ins.take("state-old", now)
        with pytest.raises(SignInGone):
            await here.sign_ins.take("state-new", now)
        await here.sign_ins.take("state-other chat", now)


async def test_dropping_ends_the_attempts_of_one_chat(house: House) -> None:
    here, now = house.request(), house.clock.now()
    async with here.transaction:
        await here.sign_ins.start(attempt(now, "old"))
        await here.sign_ins.start(attempt(now, "other chat", chat=2))
        await here.sign_ins.drop(attempt(now, "old").chat)
        with pytest.raises(SignInGone):
            await here.sign_ins.take("state-old", now)
        await here.sign_ins.take("state-other chat", now)


async def test_a_question_about_moving_is_answered_once(house: House) -> None:
    citizen = await house.newcomer()
    here, now = house.request(), house.clock.now()
    async with here.transaction:
        await here.sign_ins.start(attempt(now))
        taken = await here.sign_ins.take("state-a", now)
        assert await here.sign_ins.asked(ChatId(1), now) is None
        await here.sign_ins.ask(taken, citizen.account)
    async with here.transaction:
        asked = await here.sign_ins.asked(ChatId(1), now)
        assert asked is not None
        assert (asked.account, asked.phase) == (citizen.account, SignInState.ASKING)
        await here.sign_ins.settle(asked, SignInState.DONE)
        assert await here.sign_ins.asked(ChatId(1), now) is None
        with pytest.raises(SignInGone):
            await here.sign_ins.settle(asked, SignInState.DROPPED)
        with pytest.raises(SignInGone):
            await here.sign_ins.ask(asked, citizen.account)
