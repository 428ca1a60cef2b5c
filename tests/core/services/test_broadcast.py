"""A broadcast is written, counted and sent: everybody who is meant, once, in their language, and nobody else."""

from datetime import date

import pytest

from core.domain.actor import NotAllowed, Role, Staff, System
from core.domain.broadcast import (
    BroadcastMoved,
    BroadcastState,
    Counts,
    KeyReused,
    Segment,
)
from core.domain.chat import Chats
from core.domain.ids import ChatId, StaffId, new_id
from core.domain.notification import Topic
from core.ports import Transaction
from core.services.broadcast import (
    CancelBroadcast,
    ChangeBroadcast,
    CountReach,
    CreateBroadcast,
    LaunchBroadcast,
    ListBroadcasts,
    PauseBroadcast,
    Reach,
    ResumeBroadcast,
    ViewBroadcast,
    Wanted,
    counting,
)
from tests.core.services.crowd import BOSS, TEXT, journal, launched, now_of, settled_in, stops_news, tend, told, works
from tests.core.services.town import START, Town

EVERYBODY = Segment()


async def reach(town: Town, segment: Segment = EVERYBODY, **more: object) -> Reach:
    counted = await town.call(CountReach, BOSS, segment, more.pop("topic", Topic.NEWS), ["ru"], **more)
    assert isinstance(counted, Reach)
    return counted


async def test_everybody_is_told_once_and_the_report_says_so(town: Town) -> None:
    await settled_in(town, 3)
    broadcast = await launched(town)
    await works(town)
    assert sorted(told(town)) == [1, 2, 3]
    done = await now_of(town, broadcast.id)
    assert (done.state, done.counts, done.visit_at) == (BroadcastState.DONE, Counts(sent=3), None)
    await works(town, 3)
    assert len(told(town)) == 3


async def test_a_draft_goes_to_nobody(town: Town) -> None:
    await settled_in(town, 1)
    await town.call(CreateBroadcast, BOSS, Wanted({"ru": TEXT}))
    await works(town, 3)
    assert told(town) == []


async def test_each_reads_their_own_language_and_russian_where_there_is_none(town: Town) -> None:
    await settled_in(town, 1)
    await settled_in(town, 1, first=2, language="en")
    await launched(town, Wanted({"ru": TEXT, "en": "Open until 8 p.m. <on Saturday>"}))
    await launched(town, Wanted({"ru": "Только по-русски"}))
    await works(town)
    said = [(chat, push.text) for chat, push in town.outside.pushes]
    assert sorted(said) == [
        (1, TEXT),
        (1, "Только по-русски"),
        (2, "Open until 8 p.m. &lt;on Saturday&gt;"),
        (2, "Только по-русски"),
    ]


async def test_only_the_segment_is_told(town: Town) -> None:
    await settled_in(town, 1, region="66", born=date(1950, 1, 1))
    await settled_in(town, 1, first=2, region="66", born=date(1990, 1, 1))
    await settled_in(town, 1, first=3, region="77", born=date(1950, 1, 1))
    await settled_in(town, 1, first=4, born=date(1950, 1, 1))
    await settled_in(town, 1, first=5, region="66", born=None)
    await settled_in(town, 1, first=6, region="66", language="en", born=date(1950, 1, 1))
    segment = Segment(frozenset({"ru"}), frozenset({"66"}), youngest=60)
    await launched(town, Wanted({"ru": TEXT}, segment=segment))
    await works(town)
    assert told(town) == [1]


async def test_the_count_says_beforehand_what_the_sending_does(town: Town) -> None:
    await settled_in(town, 2, region="66", born=date(1950, 1, 1))
    await settled_in(town, 1, first=3, region="66", language="en", born=date(1941, 1, 1))
    await settled_in(town, 1, first=4, born=date(1950, 1, 1))
    await settled_in(town, 1, first=5, region="66", born=None)
    [silent] = await settled_in(town, 1, first=6, region="66", born=date(1950, 1, 1))
    await stops_news(town, silent)
    await settled_in(town, 1, first=7, region="66", born=date(1950, 1, 1))
    async with town.container() as scope:
        chats = await scope.get(Chats)
        async with await scope.get(Transaction):
            await chats.block(ChatId(7), town.clock.now())
    segment = Segment(regions=frozenset({"66"}), youngest=60)
    assert await reach(town, segment) == Reach(
        people=3,
        by_language={"en": 1, "ru": 2},
        by_region={"66": 3},
        by_age={70: 2, 80: 1},
        in_russian=1,
        skipped=1,
        blocked=1,
        no_region=1,
        no_age=1,
        whole=True,
    )
    broadcast = await launched(town, Wanted({"ru": TEXT}, segment=segment))
    await works(town)
    assert (await now_of(town, broadcast.id)).counts == Counts(sent=3, skipped=1)


async def test_a_dry_run_sends_nothing_and_leaves_a_line(town: Town) -> None:
    await settled_in(town, 1)
    assert (await reach(town, Segment(youngest=18))).people == 1
    await works(town, 2)
    assert town.outside.pushes == []
    seen = [(operation, details) for operation, details in await journal(town)]
    assert seen == [("broadcast.counted", {"segment": "ages 18-120"}), ("broadcast.ages_opened", {"people": "1"})]


async def test_a_count_that_stops_early_says_that_it_did(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "PAGE", 2)
    await settled_in(town, 5)
    assert not (await reach(town, limit=4)).whole
    counted = await reach(town)
    assert (counted.people, counted.whole) == (5, True)


