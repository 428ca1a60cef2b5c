"""A conversation past its limit: to whom an administrator named, if they can take it, and else before the seniors."""

import asyncio
from collections.abc import Mapping

import pytest

from core.domain.actor import Role, Staff
from core.domain.conversation import ConversationState
from core.domain.ids import ConversationId
from core.domain.sla import Limits, Note, Noted
from core.domain.support import Urgency
from core.domain.team import Presence
from core.services.conversation import QueueFilter, ViewQueue, Whose
from core.services.sla import SetLimits, WarnOverdue
from core.services.team import SetPresence
from tests.core.services.asking import a_member
from tests.core.services.talking import a_team, a_visitor, an_operator, answer, call, take
from tests.core.services.test_sla import a_conversation, an_administrator, seen
from tests.core.services.town import Town


async def named(town: Town, limits: Limits) -> None:
    """An administrator says who hears of what is late."""
    await town.call(SetLimits, await an_administrator(town), limits)


async def late(town: Town, presence: Mapping[Staff, Presence]) -> None:
    """The limit is over; these members' pages are open, nobody else's."""
    await town.call(WarnOverdue)
    town.clock.turn(minutes=30)
    for staff, each in presence.items():
        await town.call(SetPresence, staff, each)
    assert await town.call(WarnOverdue) >= 1


async def under(town: Town, staff: Staff, whose: Whose = Whose.LATE) -> list[ConversationId]:
    """Return what stands under a part of a member's queue; the page counts the same."""
    page = await town.call(ViewQueue, staff, narrowed=QueueFilter(whose))
    found = [each.conversation.id for each in page.entries]
    assert whose is not Whose.LATE or page.late == len(found)
    assert all(each.late for each in page.entries) or whose is not Whose.LATE
    return found


async def test_it_is_given_to_the_member_who_is_named_and_here(town: Town) -> None:
    sonya = await an_operator(town, "sonya", "Соня Ветрова")
    await named(town, Limits(staff=sonya.staff))
    conversation = await a_conversation(town)
    await late(town, {sonya: Presence.HERE})
    found, notes = await seen(town, conversation)
    assert (found.owner, found.state, found.urgency) == (sonya.staff, ConversationState.TAKEN, Urgency.HIGH)
    assert notes[-1] == Note(Noted.ESCALATED, {"whom": "Соня Ветрова"})
    assert await under(town, sonya, Whose.MINE) == await under(town, sonya) == [conversation]
    await town.deliver()
    assert "conversation.joined name=Соня" in [push.text for _, push in town.outside.pushes]


@pytest.mark.parametrize("why", ["away", "gone", "full"])
async def test_where_they_cannot_take_it_the_seniors_have_it_before_them(town: Town, why: str) -> None:
    sonya = await an_operator(town, "sonya", "Соня Ветрова", capacity=1)
    zoya, senior = await an_operator(town), await a_member(town, "roza", Role.SENIOR)
    await named(town, Limits(staff=sonya.staff))
    if why == "full":
        held = await take(town, sonya, await call(town, await a_visitor(town)))
        await answer(town, sonya, held, "Смотрю.")
    conversation = await a_conversation(town)
    presence = {"away": {sonya: Presence.AWAY}, "gone": {}, "full": {sonya: Presence.HERE}}[why]
    await late(town, presence | {zoya: Presence.HERE})
    found, notes = await seen(town, conversation)
    assert (found.owner, found.state, found.urgency) == (None, ConversationState.WAITING, Urgency.HIGH)
    assert notes[-1] == Note(Noted.SENIORS, {"whom": "Соня Ветрова"})
    assert conversation in await under(town, senior)
    await take(town, senior, conversation)
    assert conversation not in await under(town, zoya)


async def test_a_group_that_is_named_has_it_and_other_groups_do_not(town: Town) -> None:
    first, second = await a_team(town), await a_team(town, "Вторая")
    inside, outside = await an_operator(town, team=first), await an_operator(town, "ivan", "Иван Юрьев", team=second)
    await named(town, Limits(team=first))
    conversation = await a_conversation(town)
    assert await under(town, outside, Whose.WAITING) == [conversation]
    await late(town, {})
    assert (await seen(town, conversation))[1][-1] == Note(Noted.ESCALATED, {"whom": "Первая"})
    assert (await under(town, inside), await under(town, outside, Whose.WAITING)) == ([conversation], [])


async def test_what_an_operator_has_stays_theirs_and_who_is_named_reads_of_it(town: Town) -> None:
    slow, other = await an_operator(town), await an_operator(town, "ivan", "Иван Юрьев")
    senior = await an_operator(town, "roza", "Роза Ким", Role.SENIOR)
    await named(town, Limits(staff=senior.staff))
    conversation = await a_conversation(town)
    held = await take(town, slow, conversation)
    await late(town, {senior: Presence.HERE, slow: Presence.HERE})
    found, notes = await seen(town, conversation)
    assert (found.owner, notes[-1]) == (slow.staff, Note(Noted.TOLD, {"whom": "Роза Ким"}))
    assert [await under(town, each) for each in (senior, slow, other)] == [[conversation], [conversation], []]
    await answer(town, slow, held, "Простите, что долго.")
    await town.call(WarnOverdue)
    assert await under(town, senior) == []


async def test_a_claim_at_that_very_moment_leaves_one_owner(town: Town) -> None:
    sonya, zoya = await an_operator(town, "sonya", "Соня Ветрова"), await an_operator(town)
    await named(town, Limits(staff=sonya.staff))
    conversation = await a_conversation(town)
    await town.call(WarnOverdue)
    town.clock.turn(minutes=30)
    for each in (sonya, zoya):
        await town.call(SetPresence, each, Presence.HERE)
    escalated, claimed = await asyncio.gather(
        town.call(WarnOverdue), take(town, zoya, conversation), return_exceptions=True
    )
    found, notes = await seen(town, conversation)
    assert escalated == 1
    assert (found.owner, found.epoch) == (sonya.staff if isinstance(claimed, Exception) else zoya.staff, 2)
    assert notes[-1] is not None
    assert notes[-1].what is (Noted.TOLD if found.owner == zoya.staff else Noted.ESCALATED)
