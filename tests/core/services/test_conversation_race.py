"""What happens at the same moment: two claims, a claim and a transfer, leaving while an answer is on its way, twenty writers."""

import asyncio
import itertools
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import ports
from core.domain.actor import Role, Staff, Visitor
from core.domain.conversation import (
    ConversationNotThere,
    Conversations,
    ConversationState,
    Delivery,
    Ended,
    Full,
    NotYours,
    ReceiverGone,
    TakenBy,
)
from core.domain.notification import Outbox
from core.domain.team import Duties, Duty, Presence
from core.services.conversation import (
    AssignConversation,
    ClaimConversation,
    LastEvent,
    LeaveConversation,
    ReadEvents,
    ReturnAbandoned,
    SayToCitizen,
    SearchConversations,
    TransferConversation,
    ViewQueue,
)
from core.services.team import SetPresence
from tests.core.services.talking import a_team, a_visitor, an_operator, answer, call, relay, says, take, view
from tests.core.services.town import Town


async def attempts(*tries: object) -> list[object]:
    return await asyncio.gather(*tries, return_exceptions=True)  # type: ignore[call-overload,no-any-return]


async def test_forty_claims_at_once_have_one_winner_and_the_others_hear_who(town: Town) -> None:
    asked = await call(town, await a_visitor(town))
    crowd = [await an_operator(town, f"op{number}", f"Оля{number} Ким") for number in range(8)]
    tries = [town.call(ClaimConversation, crowd[number % 8], asked) for number in range(40)]
    came = await attempts(*tries)
    won = {each.owner for each in came if hasattr(each, "owner")}
    assert len(won) == 1
    lost = [each for each in came if isinstance(each, Exception)]
    winner = next(number for number, each in enumerate(crowd) if each.staff in won)
    assert {type(each) for each in lost} == {TakenBy}
    assert {str(each) for each in lost} == {f"Оля{winner} Ким"}
    shown = await view(town, crowd[winner], asked)
    assert (shown.conversation.epoch, sum(line.text == "conversation.event.taken" for line in shown.lines)) == (2, 1)


async def test_a_transfer_and_an_assignment_at_once_leave_one_owner(town: Town) -> None:
    zoya, boss = await an_operator(town), await an_operator(town, "boss", "Ида Ли", Role.SENIOR)
    team = await a_team(town)
    for chat in range(20, 24):
        held = await take(town, zoya, await call(town, await a_visitor(town, chat)))
        came = await attempts(
            town.call(TransferConversation, zoya, held.id, team=team),
            town.call(AssignConversation, boss, held.id, boss.staff),
        )
        shown = (await view(town, boss, held.id)).conversation
        won = [each for each in came if not isinstance(each, Exception)]
        assert shown.epoch == held.epoch + len(won)
        assert all(isinstance(each, TakenBy | NotYours) for each in came if isinstance(each, Exception))
        assert (shown.state is ConversationState.WAITING) == (shown.owner is None)


async def test_a_former_operator_cannot_talk_over_the_next(town: Town) -> None:
    zoya, boss = await an_operator(town), await an_operator(town, "boss", "Ида Ли", Role.SENIOR)
    held = await take(town, zoya, await call(town, await a_visitor(town)))
    await relay(town)
    line = await answer(town, zoya, held, "Минутку")
    async with town.container() as scope:
        outbox, now = await scope.get(Outbox), town.clock.now()
        async with await scope.get(ports.Transaction):
            [claimed] = await outbox.claim(now, now.replace(year=2027), 10)
        # It is claimed, and the conversation goes to somebody else before the call is begun.
        await town.call(AssignConversation, boss, held.id, boss.staff)
        async with await scope.get(ports.Transaction):
            assert await outbox.begin([claimed], now) == frozenset()
    with pytest.raises(NotYours):
        await answer(town, zoya, held, "И ещё")
    town.clock.turn(days=500)
    before = len(town.outside.pushes)
    await relay(town)
    assert [push.text for _, push in town.outside.pushes[before:]] == ["conversation.joined name=Ида"]
    assert (await view(town, boss, held.id)).lines[line.number - 1].delivery is Delivery.STALE


