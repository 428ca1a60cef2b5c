"""The session that a code opens: it slides, ends by tap, by time and by whatever else, and takes what was shown along."""

from datetime import timedelta

import pytest

from core.domain.access import LockedOut
from core.domain.actor import Citizen
from core.domain.factor import LONGEST
from core.services.consent import WithdrawConsent
from core.services.factor import ChangeSpan, EndSessions, LockRecord, UnlockRecord, ViewSecurity
from core.services.signin import MoveAccount, SignOut
from tests.core.services.authenticator import authenticated, carded, going, look, shown, texted, told
from tests.core.services.town import Town


async def test_the_sections_slide_and_close_after_eight_hours_all_the_same(town: Town) -> None:
    citizen = await carded(town)
    await town.unlock(citizen)
    opened = town.clock.now()
    while town.clock.now() + timedelta(minutes=14) < opened + LONGEST:
        town.clock.turn(minutes=14)
        await look(town, citizen)
    town.clock.moment = opened + LONGEST
    with pytest.raises(LockedOut):
        await look(town, citizen)


async def test_a_quarter_of_an_hour_without_a_look_closes_them(town: Town) -> None:
    citizen = await carded(town)
    await town.unlock(citizen)
    town.clock.turn(minutes=15)
    with pytest.raises(LockedOut):
        await look(town, citizen)
    with pytest.raises(LockedOut):
        await town.call(ChangeSpan, citizen, timedelta(minutes=30))


async def test_the_person_makes_the_time_longer_or_shorter(town: Town) -> None:
    citizen = await carded(town)
    await town.unlock(citizen)
    await town.call(ChangeSpan, citizen, timedelta(minutes=60))
    town.clock.turn(minutes=59)
    await look(town, citizen)
    await town.call(ChangeSpan, citizen, timedelta(days=7))
    assert (await town.call(ViewSecurity, citizen)).span == timedelta(minutes=60)
    await town.call(ChangeSpan, citizen, timedelta(minutes=5))
    town.clock.turn(minutes=5)
    with pytest.raises(LockedOut):
        await look(town, citizen)


async def test_by_tap_it_is_locked_at_once_and_what_was_shown_goes(town: Town) -> None:
    citizen = await carded(town)
    await town.unlock(citizen)
    await shown(town, citizen, 11, 12)
    assert await going(town) == []
    await town.call(LockRecord, citizen)
    await town.call(LockRecord, citizen)
    with pytest.raises(LockedOut):
        await look(town, citizen)
    assert await going(town) == [11, 12]


async def test_by_time_the_worker_ends_it_and_says_why_the_messages_are_gone(town: Town) -> None:
    citizen = await carded(town)
    await town.unlock(citizen)
    await shown(town, citizen, 11)
    town.clock.turn(minutes=14)
    await look(town, citizen)
    town.clock.turn(minutes=14)
    await town.call(EndSessions)
    await look(town, citizen)
    assert await going(town) == []
    town.clock.turn(minutes=15)
    await town.call(EndSessions)
    await town.call(EndSessions)
    assert await going(town) == [11]
    assert (await told(town, "closed"))[0] == 1


async def test_who_was_shown_nothing_is_told_nothing(town: Town) -> None:
    citizen = await carded(town)
    await town.unlock(citizen)
    town.clock.turn(hours=1)
    await town.call(EndSessions)
    assert (await told(town, "closed"))[0] == 0


@pytest.mark.parametrize("how", ["signed out", "moved", "withdrawn"])
async def test_whatever_ends_the_session_takes_the_messages_along(town: Town, how: str) -> None:
    citizen = await carded(town)
    await town.unlock(citizen)
    await shown(town, citizen, 11)
    if how == "signed out":
        await town.call(SignOut, citizen)
    elif how == "withdrawn":
        await town.call(WithdrawConsent, citizen)
    else:
        await town.sign_in_elsewhere(2)
        await town.call(MoveAccount, 2)
        await town.deliver()
        assert "account.mail_moved.subject" in [subject for _, subject, _ in town.outside.letters]
    assert await going(town) == [11]


async def test_messages_noted_after_the_end_go_at_once(town: Town) -> None:
    citizen = await carded(town)
    await town.unlock(citizen)
    await town.call(LockRecord, citizen)
    await shown(town, citizen, 12)
    assert await going(town) == [12]


async def test_the_first_time_in_another_chat_is_told_and_the_second_is_not(town: Town) -> None:
    citizen = await carded(town)
    phone, _ = await authenticated(town, citizen)
    await town.call(UnlockRecord, citizen, phone.code())
    assert await told(town, "new_chat") == (0, 0)
    await town.sign_in_elsewhere(2)
    await town.call(MoveAccount, 2)
    moved = Citizen(citizen.account, 2)
    for times in (1, 1):
        town.clock.turn(minutes=1)
        await town.call(UnlockRecord, moved, phone.code())
        assert await told(town, "new_chat") == (times, times)
        assert len(await texted(town, "new_chat")) == times
