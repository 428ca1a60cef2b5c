"""Signing in through the portal, out of it, and from a second Telegram account."""

import asyncio
from datetime import date

import pytest

from core.domain.account import Verification
from core.domain.actor import NotAllowed, Visitor
from core.domain.ids import ChatId
from core.domain.signin import SignInGone
from core.ports import Unavailable
from core.services.account import ViewStatus, WhoAmI
from core.services.chat import MeetChat
from core.services.signin import (
    BeginSignIn,
    CompleteSignIn,
    MoveAccount,
    OpenSignIn,
    Outcome,
    SignOut,
    StayApart,
)
from core.storage.audit import SqlAuditTrail
from core.storage.transaction import SqlTransaction
from tests.core.services.outside import ANNA
from tests.core.services.town import Town


async def test_who_comes_back_from_the_portal_is_greeted_by_name_in_the_chat(town: Town) -> None:
    citizen = await town.sign_in(7)
    await town.deliver()
    chat, push = town.outside.pushes[-1]
    assert chat == 7
    assert push.text == "account.signed_in.verified name=Анна И."
    assert (await town.call(WhoAmI, citizen)).verification is Verification.VERIFIED


async def test_a_minor_is_not_promised_a_card(town: Town) -> None:
    await town.sign_in(7, birth_date=date(2011, 2, 3))
    await town.deliver()
    _, push = town.outside.pushes[-1]
    assert push.text == "account.signed_in.minor name=Анна И."
    assert [place for row in push.buttons for _, place in row] == ["status", "menu"]


async def test_a_link_works_once(town: Town) -> None:
    await town.call(MeetChat, ChatId(1), "ru")
    ticket = await town.call(BeginSignIn, ChatId(1), "Анна")
    passage = await town.call(OpenSignIn, ticket)
    assert await town.call(CompleteSignIn, passage.state, "code") is Outcome.SIGNED_IN
    with pytest.raises(SignInGone):
        await town.call(CompleteSignIn, passage.state, "code")
    with pytest.raises(SignInGone):
        await town.call(OpenSignIn, ticket)


async def test_two_browsers_with_one_link_are_one_sign_in(town: Town) -> None:
    await town.call(MeetChat, ChatId(1), "ru")
    passage = await town.call(OpenSignIn, await town.call(BeginSignIn, ChatId(1), "Анна"))
    outcomes = await asyncio.gather(
        *(town.call(CompleteSignIn, passage.state, "code") for _ in range(8)), return_exceptions=True
    )
    assert outcomes.count(Outcome.SIGNED_IN) == 1
    assert sum(isinstance(each, SignInGone) for each in outcomes) == 7


async def test_a_link_is_good_for_ten_minutes(town: Town) -> None:
    await town.call(MeetChat, ChatId(1), "ru")
    ticket = await town.call(BeginSignIn, ChatId(1), "Анна")
    town.clock.turn(minutes=10)
    with pytest.raises(SignInGone):
        await town.call(OpenSignIn, ticket)


async def test_a_portal_that_is_away_leaves_the_link_as_it_was(town: Town) -> None:
    await town.call(MeetChat, ChatId(1), "ru")
    passage = await town.call(OpenSignIn, await town.call(BeginSignIn, ChatId(1), "Анна"))
    town.outside.away = {"portal"}
    with pytest.raises(Unavailable):
        await town.call(CompleteSignIn, passage.state, "code")
    town.outside.away = set()
    assert await town.call(CompleteSignIn, passage.state, "code") is Outcome.SIGNED_IN


async def test_an_account_in_another_telegram_is_asked_about_and_the_old_chat_is_told(town: Town) -> None:
    old = await town.sign_in(1)
    await town.call(MeetChat, ChatId(2), "ru")
    assert await town.begin(2) is Outcome.ASKED
    assert isinstance((await town.call(MeetChat, ChatId(2), "ru")).actor, Visitor)
    await town.call(MoveAccount, ChatId(2))
    await town.deliver()
    assert (1, "account.moved_away") in [(chat, push.text) for chat, push in town.outside.pushes]
    assert (await town.call(MeetChat, ChatId(2), "ru")).actor.account == old.account
    with pytest.raises(NotAllowed):
        await town.call(ViewStatus, old)
    with pytest.raises(SignInGone):
        await town.call(MoveAccount, ChatId(2))


async def test_who_says_no_moves_nothing_and_the_old_chat_learns_of_it(town: Town) -> None:
    old = await town.sign_in(1)
    await town.call(MeetChat, ChatId(2), "ru")
    await town.begin(2)
    await town.call(StayApart, ChatId(2))
    await town.deliver()
    assert (1, "account.move_refused") in [(chat, push.text) for chat, push in town.outside.pushes]
    assert (await town.call(ViewStatus, old)).verification is Verification.VERIFIED


async def test_a_try_to_move_an_account_stands_in_the_journal_of_its_owner(town: Town) -> None:
    citizen = await town.sign_in(1)
    await town.call(MeetChat, ChatId(2), "ru")
    await town.begin(2)
    await town.call(StayApart, ChatId(2))
    async with town.container() as scope:
        transaction = await scope.get(SqlTransaction)
        async with transaction.looking():
            lines = await SqlAuditTrail(transaction).of_subject(citizen.account, 10)
    done = {(line.entry.actor, line.entry.operation) for line in lines}
    assert {("chat:2", "account.move_asked"), ("chat:2", "account.move_refused")} <= done


async def test_signing_out_keeps_the_account_for_the_next_time(town: Town) -> None:
    citizen = await town.sign_in(1)
    await town.call(SignOut, citizen)
    with pytest.raises(NotAllowed):
        await town.call(ViewStatus, citizen)
    assert (await town.sign_in(1)).account == citizen.account


async def test_what_the_portal_decided_later_counts(town: Town) -> None:
    before = await town.sign_in(1, ANNA, level="P")
    assert (await town.call(WhoAmI, before)).verification is Verification.UNVERIFIED
    after = await town.sign_in(1, ANNA, level="PR")
    assert (await town.call(WhoAmI, after)).verification is Verification.VERIFIED
