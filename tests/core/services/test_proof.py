"""An identity check: asked for in the chat, compared by one member of staff, confirmed by another, told on every channel."""

import asyncio
from dataclasses import replace

import pytest

from core.domain.access import LockedOut
from core.domain.actor import Citizen, NotAllowed, Role, Staff
from core.domain.chat import Chats
from core.domain.factor import Factors, NoFactor, WrongFactor
from core.domain.ids import ChatId, ProofId
from core.domain.proof import NoteNeeded, ProofMoved, ProofReasonNeeded, Proofs, ProofState, SameMember, TooManyProofs
from core.ports import Transaction
from core.services.factor import UnlockRecord, ViewSecurity
from core.services.proof import AskProof, CompareProof, ConfirmProof, RefuseProof, TakeBackProof, ViewProof, ViewProofs
from core.services.signin import MoveAccount, SignOut
from core.services.staff import AddStaff
from tests.core.services.authenticator import authenticated, carded, going, look, shown
from tests.core.services.town import Town

NOTE = "Позвонила, назвал дату рождения и номер паспорта, совпало."


async def hired(town: Town, login: str, role: Role = Role.REVIEWER) -> Staff:
    return Staff((await town.call(AddStaff, login, login.title(), role)).id, role)


async def asked(town: Town) -> Citizen:
    """Somebody with an authenticator has lost it."""
    citizen = await carded(town)
    await authenticated(town, citizen)
    await town.call(AskProof, citizen)
    return citizen


async def told(town: Town, what: str) -> tuple[int, int, int]:
    """How many pushes, letters and SMS said this."""
    await town.deliver()
    outside = town.outside
    return (
        sum(push.text.startswith(f"proof.told_{what}") for _, push in outside.pushes),
        sum(subject.startswith(f"proof.mail_{what}") for _, subject, _ in outside.letters),
        sum(text.startswith(f"proof.sms_{what}") for _, text in outside.texts),
    )


async def test_two_members_take_the_factor_away_and_the_owner_is_told_on_every_channel(town: Town) -> None:
    citizen = await asked(town)
    assert await told(town, "asked") == (1, 1, 1)
    zoya, igor = await hired(town, "zoya"), await hired(town, "igor", Role.REGISTRAR)
    (waiting,) = await town.call(ViewProofs, zoya)
    assert (waiting.state, waiting.name, waiting.first) == (ProofState.ASKED, "Анна И.", None)
    view = await town.call(ViewProof, zoya, waiting.id)
    assert (view.full_name, view.passport, view.snils) == ("Ильина Анна Сергеевна", "5678", "4595")
    assert "345678" not in repr(view)
    await town.call(CompareProof, zoya, waiting.id, NOTE)
    (waiting,) = await town.call(ViewProofs, igor)
    assert (waiting.state, waiting.first) == (ProofState.COMPARED, "zoya")
    assert (await town.call(ViewProof, igor, waiting.id)).proof.compared == NOTE
    await town.unlock(citizen)
    await shown(town, citizen, 11)
    await town.call(ConfirmProof, igor, waiting.id)
    assert await told(town, "confirmed") == (1, 1, 1)
    with pytest.raises(LockedOut) as locked:
        await look(town, citizen)
    assert not locked.value.ready
    assert await going(town) == [11]
    assert await town.call(ViewProofs, igor) == []
    await authenticated(town, citizen)


async def test_whoever_compared_cannot_confirm(town: Town) -> None:
    await asked(town)
    zoya = await hired(town, "zoya")
    (waiting,) = await town.call(ViewProofs, zoya)
    await town.call(CompareProof, zoya, waiting.id, NOTE)
    with pytest.raises(SameMember):
        await town.call(ConfirmProof, zoya, waiting.id)
    # The database refuses it too, whatever a use case might let through.
    async with town.container() as scope:
        proofs = await scope.get(Proofs)
        async with await scope.get(Transaction):
            with pytest.raises(SameMember):
                await proofs.confirm(waiting.id, zoya.staff, town.clock.now())
    assert (await town.call(ViewProof, zoya, waiting.id)).proof.state is ProofState.COMPARED


