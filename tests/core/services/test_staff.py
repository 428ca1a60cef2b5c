"""Staff at the door: nobody learns which logins exist, and tries sent side by side are counted like any others."""

import asyncio

import pytest
from pyotp import TOTP

from core.domain.actor import Role
from core.domain.staff import MOST_SESSIONS, Locked, SessionGone, StaffMembers, WrongSignIn
from core.ports import Transaction
from core.services.staff import (
    AddStaff,
    DisableStaff,
    FindSession,
    NameWanted,
    NewMember,
    NoSuchMember,
    ResetStaff,
    SignInStaff,
)
from core.storage.audit import SqlAuditTrail
from core.storage.transaction import SqlTransaction
from tests.core.services.town import Town


async def hired(town: Town) -> NewMember:
    member = await town.call(AddStaff, "vera", "Вера", Role.REVIEWER)
    assert isinstance(member, NewMember)
    return member


def code(town: Town, member: NewMember) -> str:
    return TOTP(member.totp_secret).at(town.clock.now())


async def refused(town: Town) -> list[tuple[str, dict[str, str]]]:
    """Return actor and details of every refused sign-in in the journal."""
    async with town.container() as scope:
        transaction = await scope.get(SqlTransaction)
        async with transaction.looking():
            lines = [line.entry async for line in SqlAuditTrail(transaction).lines()]
    return [(each.actor, dict(each.details)) for each in lines if each.operation == "staff.sign_in_refused"]


async def test_a_lock_does_not_tell_that_there_is_such_a_login(town: Town) -> None:
    member = await hired(town)
    for login in ("vera", "nobody"):
        for _ in range(7):
            with pytest.raises(WrongSignIn):
                await town.call(SignInStaff, login, "not the password", "000000")
    with pytest.raises(WrongSignIn):
        await town.call(SignInStaff, "vera", member.password, "000000")
    with pytest.raises(Locked):
        await town.call(SignInStaff, "vera", member.password, code(town, member))
    town.clock.turn(minutes=15)
    assert await town.call(SignInStaff, "vera", member.password, code(town, member))


async def test_a_try_with_an_unknown_login_stands_in_the_journal_without_the_login(town: Town) -> None:
    with pytest.raises(WrongSignIn):
        await town.call(SignInStaff, "correct-horse", "x", "000000")
    [(actor, details)] = await refused(town)
    assert (actor, details) == ("system:desk", {"login": "unknown"})


async def test_tries_sent_side_by_side_end_at_the_fifth(town: Town) -> None:
    member = await hired(town)
    tries = [town.call(SignInStaff, "vera", "not the password", "000000") for _ in range(12)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert {type(each) for each in outcomes} == {WrongSignIn}
    counted = sorted(details["failures"] for _, details in await refused(town))
    assert counted == ["0"] * 7 + ["1", "2", "3", "4", "5"]
    with pytest.raises(Locked):
        await town.call(SignInStaff, "vera", member.password, code(town, member))


async def test_who_is_disabled_is_out_at_once_and_a_reset_lets_them_in_with_new_secrets(town: Town) -> None:
    first = await town.call(AddStaff, "olga", "Ольга", Role.REVIEWER)
    code = TOTP(first.totp_secret).at(town.clock.now())
    session = await town.call(SignInStaff, "olga", first.password, code)
    await town.call(DisableStaff, "olga")
    with pytest.raises(SessionGone):
        await town.call(FindSession, session, handed=True)
    town.clock.turn(minutes=1)
    with pytest.raises(WrongSignIn):
        await town.call(SignInStaff, "olga", first.password, TOTP(first.totp_secret).at(town.clock.now()))
    again = await town.call(ResetStaff, "olga")
    assert (again.password, again.totp_secret) != (first.password, first.totp_secret)
    code = TOTP(again.totp_secret).at(town.clock.now())
    assert await town.call(SignInStaff, "olga", again.password, code)
    with pytest.raises(NoSuchMember):
        await town.call(ResetStaff, "nobody")


@pytest.mark.parametrize("name", ["", "  ", "—", "42"])
async def test_whoever_signs_papers_has_a_name(town: Town, name: str) -> None:
    with pytest.raises(NameWanted):
        await town.call(AddStaff, "petrova", name, Role.DOCTOR)
    assert await town.call(AddStaff, "petrova", "Петрова  Анна ", Role.DOCTOR)
    assert await town.call(AddStaff, "vera", name.strip("—42"), Role.NURSE)
    async with town.container() as scope, (await scope.get(SqlTransaction)).looking():
        found = await (await scope.get(StaffMembers)).all()
    assert {each.login: each.name for each in found} == {"petrova": "Петрова Анна", "vera": "vera"}


async def test_with_one_session_too_many_the_oldest_ends_and_the_journal_says_so(town: Town) -> None:
    member, names = await hired(town), [f"browser {number}" for number in range(MOST_SESSIONS)]
    for name in names:
        async with town.container() as scope:
            staff = await scope.get(StaffMembers)
            async with await scope.get(Transaction):
                assert await staff.open_session(member.id, name, "secret", town.clock.now()) == 0
        town.clock.turn(seconds=1)
    latest = await town.call(SignInStaff, "vera", member.password, code(town, member))
    with pytest.raises(SessionGone):
        await town.call(FindSession, names[0], handed=True)
    for name in (*names[1:], latest):
        assert await town.call(FindSession, name, handed=True)
    async with town.container() as scope:
        transaction = await scope.get(SqlTransaction)
        async with transaction.looking():
            lines = [line.entry async for line in SqlAuditTrail(transaction).lines()]
    assert [each.details.get("ended") for each in lines if each.operation == "staff.signed_in"] == ["1"]
