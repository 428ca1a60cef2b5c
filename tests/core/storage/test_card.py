"""Cards: one a person, whichever account asks."""

import asyncio
from datetime import date

import pytest

from core.domain.account import WrongMove
from core.domain.actor import Citizen
from core.domain.card import Card, CardExists, CardState, new_patient_number
from core.domain.ids import CardId, new_id
from tests.core.storage.house import START, House

SNILS, PASSPORT = "11223344595", "4510123456"


def a_card(citizen: Citizen, patient: str | None = None) -> Card:
    return Card(CardId(new_id(START)), citizen.account, patient or new_patient_number(), CardState.ACTIVE, START)


async def test_a_card_is_found_by_its_owner_and_by_either_number(house: House) -> None:
    citizen, here = await house.newcomer(), house.request()
    card = a_card(citizen)
    async with here.transaction:
        await here.cards.create(card, snils=SNILS, passport=PASSPORT)
        assert await here.cards.of(citizen) == card
        assert await here.cards.of_account(citizen.account) == card
        assert await here.cards.holder(snils=SNILS, passport="4510999999") == card
        assert await here.cards.holder(snils="00000000000", passport=PASSPORT) == card
        assert await here.cards.holder(snils=PASSPORT, passport=SNILS) is None
        await here.chats.unbind(citizen.chat)
        assert await here.cards.of(citizen) is None


@pytest.mark.parametrize(("snils", "passport"), [(SNILS, "4510999999"), ("16055544443", PASSPORT)])
async def test_another_account_of_the_same_person_is_told_where_the_card_is(
    house: House, snils: str, passport: str
) -> None:
    first, second, here = await house.newcomer(), await house.newcomer(), house.request()
    card = a_card(first)
    async with here.transaction:
        await here.cards.create(card, snils=SNILS, passport=PASSPORT)
    with pytest.raises(CardExists) as told:
        async with here.transaction:
            await here.cards.create(a_card(second), snils=snils, passport=passport)
    assert (told.value.since, told.value.patient, told.value.own) == (date(2026, 11, 23), card.patient, False)


async def test_thirty_applications_of_one_person_make_one_card(house: House) -> None:
    citizens = [await house.newcomer() for _ in range(10)]

    async def create(citizen: Citizen) -> bool:
        here = house.request()
        try:
            async with here.transaction:
                await here.cards.create(a_card(citizen), snils=SNILS, passport=PASSPORT)
        except CardExists:
            return False
        return True

    assert sum(await asyncio.gather(*(create(citizen) for citizen in citizens * 3))) == 1


async def test_an_account_has_one_card_even_with_other_numbers(house: House) -> None:
    citizen, here = await house.newcomer(), house.request()
    async with here.transaction:
        await here.cards.create(a_card(citizen), snils=SNILS, passport=PASSPORT)
        with pytest.raises(CardExists) as told:
            await here.cards.create(a_card(citizen), snils="16055544443", passport="4510999999")
        assert told.value.own


async def test_a_patient_number_belongs_to_one_card(house: House) -> None:
    first, second, here = await house.newcomer(), await house.newcomer(), house.request()
    async with here.transaction:
        await here.cards.create(a_card(first, "400000000006"), snils=SNILS, passport=PASSPORT)
        with pytest.raises(WrongMove):
            await here.cards.create(a_card(second, "400000000006"), snils="16055544443", passport="4510999999")


async def test_a_card_is_suspended_once_and_resumed_once(house: House) -> None:
    citizen, here = await house.newcomer(), house.request()
    card = a_card(citizen)
    async with here.transaction:
        await here.cards.create(card, snils=SNILS, passport=PASSPORT)
        assert await here.cards.move(card.id, CardState.ACTIVE, START) is False
        assert await here.cards.move(card.id, CardState.SUSPENDED, START) is True
        assert await here.cards.move(card.id, CardState.SUSPENDED, START) is False
        assert await here.cards.move(card.id, CardState.ACTIVE, START) is True
