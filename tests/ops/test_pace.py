"""The law of the pace: whatever dies, whatever is slow, no second sees more messages than the rate."""

import secrets
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from ops.pace import LocalLedger, SharedLedger
from ops.pace.law import LEASE_MS, Asked, Ledger
from ops.redis import connect
from tests.services import REDIS

RATE = 5


class Hands:
    """A clock in milliseconds that is moved by hand."""

    def __init__(self) -> None:
        self.ms = 1_000_000.0

    def __call__(self) -> float:
        return self.ms


@pytest.fixture(params=["local", pytest.param("redis", marks=pytest.mark.needs_redis)])
async def kind(request: pytest.FixtureRequest) -> AsyncIterator[tuple[str, Redis | None]]:
    redis = connect(REDIS) if request.param == "redis" else None
    yield request.param, redis
    if redis is not None:
        await redis.aclose()


def a_ledger(kind: tuple[str, Redis | None], clock: Hands) -> Ledger:
    if kind[1] is None:
        return LocalLedger(clock)
    return SharedLedger(kind[1], prefix="{test." + secrets.token_hex(6) + "}", clock=clock)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["take", "take", "arrive", "answer", "die", "pass"]),
        st.integers(0, 3),
        st.integers(1, 7),
        st.integers(1, 900),
    ),
    max_size=60,
)


