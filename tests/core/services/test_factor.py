"""The second factor: set up, shown once a code, locked by wrong ones, recovered, slid and ended."""

import asyncio
from datetime import timedelta

import pytest

from core.domain.access import LockedOut
from core.domain.account import WrongMove
from core.domain.actor import Citizen
from core.domain.code import CodeGone, Purpose, TooSoon, WrongCode
from core.domain.factor import (
    FactorEnded,
    FactorKind,
    FactorLocked,
    Factors,
    NoFactor,
    NoPhone,
    NotYet,
    WrongFactor,
)
from core.domain.identifiers import InvalidOneTimeCode
from core.ports import Transaction
from core.services.account import ChangePhone, ConfirmContact
from core.services.factor import (
    BeginSms,
    BeginTotp,
    ConfirmSms,
    ConfirmTotp,
    LockRecord,
    Means,
    RenewRecovery,
    SendFactorCode,
    UnlockRecord,
    ViewKey,
    ViewSecurity,
)
from tests.core.services.authenticator import Phone, authenticated, carded, look, texted, told
from tests.core.services.outside import ANNA
from tests.core.services.town import Town


async def is_open(town: Town, citizen: Citizen) -> bool:
    return (await town.call(ViewSecurity, citizen)).until is not None


async def test_without_a_factor_nothing_is_shown_and_it_is_said_that_none_is_there(town: Town) -> None:
    citizen = await carded(town)
    with pytest.raises(LockedOut) as locked:
        await look(town, citizen)
    assert not locked.value.ready
    with pytest.raises(NoFactor):
        await town.call(UnlockRecord, citizen, "123456")


async def test_an_authenticator_is_confirmed_by_its_first_code_and_opens_the_sections(town: Town) -> None:
    citizen = await carded(town)
    key = await town.call(BeginTotp, citizen)
    assert key.uri.startswith("otpauth://totp/")
    assert {len(group) for group in key.groups.split()} == {4}
    assert (await town.call(ViewKey, citizen)).groups == key.groups
    phone = Phone(town, key.groups)
    with pytest.raises(NotYet):
        await town.call(ConfirmTotp, citizen, phone.wrong())
    with pytest.raises(InvalidOneTimeCode):
        await town.call(ConfirmTotp, citizen, "шесть цифр")
    assert (await town.call(ViewSecurity, citizen)).kind is None
    codes = await town.call(ConfirmTotp, citizen, f" {phone.code()[:3]} {phone.code()[3:]} ")
    assert len(set(codes)) == 10
    view = await town.call(ViewSecurity, citizen)
    assert (view.kind, view.recovery_left) == (FactorKind.TOTP, 10)
    await look(town, citizen)
    with pytest.raises(NoFactor):
        await town.call(ConfirmTotp, citizen, phone.code(1))


async def test_a_code_opens_once_and_its_neighbours_in_time_are_taken(town: Town) -> None:
    citizen = await carded(town)
    phone, _ = await authenticated(town, citizen)
    with pytest.raises(LockedOut) as locked:
        await look(town, citizen)
    assert locked.value.ready
    early = phone.code(1)
    assert await town.call(UnlockRecord, citizen, early) is Means.TOTP
    for again in (early, phone.code(), phone.code(-1)):
        with pytest.raises(WrongFactor):
            await town.call(UnlockRecord, citizen, again)
    town.clock.turn(seconds=90)
    with pytest.raises(WrongFactor):
        await town.call(UnlockRecord, citizen, phone.code(-2))
    assert await town.call(UnlockRecord, citizen, phone.code(-1)) is Means.TOTP


async def test_what_is_no_code_is_explained_and_not_counted(town: Town) -> None:
    citizen = await carded(town)
    phone, _ = await authenticated(town, citizen)
    for typed in ("", "привет", "12345", "1234567", "12345a", "9" * 5000, "\u202e123456\x00x"):
        with pytest.raises(InvalidOneTimeCode):
            await town.call(UnlockRecord, citizen, typed)
    with pytest.raises(WrongFactor) as wrong:
        await town.call(UnlockRecord, citizen, phone.wrong())
    assert wrong.value.left == 4


