"""From the chat to a page: links of one use, and the sessions they open."""

import asyncio

import pytest

from core.domain.page import LINK_LIFETIME, LONGEST, LinkGone, PageGone, Place
from core.services.consent import GiveConsent, WithdrawConsent
from core.services.page import ClosePage, FindPage, LookAtLink, MakeLink, OpenLink, ProvePage
from core.services.signin import MoveAccount, SignOut


async def opened(town, citizen, place=Place.RESULTS):
    return await town.call(OpenLink, await town.call(MakeLink, citizen, place))


async def test_a_link_opens_its_place_for_its_citizen_and_only_once(town):
    anna = await town.sign_in()
    token = await town.call(MakeLink, anna, Place.VISITS)
    assert await town.call(LookAtLink, token)
    assert await town.call(LookAtLink, token), "looking, as previews of messengers do, uses nothing up"

    way = await town.call(OpenLink, token)
    assert way.place is Place.VISITS
    session = await town.call(FindPage, way.secret)
    assert session.citizen == anna
    assert not session.proved

    assert not await town.call(LookAtLink, token)
    with pytest.raises(LinkGone):
        await town.call(OpenLink, token)


async def test_of_two_browsers_that_open_a_link_at_once_one_gets_in(town):
    token = await town.call(MakeLink, await town.sign_in(), Place.HOME)
    outcomes = await asyncio.gather(*(town.call(OpenLink, token) for _ in range(5)), return_exceptions=True)
    assert sum(not isinstance(each, Exception) for each in outcomes) == 1
    assert sum(isinstance(each, LinkGone) for each in outcomes) == 4


async def test_a_link_is_good_for_ten_minutes_and_nobody_can_guess_one(town):
    anna = await town.sign_in()
    token = await town.call(MakeLink, anna, Place.HOME)
    assert len(token) >= 43
    town.clock.turn(seconds=LINK_LIFETIME.total_seconds())
    for each in (token, token[:-1] + ("A" if token[-1] != "A" else "B"), "", "x" * 10_000):
        assert not await town.call(LookAtLink, each)
        with pytest.raises(LinkGone):
            await town.call(OpenLink, each)


async def test_a_session_lasts_eight_hours_and_not_a_moment_longer(town):
    way = await opened(town, await town.sign_in())
    town.clock.turn(seconds=LONGEST.total_seconds() - 1)
    await town.call(FindPage, way.secret)
    town.clock.turn(seconds=1)
    with pytest.raises(PageGone):
        await town.call(FindPage, way.secret)


async def test_signing_out_in_the_chat_ends_pages_and_links_for_good(town):
    anna = await town.sign_in()
    way, token = await opened(town, anna), await town.call(MakeLink, anna, Place.HOME)
    await town.call(SignOut, anna)
    again = await town.sign_in()
    assert again == anna
    with pytest.raises(PageGone):
        await town.call(FindPage, way.secret)
    with pytest.raises(LinkGone):
        await town.call(OpenLink, token)


async def test_an_account_that_moves_to_another_chat_takes_no_page_along(town):
    anna = await town.sign_in()
    way, token = await opened(town, anna), await town.call(MakeLink, anna, Place.HOME)
    await town.sign_in_elsewhere(2)
    await town.call(MoveAccount, 2)
    with pytest.raises(PageGone):
        await town.call(FindPage, way.secret)
    with pytest.raises(LinkGone):
        await town.call(OpenLink, token)


async def test_withdrawing_the_consent_ends_the_pages(town):
    anna = await town.sign_in()
    await town.call(GiveConsent, anna, "ru")
    way = await opened(town, anna)
    await town.call(WithdrawConsent, anna)
    with pytest.raises(PageGone):
        await town.call(FindPage, way.secret)


async def test_the_person_closes_one_browser_and_the_other_stays(town):
    anna = await town.sign_in()
    first, second = await opened(town, anna), await opened(town, anna)
    await town.call(ProvePage, second.secret, proved=True)
    await town.call(ClosePage, first.secret)
    await town.call(ClosePage, first.secret)
    with pytest.raises(PageGone):
        await town.call(FindPage, first.secret)
    assert (await town.call(FindPage, second.secret)).proved


async def test_a_proof_counts_in_its_own_browser_alone(town):
    anna = await town.sign_in()
    first, second = await opened(town, anna), await opened(town, anna)
    await town.call(ProvePage, first.secret, proved=True)
    assert (await town.call(FindPage, first.secret)).proved
    assert not (await town.call(FindPage, second.secret)).proved
    await town.call(ProvePage, first.secret, proved=False)
    assert not (await town.call(FindPage, first.secret)).proved


async def test_a_chat_that_asks_for_links_without_end_keeps_the_newest_five(town):
    anna = await town.sign_in()
    tokens = []
    for _ in range(7):
        town.clock.turn(seconds=1)
        tokens.append(await town.call(MakeLink, anna, Place.HOME))
    assert [await town.call(LookAtLink, each) for each in tokens] == [False] * 2 + [True] * 5
