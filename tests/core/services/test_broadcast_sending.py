"""A broadcast on its way: a few first, never too many ahead, halted, taken back, stopped by itself, killed."""

from datetime import timedelta

import pytest

from core.domain.broadcast import (
    AHEAD,
    CANARY,
    BroadcastMoved,
    BroadcastState,
    Counts,
)
from core.domain.chat import Chats
from core.domain.ids import ChatId
from core.domain.notification import NotificationState, Outbox
from core.ports import Refused, Transaction, Uncertain
from core.services.broadcast import (
    CancelBroadcast,
    PauseBroadcast,
    ResumeBroadcast,
    TendBroadcast,
    Wanted,
    tending,
)
from core.services.notification.outcome import not_made
from core.storage.transaction import SqlTransaction
from tests.core.services.crowd import BOSS, TEXT, journal, launched, now_of, settled_in, tend, told, works
from tests.core.services.town import START, Town


async def test_it_waits_for_its_time(town: Town) -> None:
    await settled_in(town, 1)
    await launched(town, at=START + timedelta(seconds=30))
    await works(town, 29)
    assert told(town) == []
    await works(town, 5)
    assert told(town) == [1]


async def test_quiet_hours_hold_it_until_the_morning_unless_it_is_urgent(town: Town) -> None:
    await settled_in(town, 1, region="77")
    await settled_in(town, 1, first=2, region="41")
    town.clock.turn(hours=3)  # noon and three in Moscow, midnight in Kamchatka
    broadcast = await launched(town)
    await works(town)
    assert told(town) == [1]
    sleeping = await now_of(town, broadcast.id)
    assert (sleeping.state, sleeping.counts) == (BroadcastState.SENDING, Counts(sent=1, waiting=1))
    await launched(town, Wanted({"ru": f"{TEXT} Срочно."}, urgent=True))
    await works(town)
    assert sorted(told(town)) == [1, 1, 2]
    town.clock.turn(hours=8)
    await works(town)
    assert sorted(told(town)) == [1, 1, 2, 2]
    assert (await now_of(town, broadcast.id)).state is BroadcastState.DONE


async def test_the_first_fifty_go_alone_and_the_rest_follows(town: Town) -> None:
    await settled_in(town, CANARY + 30)
    broadcast = await launched(town)
    await tend(town)
    assert (await now_of(town, broadcast.id)).made == CANARY
    town.clock.turn(seconds=5)
    await tend(town)
    assert (await now_of(town, broadcast.id)).made == CANARY
    await works(town, 20)
    assert sorted(told(town)) == list(range(1, CANARY + 31))
    assert (await now_of(town, broadcast.id)).state is BroadcastState.DONE


async def test_the_rest_does_not_follow_before_the_first_fifty_are_judged(town: Town) -> None:
    await settled_in(town, CANARY * 2)
    town.outside.moods = [Refused("message is wrong")] * CANARY
    broadcast = await launched(town)
    await tend(town)
    await town.deliver()
    town.clock.turn(seconds=1)
    await tend(town)
    stopped = await now_of(town, broadcast.id)
    assert (stopped.state, stopped.made) == (BroadcastState.STOPPED, CANARY)


async def test_no_more_are_made_than_are_about_to_leave(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tending, "PAGE", 20)
    monkeypatch.setattr(tending, "AHEAD", 60)
    monkeypatch.setattr("core.domain.broadcast.progress.AHEAD", 60)
    await settled_in(town, 200)
    broadcast = await launched(town)
    await tend(town)
    await town.deliver()
    town.clock.turn(seconds=1)
    await tend(town)
    assert (await now_of(town, broadcast.id)).made == CANARY + 60
    assert AHEAD == 5000


async def test_it_stops_by_itself_when_refusals_pile_up_and_goes_on_when_told_to(town: Town) -> None:
    await settled_in(town, CANARY + 10)
    town.outside.moods = [Refused("message is wrong")] * 20
    broadcast = await launched(town)
    await works(town)
    stopped = await now_of(town, broadcast.id)
    assert (stopped.state, stopped.counts) == (BroadcastState.STOPPED, Counts(sent=30, failed=20))
    assert "broadcast.stopped_itself" in {operation for operation, _ in await journal(town)}
    await town.call(ResumeBroadcast, BOSS, broadcast.id)
    await works(town)
    done = await now_of(town, broadcast.id)
    assert (done.state, done.counts) == (BroadcastState.DONE, Counts(sent=40, failed=20))


async def test_people_who_blocked_the_bot_do_not_stop_it(town: Town) -> None:
    await settled_in(town, CANARY)
    town.outside.moods = [Refused("blocked")] * 30
    broadcast = await launched(town)
    await works(town)
    done = await now_of(town, broadcast.id)
    assert (done.state, done.counts) == (BroadcastState.DONE, Counts(sent=20, blocked=30))


