"""The worker's sending: nothing due is lost, a code is never late, what the channel says is obeyed."""

import asyncio
from typing import Any

from core.domain.chat import Chats
from core.domain.ids import ChatId, NotificationId, new_id
from core.domain.notification import Button, Channel, Lane, Notification, NotificationState, Outbox
from core.ports import Later, Refused, Transaction, Unavailable, Uncertain
from core.services.account import ChangePhone
from core.services.chat import MeetChat, NoteReturned
from core.services.notification import LEASE, MeasureOutbox, TendOutbox
from ops.worker import Worker
from tests.core.services.town import Town


async def counts(town: Town) -> dict[NotificationState, int]:
    async with town.container() as scope, (await scope.get(Transaction)).looking():
        return dict(await (await scope.get(Outbox)).counts())


def make_moody(town: Town, *moods: Exception) -> None:
    town.outside.moods = list(moods)


async def test_a_gateway_that_is_away_gets_the_code_once_it_is_back(town: Town) -> None:
    citizen = await town.sign_in()
    town.outside.away = {"sms"}
    await town.call(ChangePhone, citizen, "+7 900 000-00-22")
    await town.deliver()
    assert town.outside.texts == []
    town.outside.away = set()
    town.clock.turn(seconds=2)
    await town.deliver()
    assert len(town.outside.texts) == 1


async def test_a_code_that_can_no_longer_be_used_is_not_sent(town: Town) -> None:
    citizen = await town.sign_in()
    town.outside.away = {"sms"}
    await town.call(ChangePhone, citizen, "+7 900 000-00-22")
    await town.deliver()
    town.outside.away = set()
    town.clock.turn(minutes=11)
    await town.deliver()
    assert town.outside.texts == []
    assert (await counts(town))[NotificationState.EXPIRED] == 1


async def test_telegrams_pause_is_obeyed(town: Town) -> None:
    await town.sign_in()
    make_moody(town, Later(30))
    await town.deliver()
    assert town.outside.pushes == []
    town.clock.turn(seconds=29)
    await town.deliver()
    assert town.outside.pushes == []
    town.clock.turn(seconds=2)
    await town.deliver()
    assert len(town.outside.pushes) == 1


async def test_a_person_who_blocked_the_bot_is_left_alone_until_they_come_back(town: Town) -> None:
    await town.sign_in()
    make_moody(town, Refused("blocked"))
    await town.deliver()
    assert (await counts(town))[NotificationState.HELD] == 1
    assert await town.call(TendOutbox) == 0, "they are still away"
    met = await town.call(MeetChat, ChatId(1), "ru")
    assert met.blocked_at is None
    assert await town.call(TendOutbox) == 1
    await town.deliver()
    assert len(town.outside.pushes) == 1


async def test_a_refusal_that_is_settled_late_does_not_block_who_has_come_back_since(town: Town) -> None:
    await town.sign_in()
    make_moody(town, Refused("blocked"))
    town.outside.meanwhile = lambda: town.call(NoteReturned, ChatId(1))
    await town.deliver()
    assert (await counts(town))[NotificationState.HELD] == 1
    async with town.container() as scope, (await scope.get(Transaction)).looking():
        assert await (await scope.get(Chats)).blocked([ChatId(1)]) == frozenset()
    assert await town.call(TendOutbox) == 1
    await town.deliver()
    assert len(town.outside.pushes) == 1


async def test_who_came_back_once_and_blocks_the_bot_again_is_left_alone(town: Town) -> None:
    await town.sign_in()
    await town.call(NoteReturned, ChatId(1))
    town.clock.turn(seconds=1)
    make_moody(town, Refused("blocked"))
    await town.deliver()
    assert await town.call(TendOutbox) == 0


async def test_a_fault_of_the_network_is_tried_again_later(town: Town) -> None:
    await town.sign_in()
    make_moody(town, Unavailable("telegram"), Unavailable("telegram"))
    for _ in range(3):
        await town.deliver()
        town.clock.turn(seconds=5)
    assert len(town.outside.pushes) == 1


async def test_what_a_killed_worker_held_is_sent_by_the_next_one(town: Town) -> None:
    await town.sign_in()
    async with town.container() as scope:
        outbox = await scope.get(Outbox)
        async with await scope.get(Transaction):
            held = await outbox.claim(town.clock.now(), town.clock.now() + LEASE, 10)
    assert len(held) == 1
    await town.deliver()
    assert town.outside.pushes == []
    town.clock.turn(seconds=10)
    await town.deliver()
    ((_, push),) = town.outside.pushes
    assert "notification.again" not in push.text, "it was not on the wire"


async def test_a_notice_that_may_have_come_is_sent_again_and_says_so(town: Town) -> None:
    await town.sign_in()
    make_moody(town, Uncertain("telegram"))
    await town.deliver()
    town.clock.turn(seconds=5)
    await town.deliver()
    ((_, push),) = town.outside.pushes
    assert push.text.startswith("notification.again")
    async with town.container() as scope:
        measured = await (await scope.get(MeasureOutbox))()
    assert sum(measured.uncertain.values()) == 1
    assert measured.states[NotificationState.SENT] == 1


async def test_news_that_may_have_come_are_counted_and_left(town: Town) -> None:
    await add(town, lane=Lane.BULK)
    make_moody(town, Uncertain("telegram"))
    town.clock.turn(seconds=2)
    for _ in range(3):
        await town.deliver()
        town.clock.turn(minutes=2)
    assert town.outside.pushes == []
    assert (await counts(town))[NotificationState.UNCERTAIN] == 1


async def test_what_a_person_is_told_in_a_digest_comes_as_one_message(town: Town) -> None:
    buttons = (Button("card.open", "card"),)
    for key in ("one", "two", "three"):
        await add(town, key=key, in_digest=True, buttons=buttons)
    await town.deliver()
    ((_, push),) = town.outside.pushes
    assert all(word in push.text for word in ("notification.digest", "one", "two", "three"))
    assert len(push.buttons) == 1
    assert (await counts(town))[NotificationState.SENT] == 3


async def test_a_worker_wakes_when_something_is_written_and_stops_when_told(town: Town) -> None:
    stop, worker = asyncio.Event(), Worker(town.container)
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        group.create_task(worker.run(stop))
        await add(town)
        while not town.outside.pushes:
            await asyncio.wait({group.create_task(asyncio.to_thread(str))})
        stop.set()
    assert len(town.outside.pushes) == 1


async def add(town: Town, *, key: str = "card.created", lane: Lane = Lane.NOTICE, **more: Any) -> None:
    """Write a row for the chat 5."""
    now = town.clock.now()
    row = Notification(NotificationId(new_id(now)), Channel.TELEGRAM, lane, key, "ru", now, chat=ChatId(5), **more)
    async with town.container() as scope:
        outbox = await scope.get(Outbox)
        async with await scope.get(Transaction):
            await outbox.add(row)
