"""Accounts and the chats bound to them."""

import asyncio
from dataclasses import replace

import pytest

from core.domain.account import Verification, WrongMove
from core.domain.actor import Citizen, NotAllowed
from core.domain.ids import AccountId, ChatId, new_id
from tests.core.storage.house import House, a_person, an_account


async def test_everything_that_the_portal_told_comes_back(house: House) -> None:
    citizen = await house.newcomer(a_person("subject-a"))
    here = house.request()
    async with here.transaction.looking():
        account = await here.accounts.of(citizen)
        assert account == replace(an_account(a_person("subject-a"), house.clock.now()), id=citizen.account)
        assert await here.accounts.get(citizen.account) == account
        assert await here.accounts.by_subject("subject-a") == account
        assert await here.accounts.by_subject("subject-b") is None


async def test_a_portal_that_knows_little_is_remembered_so(house: House) -> None:
    person = replace(a_person("s"), middle_name=None, birth_date=None, passport=None, snils=None, policy=None)
    citizen = await house.newcomer(person)
    here = house.request()
    async with here.transaction.looking():
        assert (await here.accounts.of(citizen)).known == person


async def test_a_chat_that_no_longer_speaks_for_the_account_sees_nothing(house: House) -> None:
    citizen = await house.newcomer()
    here = house.request()
    async with here.transaction:
        await here.chats.unbind(citizen.chat)
    async with here.transaction.looking():
        for asked in (citizen, Citizen(AccountId(new_id(house.clock.now())), citizen.chat)):
            with pytest.raises(NotAllowed):
                await here.accounts.of(asked)


async def test_an_account_that_is_nobodys_is_not_there(house: House) -> None:
    here = house.request()
    async with here.transaction.looking():
        with pytest.raises(NotAllowed):
            await here.accounts.get(AccountId(new_id(house.clock.now())))


async def test_of_two_changes_at_once_the_later_is_told_to_look_again(house: House) -> None:
    citizen = await house.newcomer()
    here = house.request()
    async with here.transaction:
        read = await here.accounts.of(citizen)
        await here.accounts.save(replace(read, phone="+79000000003"))
    with pytest.raises(WrongMove):
        async with here.transaction:
            await here.accounts.save(replace(read, verification=Verification.UNVERIFIED))
    async with here.transaction.looking():
        now = await here.accounts.of(citizen)
    assert (now.phone, now.verification, now.version) == ("+79000000003", Verification.VERIFIED, 2)


async def test_one_person_who_signs_in_twenty_times_at_once_gets_one_account(house: House) -> None:
    async def sign_in() -> bool:
        here = house.request()
        try:
            async with here.transaction:
                await here.accounts.add(an_account(a_person("same"), house.clock.now()), house.clock.now())
        except WrongMove:
            return False
        return True

    assert sum(await asyncio.gather(*(sign_in() for _ in range(20)))) == 1


async def test_an_account_lives_in_one_chat_at_a_time(house: House) -> None:
    citizen = await house.newcomer()
    here, now = house.request(), house.clock.now()
    async with here.transaction:
        await here.chats.meet(ChatId(1), "en", now)
        await here.chats.bind(ChatId(1), citizen.account, now)
        bound = await here.chats.bound_to(citizen.account)
        left = await here.chats.meet(citizen.chat, "ru", now)
    assert bound is not None
    assert (bound.id, bound.actor) == (ChatId(1), Citizen(citizen.account, ChatId(1)))
    assert left.account is None


async def test_twenty_chats_that_take_one_account_at_once_leave_it_in_one(house: House) -> None:
    citizen = await house.newcomer()
    here, now = house.request(), house.clock.now()
    async with here.transaction:
        await here.chats.unbind(citizen.chat)
        for chat in range(1, 21):
            await here.chats.meet(ChatId(chat), "ru", now)

    async def take(chat: int) -> None:
        request = house.request()
        try:
            async with request.transaction:
                await request.chats.bind(ChatId(chat), citizen.account, now)
        except WrongMove:
            return

    await asyncio.gather(*(take(chat) for chat in range(1, 21)))
    async with here.transaction.looking():
        chats = [await here.chats.meet(ChatId(chat), "ru", now) for chat in range(1, 21)]
        bound = await here.chats.bound_to(citizen.account)
    assert [chat for chat in chats if chat.account] == [bound]


async def test_a_chat_that_was_never_met_is_bound_to_nobody(house: House) -> None:
    citizen = await house.newcomer()
    here = house.request()
    with pytest.raises(NotAllowed):
        async with here.transaction:
            await here.chats.bind(ChatId(99), citizen.account, house.clock.now())


async def test_a_chat_keeps_its_language_and_comes_back_after_blocking(house: House) -> None:
    here, now = house.request(), house.clock.now()
    async with here.transaction:
        await here.chats.meet(ChatId(1), "ru", now)
        await here.chats.speak(ChatId(1), "en")
        await here.chats.block(ChatId(1), now)
    async with here.transaction:
        met = await here.chats.meet(ChatId(1), "ru", now)
    assert (met.language, met.blocked_at, met.zone) == ("en", None, "Europe/Moscow")
