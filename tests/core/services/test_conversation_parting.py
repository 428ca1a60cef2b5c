"""Whose a conversation is: it ends with its person, and nobody who sits there afterwards speaks in it."""

from dataclasses import replace

import pytest

from core import ports
from core.domain.actor import Visitor
from core.domain.chat import Chats
from core.domain.conversation import ConversationNotThere, ConversationState, Delivery, Ended
from core.domain.ids import ChatId
from core.services.chat import MeetChat
from core.services.consent import GiveConsent
from core.services.conversation import (
    EditSaid,
    LeaveConversation,
    MayRate,
    RateConversation,
    ShareRecord,
    ViewQueuePlace,
)
from core.services.signin import MoveAccount, SignOut
from tests.core.services.outside import ANNA
from tests.core.services.talking import a_visitor, an_operator, answer, call, relay, says, take, view
from tests.core.services.town import Town

BORIS = replace(ANNA, subject="boris", snils="160-722-397 63", email="boris@example.org", given_name="Борис")


async def hand_over(town: Town, chat: ChatId) -> None:
    """Somebody else sits there now, and the conversation of the one before was not ended."""
    async with town.container() as scope, await scope.get(ports.Transaction):
        await (await scope.get(Chats)).unbind(chat)


async def test_signing_out_ends_the_conversation_and_what_was_not_sent_does_not_come(town: Town) -> None:
    anna = await town.sign_in()
    zoya = await an_operator(town)
    held = await take(town, zoya, await call(town, anna))
    line = await answer(town, zoya, held, "Ваш номер полиса")
    await town.call(SignOut, anna)
    with pytest.raises(Ended):
        await says(town, Visitor(anna.chat), "Дайте мой СНИЛС", 99)
    assert await town.call(ViewQueuePlace, Visitor(anna.chat)) is None
    assert (await town.call(MeetChat, anna.chat, "ru")).talk is None  # type: ignore[attr-defined]
    await relay(town)
    assert not any("Ваш номер полиса" in push.text for _, push in town.outside.pushes)
    shown = await view(town, zoya, held.id)
    assert shown.conversation.state is ConversationState.ENDED
    assert next(each for each in shown.lines if each.id == line.id).delivery is Delivery.STALE
    assert shown.lines[-1].text == "conversation.event.signed_out"


async def test_an_account_that_moves_leaves_no_conversation_behind_and_finds_none_of_others(town: Town) -> None:
    anna = await town.sign_in()
    boris = await town.sign_in(2, BORIS)
    hers, his = await call(town, anna), await call(town, boris)
    zoya = await an_operator(town)
    town.outside.person = ANNA
    await town.sign_in_elsewhere(2)
    await town.call(MoveAccount, ChatId(2))
    assert [(await view(town, zoya, each)).conversation.state for each in (hers, his)] == [ConversationState.ENDED] * 2


async def test_a_visitor_who_signs_in_goes_on_talking(town: Town) -> None:
    visitor = await a_visitor(town, 1)
    asked = await call(town, visitor)
    anna = await town.sign_in()
    assert (await says(town, anna, "Это снова я", 5)).conversation == asked
    assert await call(town, anna) == asked
    await town.call(SignOut, anna)
    with pytest.raises(Ended):
        await says(town, visitor, "А это уже не я", 6)


async def test_whoever_comes_after_has_no_part_in_what_was_left_open(town: Town) -> None:
    anna = await town.sign_in()
    zoya = await an_operator(town)
    held = await take(town, zoya, await call(town, anna))
    await says(town, anna, "Мой телефон", 7)
    await hand_over(town, anna.chat)
    boris = await town.sign_in(person=BORIS)
    await town.call(GiveConsent, boris, "ru")
    for deed in (
        says(town, boris, "Это Борис", 8),
        town.call(EditSaid, boris, 7, "Мой номер"),
        town.call(ShareRecord, boris, "Гемоглобин"),
    ):
        with pytest.raises(Ended):
            await deed
    assert await town.call(ViewQueuePlace, boris) is None
    asked = await call(town, boris, words="Это Борис", urgent=True)
    assert asked != held.id
    before = await view(town, zoya, held.id)
    assert before.conversation.state is ConversationState.ENDED
    assert "Это Борис" not in {line.text for line in before.lines}


async def test_what_another_was_answered_is_not_rated(town: Town) -> None:
    anna = await town.sign_in()
    zoya = await an_operator(town)
    held = await take(town, zoya, await call(town, anna))
    await answer(town, zoya, held, "Да")
    await town.call(LeaveConversation, anna)
    assert await town.call(MayRate, anna) is True
    await town.call(SignOut, anna)
    assert await town.call(MayRate, Visitor(anna.chat)) is False
    with pytest.raises(ConversationNotThere):
        await town.call(RateConversation, Visitor(anna.chat), 1)
