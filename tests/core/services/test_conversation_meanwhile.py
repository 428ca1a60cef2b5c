"""At the same moment, in earnest: a claim and a transfer, signing out in mid-sentence, an edit of what is just being sent."""

import asyncio
from collections.abc import Awaitable

from core.domain.actor import Role
from core.domain.conversation import ConversationNotThere, ConversationState, Delivery, NotYours, TakenBy
from core.domain.team import Presence
from core.services.conversation import (
    ClaimConversation,
    EditLine,
    ReturnAbandoned,
    SayToCitizen,
    TransferConversation,
)
from core.services.staff import SignOutStaff
from core.services.team import SetPresence
from tests.core.services.talking import a_team, a_visitor, an_operator, answer, call, relay, take, view
from tests.core.services.town import Town

ROUNDS = range(30, 36)


async def at_once(*tries: Awaitable[object]) -> list[object]:
    return await asyncio.gather(*tries, return_exceptions=True)


async def test_a_claim_and_a_transfer_at_once_leave_one_owner_or_one_group(town: Town) -> None:
    zoya, boss = await an_operator(town, capacity=50), await an_operator(town, "boss", "Ида Ли", Role.SENIOR)
    team = await a_team(town)
    for chat in ROUNDS:
        asked = await call(town, await a_visitor(town, chat))
        before = (await view(town, boss, asked)).conversation
        came = await at_once(
            town.call(ClaimConversation, zoya, asked), town.call(TransferConversation, boss, asked, team=team)
        )
        lost = [each for each in came if isinstance(each, BaseException)]
        assert all(isinstance(each, TakenBy | NotYours | ConversationNotThere) for each in lost)
        after = (await view(town, boss, asked)).conversation
        assert after.epoch == before.epoch + len(came) - len(lost)
        if after.state is ConversationState.TAKEN:
            assert (after.owner, after.team) == (zoya.staff, None)
        else:
            assert (after.state, after.owner, after.team) == (ConversationState.WAITING, None, team)


async def test_whoever_signs_out_in_mid_sentence_has_said_it_or_not_and_nobody_is_left_alone(town: Town) -> None:
    zoya, boss = await an_operator(town, capacity=50), await an_operator(town, "boss", "Ида Ли", Role.SENIOR)
    for chat in ROUNDS:
        await town.call(SetPresence, zoya, Presence.HERE)
        held = await take(town, zoya, await call(town, await a_visitor(town, chat)))
        seen = (await view(town, zoya, held.id)).conversation.lines
        said, out, _ = await at_once(
            town.call(SayToCitizen, zoya, held.id, text="Минутку", epoch=held.epoch, seen=seen, key="k"),
            town.call(SignOutStaff, zoya, "the only session"),
            town.call(ReturnAbandoned),
        )
        assert not isinstance(out, BaseException)
        await town.call(ReturnAbandoned)
        before = len(town.outside.pushes)
        await relay(town)
        shown = await view(town, boss, held.id)
        assert (shown.conversation.state, shown.conversation.owner) == (ConversationState.WAITING, None)
        told = ["Минутку" in push.text for _, push in town.outside.pushes[before:]].count(True)
        lines = [line for line in shown.lines if line.text == "Минутку"]
        if isinstance(said, BaseException):
            assert isinstance(said, NotYours)
            assert (lines, told) == ([], 0)
        else:
            # What had not left by then does not come any more, and the next one sees that.
            assert [line.delivery for line in lines] == [Delivery.DELIVERED if told else Delivery.STALE]


async def test_an_edit_of_what_is_just_being_sent_is_what_stands_in_the_chat(town: Town) -> None:
    zoya = await an_operator(town, capacity=50)
    for chat in ROUNDS:
        held = await take(town, zoya, await call(town, await a_visitor(town, chat)))
        await relay(town)
        line = await answer(town, zoya, held, "Завтра")
        changed, _ = await at_once(
            town.call(EditLine, zoya, held.id, line.number, "В среду", held.epoch), town.deliver()
        )
        assert not isinstance(changed, BaseException)
        await relay(town)
        sent = [push.text for whose, push in town.outside.pushes if whose == chat and "text=" in push.text]
        edits = [text for whose, _, text in town.outside.edited if whose == chat]
        assert len(sent) == 1
        assert [*sent, *edits][-1].endswith("text=В среду")
