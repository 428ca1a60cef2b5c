"""The people at the desk: codes used once, failures counted exactly, sessions that end."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from core.domain.lockout import LOCK
from core.domain.staff import LoginTaken, SessionGone
from core.storage.staff import StaffRow
from tests.core.storage.house import House, Request, a_member


async def test_a_member_is_found_by_login_and_listed(house: House) -> None:
    here, now = house.request(), house.clock.now()
    zoya, anna = a_member(now, "zoya"), a_member(now, "anna")
    async with here.transaction:
        await here.staff.add(zoya, now)
        await here.staff.add(anna, now)
        assert await here.staff.by_login("zoya") == zoya
        assert await here.staff.by_login("nobody") is None
        assert await here.staff.all() == [anna, zoya]
        assert await here.staff.names({zoya.id}) == {zoya.id: "zoya"}
        assert await here.staff.names(set()) == {}
        with pytest.raises(LoginTaken):
            await here.staff.add(a_member(now, "anna"), now)


async def test_of_forty_uses_of_one_code_one_is_accepted(house: House) -> None:
    here, now = house.request(), house.clock.now()
    member = a_member(now)
    async with here.transaction:
        await here.staff.add(member, now)

    async def use() -> bool:
        request = house.request()
        async with request.transaction:
            return await request.staff.accept_step(member.id, 59_000_000, now)

    assert sum(await asyncio.gather(*(use() for _ in range(40)))) == 1
    async with here.transaction:
        assert await here.staff.accept_step(member.id, 58_999_999, now) is False
        assert await here.staff.accept_step(member.id, 59_000_001, now) is True


async def test_every_failure_counts_and_the_fifth_locks(house: House) -> None:
    here, now = house.request(), house.clock.now()
    member = a_member(now)
    async with here.transaction:
        await here.staff.add(member, now)

    async def fail() -> int:
        request = house.request()
        async with request.transaction:
            return await request.staff.count_failure(member.id, now)

    assert sorted(await asyncio.gather(*(fail() for _ in range(5)))) == [1, 2, 3, 4, 5]
    async with here.transaction:
        assert await here.staff.by_login("reviewer") == replace(member, failures=5, locked_until=now + LOCK)
        assert await here.staff.count_failure(member.id, now) == 0
        assert await here.staff.accept_step(member.id, 1, now) is False
        assert await here.staff.accept_step(member.id, 1, now + LOCK) is True
        assert await here.staff.by_login("reviewer") == replace(member, last_step=1)


async def signed_in(house: House) -> Request:
    here, now = house.request(), house.clock.now()
    member = a_member(now)
    async with here.transaction:
        await here.staff.add(member, now)
        await here.staff.open_session(member.id, "cookie", "csrf-word", now)
    return here


async def test_a_session_lives_while_it_is_used_and_twelve_hours_at_most(house: House) -> None:
    here = await signed_in(house)
    began = house.clock.now()
    while house.clock.pass_(minutes=14) < began + timedelta(hours=12):
        async with here.transaction:
            session = await here.staff.session("cookie", house.clock.now())
            assert (session.csrf, session.started_at, session.seen_at) == ("csrf-word", began, house.clock.now())
    async with here.transaction:
        with pytest.raises(SessionGone):
            await here.staff.session("cookie", house.clock.now())


async def test_an_idle_session_ends_after_fifteen_minutes(house: House) -> None:
    here = await signed_in(house)
    async with here.transaction:
        with pytest.raises(SessionGone):
            await here.staff.session("cookie", house.clock.pass_(minutes=15))


async def test_a_page_that_refreshes_itself_does_not_keep_a_session_alive(house: House) -> None:
    here = await signed_in(house)
    for _ in range(2):
        async with here.transaction:
            await here.staff.session("cookie", house.clock.pass_(minutes=7), attended=False)
    async with here.transaction:
        with pytest.raises(SessionGone):
            await here.staff.session("cookie", house.clock.pass_(minutes=1), attended=False)


async def test_a_session_that_was_closed_or_never_opened_is_gone(house: House) -> None:
    here, now = await signed_in(house), house.clock.now()
    async with here.transaction:
        await here.staff.close_session("cookie")
        for name in ("cookie", "another"):
            with pytest.raises(SessionGone):
                await here.staff.session(name, now)


async def test_a_disabled_member_is_out_at_once(house: House) -> None:
    here, now = await signed_in(house), house.clock.now()
    async with here.transaction:
        await here.transaction.change(update(StaffRow).values(disabled=True))
        with pytest.raises(SessionGone):
            await here.staff.session("cookie", now)