async def test_leaving_while_an_answer_is_written_is_one_or_the_other(town: Town) -> None:
    zoya = await an_operator(town, capacity=100)
    for chat in range(30, 34):
        visitor = await a_visitor(town, chat)
        held = await take(town, zoya, await call(town, visitor))
        seen = (await view(town, zoya, held.id)).conversation.lines
        said, left = await attempts(
            town.call(SayToCitizen, zoya, held.id, text="Да", epoch=held.epoch, seen=seen, key="k"),
            town.call(LeaveConversation, visitor),
        )
        assert left is None
        if isinstance(said, Exception):
            assert isinstance(said, Ended | NotYours)
    before = len(town.outside.pushes)
    await relay(town)
    assert all("text=Да" not in push.text for _, push in town.outside.pushes[before:])


async def test_what_an_operator_has_who_went_away_waits_again_at_its_old_place(town: Town) -> None:
    zoya, olya = await an_operator(town), await an_operator(town, "olya", "Оля Ким")
    first = await call(town, await a_visitor(town, 41))
    held = await take(town, zoya, first)
    town.clock.turn(seconds=5)
    second = await call(town, await a_visitor(town, 42))
    await relay(town)
    assert await town.call(ReturnAbandoned) == 0
    await answer(town, zoya, held, "Сейчас")
    async with town.container() as scope, await scope.get(ports.Transaction):
        await (await scope.get(Duties)).save(Duty(zoya.staff, Presence.OFF, town.clock.now()))
    assert await town.call(ReturnAbandoned) == 1
    assert await town.call(ReturnAbandoned) == 0
    with pytest.raises(NotYours):
        await answer(town, zoya, held, "Я ещё тут")
    await relay(town)
    told = [push.text for chat, push in town.outside.pushes if chat == 41]
    assert told == ["conversation.joined name=Зоя", "conversation.operator_gone"]
    queue = await town.call(ViewQueue, olya)
    assert [entry.conversation.id for entry in queue.entries] == [first, second]  # type: ignore[attr-defined]
    again = await take(town, olya, first)
    assert again.asked_at == held.asked_at


async def test_nothing_is_given_to_somebody_who_is_not_at_work(town: Town) -> None:
    boss, olya = await an_operator(town, "boss", "Ида Ли", Role.SENIOR), await an_operator(town, "olya", "Оля Ким")
    held = await take(town, boss, await call(town, await a_visitor(town, 41)))
    town.clock.turn(minutes=3)
    with pytest.raises(ReceiverGone):
        await town.call(AssignConversation, boss, held.id, olya.staff)
    with pytest.raises(ReceiverGone):
        await town.call(TransferConversation, boss, held.id, to=olya.staff, note="Тебе")
    assert (await view(town, boss, held.id)).conversation.owner == boss.staff
    await town.call(SetPresence, olya, Presence.HERE)
    await town.call(AssignConversation, boss, held.id, olya.staff)
    assert await town.call(ReturnAbandoned) == 0


async def test_whoever_takes_a_conversation_is_here_whatever_they_said_before(town: Town) -> None:
    zoya = await an_operator(town)
    async with town.container() as scope, await scope.get(ports.Transaction):
        await (await scope.get(Duties)).save(Duty(zoya.staff, Presence.OFF))
    await take(town, zoya, await call(town, await a_visitor(town, 41)))
    assert await town.call(ReturnAbandoned) == 0


async def test_nobody_takes_more_than_their_share_by_two_claims_at_once(town: Town) -> None:
    zoya = await an_operator(town, capacity=2)
    waiting = [await call(town, await a_visitor(town, 50 + number)) for number in range(6)]
    came = await attempts(*(town.call(ClaimConversation, zoya, each) for each in waiting))
    assert Counter(type(each) for each in came if isinstance(each, Exception)) == {Full: 4}
    async with town.container() as scope, (await scope.get(ports.Transaction)).looking():
        assert await (await scope.get(Conversations)).loads() == {zoya.staff: 2}