@given(steps=STEPS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_second_sees_more_than_the_rate(kind: tuple[str, Redis | None], steps: list[Any]) -> None:
    clock = Hands()
    ledger, taken, called = a_ledger(kind, clock), [], []
    arrived: list[float] = []
    await ledger.take(Asked(3, 1, "the first", None), RATE)
    clock.ms += 1001
    for number, (what, lane, wanted, ms) in enumerate(steps):
        if what == "take":
            name = f"w{number}"
            answer = await ledger.take(Asked(lane, wanted, name, ahead_ms=25 if lane == 3 else 0), RATE)
            assert answer.granted <= wanted
            # Whoever got it ahead of time waits.
            clock.ms += max(answer.waits, default=0)
            taken += [f"{name}:{each}" for each in range(1, answer.granted + 1)]
            if not answer.granted:
                await ledger.leave(lane, name)
        elif what == "arrive" and taken:
            # Some calls reach Telegram; their answers take as long as they like.
            for _ in range(min(wanted, len(taken))):
                called.append(taken.pop(0))
                arrived.append(clock.ms)
        elif what == "answer" and called:
            await ledger.give_back(dict.fromkeys(called[:wanted], 0.0), [])
            del called[:wanted]
        elif what == "die":
            # What had a slot and dies makes no call any more, and gives nothing back.
            taken.clear()
            called.clear()
        elif what == "pass":
            clock.ms += ms
    for end in arrived:
        assert sum(1 for at in arrived if end - 1000 < at <= end) <= RATE


async def test_a_dead_holders_slots_come_free_when_the_lease_ends(kind: tuple[str, Redis | None]) -> None:
    clock = Hands()
    ledger = a_ledger(kind, clock)
    await ledger.take(Asked(0, 1, "cold"), RATE)
    clock.ms += 60_000
    first = await ledger.take(Asked(0, 9, "a"), RATE)
    assert first.granted >= RATE - 1
    assert (await ledger.take(Asked(0, 9, "b"), RATE)).granted <= 1
    clock.ms += LEASE_MS + 1
    assert (await ledger.take(Asked(0, 9, "c"), RATE)).granted == RATE


async def test_a_better_lane_that_waits_goes_first(kind: tuple[str, Redis | None]) -> None:
    clock = Hands()
    ledger = a_ledger(kind, clock)
    await ledger.take(Asked(3, 1, "cold"), RATE)
    await ledger.leave(3, "cold")
    clock.ms += 1100
    granted = (await ledger.take(Asked(3, RATE, "bulk"), RATE)).granted
    assert granted == RATE
    assert (await ledger.take(Asked(0, 1, "answer"), RATE)).granted == 0
    await ledger.give_back({f"bulk:{number}": 0.0 for number in range(1, granted + 1)}, [])
    clock.ms += 502
    assert (await ledger.take(Asked(0, 1, "answer"), RATE)).granted == 0
    clock.ms += 502
    assert (await ledger.take(Asked(3, RATE, "more"), RATE)).granted == 0, "an answer waits"
    assert (await ledger.take(Asked(0, 1, "answer"), RATE)).granted == 1


async def test_bulk_begins_with_nothing_after_a_start(kind: tuple[str, Redis | None]) -> None:
    clock = Hands()
    ledger = a_ledger(kind, clock)
    assert (await ledger.take(Asked(3, RATE, "bulk"), RATE)).granted == 0
    clock.ms += 1001
    assert (await ledger.take(Asked(3, RATE, "bulk"), RATE)).granted == RATE


async def test_a_chat_has_short_bursts_and_then_one_a_second(kind: tuple[str, Redis | None]) -> None:
    clock = Hands()
    ledger = a_ledger(kind, clock)
    for _ in range(3):
        assert await ledger.chats([7]) == {}
    assert (await ledger.chats([7, 8])) == {7: 1000.0}
    clock.ms += 1000
    assert await ledger.chats([7]) == {}
    await ledger.pause(7, 4000)
    assert await ledger.chats([7]) == {7: 4000.0}
    assert await ledger.chats([9]) == {}


async def test_two_chats_that_are_refused_within_a_second_stop_everybody(kind: tuple[str, Redis | None]) -> None:
    clock = Hands()
    ledger = a_ledger(kind, clock)
    await ledger.take(Asked(3, 1, "x"), RATE)
    await ledger.leave(3, "x")
    clock.ms += 1100
    await ledger.pause(1, 3000)
    assert (await ledger.take(Asked(2, 1, "one chat"), RATE)).granted == 1
    await ledger.pause(2, 3000)
    assert (await ledger.take(Asked(2, 1, "a"), RATE)).granted == 0
    await ledger.leave(2, "a")
    clock.ms += 3001
    assert (await ledger.take(Asked(2, 1, "b"), RATE)).granted == 1


async def test_bulk_slows_down_after_a_refusal_and_recovers_by_steps(kind: tuple[str, Redis | None]) -> None:
    clock = Hands()
    ledger, rate = a_ledger(kind, clock), 20
    await ledger.take(Asked(3, 1, "x"), rate)
    await ledger.leave(3, "x")
    clock.ms += 2000
    await ledger.pause(1, 100)
    granted = []
    for number in range(7):
        clock.ms += 200
        slots = await ledger.take(Asked(3, 99, f"b{number}"), rate)
        granted.append(slots.granted)
        await ledger.give_back({}, [f"b{number}:{each}" for each in range(1, slots.granted + 1)])
        clock.ms += 4900
    assert granted[0] == 10
    assert granted == sorted(granted)
    assert granted[-1] == 20


async def test_bulk_may_have_a_slot_a_moment_before_it_comes_free(kind: tuple[str, Redis | None]) -> None:
    clock = Hands()
    ledger = a_ledger(kind, clock)
    await ledger.take(Asked(3, 1, "cold"), RATE)
    await ledger.leave(3, "cold")
    clock.ms += 1100
    await ledger.take(Asked(3, RATE, "a"), RATE)
    await ledger.give_back({f"a:{number}": 0.0 for number in range(1, RATE)}, [])
    clock.ms += 1002 - 20
    assert (await ledger.take(Asked(3, 9, "b"), RATE)).granted == 0
    soon = await ledger.take(Asked(3, 9, "c", ahead_ms=25), RATE)
    assert list(soon.waits) == [20.0] * (RATE - 1), "the one that is still under way is nobody's"
    assert (await ledger.take(Asked(3, 9, "d", ahead_ms=25), RATE)).granted == 0, "a slot is taken over once"


async def test_slots_too_many_for_a_braked_rate_are_taken_over_by_nobody(kind: tuple[str, Redis | None]) -> None:
    clock = Hands()
    ledger, rate = a_ledger(kind, clock), 10
    await ledger.take(Asked(3, 1, "cold"), rate)
    await ledger.leave(3, "cold")
    clock.ms += 1100
    await ledger.take(Asked(3, rate, "a"), rate)
    await ledger.give_back({f"a:{number}": 0.0 for number in range(1, rate + 1)}, [])
    await ledger.pause(1, 100)
    clock.ms += 1002 - 20
    assert (await ledger.take(Asked(3, 99, "b", ahead_ms=25), rate)).granted == rate // 2


@pytest.mark.needs_redis
async def test_the_ledger_counts_who_shares_the_budget() -> None:
    clock = Hands()
    redis = connect(REDIS)
    ledger = a_ledger(("redis", redis), clock)
    for name in ("one", "two", "one"):
        answer = await ledger.take(Asked(0, 1, f"by {name} {clock.ms}", process=name), RATE)
        clock.ms += 1
    assert answer.processes == 2
    clock.ms += 60_000
    assert (await ledger.take(Asked(0, 1, "late", process="one"), RATE)).processes == 1
    await redis.aclose()
