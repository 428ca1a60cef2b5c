"""The budget over its ledger: whoever waits gets a slot, and while Redis is away the rate still holds."""

import asyncio
from dataclasses import replace

import pytest

from core.domain.notification import Lane
from core.ports import Congested, Slot
from ops.pace import Budget, LocalLedger
from ops.pace.law import UNKNOWN_PROCESSES, Answer, Asked
from tests.ops.test_pace import Hands


class Unsteady(LocalLedger):
    """A Redis that can go away; `others` share its budget."""

    def __init__(self, clock: Hands, others: int = 0) -> None:
        super().__init__(clock)
        self.away, self.others = False, others

    async def take(self, asked: Asked, rate: int) -> Answer:
        if self.away:
            raise ConnectionError
        answer = await super().take(asked, rate)
        return replace(answer, processes=1 + self.others)


def unsteady(others: int = 0) -> tuple[Hands, Unsteady, Budget]:
    clock = Hands()

    async def nap(seconds: float) -> None:
        clock.ms += seconds * 1000

    redis = Unsteady(clock, others)
    return clock, redis, Budget(redis, 20, spare=LocalLedger(clock), nap=nap, clock=lambda: clock.ms / 1000)


async def answered(pace: Budget, clock: Hands, number: int) -> list[float]:
    """Take a slot for so many answers and return the seconds at which they went."""
    went = []
    for _ in range(number):
        slots = await pace.take(Lane.ANSWER, 1, 5)
        went.append(clock.ms / 1000)
        pace.give_back(slots)
        await pace.settled()
    return went


async def test_while_redis_is_away_answers_go_at_a_fair_share_and_bulk_waits() -> None:
    clock, redis, pace = unsteady(others=3)
    await answered(pace, clock, 1)
    redis.away, since = True, clock.ms / 1000
    went = await answered(pace, clock, 20)
    assert went[0] - since >= 1, "what was granted a moment before may be arriving"
    assert max(sum(1 for at in went if end - 1 < at <= end) for end in went) == 20 // 4
    for lane in (Lane.NOTICE, Lane.BULK):
        with pytest.raises(Congested):
            await pace.take(lane, 1)


async def test_a_process_that_never_heard_from_redis_takes_a_careful_share() -> None:
    _clock, redis, pace = unsteady()
    redis.away = True
    assert pace.share == 20 // UNKNOWN_PROCESSES


async def test_once_redis_is_back_nothing_goes_for_a_second_after_what_went_without_it() -> None:
    clock, redis, pace = unsteady()
    redis.away = True
    (last,) = await answered(pace, clock, 1)
    redis.away = False
    (first,) = await answered(pace, clock, 1)
    assert first - last >= 1


async def test_a_hiccup_during_which_nothing_went_costs_nobody_a_second() -> None:
    clock, redis, pace = unsteady()
    await answered(pace, clock, 1)
    redis.away = True
    with pytest.raises(Congested):
        await pace.take(Lane.BULK, 1)
    redis.away, back = False, clock.ms / 1000
    (first,) = await answered(pace, clock, 1)
    assert first - back < 0.1


async def test_whoever_stops_waiting_keeps_no_slot() -> None:
    class Late(LocalLedger):
        """Grants, and the word of it comes too late."""

        async def take(self, asked: Asked, rate: int) -> Answer:
            await super().take(asked, rate)
            await asyncio.Event().wait()
            raise AssertionError

    clock = Hands()
    ledger = Late(clock)
    pace = Budget(ledger, 2)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await pace.take(Lane.ANSWER, 2)
    await pace.settled()
    assert (await LocalLedger.take(ledger, Asked(0, 2, "next"), 2)).granted == 2


async def test_whoever_waits_gets_a_slot_as_soon_as_one_is_free() -> None:
    pace = Budget(LocalLedger(), 1)
    first = await pace.take(Lane.NOTICE, 1)
    waiting = asyncio.ensure_future(pace.take(Lane.NOTICE, 1))
    pace.give_back([Slot(each.name) for each in first], used=False)
    async with asyncio.timeout(60):
        assert len(await waiting) == 1
    await pace.settled()


async def test_a_long_pause_of_everybody_is_told_to_live_answers_and_waited_out_by_the_rest() -> None:
    clock, _redis, pace = unsteady()
    await answered(pace, clock, 1)
    await pace.pause(7, 3600)
    with pytest.raises(Congested) as told:
        await pace.take(Lane.ANSWER, 1, 5)
    assert 3590 < told.value.seconds <= 3600
    before = clock.ms
    assert await pace.take(Lane.NOTICE, 1)
    assert clock.ms - before >= 3_590_000


async def test_what_redis_granted_without_our_hearing_of_it_is_free_again_at_once() -> None:
    clock, redis, pace = unsteady()
    await answered(pace, clock, 1)
    clock.ms += 5000
    granted = redis.take

    async def lossy(asked: Asked, rate: int) -> Answer:
        await granted(asked, rate)
        raise TimeoutError

    redis.take = lossy  # type: ignore[method-assign]
    with pytest.raises(Congested):
        await pace.take(Lane.BULK, 20)
    redis.take = granted  # type: ignore[method-assign]
    slots = await pace.take(Lane.BULK, 1)
    pace.give_back(slots)
    await pace.settled()
    before = clock.ms
    assert len(await pace.take(Lane.ANSWER, 20)) >= 18
    assert clock.ms - before < 2000
