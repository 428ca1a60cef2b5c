"""Who is at work, in which group, from where; and nobody shuts the last administrator out."""

import asyncio
from datetime import timedelta

import pytest
from pyotp import TOTP

from core.domain.account import WrongMove
from core.domain.actor import NotAllowed, Role, Staff
from core.domain.ids import StaffId, TeamId, new_id
from core.domain.staff import LastAdministrator, SessionGone, StaffMembers, WrongSignIn
from core.domain.support import SupportTopic
from core.domain.team import (
    BadDuty,
    Duties,
    Duty,
    NetworkRefused,
    Presence,
    SelfShutOut,
    Team,
    TeamNameTaken,
    TeamNotThere,
)
from core.ports import Passwords, Transaction
from core.services.staff import (
    AddStaff,
    ChangeRole,
    DisableStaff,
    EnableStaff,
    EndSession,
    FindSession,
    ListSessions,
    NewMember,
    ResetStaff,
    SignInStaff,
    SignOutStaff,
    ViewStaff,
)
from core.services.team import NotePresent, RemoveTeam, SaveTeam, SetDuty, SetPresence, ViewTeams
from tests.core.services.town import Town

OFFICE, HOME = "203.0.113.20", "198.51.100.7"
TOPICS = frozenset({SupportTopic.CARD, SupportTopic.BOOKING})


async def hire(town: Town, login: str, role: Role) -> tuple[Staff, NewMember]:
    added = await town.call(AddStaff, login, f"Имя {login}", role)
    assert isinstance(added, NewMember)
    await settled(town, added)
    return Staff(added.id, role), added


async def settled(town: Town, member: NewMember) -> None:
    """The secrets are their own from now on, as if they had chosen these."""
    async with town.container() as scope:
        staff, hashed = await scope.get(StaffMembers), await (await scope.get(Passwords)).hash(member.password)
        async with await scope.get(Transaction):
            assert await staff.take_own(member.id, hashed, member.totp_secret, 0)


async def enter(town: Town, login: str, member: NewMember, address: str = OFFICE) -> str:
    code = TOTP(member.totp_secret).at(town.clock.now())
    name = await town.call(SignInStaff, login, member.password, code, address=address, agent="Firefox/130.0 Windows")
    assert isinstance(name, str)
    return name


async def duty_of(town: Town, staff: Staff) -> Duty:
    async with town.container() as scope:
        duties = await scope.get(Duties)
        async with (await scope.get(Transaction)).looking():
            return await duties.of(staff.staff)


async def make(town: Town, boss: Staff, name: str, *networks: str) -> Team:
    team = await town.call(SaveTeam, boss, name, networks=networks, topics=TOPICS)
    assert isinstance(team, Team)
    return team


async def put_into(town: Town, boss: Staff, member: Staff, team: Team | None, **more: object) -> None:
    told = {"capacity": 3, "skills": TOPICS, "languages": {"ru"}, "team": team.id if team else None}
    await town.call(SetDuty, boss, member.staff, **(told | more))


async def test_an_operator_is_here_with_a_page_of_work_gone_after_silence_and_off_with_signing_out(town: Town) -> None:
    olga, member = await hire(town, "olga", Role.OPERATOR)
    assert (await duty_of(town, olga)).presence is Presence.OFF
    name = await enter(town, "olga", member)
    assert not (await duty_of(town, olga)).is_here(town.clock.now())
    town.clock.turn(minutes=1)
    await town.call(NotePresent, olga)
    town.clock.turn(minutes=2)
    assert (await duty_of(town, olga)).is_here(town.clock.now())
    town.clock.turn(seconds=1)
    assert (await duty_of(town, olga)).is_gone(town.clock.now())
    await town.call(SetPresence, olga, Presence.AWAY)
    away = await duty_of(town, olga)
    assert not away.is_here(town.clock.now())
    assert not away.is_gone(town.clock.now())
    await town.call(SignOutStaff, olga, name)
    assert (await duty_of(town, olga)).is_gone(town.clock.now())


async def test_whose_work_is_not_to_answer_is_not_said_to_be_here(town: Town) -> None:
    boss, member = await hire(town, "boss", Role.ADMINISTRATOR)
    await enter(town, "boss", member)
    assert (await duty_of(town, boss)).presence is Presence.OFF
    rita, _ = await hire(town, "rita", Role.REGISTRAR)
    with pytest.raises(NotAllowed):
        await town.call(SetPresence, rita, Presence.HERE)


