"""Requests for verification: one pending an account, decided once."""

import asyncio

import pytest

from core.domain.actor import Citizen, NotAllowed
from core.domain.ids import VerificationId, new_id
from core.domain.verification import AlreadyDecided, RequestState, VerificationRequest
from tests.core.storage.house import House, a_member


def request_of(house: House, citizen: Citizen) -> VerificationRequest:
    now = house.clock.now()
    return VerificationRequest(VerificationId(new_id(now)), citizen.account, RequestState.PENDING, now, "500100732259")


async def test_a_person_who_asks_twenty_times_at_once_has_one_request(house: House) -> None:
    citizen = await house.newcomer()

    async def ask() -> bool:
        here = house.request()
        async with here.transaction:
            return await here.verifications.ask(request_of(house, citizen))

    assert sum(await asyncio.gather(*(ask() for _ in range(20)))) == 1


async def test_of_two_reviewers_the_second_learns_who_decided(house: House) -> None:
    citizen, here = await house.newcomer(), house.request()
    asked, reviewer = request_of(house, citizen), a_member(house.clock.now(), "anna")
    async with here.transaction:
        await here.staff.add(reviewer, house.clock.now())
        assert await here.verifications.ask(asked)
    decided_at = house.clock.pass_(minutes=5)
    async with here.transaction:
        await here.verifications.decide(asked.id, RequestState.REFUSED, reviewer.id, decided_at)
        with pytest.raises(AlreadyDecided) as told:
            await here.verifications.decide(asked.id, RequestState.APPROVED, reviewer.id, decided_at)
        assert told.value.by == "anna"
        kept = await here.verifications.get(asked.id)
        assert (kept.state, kept.decided_by, kept.decided_at) == (RequestState.REFUSED, reviewer.id, decided_at)
        assert await here.verifications.ask(request_of(house, citizen)), "after a refusal one may ask again"


async def test_the_queue_shows_who_waits_longest_first(house: House) -> None:
    here, asked = house.request(), []
    for _ in range(3):
        asked.append(request_of(house, await house.newcomer()))
        house.clock.pass_(minutes=1)
    async with here.transaction:
        for each in reversed(asked):
            await here.verifications.ask(each)
        assert await here.verifications.pending(2) == asked[:2]
        assert await here.verifications.latest(asked[0].account) == asked[0]
        with pytest.raises(NotAllowed):
            await here.verifications.get(VerificationId(new_id(house.clock.now())))
