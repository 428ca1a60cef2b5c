"""Broadcasts in the database: one worker each, one draft a key, people in order, dates of birth opened one by one."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from core.domain.actor import Citizen, NotAllowed
from core.domain.broadcast import Broadcast, BroadcastMoved, BroadcastState, Counts, LeftOut, Segment
from core.domain.broadcast.progress import Baseline
from core.domain.ids import AccountId, BroadcastId, new_id
from core.domain.notification import Lane, NotificationState, Topic
from core.storage.account import AccountRow
from core.storage.broadcast import SqlAudience, SqlBroadcasts
from core.storage.notification.rows import NotificationRow
from tests.core.storage.house import House, Request, a_person, a_push

EVERYBODY = Segment()


def a_broadcast(now: datetime, **more: object) -> Broadcast:
    draft = Broadcast(
        id=BroadcastId(new_id(now)),
        title="Суббота",
        texts={"ru": "Открыто до 20:00 <вход со двора>"},
        segment=EVERYBODY,
        topic=Topic.NEWS,
        urgent=False,
        created_by="system:test",
        created_at=now,
    )
    return replace(draft, **more)  # type: ignore[arg-type]


async def added(house: House, **more: object) -> Broadcast:
    here, broadcast = house.request(), a_broadcast(house.clock.now(), **more)
    async with here.transaction:
        return await SqlBroadcasts(here.transaction).add(broadcast, str(broadcast.id))


def audience(here: Request) -> SqlAudience:
    return SqlAudience(here.transaction, here.seals)


async def test_what_is_stored_comes_back_whole(house: House) -> None:
    now = house.clock.now()
    broadcast = a_broadcast(
        now,
        segment=Segment(frozenset({"ru"}), frozenset({"66", "77"}), 18, None, frozenset({Topic.NEWS, Topic.CARD})),
        texts={"ru": "Привет", "en": "Hello"},
        state=BroadcastState.PAUSED,
        scheduled_at=now,
        started_at=now,
        visit_at=now,
        cursor=AccountId(new_id(now)),
        made=7,
        left_out=2,
        counts=Counts(1, 2, 3, 4, 5, 6, 7, 8, 9),
        counted_at=now,
        baseline=Baseline(4, 1),
    )
    here = house.request()
    broadcasts = SqlBroadcasts(here.transaction)
    async with here.transaction:
        await broadcasts.add(broadcast, "key")
        assert await broadcasts.get(broadcast.id) == broadcast
        assert await broadcasts.take(broadcast.id) == broadcast
        assert await broadcasts.recent(10) == [broadcast]
        assert await broadcasts.save(broadcast) == replace(broadcast, version=2)


async def test_texts_are_harmless_in_html_and_nobody_asks_for_what_is_not_there(house: House) -> None:
    broadcast, here = await added(house), house.request()
    async with here.transaction:
        broadcasts = SqlBroadcasts(here.transaction)
        nowhere = BroadcastId(new_id(house.clock.now()))
        assert await broadcasts.texts({broadcast.id, nowhere}) == {
            broadcast.id: {"ru": "Открыто до 20:00 &lt;вход со двора&gt;"}
        }
        assert await broadcasts.texts([]) == {}
        with pytest.raises(NotAllowed):
            await broadcasts.get(nowhere)


async def test_two_who_repeat_a_key_at_once_make_one(house: House) -> None:
    async def add() -> BroadcastId:
        here = house.request()
        async with here.transaction:
            broadcast = a_broadcast(house.clock.now())
            return (await SqlBroadcasts(here.transaction).add(broadcast, "the same")).id

    first, second = await asyncio.gather(add(), add())
    assert first == second


async def test_of_two_changes_to_one_reading_the_second_is_told_to_look_again(house: House) -> None:
    broadcast, here = await added(house), house.request()
    async with here.transaction:
        broadcasts = SqlBroadcasts(here.transaction)
        await broadcasts.save(replace(broadcast, title="Первое"))
        with pytest.raises(BroadcastMoved):
            await broadcasts.save(replace(broadcast, title="Второе"))


async def test_the_longest_waiting_is_looked_after_first_and_only_when_its_time_has_come(house: House) -> None:
    now = house.clock.now()
    later = await added(house, visit_at=now + timedelta(seconds=5))
    first = await added(house, visit_at=now - timedelta(seconds=5))
    second = await added(house, visit_at=now)
    await added(house)
    here = house.request()
    broadcasts = SqlBroadcasts(here.transaction)
    async with here.transaction:
        for expected in (first, second):
            found = await broadcasts.take_due(now)
            assert found is not None
            assert found.id == expected.id
            await broadcasts.save(replace(found, visit_at=None))
        assert await broadcasts.take_due(now) is None
        found = await broadcasts.take_due(now + timedelta(seconds=5))
        assert found is not None
        assert found.id == later.id


async def test_two_workers_never_hold_the_same_broadcast(house: House) -> None:
    now = house.clock.now()
    await added(house, visit_at=now)
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def work() -> bool:
        here = house.request()
        async with here.transaction:
            broadcasts = SqlBroadcasts(here.transaction)
            found = await broadcasts.take_due(now)
            if found is None:
                return False
            inside.set()
            await go_on.wait()
            await broadcasts.save(replace(found, visit_at=None))
            return True

    first = asyncio.ensure_future(work())
    await asyncio.wait_for(inside.wait(), 60)
    second = asyncio.ensure_future(work())
    if house.kind == "postgresql":
        assert await asyncio.wait_for(second, 60) is False
    go_on.set()
    assert sorted([await first, await second]) == [False, True]


async def test_people_come_page_by_page_each_once(house: House) -> None:
    people = [await house.newcomer() for _ in range(7)]
    here, seen, after = house.request(), [], None
    async with here.transaction.looking():
        while page := await audience(here).page(EVERYBODY, after, 3):
            seen += [person.account for person in page]
            after = page[-1].account
    assert seen == sorted(citizen.account for citizen in people)


async def test_only_people_who_can_be_written_to_are_found(house: House) -> None:
    ural, english, nowhere, blocked, gone = [await house.newcomer() for _ in range(5)]
    here = house.request()
    async with here.transaction:
        for citizen in (ural, english, blocked):
            await here.chats.live_in(citizen.chat, "66", "Asia/Yekaterinburg")
        await here.chats.speak(english.chat, "en")
        await here.chats.block(blocked.chat, house.clock.now())
        await here.chats.unbind(gone.chat)

    async def found(segment: Segment) -> tuple[set[AccountId], LeftOut]:
        there = house.request()
        async with there.transaction.looking():
            page = await audience(there).page(segment, None, 10)
            return {person.account for person in page}, await audience(there).left_out(segment)

    assert await found(EVERYBODY) == ({ural.account, english.account, nowhere.account}, LeftOut(1, 0))
    assert await found(Segment(languages=frozenset({"en"}))) == ({english.account}, LeftOut(0, 0))
    assert await found(Segment(regions=frozenset({"66"}))) == ({ural.account, english.account}, LeftOut(1, 1))
    assert await found(Segment(regions=frozenset({"77"}))) == (set(), LeftOut(0, 1))


async def test_dates_of_birth_are_opened_and_one_that_was_meddled_with_is_unknown(house: House) -> None:
    known = await house.newcomer()
    unknown = await house.newcomer(replace(a_person("unborn"), birth_date=None))
    spoilt = await house.newcomer()
    here = house.request()
    async with here.transaction:
        elsewhere = await here.transaction.session.scalar(
            select(AccountRow.known).where(AccountRow.id == known.account)
        )
        await here.transaction.change(update(AccountRow).where(AccountRow.id == spoilt.account).values(known=elsewhere))
    async with here.transaction.looking():
        born = await audience(here).birth_dates([known.account, unknown.account, spoilt.account])
    assert born == {known.account: date(1988, 4, 17), unknown.account: None, spoilt.account: None}


async def made(house: House, broadcast: Broadcast, *citizens: Citizen, due_at: datetime | None = None) -> int:
    here, now = house.request(), house.clock.now()
    messages = [
        a_push(now, citizen, broadcast=broadcast.id, lane=Lane.BULK, values={}, due_at=due_at or now)
        for citizen in citizens
    ]
    async with here.transaction:
        return await here.outbox.add_many(messages)


async def test_nobody_gets_a_second_row_whatever_happens(house: House) -> None:
    citizen, broadcast, other = await house.newcomer(), await added(house), await added(house)
    assert [await made(house, broadcast, citizen), await made(house, broadcast, citizen)] == [1, 0]
    assert await made(house, other, citizen) == 1
    here = house.request()
    async with here.transaction.looking():
        rows = select(func.count()).select_from(NotificationRow).where(NotificationRow.broadcast == broadcast.id)
        assert await here.transaction.session.scalar(rows) == 1


async def test_every_state_of_a_message_is_counted_somewhere(house: House) -> None:
    broadcast = await added(house, left_out=10)
    here = house.request()
    for state in NotificationState:
        citizen = await house.newcomer()
        await made(house, broadcast, citizen)
        async with here.transaction:
            mine = update(NotificationRow).where(NotificationRow.account == citizen.account)
            await here.transaction.change(mine.values(state=state.value))
    async with here.transaction.looking():
        counts = await SqlBroadcasts(here.transaction).counts(broadcast)
    assert counts == Counts(sent=1, failed=1, skipped=11, uncertain=1, expired=1, cancelled=1, waiting=2, held=1)
    assert counts.found == len(NotificationState) + 10


async def test_what_is_to_leave_now_is_told_from_what_waits_for_the_morning(house: House) -> None:
    broadcast, now = await added(house), house.clock.now()
    await made(house, broadcast, *[await house.newcomer() for _ in range(3)])
    await made(house, broadcast, *[await house.newcomer() for _ in range(2)], due_at=now + timedelta(hours=9))
    here = house.request()
    async with here.transaction.looking():
        broadcasts = SqlBroadcasts(here.transaction)
        assert await broadcasts.due(broadcast.id, now, 100) == 3
        assert await broadcasts.due(broadcast.id, now, 2) == 2