async def test_a_group_and_a_duty_are_set_by_an_administrator_and_by_nobody_else(town: Town) -> None:
    boss, _ = await hire(town, "boss", Role.ADMINISTRATOR)
    olga, _ = await hire(town, "olga", Role.OPERATOR)
    senior, _ = await hire(town, "sonya", Role.SENIOR)
    team = await make(town, boss, "Первая смена")
    await put_into(town, boss, olga, team)
    duty = await duty_of(town, olga)
    assert (duty.capacity, duty.skills, duty.languages, duty.team) == (3, TOPICS, frozenset({"ru"}), team.id)
    for other in (olga, senior):
        with pytest.raises(NotAllowed):
            await put_into(town, other, olga, None)
        with pytest.raises(NotAllowed):
            await town.call(SaveTeam, other, "Ещё одна")
        with pytest.raises(NotAllowed):
            await town.call(RemoveTeam, other, team.id)
        with pytest.raises(NotAllowed):
            await town.call(ChangeRole, olga.staff, Role.ADMINISTRATOR, by=other)
        with pytest.raises(NotAllowed):
            await town.call(ListSessions, other, boss.staff)
    for wrong in ({"capacity": 0}, {"capacity": 51}, {"skills": ()}, {"languages": {"de"}}):
        with pytest.raises(BadDuty):
            await put_into(town, boss, olga, team, **wrong)
    with pytest.raises(TeamNotThere):
        await put_into(town, boss, olga, Team(TeamId(new_id(town.clock.now())), "нет"))


async def test_of_two_changes_to_one_reading_of_a_group_the_second_looks_again(town: Town) -> None:
    boss, _ = await hire(town, "boss", Role.ADMINISTRATOR)
    team = await make(town, boss, "Первая смена")
    with pytest.raises(TeamNameTaken):
        await make(town, boss, "Первая смена")
    changed = await town.call(SaveTeam, boss, "Ночная смена", team=team.id, version=team.version)
    with pytest.raises(WrongMove):
        await town.call(SaveTeam, boss, "Дневная смена", team=team.id, version=team.version)
    assert list(await town.call(ViewTeams, boss)) == [changed]


async def test_a_removed_group_leaves_its_members_without_one(town: Town) -> None:
    boss, _ = await hire(town, "boss", Role.ADMINISTRATOR)
    olga, _ = await hire(town, "olga", Role.OPERATOR)
    team = await make(town, boss, "Первая смена", "203.0.113.0/24")
    await put_into(town, boss, olga, team)
    await town.call(RemoveTeam, boss, team.id)
    assert (await duty_of(town, olga)).team is None
    with pytest.raises(TeamNotThere):
        await town.call(RemoveTeam, boss, team.id)


async def test_a_group_keeps_its_members_to_its_networks_at_the_door_and_at_every_call(town: Town) -> None:
    boss, _ = await hire(town, "boss", Role.ADMINISTRATOR)
    olga, member = await hire(town, "olga", Role.OPERATOR)
    before = await enter(town, "olga", member, HOME)
    assert (await town.call(FindSession, before, address=HOME)).networks == ()
    await put_into(town, boss, olga, await make(town, boss, "Первая смена", "203.0.113.0/24"))
    with pytest.raises(NetworkRefused):
        await town.call(FindSession, before, address=HOME)
    assert (await town.call(FindSession, before, address=OFFICE)).member.login == "olga"
    town.clock.turn(seconds=31)
    with pytest.raises(NetworkRefused):
        await enter(town, "olga", member, HOME)
    # Whoever has not all three right hears nothing of networks.
    with pytest.raises(WrongSignIn):
        await town.call(SignInStaff, "olga", member.password, "000000", address=HOME)
    town.clock.turn(seconds=31)
    # Nor does anybody lock a member out from where the group is not let in; a code that was right there is used up.
    for _ in range(7):
        with pytest.raises(WrongSignIn):
            await town.call(SignInStaff, "olga", "not the password", "000000", address=HOME)
    with pytest.raises(NetworkRefused):
        await enter(town, "olga", member, HOME)
    with pytest.raises(WrongSignIn):
        await enter(town, "olga", member, OFFICE)
    town.clock.turn(seconds=31)
    assert await enter(town, "olga", member, OFFICE)
    for _ in range(5):
        with pytest.raises(WrongSignIn):
            await town.call(SignInStaff, "olga", "not the password", "000000", address=OFFICE)
    town.clock.turn(seconds=31)
    with pytest.raises(WrongSignIn):
        await enter(town, "olga", member, HOME)  # locked: nothing is told outside


async def test_an_administrator_does_not_shut_themselves_out_by_networks(town: Town) -> None:
    boss, _ = await hire(town, "boss", Role.ADMINISTRATOR)
    team = await make(town, boss, "Управление", "203.0.113.0/24")
    with pytest.raises(SelfShutOut):
        await put_into(town, boss, boss, team, address=HOME)
    await put_into(town, boss, boss, team, address=OFFICE)
    with pytest.raises(SelfShutOut):
        await town.call(
            *(SaveTeam, boss, "Управление"), networks=[HOME], team=team.id, version=team.version, address=OFFICE
        )