async def test_somebody_who_blocks_the_bot_before_their_message_leaves_is_counted_as_blocked(town: Town) -> None:
    await settled_in(town, 2)
    broadcast = await launched(town)
    await tend(town)
    async with town.container() as scope, await scope.get(Transaction):
        await (await scope.get(Chats)).block(ChatId(1), town.clock.now())
    await works(town)
    assert told(town) == [2]
    assert (await now_of(town, broadcast.id)).counts == Counts(sent=1, blocked=1)


async def test_somebody_who_blocked_the_bot_and_came_back_is_still_counted_as_blocked(town: Town) -> None:
    await settled_in(town, 1)
    town.outside.moods = [Refused("blocked")]
    broadcast = await launched(town)
    await tend(town)
    await town.deliver()
    async with town.container() as scope:
        chats = await scope.get(Chats)
        async with await scope.get(Transaction):
            await chats.meet(ChatId(1), "ru", town.clock.now())
    assert (await now_of(town, broadcast.id)).counts == Counts(blocked=1)


async def test_a_message_of_unknown_outcome_is_counted_and_not_sent_again(town: Town) -> None:
    await settled_in(town, 2)
    town.outside.moods = [Uncertain("telegram")]
    broadcast = await launched(town)
    await works(town)
    done = await now_of(town, broadcast.id)
    assert (done.state, done.counts) == (BroadcastState.DONE, Counts(sent=1, uncertain=1))
    assert len(told(town)) == 1


async def test_a_pause_holds_what_has_not_left_and_resuming_sends_it_once(town: Town) -> None:
    await settled_in(town, 60)
    broadcast = await launched(town)
    await tend(town)
    await town.call(PauseBroadcast, BOSS, broadcast.id)
    await works(town)
    assert told(town) == []
    assert (await now_of(town, broadcast.id)).counts == Counts(held=CANARY)
    await town.call(ResumeBroadcast, BOSS, broadcast.id)
    await works(town, 20)
    assert sorted(told(town)) == list(range(1, 61))


async def test_what_comes_back_to_wait_during_a_pause_is_held_as_well(town: Town) -> None:
    await settled_in(town, 1)
    broadcast = await launched(town)
    await tend(town)
    async with town.container() as scope:
        outbox = await scope.get(Outbox)
        async with await scope.get(Transaction):
            [under_way] = await outbox.claim(town.clock.now(), town.clock.now() + timedelta(minutes=1), 10)
    await town.call(PauseBroadcast, BOSS, broadcast.id)
    async with town.container() as scope:
        outbox = await scope.get(Outbox)
        async with await scope.get(Transaction):
            back = not_made(under_way, NotificationState.WAITING, town.clock.now() + timedelta(seconds=6))
            await outbox.settle([back], town.clock.now())
    await works(town, 12)
    assert told(town) == []
    assert (await now_of(town, broadcast.id)).counts == Counts(held=1)


async def test_cancelling_takes_back_what_waits_and_tells_nobody_else(town: Town) -> None:
    await settled_in(town, 60)
    broadcast = await launched(town)
    await tend(town)
    await town.call(CancelBroadcast, BOSS, broadcast.id)
    await works(town)
    assert told(town) == []
    ended = await now_of(town, broadcast.id)
    assert (ended.state, ended.counts, ended.visit_at) == (BroadcastState.CANCELLED, Counts(cancelled=CANARY), None)
    for again in (PauseBroadcast, ResumeBroadcast, CancelBroadcast):
        with pytest.raises(BroadcastMoved):
            await town.call(again, BOSS, broadcast.id)


async def test_what_was_paused_for_a_week_is_news_no_more(town: Town) -> None:
    await settled_in(town, 1)
    broadcast = await launched(town)
    await tend(town)
    await town.call(PauseBroadcast, BOSS, broadcast.id)
    town.clock.turn(days=7, seconds=1)
    await works(town)
    ended = await now_of(town, broadcast.id)
    assert (ended.state, ended.counts) == (BroadcastState.CANCELLED, Counts(cancelled=1))
    assert told(town) == []


async def test_a_worker_killed_between_people_leaves_nobody_out_and_writes_to_nobody_twice(town: Town) -> None:
    await settled_in(town, 3)
    broadcast = await launched(town)
    async with town.container() as scope:
        outbox, transaction = await scope.get(Outbox), await scope.get(SqlTransaction)
        dying = await scope.get(TendBroadcast)

        async def dies() -> None:
            raise KeyboardInterrupt

        added = type(outbox).add_many

        async def add_and_die(self: object, messages: object) -> int:
            made: int = await added(self, messages)  # type: ignore[arg-type]
            transaction.at_the_end(dies)
            return made

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(outbox), "add_many", add_and_die)
            with pytest.raises(KeyboardInterrupt):
                await dying()
    assert (await now_of(town, broadcast.id)).counts == Counts()
    await works(town)
    assert sorted(told(town)) == [1, 2, 3]