async def test_somebody_elses_code_opens_nothing(town: Town) -> None:
    citizen = await carded(town)
    await authenticated(town, citizen)
    other = await town.sign_in(2, ANNA, subject="boris", snils=None, email="boris@example.org", phone="+79000000002")
    key = await town.call(BeginTotp, other)
    with pytest.raises(WrongFactor):
        await town.call(UnlockRecord, citizen, Phone(town, key.groups).code())


async def test_five_wrong_codes_lock_for_fifteen_minutes_then_longer_and_the_owner_is_told(town: Town) -> None:
    citizen = await carded(town)
    phone, spare = await authenticated(town, citizen)
    for series, minutes in enumerate((15, 30, 60, 60), start=1):
        for left in (4, 3, 2, 1):
            with pytest.raises(WrongFactor) as wrong:
                await town.call(UnlockRecord, citizen, phone.wrong())
            assert wrong.value.left == left
        with pytest.raises(FactorLocked) as locked:
            await town.call(UnlockRecord, citizen, phone.wrong())
        assert locked.value.until - town.clock.now() == timedelta(minutes=minutes)
        assert await told(town, "failed") == (series, series)
        # The chat and the letters may be somebody else's by now; an SMS costs money, so there is one a day.
        assert len(await texted(town, "failed")) == 1
        for typed in (phone.code(), spare[0]):
            with pytest.raises(FactorLocked):
                await town.call(UnlockRecord, citizen, typed)
        assert not await is_open(town, citizen)
        town.clock.turn(minutes=minutes)
    await town.call(UnlockRecord, citizen, phone.code())
    with pytest.raises(WrongFactor) as wrong:
        await town.call(UnlockRecord, citizen, phone.wrong())
    assert wrong.value.left == 4


async def test_a_hundred_wrong_codes_in_a_row_end_the_factor(town: Town) -> None:
    citizen = await carded(town)
    phone, spare = await authenticated(town, citizen)
    for _ in range(99):
        with pytest.raises((WrongFactor, FactorLocked)):
            await town.call(UnlockRecord, citizen, phone.wrong())
        locked = (await town.call(ViewSecurity, citizen)).locked_until
        town.clock.moment = locked or town.clock.moment
        await town.deliver()
    with pytest.raises(FactorEnded):
        await town.call(UnlockRecord, citizen, phone.wrong())
    assert len(await texted(town, "ended")) == 1
    town.clock.turn(days=1)
    for typed in (phone.code(), spare[0]):
        with pytest.raises(FactorEnded):
            await town.call(UnlockRecord, citizen, typed)
    for use_case in (BeginTotp, BeginSms, RenewRecovery):
        with pytest.raises(FactorEnded):
            await town.call(use_case, citizen)
    assert (await town.call(ViewSecurity, citizen)).ended
    assert await told(town, "ended") == (1, 1)


async def test_each_recovery_code_opens_once_however_it_is_typed(town: Town) -> None:
    citizen = await carded(town)
    _, codes = await authenticated(town, citizen)
    mistyped = codes[0].lower().replace("-", " ").replace("0", "о").replace("1", "l")
    assert await town.call(UnlockRecord, citizen, mistyped) is Means.RECOVERY
    assert (await town.call(ViewSecurity, citizen)).recovery_left == 9
    with pytest.raises(WrongFactor):
        await town.call(UnlockRecord, citizen, codes[0])
    assert await told(town, "recovered") == (1, 1)
    assert len(await texted(town, "recovered")) == 1
    fresh = await town.call(RenewRecovery, citizen)
    assert not set(fresh) & set(codes)
    with pytest.raises(WrongFactor):
        await town.call(UnlockRecord, citizen, codes[1])
    assert await town.call(UnlockRecord, citizen, fresh[0]) is Means.RECOVERY


async def test_what_is_set_up_is_changed_only_with_a_code_that_was_shown_just_now(town: Town) -> None:
    citizen = await carded(town)
    phone, _ = await authenticated(town, citizen)
    for use_case in (BeginTotp, BeginSms, RenewRecovery, ViewKey):
        with pytest.raises(LockedOut):
            await town.call(use_case, citizen)
    await town.call(UnlockRecord, citizen, phone.code())
    key = await town.call(BeginTotp, citizen)
    town.clock.turn(minutes=11)
    await look(town, citizen)
    for use_case, given in ((BeginTotp, ()), (ViewKey, ()), (ConfirmTotp, (Phone(town, key.groups).code(),))):
        with pytest.raises(LockedOut):
            await town.call(use_case, citizen, *given)
    await town.call(UnlockRecord, citizen, phone.code())
    await town.call(ConfirmTotp, citizen, Phone(town, key.groups).code())
    town.clock.turn(minutes=1)
    with pytest.raises(WrongFactor):
        await town.call(UnlockRecord, citizen, phone.code())
    await town.call(UnlockRecord, citizen, Phone(town, key.groups).code())