async def test_an_old_session_has_the_new_role_at_once_and_none_when_its_member_is_out(town: Town) -> None:
    boss, _ = await hire(town, "boss", Role.ADMINISTRATOR)
    olga, member = await hire(town, "olga", Role.SENIOR)
    name = await enter(town, "olga", member)
    await town.call(ChangeRole, olga.staff, Role.OPERATOR, by=boss)
    assert (await town.call(FindSession, name)).member.actor == Staff(olga.staff, Role.OPERATOR)
    await town.call(DisableStaff, olga.staff, by=boss)
    with pytest.raises(SessionGone):
        await town.call(FindSession, name)
    assert (await duty_of(town, olga)).is_gone(town.clock.now())
    await town.call(EnableStaff, olga.staff, by=boss)
    with pytest.raises(SessionGone):
        await town.call(FindSession, name)
    town.clock.turn(seconds=31)
    assert await enter(town, "olga", member)


async def test_sessions_are_listed_without_more_than_is_needed_and_ended(town: Town) -> None:
    boss, _ = await hire(town, "boss", Role.ADMINISTRATOR)
    olga, member = await hire(town, "olga", Role.OPERATOR)
    first = await enter(town, "olga", member)
    town.clock.turn(seconds=31)
    second = await enter(town, "olga", member)
    assert first != second
    await town.call(NotePresent, olga)
    (late, early) = await town.call(ListSessions, olga)
    assert (late.network, late.browser, late.system) == ("203.0.113.0/24", "Firefox", "Windows")
    assert early.started_at + timedelta(seconds=31) == late.started_at
    assert (await town.call(FindSession, second)).id == late.id
    vera, _ = await hire(town, "vera", Role.OPERATOR)
    with pytest.raises(NotAllowed):
        await town.call(EndSession, vera, late.id)
    assert await town.call(EndSession, olga, late.id) == 1
    with pytest.raises(SessionGone):
        await town.call(FindSession, second)
    assert (await duty_of(town, olga)).is_here(town.clock.now())
    assert await town.call(EndSession, boss, None, olga.staff) == 1
    assert (await duty_of(town, olga)).is_gone(town.clock.now())
    assert not await town.call(ListSessions, olga)


async def test_administrators_see_locks_and_sessions_operators_see_those_who_answer(town: Town) -> None:
    boss, _ = await hire(town, "boss", Role.ADMINISTRATOR)
    olga, member = await hire(town, "olga", Role.OPERATOR)
    await hire(town, "rita", Role.REGISTRAR)
    await enter(town, "olga", member)
    await town.call(NotePresent, olga)
    for _ in range(5):
        with pytest.raises(WrongSignIn):
            await town.call(SignInStaff, "olga", "not the password", "000000")
    seen = {each.login: each for each in (await town.call(ViewStaff, boss)).people}
    assert set(seen) == {"boss", "olga", "rita"}
    assert (seen["olga"].failures, seen["olga"].sessions, seen["olga"].is_here) == (5, 1, True)
    assert seen["olga"].locked_until == town.clock.now() + timedelta(minutes=15)
    told = {each.login: each for each in (await town.call(ViewStaff, olga)).people}
    assert set(told) == {"boss", "olga"}
    assert (told["olga"].failures, told["olga"].locked_until, told["olga"].sessions) == (0, None, 0)
    with pytest.raises(NotAllowed):
        await town.call(ViewStaff, Staff(StaffId(new_id(town.clock.now())), Role.REGISTRAR))
    await town.call(EnableStaff, olga.staff, by=boss)
    town.clock.turn(seconds=31)
    assert await enter(town, "olga", member)


async def test_the_last_administrator_stays(town: Town) -> None:
    boss, _ = await hire(town, "boss", Role.ADMINISTRATOR)
    with pytest.raises(LastAdministrator):
        await town.call(DisableStaff, boss.staff, by=boss)
    with pytest.raises(LastAdministrator):
        await town.call(ChangeRole, boss.staff, Role.SENIOR, by=boss)
    second, _ = await hire(town, "second", Role.ADMINISTRATOR)
    await town.call(DisableStaff, second.staff, by=boss)
    with pytest.raises(LastAdministrator):
        await town.call(ChangeRole, boss.staff, Role.SENIOR, by=boss)
    await town.call(ResetStaff, "second")
    await town.call(ChangeRole, boss.staff, Role.SENIOR, by=boss)


async def test_two_administrators_who_put_each_other_out_at_once_leave_one(town: Town) -> None:
    bosses = [await hire(town, f"boss{number}", Role.ADMINISTRATOR) for number in range(2)]
    (one, _), (two, _) = bosses
    done = await asyncio.gather(
        town.call(DisableStaff, one.staff, by=two),
        town.call(ChangeRole, two.staff, Role.OPERATOR, by=one),
        return_exceptions=True,
    )
    assert sorted(type(each) for each in done if each is not None) == [LastAdministrator]