async def test_nothing_is_confirmed_that_nobody_compared(town: Town) -> None:
    await asked(town)
    igor = await hired(town, "igor")
    (waiting,) = await town.call(ViewProofs, igor)
    with pytest.raises(ProofMoved):
        await town.call(ConfirmProof, igor, waiting.id)
    for note in ("", "  ок  ", "й" * 1001):
        with pytest.raises(NoteNeeded):
            await town.call(CompareProof, igor, waiting.id, note)


async def test_a_refusal_has_a_reason_that_the_citizen_reads_and_leaves_everything(town: Town) -> None:
    citizen = await asked(town)
    zoya = await hired(town, "zoya")
    (waiting,) = await town.call(ViewProofs, zoya)
    for reason in ("", " н ", "й" * 301):
        with pytest.raises(ProofReasonNeeded):
            await town.call(RefuseProof, zoya, waiting.id, reason)
    await town.call(CompareProof, zoya, waiting.id, NOTE)
    await town.call(RefuseProof, zoya, waiting.id, "Дата рождения не совпала.")
    assert await told(town, "refused") == (1, 1, 1)
    assert not any("Дата рождения" in push.text for _, push in town.outside.pushes)
    view = await town.call(ViewSecurity, citizen)
    assert view.proof.reason == "Дата рождения не совпала."
    with pytest.raises(LockedOut) as locked:
        await look(town, citizen)
    assert locked.value.ready
    for use_case, given in ((ConfirmProof, ()), (RefuseProof, ("Ещё раз",)), (CompareProof, (NOTE,))):
        with pytest.raises(ProofMoved):
            await town.call(
                use_case, await hired(town, f"member{len(given)}{use_case.__name__[:3].lower()}"), waiting.id, *given
            )
    await town.call(AskProof, citizen)
    assert len(await town.call(ViewProofs, zoya)) == 1


async def test_asking_twice_is_asking_once_and_it_can_be_taken_back(town: Town) -> None:
    citizen = await asked(town)
    zoya = await hired(town, "zoya")
    await town.call(AskProof, citizen)
    assert await told(town, "asked") == (1, 1, 1)
    (waiting,) = await town.call(ViewProofs, zoya)
    await town.call(TakeBackProof, citizen)
    await town.call(TakeBackProof, citizen)
    assert await town.call(ViewProofs, zoya) == []
    with pytest.raises(ProofMoved):
        await town.call(CompareProof, zoya, waiting.id, NOTE)


async def test_asking_and_taking_back_is_told_three_times_an_hour_and_ten_a_day_at_most(town: Town) -> None:
    citizen, times = await asked(town), 1
    for _ in range(30):
        await town.call(TakeBackProof, citizen)
        try:
            await town.call(AskProof, citizen)
        except TooManyProofs:
            assert await told(town, "asked") == (times, times, times)
            if times == 10:
                break
            assert times % 3 == 0
            town.clock.turn(minutes=61)
        else:
            times += 1
    assert times == 10
    town.clock.turn(days=1)
    await town.call(AskProof, citizen)


async def compared(town: Town) -> tuple[Citizen, Staff, ProofId]:
    """One member has compared; returns who asked, the second member and the check."""
    citizen = await asked(town)
    zoya, igor = await hired(town, "zoya"), await hired(town, "igor")
    (waiting,) = await town.call(ViewProofs, zoya)
    await town.call(CompareProof, zoya, waiting.id, NOTE)
    return citizen, igor, waiting.id


async def has_factor(town: Town, citizen: Citizen) -> bool:
    async with town.container() as scope:
        factors = await scope.get(Factors)
        async with (await scope.get(Transaction)).looking():
            return await factors.of(citizen.account) is not None


async def test_a_check_is_over_after_three_days_and_can_be_asked_for_again(town: Town) -> None:
    citizen, igor, proof = await compared(town)
    town.clock.turn(days=3)
    for use_case, given in ((ConfirmProof, ()), (RefuseProof, ("Поздно",)), (CompareProof, (NOTE,))):
        with pytest.raises(ProofMoved):
            await town.call(use_case, igor, proof, *given)
    assert await town.call(ViewProofs, igor) == []
    assert (await town.call(ViewSecurity, citizen)).proof is None
    assert await has_factor(town, citizen)
    await town.call(AskProof, citizen)
    assert len(await town.call(ViewProofs, igor)) == 1


