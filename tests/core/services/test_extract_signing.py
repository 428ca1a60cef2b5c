"""The doctor's certificate: drafted, signed once with a fresh code, or refused with a reason the citizen reads."""

import asyncio
from dataclasses import replace

import pytest

from core.domain.account import WrongMove
from core.domain.actor import NotAllowed, Role, Staff
from core.domain.audit import Operation
from core.domain.extract import ExtractKind, ExtractNotThere, ExtractState, WordsTooLong, WordsWanted, WrongSignature
from core.domain.ids import ExtractId
from core.services.activity import ViewActivity
from core.services.consent import WithdrawConsent
from core.services.extract import ListWaiting, OpenExtract, RefuseExtract, SignExtract, ViewDraft, ViewExtract
from core.services.extract.signing import digest_of
from core.services.verification import ReasonNeeded
from tests.core.services.papers import a_doctor, a_visit, bring, order, stored, totp_code, work
from tests.core.services.patient import a_patient
from tests.core.services.town import Town


async def a_draft(town: Town) -> tuple[object, ExtractId]:
    citizen = await a_patient(town)
    await bring(town, [a_visit(citizen), a_visit(citizen, 400)])
    extract = await order(town, citizen, ExtractKind.HEALTH)
    await work(town)
    return citizen, extract


async def test_the_doctor_sees_what_the_paper_will_say_and_signs_it(town: Town) -> None:
    citizen, extract = await a_draft(town)
    doctor, secret = await a_doctor(town)
    assert (await stored(town, extract)).state is ExtractState.WAITING
    ((listed,),) = [await town.call(ListWaiting, doctor)]
    assert (listed.id, listed.name) == (extract, "Анна И.")
    view = await town.call(ViewDraft, doctor, extract)
    assert [line.where.split("\n")[0] for line in view.extract.seen] == ["Поликлиника № 3"]
    assert "count=1" in view.extract.conclusion
    await town.call(SignExtract, doctor, extract, "Здоров.\nОграничений нет.", totp_code(town, secret))
    await work(town)
    made = await stored(town, extract)
    assert (made.state, made.doctor, made.conclusion) == (
        ExtractState.READY,
        doctor.staff,
        "Здоров.\nОграничений нет.",
    )
    assert made.doctor_name == "Петрова Анна Ивановна"
    await town.unlock(citizen)
    assert (await town.call(OpenExtract, citizen, extract)).content.startswith(b"%PDF")
    assert list(await town.call(ListWaiting, doctor)) == []


async def test_the_journal_keeps_a_digest_of_what_was_signed(town: Town) -> None:
    citizen, extract = await a_draft(town)
    doctor, secret = await a_doctor(town)
    await town.call(SignExtract, doctor, extract, "Здоров", totp_code(town, secret))
    await work(town)
    await town.unlock(citizen)
    seen = await town.call(ViewActivity, citizen)
    (line,) = [act for act in seen.acts if act.operation is Operation.EXTRACT_SIGNED]
    made = await stored(town, extract)
    assert line.details["signed"] == digest_of(made)
    for other in (
        replace(made, conclusion="Болен"),
        replace(made, seen=made.seen[1:]),
        replace(made, order=replace(made.order, words="Для визы")),
    ):
        assert digest_of(other) != line.details["signed"]


async def test_a_code_signs_one_paper_and_never_a_second(town: Town) -> None:
    citizen, first = await a_draft(town)
    await town.unlock(citizen)
    second = await order(town, citizen, ExtractKind.HEALTH)
    await work(town)
    doctor, secret = await a_doctor(town)
    code = totp_code(town, secret)
    await town.call(SignExtract, doctor, first, "Здоров", code)
    for wrong in (code, "000000", "", "не код"):
        with pytest.raises(WrongSignature):
            await town.call(SignExtract, doctor, second, "Здоров", wrong)
    assert (await stored(town, second)).state is ExtractState.WAITING
    town.clock.turn(seconds=31)
    await town.call(SignExtract, doctor, second, "Здоров", totp_code(town, secret))


async def test_of_two_doctors_one_signs(town: Town) -> None:
    _, extract = await a_draft(town)
    (one, first), (two, second) = await a_doctor(town), await a_doctor(town, "ivanova")
    signed = await asyncio.gather(
        town.call(SignExtract, one, extract, "Здоров", totp_code(town, first)),
        town.call(SignExtract, two, extract, "Болен", totp_code(town, second)),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in signed) == ["NoneType", "WrongMove"]


async def test_a_refusal_has_a_reason_that_the_citizen_reads(town: Town) -> None:
    citizen, extract = await a_draft(town)
    doctor, secret = await a_doctor(town)
    for reason in ("", "  ", "я" * 301):
        with pytest.raises(ReasonNeeded):
            await town.call(RefuseExtract, doctor, extract, reason)
    await town.call(RefuseExtract, doctor, extract, "Нужен осмотр: запишитесь на приём")
    await town.deliver()
    assert town.outside.pushes[-1][1].text == "extract.push_refused"
    await town.unlock(citizen)
    view = await town.call(ViewExtract, citizen, extract)
    assert (view.extract.state, view.extract.reason) == (
        ExtractState.REFUSED,
        "Нужен осмотр: запишитесь на приём",
    )
    with pytest.raises(WrongMove):
        await town.call(SignExtract, doctor, extract, "Здоров", totp_code(town, secret))


async def test_a_conclusion_has_a_length(town: Town) -> None:
    _, extract = await a_draft(town)
    doctor, secret = await a_doctor(town)
    for conclusion, refusal in (("", WordsWanted), ("\n \0", WordsWanted), ("ж" * 2001, WordsTooLong)):
        with pytest.raises(refusal):
            await town.call(SignExtract, doctor, extract, conclusion, totp_code(town, secret))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DOCTOR])
async def test_nobody_but_a_doctor_sees_or_signs(town: Town, role: Role) -> None:
    _, extract = await a_draft(town)
    doctor, secret = await a_doctor(town)
    other = Staff(doctor.staff, role)
    for use_case, arguments in (
        (ListWaiting, ()),
        (ViewDraft, (extract,)),
        (SignExtract, (extract, "Здоров", totp_code(town, secret))),
        (RefuseExtract, (extract, "Не подпишу")),
    ):
        with pytest.raises(NotAllowed):
            await town.call(use_case, other, *arguments)


async def test_after_a_withdrawn_consent_the_doctor_sees_nothing(town: Town) -> None:
    citizen, extract = await a_draft(town)
    doctor, secret = await a_doctor(town)
    await town.unlock(citizen)
    await town.call(WithdrawConsent, citizen)
    assert list(await town.call(ListWaiting, doctor)) == []
    with pytest.raises(ExtractNotThere):
        await town.call(ViewDraft, doctor, extract)
    with pytest.raises(ExtractNotThere):
        await town.call(SignExtract, doctor, extract, "Здоров", totp_code(town, secret))


async def test_papers_that_need_no_doctor_are_not_shown_to_one(town: Town) -> None:
    citizen = await a_patient(town)
    extract = await order(town, citizen)
    await work(town)
    doctor, _ = await a_doctor(town)
    with pytest.raises(ExtractNotThere):
        await town.call(ViewDraft, doctor, extract)