async def test_ages_that_are_not_asked_for_are_not_looked_at(town: Town) -> None:
    await settled_in(town, 1)
    await launched(town)
    await works(town)
    assert "broadcast.ages_opened" not in {operation for operation, _ in await journal(town)}


async def test_the_journal_says_who_ordered_what_the_worker_looked_at(town: Town) -> None:
    await settled_in(town, 1)
    broadcast = await launched(town, Wanted({"ru": TEXT}, segment=Segment(youngest=18)))
    await works(town)
    [details] = [details for operation, details in await journal(town) if operation == "broadcast.ages_opened"]
    assert details == {"broadcast": str(broadcast.id), "ordered_by": f"staff:{BOSS.staff}", "people": "1"}


async def test_whoever_turned_the_topic_or_everything_off_is_left_out_and_counted(town: Town) -> None:
    accounts = await settled_in(town, 3)
    await stops_news(town, accounts[0])
    await stops_news(town, accounts[1], everything=True)
    broadcast = await launched(town)
    await works(town)
    assert told(town) == [3]
    assert (await now_of(town, broadcast.id)).counts == Counts(sent=1, skipped=2)


async def test_whoever_turns_it_off_while_it_waits_is_left_out_too(town: Town) -> None:
    [account] = await settled_in(town, 1)
    broadcast = await launched(town)
    await tend(town)
    await stops_news(town, account)
    await works(town)
    assert told(town) == []
    assert (await now_of(town, broadcast.id)).counts == Counts(skipped=1)


async def test_only_followers_of_another_topic_can_be_meant(town: Town) -> None:
    accounts = await settled_in(town, 2)
    await stops_news(town, accounts[0])
    wanted = Wanted({"ru": TEXT}, topic=Topic.RESULTS, segment=Segment(topics=frozenset({Topic.NEWS})))
    broadcast = await launched(town, wanted)
    await works(town)
    assert told(town) == [2]
    assert (await now_of(town, broadcast.id)).counts == Counts(sent=1)


async def test_a_launch_that_came_twice_is_one(town: Town) -> None:
    broadcast = await launched(town)
    with pytest.raises(BroadcastMoved):
        await town.call(LaunchBroadcast, BOSS, broadcast.id)


async def test_a_repeated_key_makes_one_draft_and_never_another_message(town: Town) -> None:
    first = await town.call(CreateBroadcast, BOSS, Wanted({"ru": TEXT}), "a key")
    again = await town.call(CreateBroadcast, BOSS, Wanted({"ru": TEXT}), "a key")
    assert first == again
    with pytest.raises(KeyReused):
        await town.call(CreateBroadcast, BOSS, Wanted({"ru": "Другое"}), "a key")
    other = Staff(StaffId(new_id(START)), Role.ADMINISTRATOR)
    assert await town.call(CreateBroadcast, other, Wanted({"ru": "Другое"}), "a key") != first
    assert len(await town.call(ListBroadcasts, BOSS)) == 2  # type: ignore[arg-type]


async def test_a_draft_can_be_changed_until_it_is_launched(town: Town) -> None:
    await settled_in(town, 1)
    draft = await town.call(CreateBroadcast, BOSS, Wanted({"ru": "Опечтака"}))
    await town.call(ChangeBroadcast, BOSS, draft.id, Wanted({"ru": TEXT}))  # type: ignore[attr-defined]
    await town.call(LaunchBroadcast, BOSS, draft.id)  # type: ignore[attr-defined]
    with pytest.raises(BroadcastMoved):
        await town.call(ChangeBroadcast, BOSS, draft.id, Wanted({"ru": "Поздно"}))  # type: ignore[attr-defined]
    await works(town)
    assert told(town) == [1]


async def test_nothing_goes_that_was_written_after_one_looked_and_the_journal_knows_what_went(town: Town) -> None:
    draft = await town.call(CreateBroadcast, BOSS, Wanted({"ru": "Опечтака"}))
    seen = await town.call(ChangeBroadcast, BOSS, draft.id, Wanted({"ru": TEXT}))  # type: ignore[attr-defined]
    with pytest.raises(BroadcastMoved):
        await town.call(LaunchBroadcast, BOSS, draft.id, None, draft.version)  # type: ignore[attr-defined]
    await town.call(LaunchBroadcast, BOSS, draft.id, None, seen.version)  # type: ignore[attr-defined]
    written, changed, sent = [details["content"] for _, details in await journal(town)]
    assert written != changed == sent


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR])
async def test_only_administrators_write_to_many(town: Town, role: Role) -> None:
    stranger, broadcast = Staff(StaffId(new_id(START)), role), await launched(town)
    for use_case, *arguments in (
        (CreateBroadcast, Wanted({"ru": TEXT})),
        (ChangeBroadcast, broadcast.id, Wanted({"ru": TEXT})),
        (LaunchBroadcast, broadcast.id),
        (PauseBroadcast, broadcast.id),
        (ResumeBroadcast, broadcast.id),
        (CancelBroadcast, broadcast.id),
        (ViewBroadcast, broadcast.id),
        (ListBroadcasts,),
        (CountReach, Segment(), Topic.NEWS, ["ru"]),
    ):
        with pytest.raises(NotAllowed):
            await town.call(use_case, stranger, *arguments)  # type: ignore[arg-type]


async def test_the_one_who_runs_the_machine_may_and_is_named_in_the_journal(town: Town) -> None:
    draft = await town.call(CreateBroadcast, System("command line"), Wanted({"ru": TEXT}))
    assert draft.created_by == "system:command line"  # type: ignore[attr-defined]
