"""The outbox: each row is claimed once, in the right order, and loses its personal values once told."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select, update

from core.domain.ids import ChatId, NotificationId
from core.domain.notification import Button, Channel, Lane, Notification, NotificationState
from core.storage.notification import NotificationRow
from tests.core.storage.house import House, a_push

LEASE = timedelta(seconds=30)


async def add(house: House, *notifications: Notification) -> None:
    here = house.request()
    async with here.transaction:
        for notification in notifications:
            await here.outbox.add(notification)


async def claim(house: House, limit: int = 100) -> list[NotificationId]:
    here, now = house.request(), house.clock.now()
    async with here.transaction:
        return [each.id for each in await here.outbox.claim(now, now + LEASE, limit)]


async def settle(house: House, notification: Notification, to: NotificationState, **how: object) -> None:
    here = house.request()
    async with here.transaction:
        await here.outbox.settle(notification.id, to, house.clock.now(), **how)


async def next_due(house: House) -> object:
    here = house.request()
    async with here.transaction.looking():
        return await here.outbox.next_due()


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
    assert await claim(house) == [answer.id, first.id], "another lane does not wait"
    again = house.clock.now() + timedelta(seconds=20)
    await settle(house, first, NotificationState.WAITING, due_at=again)
    assert await claim(house) == [], "the second waits for the first"
    assert await next_due(house) == again
    house.clock.pass_(seconds=20)
    assert await claim(house) == [first.id]
    await settle(house, first, NotificationState.SENT)
    assert await claim(house) == [second.id]


async def test_a_worker_that_died_gives_its_rows_back_when_the_lease_ends(house: House) -> None:
    push = a_push(house.clock.now())
    await add(house, push)
    assert await claim(house) == [push.id]
    assert await claim(house) == []
    assert await next_due(house) == house.clock.now() + LEASE
    house.clock.pass_(seconds=30)
    here = house.request()
    async with here.transaction:
        (again,) = await here.outbox.claim(house.clock.now(), house.clock.now() + LEASE, 10)
    assert (again.id, again.tries) == (push.id, 2)


async def test_once_told_only_the_fact_of_telling_remains(house: House) -> None:
    citizen = await house.newcomer()
    ends = (NotificationState.SENT, NotificationState.REFUSED, NotificationState.EXPIRED)
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
        assert await here.outbox.next_due() is None
    async with here.transaction:
        assert await here.outbox.forget_before(house.clock.now()) == 0
        assert await here.outbox.forget_before(house.clock.pass_(days=1)) == 3


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