async def test_twenty_writers_leave_no_gap_and_a_reader_misses_nothing_from_any_point(town: Town) -> None:
    zoya = await an_operator(town, "boss", "Ида Ли", Role.SENIOR)
    people = [await a_visitor(town, 100 + number) for number in range(20)]
    for each in people:
        await call(town, each)
    heard: list[int] = []
    writing = asyncio.Event()

    async def read() -> None:
        bell = await town.container.get(ports.Bell)
        async with bell.heard() as words:
            async for _ in words:
                over = writing.is_set()
                while came := await town.call(ReadEvents, zoya, heard[-1] if heard else 0, 7):
                    heard.extend(event.number for event in came)  # type: ignore[attr-defined]
                if over:
                    return

    async def write(visitor: Visitor) -> None:
        for number in range(3):
            await says(town, visitor, f"слово {number}", number + 1)

    async with asyncio.TaskGroup() as group:
        reader = group.create_task(read())
        await asyncio.gather(*(write(each) for each in people))
        writing.set()
        await reader
    last = await town.call(LastEvent)
    assert heard == list(range(1, int(str(last)) + 1))
    assert len(heard) == 20 + 60


@given(cuts=st.lists(st.integers(1, 9), min_size=1, max_size=12))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_a_reader_that_comes_back_at_any_point_goes_on_there(town: Town, cuts: list[int]) -> None:
    staff = Staff((await _boss(town)).staff, Role.SENIOR)
    whole = [event.number for event in await town.call(ReadEvents, staff, 0)]  # type: ignore[attr-defined]
    heard: list[int] = []
    for size in itertools.cycle(cuts):
        came = await town.call(ReadEvents, staff, heard[-1] if heard else 0, size)
        heard += [event.number for event in came]  # type: ignore[attr-defined]
        if not came:
            break
    assert heard == whole == list(range(1, len(whole) + 1))


async def _boss(town: Town) -> Staff:
    """Make a day at the desk, once a town."""
    known: dict[int, Staff] = _boss.__dict__.setdefault("known", {})
    if id(town) not in known:
        known[id(town)] = await an_operator(town, "boss", "Ида Ли", Role.SENIOR)
        for number in range(4):
            visitor = await a_visitor(town, 200 + number)
            held = await take(town, known[id(town)], await call(town, visitor))
            await says(town, visitor, "Здравствуйте", 1)
            await answer(town, known[id(town)], held, "Добрый день")
    return known[id(town)]


async def test_another_groups_conversation_is_not_there(town: Town) -> None:
    mine, theirs = await a_team(town), await a_team(town, "Вторая")
    boss = await an_operator(town, "boss", "Ида Ли", Role.SENIOR)
    zoya, olya = await an_operator(town, team=mine), await an_operator(town, "olya", "Оля Ким", team=theirs)
    visitor = await a_visitor(town)
    asked = await call(town, visitor, words="Потерялась выписка")
    since = int(str(await town.call(LastEvent)))
    await town.call(TransferConversation, boss, asked, team=mine, note="Ваше")
    await says(town, visitor, "Помогите", 3)
    with pytest.raises(ConversationNotThere):
        await view(town, olya, asked)
    with pytest.raises(ConversationNotThere):
        await town.call(ClaimConversation, olya, asked)
    assert not (await town.call(ViewQueue, olya)).entries  # type: ignore[attr-defined]
    assert not (await town.call(SearchConversations, olya, "выписку")).found  # type: ignore[attr-defined]
    assert [each.line.text for each in (await town.call(SearchConversations, zoya, "выписку")).found] == [  # type: ignore[attr-defined]
        "Потерялась выписка"
    ]
    # Where it came from hears that it left, and nothing more of it.
    heard = [(event.happening, event.team) for event in await town.call(ReadEvents, olya, since)]  # type: ignore[attr-defined]
    assert heard == [("returned", None)]
    await take(town, zoya, asked)


async def test_what_is_said_at_once_arrives_once_and_in_the_order_of_its_numbers(town: Town) -> None:
    zoya = await an_operator(town)
    held = await take(town, zoya, await call(town, await a_visitor(town)))
    await relay(town)
    asked = {"epoch": held.epoch, "seen": 99}
    tries = [
        town.call(SayToCitizen, zoya, held.id, text=f"слово{n // 2}", key=f"k{n // 2}", **asked) for n in range(12)
    ]
    lines = {line.id: line for line in await asyncio.gather(*tries)}  # type: ignore[attr-defined]
    assert len(lines) == 6
    before = len(town.outside.pushes)
    for _ in range(3):
        await relay(town)
    said = [push.text.rpartition("=")[2] for _, push in town.outside.pushes[before:]]
    assert said == [line.text for line in sorted(lines.values(), key=lambda each: each.number)]
