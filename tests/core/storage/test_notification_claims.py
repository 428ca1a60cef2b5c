"""Claims side by side: one chat is told one thing at a time, and who comes late begins nothing."""

import asyncio
from datetime import timedelta

import pytest

from core.domain.ids import ChatId
from core.domain.notification import Lane, Notification, NotificationState, Outcome, Settlement
from tests.core.storage.house import House, a_push
from tests.core.storage.test_notification import LEASE, add, attempts, begin, claim, claimed, recover, settle


async def claim_lane(house: House, lane: Lane, both: asyncio.Barrier | None = None) -> list[Notification]:
    """Claim in one lane; with a barrier, commit only when the other has claimed too."""
    here, now = house.request(), house.clock.now()
    async with here.transaction:
        found = await here.outbox.claim(now, now + LEASE, 10, lanes=[lane])
        if both is not None:
            await both.wait()
    return found


async def give_back(house: House, *rows: Notification) -> None:
    here, now = house.request(), house.clock.now()
    async with here.transaction:
        back = NotificationState.WAITING
        told = [
            Settlement(each.id, each.tries, back, Outcome.NOT_MADE, due_at=now + timedelta(seconds=1), free=True)
            for each in rows
        ]
        await here.outbox.settle(told, now)


async def test_two_streams_that_claim_one_chat_at_once_do_not_both_send(house: House) -> None:
    now = house.clock.now()
    notice, news = a_push(now), a_push(now, lane=Lane.BULK)
    await add(house, notice, news)
    # SQLite has one writer at a time: there the second claim sees the first.
    both = asyncio.Barrier(2) if house.kind == "postgresql" else None
    one, other = await asyncio.gather(claim_lane(house, Lane.NOTICE, both), claim_lane(house, Lane.BULK, both))
    if both is not None:
        assert (len(one), len(other)) == (1, 1), "neither claim can see the other"
    begun = [each for rows in (one, other) for each in await begin(house, *rows)]
    assert len(begun) <= 1
    await give_back(house, *(each for each in (*one, *other) if each.id not in begun))
    if not begun:
        house.clock.pass_(seconds=1)
        (first,) = await claim_lane(house, Lane.NOTICE)
        assert await begin(house, first) == {notice.id}
        assert await claim_lane(house, Lane.BULK) == [], "news wait for the notice that is under way"


async def test_what_was_claimed_in_a_block_that_failed_is_claimed_again(house: House) -> None:
    push = a_push(house.clock.now())
    await add(house, push)
    here, now = house.request(), house.clock.now()
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 - the whole block fails
        async with here.transaction:
            assert [each.id for each in await here.outbox.claim(now, now + LEASE, 10)] == [push.id]
            raise ZeroDivisionError
    assert [each.id for each in await claim_lane(house, push.lane)] == [push.id]


async def test_forty_claims_at_once_begin_one_call_a_chat(house: House) -> None:
    now = house.clock.now()
    lanes = (Lane.ANSWER, Lane.CODE, Lane.NOTICE, Lane.BULK)
    pushes = [a_push(now, chat=ChatId(chat), lane=lane) for chat in range(10) for lane in lanes]
    await add(house, *pushes)

    async def work(lane: Lane) -> list[Notification]:
        mine = await claim_lane(house, lane)
        may_go = await begin(house, *mine)
        await give_back(house, *(each for each in mine if each.id not in may_go))
        return [each for each in mine if each.id in may_go]

    begun = [each for mine in await asyncio.gather(*(work(lane) for lane in lanes)) for each in mine]
    chats = [each.chat for each in begun]
    assert len(chats) == len(set(chats))


async def test_the_rows_of_one_digest_begin_together(house: House) -> None:
    rows = [a_push(house.clock.now(), in_digest=True) for _ in range(3)]
    await add(house, *rows)
    assert await begin(house, *await claimed(house)) == {row.id for row in rows}


async def test_who_slept_over_the_lease_begins_nothing(house: House) -> None:
    push = a_push(house.clock.now())
    await add(house, push)
    (mine,) = await claimed(house)
    house.clock.pass_(seconds=29)
    assert await begin(house, mine) == frozenset(), "the lease may end before the call does"
    house.clock.pass_(seconds=1)
    await recover(house)
    (theirs,) = await claimed(house)
    assert await begin(house, mine) == frozenset()
    assert await begin(house, theirs) == {push.id}
    assert await attempts(house, push) == [(2, None, False)]


async def test_a_lease_that_is_renewed_is_not_taken_over_and_one_that_was_taken_over_is_not_renewed(
    house: House,
) -> None:
    push = a_push(house.clock.now())
    await add(house, push)
    (mine,) = await claimed(house)

    async def renew() -> None:
        here = house.request()
        async with here.transaction:
            await here.outbox.renew([mine], house.clock.now() + LEASE)

    house.clock.pass_(seconds=20)
    await renew()
    house.clock.pass_(seconds=20)
    assert await recover(house) == 0
    house.clock.pass_(seconds=10)
    assert await recover(house) == 1
    (theirs,) = await claimed(house)
    house.clock.pass_(seconds=20)
    await renew()
    house.clock.pass_(seconds=10)
    assert await recover(house) == 1, "the other's lease ran out when the other's does"
    assert theirs.tries == mine.tries + 1


async def test_what_is_written_twice_because_nobody_heard_the_commit_changes_nothing_of_the_next_claim(
    house: House,
) -> None:
    push = a_push(house.clock.now())
    await add(house, push)
    (mine,) = await claimed(house)
    await give_back(house, mine)
    house.clock.pass_(seconds=1)
    (theirs,) = await claimed(house)
    await begin(house, theirs)
    await give_back(house, mine)
    assert await attempts(house, push) == [(2, None, False)]
    house.clock.pass_(seconds=5)
    assert await claimed(house) == [], "it is the other's still"


async def test_a_worker_that_comes_late_changes_nothing_in_what_another_took(house: House) -> None:
    push = a_push(house.clock.now())
    await add(house, push)
    await claim(house)
    house.clock.pass_(seconds=30)
    await recover(house)
    assert await claim(house) == [push.id]
    await settle(house, push, NotificationState.REFUSED, tries=1)
    await settle(house, push, NotificationState.SENT, tries=2)
    here = house.request()
    async with here.transaction.looking():
        assert (await here.outbox.counts())[NotificationState.SENT] == 1