async def test_a_check_ends_with_the_chat_that_asked_for_it(town: Town) -> None:
    citizen, igor, proof = await compared(town)
    await town.call(SignOut, citizen)
    assert await town.call(ViewProofs, igor) == []
    with pytest.raises(ProofMoved):
        await town.call(ConfirmProof, igor, proof)
    assert await has_factor(town, citizen)


async def test_a_check_that_was_asked_for_in_a_chat_is_not_for_the_next_one(town: Town) -> None:
    citizen, igor, proof = await compared(town)
    await town.sign_in_elsewhere(77)
    await town.call(MoveAccount, ChatId(77))
    assert await town.call(ViewProofs, igor) == []
    with pytest.raises(ProofMoved):
        await town.call(ConfirmProof, igor, proof)
    assert await has_factor(town, citizen)


@pytest.mark.parametrize("what", ["chat", "factor"])
async def test_nothing_is_confirmed_where_the_chat_or_the_factor_is_another(town: Town, what: str) -> None:
    """Whatever way the chat or the factor came to be another: the database compares."""
    citizen, igor, proof = await compared(town)
    async with town.container() as scope:
        chats, factors = await scope.get(Chats), await scope.get(Factors)
        async with await scope.get(Transaction):
            if what == "chat":
                await chats.unbind(citizen.chat)
            else:
                factor = await factors.of(citizen.account)
                assert factor is not None
                await factors.save(replace(factor, secret="JBSWY3DPEHPK3PXP"), town.clock.now())
    with pytest.raises(ProofMoved):
        await town.call(ConfirmProof, igor, proof)
    assert await has_factor(town, citizen)


async def test_who_enters_a_right_code_needs_no_check(town: Town) -> None:
    citizen = await carded(town)
    phone, _ = await authenticated(town, citizen)
    await town.call(AskProof, citizen)
    zoya = await hired(town, "zoya")
    (waiting,) = await town.call(ViewProofs, zoya)
    with pytest.raises(WrongFactor):
        await town.call(UnlockRecord, citizen, phone.wrong())
    assert len(await town.call(ViewProofs, zoya)) == 1
    await town.call(UnlockRecord, citizen, phone.code())
    assert await town.call(ViewProofs, zoya) == []
    with pytest.raises(ProofMoved):
        await town.call(CompareProof, zoya, waiting.id, NOTE)


async def test_who_has_nothing_to_lose_asks_for_nothing(town: Town) -> None:
    citizen = await carded(town)
    with pytest.raises(NoFactor):
        await town.call(AskProof, citizen)


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.NURSE, Role.ACCOUNTANT, Role.AUDITOR])
async def test_other_roles_see_nothing_of_it(town: Town, role: Role) -> None:
    await asked(town)
    zoya, other = await hired(town, "zoya"), await hired(town, "other", role)
    (waiting,) = await town.call(ViewProofs, zoya)
    for use_case, given in ((ViewProof, ()), (CompareProof, (NOTE,)), (ConfirmProof, ()), (RefuseProof, ("Причина",))):
        with pytest.raises(NotAllowed):
            await town.call(use_case, other, waiting.id, *given)
    with pytest.raises(NotAllowed):
        await town.call(ViewProofs, other)


async def test_of_many_who_confirm_at_once_one_does(town: Town) -> None:
    citizen = await asked(town)
    zoya = await hired(town, "zoya")
    (waiting,) = await town.call(ViewProofs, zoya)
    await town.call(CompareProof, zoya, waiting.id, NOTE)
    others = [await hired(town, f"member{number}") for number in range(4)]
    ends = await asyncio.gather(*(town.call(ConfirmProof, each, waiting.id) for each in others), return_exceptions=True)
    assert sum(end is None for end in ends) == 1
    assert all(end is None or isinstance(end, ProofMoved) for end in ends)
    assert await told(town, "confirmed") == (1, 1, 1)
    with pytest.raises(NoFactor):
        await town.call(UnlockRecord, citizen, "123456")
