"""Referrals as they are kept: whole, sealed, the newest first, and found for a doctor and a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from core.domain.ids import AccountId, ClinicId, RecordId, new_id
from core.domain.record import NotFound, Referral
from tests.core.storage.house import START, House

CLINIC, TODAY = ClinicId(new_id(START)), START.date()
ENT = "ent"


def a_referral(
    account: AccountId, on: date = TODAY, until: date | None = None, *, to: str = "cardiologist"
) -> Referral:
    return Referral(RecordId(new_id(START)), account, CLINIC, on, to, "057-000123", "Поликлиника № 7", until)


async def test_the_newest_that_is_good_on_the_day_comes_first(house: House) -> None:
    account, other, here = (await house.newcomer()).account, (await house.newcomer()).account, house.request()
    old = a_referral(account, TODAY - timedelta(days=20))
    new = a_referral(account, TODAY - timedelta(days=2), TODAY)
    over = a_referral(account, TODAY - timedelta(days=90), TODAY - timedelta(days=30))
    elsewhere = a_referral(account, to=ENT)
    theirs = a_referral(other)
    async with here.transaction:
        await here.referrals.put([old, new, over, elsewhere, theirs])
        assert await here.referrals.of(account, "cardiologist", TODAY) == [new, old]
        assert await here.referrals.of(account, "cardiologist", TODAY + timedelta(days=1)) == [old]
        assert await here.referrals.of(account, "cardiologist", TODAY - timedelta(days=40)) == [over]
        assert await here.referrals.of(account, ENT, TODAY) == [elsewhere]
        assert await here.referrals.of(account, "surgeon", TODAY) == []
        assert await here.referrals.of(other, "cardiologist", TODAY) == [theirs]


async def test_one_that_comes_again_replaces_and_one_taken_back_is_gone(house: House) -> None:
    account, other, here = (await house.newcomer()).account, (await house.newcomer()).account, house.request()
    first = a_referral(account)
    again = Referral(first.id, account, CLINIC, TODAY, "cardiologist", "057-000124")
    async with here.transaction:
        await here.referrals.put([first])
        await here.referrals.put([again])
        assert await here.referrals.of(account, "cardiologist", TODAY) == [again]
        with pytest.raises(NotFound):
            await here.referrals.put([Referral(first.id, other, CLINIC, TODAY, ENT, "057")])
        await here.referrals.remove(other, [first.id])
        assert await here.referrals.of(account, "cardiologist", TODAY) == [again]
        await here.referrals.remove(account, [first.id])
        assert await here.referrals.of(account, "cardiologist", TODAY) == []


async def test_neither_number_nor_doctor_stands_in_clear(house: House) -> None:
    account, here = (await house.newcomer()).account, house.request()
    async with here.transaction:
        await here.referrals.put([a_referral(account)])
    async with house.engine.connect() as connection:
        for row in await connection.execute(text("SELECT * FROM referrals")):
            told = repr([bytes(each) if isinstance(each, memoryview) else each for each in row])
            assert not any(word in told for word in ("057", "cardio", "Поликлиника"))


@given(st.dates(), st.none() | st.dates(), st.dates())
def test_a_referral_is_good_from_its_day_to_its_last_day(authored: date, until: date | None, day: date) -> None:
    stands = a_referral(AccountId(new_id(START)), authored, until).stands(day)
    assert stands == (authored <= day <= (until or date.max))
