"""The outbox: each row is claimed once, in the right order, and loses its personal values once told."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from core.domain.ids import BroadcastId, ChatId, NotificationId
from core.domain.notification import (
    Button,
    Channel,
    Lane,
    Notification,
    NotificationState,
    Outcome,
    Settlement,
    WallTime,
)
from core.storage.notification import AttemptRow, NotificationRow
from tests.core.storage.house import House, a_push

LEASE = timedelta(seconds=30)


async def add(house: House, *notifications: Notification) -> None:
    here = house.request()
    async with here.transaction:
        for notification in notifications:
            await here.outbox.add(notification)


async def claim(house: House, limit: int = 100) -> list[NotificationId]:
    return [each.id for each in await claimed(house, limit)]


async def claimed(house: House, limit: int = 100) -> list[Notification]:
    here, now = house.request(), house.clock.now()
    async with here.transaction:
        return await here.outbox.claim(now, now + LEASE, limit)


async def begin(house: House, *rows: Notification) -> frozenset[NotificationId]:
    """Put calls on record; each row as its claim returned it."""
    here = house.request()
    async with here.transaction:
        return await here.outbox.begin(rows, house.clock.now())


async def recover(house: House) -> int:
    here = house.request()
    async with here.transaction:
        return await here.outbox.recover(house.clock.now())


OUTCOMES = {NotificationState.WAITING: Outcome.NEVER_LEFT, NotificationState.SENT: Outcome.SENT}


async def settle(
    house: House, notification: Notification, to: NotificationState, *, tries: int = 1, **how: Any
) -> None:
    here = house.request()
    outcome = how.pop("outcome", OUTCOMES.get(to, Outcome.REFUSED))
    async with here.transaction:
        await here.outbox.settle([Settlement(notification.id, tries, to, outcome, **how)], house.clock.now())


async def next_due(house: House) -> object:
    here = house.request()
    async with here.transaction.looking():
        return await here.outbox.next_due(house.clock.now())


async def test_what_is_claimed_is_what_was_written(house: House) -> None:
    citizen, now = await house.newcomer(), house.clock.now()
    buttons = (Button("card.open", "card"), Button("menu.open", "menu"))
    push = a_push(now, citizen, buttons=buttons, valid_until=now + timedelta(hours=1))
    sms = a_push(now, citizen, channel=Channel.SMS, chat=None, address="+79000000001", values={"code": "123456"})
    nobodys = a_push(now)
    await add(house, push, sms, nobodys, nobodys)
    here = house.request()
    async with here.transaction:
        claimed = await here.outbox.claim(now, now + LEASE, 10)
    sending = [replace(each, state=NotificationState.SENDING, tries=1) for each in (push, sms, nobodys)]
    assert {each.id: each for each in claimed} == {each.id: each for each in sending}


async def test_ten_workers_claim_every_row_once(house: House) -> None:
    pushes = [a_push(house.clock.now(), chat=ChatId(number)) for number in range(50)]
    await add(house, *pushes)

    async def work() -> list[NotificationId]:
        mine: list[NotificationId] = []
        while some := await claim(house, 3):
            mine += some
        return mine

    claimed = Counter(each for mine in await asyncio.gather(*(work() for _ in range(10))) for each in mine)
    assert claimed == Counter(push.id for push in pushes)


async def test_the_best_lane_goes_first_then_who_is_due_longest(house: House) -> None:
    now = house.clock.now()
    later, notice, code, answer, bulk = (
        a_push(now, chat=ChatId(number), lane=lane, due_at=now - timedelta(minutes=age))
        for number, (lane, age) in enumerate(
            [(Lane.NOTICE, 1), (Lane.NOTICE, 5), (Lane.CODE, 1), (Lane.ANSWER, 0), (Lane.BULK, 60)]
        )
    )
    not_yet = a_push(now, chat=ChatId(9), due_at=now + timedelta(minutes=1))
    await add(house, later, bulk, not_yet, notice, code, answer)
    assert await claim(house, 4) == [answer.id, code.id, notice.id, later.id]
    assert await claim(house) == [bulk.id]
    house.clock.pass_(minutes=1)
    assert not_yet.id in await claim(house)


async def test_a_chat_is_told_in_the_order_of_the_facts_also_after_a_retry(house: House) -> None:
    first, second = a_push(house.clock.now()), a_push(house.clock.pass_(seconds=1))
    answer = a_push(house.clock.now(), lane=Lane.ANSWER)
    await add(house, first, second, answer)
    assert await claim(house) == [answer.id, first.id], "another lane does not wait for this one"
    await settle(house, answer, NotificationState.SENT)
    again = house.clock.now() + timedelta(seconds=20)
    await settle(house, first, NotificationState.WAITING, due_at=again)
    assert await claim(house) == [], "the second waits for the first"
    assert await next_due(house) == again
    house.clock.pass_(seconds=20)
    assert await claim(house) == [first.id]
    await settle(house, first, NotificationState.SENT, tries=2)
    assert await claim(house) == [second.id]


async def test_a_worker_that_died_gives_its_rows_back_when_the_lease_ends(house: House) -> None:
    push = a_push(house.clock.now())
    await add(house, push)
    assert await claim(house) == [push.id]
    assert await claim(house) == []
    assert await next_due(house) == house.clock.now() + LEASE
    assert await recover(house) == 0
    house.clock.pass_(seconds=30)
    assert await recover(house) == 1
    (again,) = await claimed(house)
    assert (again.id, again.tries, again.calls, again.doubtful) == (push.id, 2, 0, False), "no call was made"


async def test_once_told_only_the_fact_of_telling_remains(house: House) -> None:
    citizen = await house.newcomer()
    ends = (NotificationState.SENT, NotificationState.UNWANTED, NotificationState.EXPIRED)
    mails = [
        a_push(house.clock.now(), citizen, channel=Channel.MAIL, chat=None, address="a@example.test") for _ in ends
    ]
    await add(house, *mails)
    await claim(house)
    for mail, end in zip(mails, ends, strict=True):
        await settle(house, mail, end, reason="550 a@example.test unknown")
    here = house.request()
    async with here.transaction.looking():
        rows = (await here.transaction.session.scalars(select(NotificationRow))).all()
        assert [(row.address, row.told) for row in rows] == [(None, None)] * 3
        counts = await here.outbox.counts()
        assert [counts[state] for state in ends] == [1, 1, 1]
        assert counts[NotificationState.WAITING] == 0
        assert await here.outbox.next_due(house.clock.now()) is None
    async with here.transaction:
        assert await here.outbox.forget_before(house.clock.now(), 2) == 0
        later = house.clock.pass_(days=1)
        assert [await here.outbox.forget_before(later, 2) for _ in range(3)] == [2, 1, 0]


async def test_a_row_that_was_sent_stays_sent(house: House) -> None:
    push = a_push(house.clock.now())
    await add(house, push)
    await claim(house)
    await settle(house, push, NotificationState.SENT)
    await settle(house, push, NotificationState.WAITING, due_at=house.clock.now())
    assert await claim(house) == []


async def test_a_row_that_was_meddled_with_holds_nobody_up(house: House) -> None:
    bad, good = a_push(house.clock.now(), chat=ChatId(1)), a_push(house.clock.now(), chat=ChatId(2))
    await add(house, bad, good)
    here = house.request()
    async with here.transaction:
        meddled = update(NotificationRow).where(NotificationRow.id == bad.id)
        await here.transaction.change(meddled.values(told=b"\x01 this is no ciphertext of ours, but long enough"))
    assert await claim(house) == [good.id]
    async with here.transaction.looking():
        assert (await here.outbox.counts())[NotificationState.REFUSED] == 1


async def attempts(house: House, notification: Notification) -> list[tuple[int, str | None, bool]]:
    """Return number, outcome, and whether it ended, of each attempt."""
    here = house.request()
    async with here.transaction.looking():
        asked = select(AttemptRow).where(AttemptRow.notification == notification.id).order_by(AttemptRow.number)
        rows = (await here.transaction.session.scalars(asked)).all()
    return [(row.number, row.outcome, row.ended_at is not None) for row in rows]


async def test_an_attempt_stands_before_the_call_and_keeps_how_it_ended(house: House) -> None:
    push = a_push(house.clock.now())
    await add(house, push)
    (first,) = await claimed(house)
    assert await attempts(house, push) == [], "a claim is no call"
    assert await begin(house, first) == {push.id}
    assert await attempts(house, push) == [(1, None, False)]
    await settle(house, push, NotificationState.WAITING, due_at=house.clock.now())
    (second,) = await claimed(house)
    assert second.calls == 1
    await begin(house, second)
    await settle(house, push, NotificationState.SENT, tries=2, message=77)
    assert await attempts(house, push) == [(1, "never_left", True), (2, "sent", True)]


async def test_a_call_that_was_not_made_counts_as_no_try(house: House) -> None:
    push = a_push(house.clock.now())
    await add(house, push)
    for number in range(1, 4):
        (again,) = await claimed(house)
        assert again.calls == 0
        await begin(house, again)
        now, free = house.clock.now(), Outcome.NOT_MADE
        await settle(house, push, NotificationState.WAITING, tries=number, outcome=free, due_at=now, free=True)
    assert await attempts(house, push) == []


async def test_of_a_dead_worker_notices_come_again_marked_and_bulk_is_counted(house: House) -> None:
    now = house.clock.now()
    notice, bulk = a_push(now, chat=ChatId(1)), a_push(now, chat=ChatId(2), lane=Lane.BULK)
    sms, mail = (
        a_push(now, chat=None, address="x", lane=Lane.CODE, channel=channel) for channel in (Channel.SMS, Channel.MAIL)
    )
    await add(house, notice, bulk, sms, mail)
    taken = await claimed(house)
    assert len(await begin(house, *taken)) == 4
    house.clock.pass_(seconds=30)
    assert await recover(house) == 4
    here = house.request()
    async with here.transaction:
        again = await here.outbox.claim(house.clock.now(), house.clock.now() + LEASE, 10)
    assert {(each.id, each.doubtful) for each in again} == {(notice.id, True), (sms.id, True)}
    async with here.transaction.looking():
        assert (await here.outbox.counts())[NotificationState.UNCERTAIN] == 2
        uncertain = await here.outbox.uncertain()
    assert (uncertain[Lane.NOTICE], uncertain[Lane.CODE], uncertain[Lane.BULK]) == (1, 2, 1)


async def test_a_reminder_is_moved_and_taken_back_with_what_it_reminds_of(house: House) -> None:
    subject, now = UUID(int=7), house.clock.now()
    push = a_push(now, subject=subject, due_at=now + timedelta(days=1))
    await add(house, push)
    here = house.request()
    async with here.transaction:
        assert await here.outbox.move(subject, now + timedelta(hours=1)) == 1
    assert await next_due(house) == now + timedelta(hours=1)
    async with here.transaction:
        assert await here.outbox.cancel(subject, now) == 1
        assert await here.outbox.cancel(subject, now) == 0
    house.clock.pass_(days=2)
    assert await claim(house) == []


async def test_a_law_that_moves_a_zone_moves_the_moment_and_not_the_hour(house: House) -> None:
    # Written when noon in Omsk was thought to be at 05:00 UTC; today's law has it at 06:00.
    wall = WallTime(datetime(2026, 12, 1, 12), "Asia/Omsk")
    push = a_push(house.clock.now(), wall=wall, due_at=datetime(2026, 12, 1, 5, tzinfo=UTC))
    await add(house, push)
    here = house.request()
    async with here.transaction:
        assert await here.outbox.reckon(house.clock.now()) == 1
        assert await here.outbox.reckon(house.clock.now()) == 0
    assert await next_due(house) == datetime(2026, 12, 1, 6, tzinfo=UTC)


async def test_a_broadcast_is_held_let_go_and_taken_back_and_nobody_is_in_it_twice(house: House) -> None:
    citizen, other, now = await house.newcomer(), await house.newcomer(), house.clock.now()
    broadcast = BroadcastId(UUID(int=7))
    rows = [a_push(now, each, lane=Lane.BULK, values={}, broadcast=broadcast) for each in (citizen, other, citizen)]
    here = house.request()
    async with here.transaction:
        assert await here.outbox.add_many(rows) == 2
        assert await here.outbox.waiting(broadcast) == 2
        assert await here.outbox.hold(broadcast) == 2
    assert await claim(house) == []
    async with here.transaction:
        assert await here.outbox.release(broadcast) == 2
    assert len(await claim(house, 1)) == 1
    async with here.transaction:
        assert await here.outbox.cancel_broadcast(broadcast, now) == 1
        tally = await here.outbox.tally(broadcast)
    assert (tally[NotificationState.SENDING], tally[NotificationState.CANCELLED]) == (1, 1)