async def test_codes_by_sms_go_to_the_number_that_was_set_up_whatever_becomes_of_the_contacts(town: Town) -> None:
    citizen = await carded(town)
    await town.call(BeginSms, citizen)
    with pytest.raises(TooSoon):
        await town.call(BeginSms, citizen)
    code = await town.code()
    with pytest.raises(WrongCode):
        await town.call(ConfirmSms, citizen, f"{(int(code) + 1) % 1_000_000:06d}")
    assert len(await town.call(ConfirmSms, citizen, code)) == 10
    await town.call(LockRecord, citizen)
    await town.call(ChangePhone, citizen, "+7 900 000-00-77")
    await town.call(ConfirmContact, citizen, Purpose.PHONE, await town.code())
    with pytest.raises(CodeGone):
        await town.call(UnlockRecord, citizen, "123456")
    await town.call(SendFactorCode, citizen)
    code = await town.code()
    assert town.outside.texts[-1][0] == "+79000000001"
    assert await town.call(UnlockRecord, citizen, code) is Means.SMS
    with pytest.raises(CodeGone):
        await town.call(UnlockRecord, citizen, code)


async def test_wrong_codes_by_sms_lock_as_well(town: Town) -> None:
    citizen = await carded(town)
    await town.call(BeginSms, citizen)
    await town.call(ConfirmSms, citizen, await town.code())
    town.clock.turn(minutes=2)
    await town.call(SendFactorCode, citizen)
    wrong = f"{(int(await town.code()) + 1) % 1_000_000:06d}"
    for _ in range(4):
        with pytest.raises(WrongFactor):
            await town.call(UnlockRecord, citizen, wrong)
    with pytest.raises(FactorLocked):
        await town.call(UnlockRecord, citizen, wrong)
    with pytest.raises(FactorLocked):
        await town.call(SendFactorCode, citizen)
    assert await told(town, "failed") == (1, 1)


async def test_without_a_phone_there_are_no_codes_by_sms(town: Town) -> None:
    citizen = await town.sign_in(phone=None)
    with pytest.raises(NoPhone):
        await town.call(BeginSms, citizen)
    with pytest.raises(NoFactor):
        await town.call(SendFactorCode, citizen)


async def test_a_hundred_right_codes_at_once_open_once(town: Town) -> None:
    citizen = await carded(town)
    phone, _ = await authenticated(town, citizen)
    step, now = int(town.clock.now().timestamp()) // 30, town.clock.now()
    assert phone.code() == phone.totp.generate_otp(step)

    async def accept() -> bool:
        async with town.container() as scope:
            factors, transaction = await scope.get(Factors), await scope.get(Transaction)
            async with transaction:
                return await factors.accept_step(citizen.account, step, now)

    assert sum(await asyncio.gather(*(accept() for _ in range(100)))) == 1


async def test_a_hundred_wrong_codes_at_once_are_no_more_than_five(town: Town) -> None:
    citizen = await carded(town)
    phone, _ = await authenticated(town, citizen)
    wrong = phone.wrong()
    ends = await asyncio.gather(*(town.call(UnlockRecord, citizen, wrong) for _ in range(100)), return_exceptions=True)
    assert sum(isinstance(end, WrongFactor) for end in ends) == 4
    assert sum(isinstance(end, FactorLocked) for end in ends) == 96
    assert await told(town, "failed") == (1, 1)


async def test_two_first_codes_at_once_set_it_up_once(town: Town) -> None:
    citizen = await carded(town)
    key = await town.call(BeginTotp, citizen)
    code = Phone(town, key.groups).code()
    ends = await asyncio.gather(*(town.call(ConfirmTotp, citizen, code) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(end, list) for end in ends) == 1
    assert all(isinstance(end, list | NoFactor | WrongMove | LockedOut) for end in ends)
