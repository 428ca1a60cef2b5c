"""Contacts kept up to date: nothing changes until the code is entered, and another code can be asked for."""

import re

import pytest

from core.domain.application import ApplicationState
from core.domain.code import CodeGone, Purpose, TooSoon, WrongCode
from core.services.account import ChangePhone, ConfirmContact, PendingCode, ResendContactCode, ViewStatus, WhoAmI
from core.services.application import OpenApplication
from tests.core.services.town import Town

NEW = "8 900 000-00-77"


async def last_code(town: Town) -> str:
    await town.deliver()
    found = re.search(r"\b\d{6}\b", town.outside.texts[-1][1])
    assert found is not None
    return found[0]


async def test_a_new_phone_counts_once_its_code_is_entered(town: Town) -> None:
    citizen = await town.sign_in(7)
    before = (await town.call(ViewStatus, citizen)).phone
    await town.call(ChangePhone, citizen, NEW)
    assert (await town.call(ViewStatus, citizen)).phone == before
    await town.call(ConfirmContact, citizen, Purpose.PHONE, await last_code(town))
    assert (await town.call(ViewStatus, citizen)).phone == "+7 900 •••-••-77"


async def test_another_code_goes_to_the_same_number_after_a_minute_and_the_old_one_stops_working(town: Town) -> None:
    citizen = await town.sign_in(7)
    await town.call(ChangePhone, citizen, NEW)
    first = await last_code(town)
    with pytest.raises(TooSoon):
        await town.call(ResendContactCode, citizen, Purpose.PHONE)
    town.clock.turn(seconds=61)
    await town.call(ResendContactCode, citizen, Purpose.PHONE)
    second = await last_code(town)
    assert town.outside.texts[-1][0] == town.outside.texts[-2][0] == "+79000000077"
    if first != second:
        with pytest.raises(WrongCode):
            await town.call(ConfirmContact, citizen, Purpose.PHONE, first)
    await town.call(ConfirmContact, citizen, Purpose.PHONE, second)


async def test_another_code_can_be_asked_for_after_the_first_ran_out(town: Town) -> None:
    citizen = await town.sign_in(7)
    await town.call(ChangePhone, citizen, NEW)
    town.clock.turn(minutes=11)
    assert await town.call(PendingCode, citizen, Purpose.PHONE) is None
    await town.call(ResendContactCode, citizen, Purpose.PHONE)
    assert await town.call(PendingCode, citizen, Purpose.PHONE) is not None


async def test_no_code_can_be_sent_again_where_none_was_asked_for(town: Town) -> None:
    citizen = await town.sign_in(7)
    with pytest.raises(CodeGone):
        await town.call(ResendContactCode, citizen, Purpose.EMAIL)


async def test_the_menu_learns_of_an_application_that_was_begun(town: Town) -> None:
    citizen = await town.sign_in(7)
    assert (await town.call(WhoAmI, citizen)).application is None
    await town.call(OpenApplication, citizen)
    assert (await town.call(WhoAmI, citizen)).application is ApplicationState.DRAFT
