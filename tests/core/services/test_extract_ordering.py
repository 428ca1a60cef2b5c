"""Ordering papers: step by step, confirmed once, made once, told without content."""

import asyncio
from datetime import date

import pytest

from core.domain.access import LockedOut
from core.domain.card import CardSuspended, NoCard
from core.domain.code import CodeGone, WrongCode
from core.domain.extract import (
    Aim,
    BadPeriod,
    ExtractKind,
    ExtractNotThere,
    ExtractState,
    OrderIncomplete,
    Span,
    TooManyOrders,
    WordsTooLong,
    WordsWanted,
)
from core.domain.factor import FactorLocked, WrongFactor
from core.domain.record.looking import InvalidDates
from core.services.consent import WithdrawConsent
from core.services.extract import (
    BeginOrder,
    ChooseAim,
    ChooseLastDay,
    ChoosePeriod,
    ConfirmOrder,
    DropOrder,
    ListExtracts,
    MakePaper,
    OpenExtract,
    SendOrderCode,
    TypeAim,
    TypePeriod,
    ViewExtract,
    ViewOrder,
)
from tests.core.services.papers import a_visit, bring, mine, order, ready, stored, totp_code, work
from tests.core.services.patient import a_patient
from tests.core.services.town import Town


async def test_an_order_is_put_together_step_by_step_and_stays_when_interrupted(town: Town) -> None:
    citizen = await a_patient(town)
    await town.call(BeginOrder, citizen, ExtractKind.HISTORY, "ru")
    await town.call(TypePeriod, citizen, "01.02.2026 – 20.11.2026")
    await town.call(TypeAim, citizen, "  Для\nбассейна ")
    view = await town.call(ViewOrder, citizen)
    assert view.days == (date(2026, 2, 1), date(2026, 11, 20))
    assert (view.order.aim, view.order.words, view.order.complete) == (Aim.OTHER, "Для бассейна", True)
    assert view.by_totp
    assert view.phone == "+7 900 •••-••-01"
    await town.call(BeginOrder, citizen, ExtractKind.VACCINATIONS, "ru")
    again = await town.call(ViewOrder, citizen)
    assert (again.kind, again.order.complete) == (ExtractKind.VACCINATIONS, False)


async def test_days_come_from_a_calendar_in_any_order_and_never_from_the_future(town: Town) -> None:
    citizen = await a_patient(town)
    await town.call(BeginOrder, citizen, ExtractKind.HISTORY, "ru")
    await town.call(ChoosePeriod, citizen, Span.OWN, date(2026, 11, 5))
    await town.call(ChooseLastDay, citizen, date(2026, 3, 1))
    assert (await town.call(ViewOrder, citizen)).days == (date(2026, 3, 1), date(2026, 11, 5))
    with pytest.raises(BadPeriod):
        await town.call(ChooseLastDay, citizen, date(2026, 11, 24))
    for typed in ("когда-то", "32.01.2026", "01.01.2027", "", "1" * 5000):
        with pytest.raises(InvalidDates):
            await town.call(TypePeriod, citizen, typed)
    assert (await town.call(ViewOrder, citizen)).days == (date(2026, 3, 1), date(2026, 11, 5))


async def test_a_purpose_of_ones_own_has_a_length(town: Town) -> None:
    citizen = await a_patient(town)
    await town.call(BeginOrder, citizen, ExtractKind.HISTORY, "ru")
    for typed, refusal in (("я", WordsWanted), (" \n\0 ", WordsWanted), ("ж" * 201, WordsTooLong)):
        with pytest.raises(refusal):
            await town.call(TypeAim, citizen, typed)
    await town.call(TypeAim, citizen, "ж" * 200)


async def test_an_incomplete_order_cannot_be_confirmed(town: Town) -> None:
    citizen = await a_patient(town)
    with pytest.raises(OrderIncomplete):
        await town.call(ConfirmOrder, citizen, totp_code(town))
    await town.call(BeginOrder, citizen, ExtractKind.HISTORY, "ru")
    await town.call(ChooseAim, citizen, Aim.OTHER)
    await town.call(ChoosePeriod, citizen, Span.ALL)
    for use_case, arguments in ((ConfirmOrder, (totp_code(town),)), (SendOrderCode, ())):
        with pytest.raises(OrderIncomplete):
            await town.call(use_case, citizen, *arguments)
    await town.call(DropOrder, citizen)
    await town.call(DropOrder, citizen)
    with pytest.raises(OrderIncomplete):
        await town.call(ViewOrder, citizen)


async def test_an_authenticators_code_confirms_one_order_and_never_a_second(town: Town) -> None:
    citizen = await a_patient(town)
    code = totp_code(town)
    await order(town, citizen)
    town.clock.turn(seconds=-31)
    await town.call(BeginOrder, citizen, ExtractKind.HISTORY, "ru")
    await town.call(ChoosePeriod, citizen, Span.ALL)
    await town.call(ChooseAim, citizen, Aim.WORK)
    with pytest.raises(WrongFactor):
        await town.call(ConfirmOrder, citizen, code)
    assert len(await mine(town, citizen)) == 1
    for _ in range(3):
        with pytest.raises(WrongFactor):
            await town.call(ConfirmOrder, citizen, code)
    with pytest.raises(FactorLocked):
        await town.call(ConfirmOrder, citizen, code)


async def test_a_code_by_sms_confirms_exactly_what_was_put_together(town: Town) -> None:
    citizen = await a_patient(town)
    await town.call(BeginOrder, citizen, ExtractKind.HISTORY, "ru")
    await town.call(ChoosePeriod, citizen, Span.ALL)
    await town.call(ChooseAim, citizen, Aim.WORK)
    sent = await town.call(SendOrderCode, citizen)
    assert sent.destination == "+7 900 •••-••-01"
    code = await town.code()
    with pytest.raises(WrongCode):
        await town.call(ConfirmOrder, citizen, "000000" if code != "000000" else "000001")
    await town.call(ChooseAim, citizen, Aim.SCHOOL)
    with pytest.raises(CodeGone):
        await town.call(ConfirmOrder, citizen, code)
    town.clock.turn(minutes=2)
    await town.call(SendOrderCode, citizen)
    extract = await town.call(ConfirmOrder, citizen, await town.code())
    kept = await stored(town, extract)
    assert kept.state is ExtractState.ORDERED
    assert kept.confirmed.startswith("sms ")


async def test_the_paper_is_made_and_told_of_without_a_word_of_what_it_says(town: Town) -> None:
    citizen = await a_patient(town)
    await bring(town, [a_visit(citizen)])
    extract, pdf = await ready(town, citizen)
    assert pdf.startswith(b"%PDF-1.7")
    await town.deliver()
    (_, push) = town.outside.pushes[-1]
    assert push.text == "extract.push_ready"
    assert [place for row in push.buttons for _, place in row] == ["documents"]
    kept = await stored(town, extract)
    assert (kept.state, kept.tries, kept.due_at) == (ExtractState.READY, 1, None)
    assert kept.kept_until is not None
    assert (kept.kept_until - town.clock.now()).days in {364, 365}


async def test_two_workers_make_a_paper_once(town: Town) -> None:
    citizen = await a_patient(town)
    extract = await order(town, citizen)
    done = await asyncio.gather(*(town.call(MakePaper) for _ in range(4)), return_exceptions=True)
    assert True in done
    kept = await stored(town, extract)
    assert (kept.state, kept.tries) == (ExtractState.READY, 1)
    await town.deliver()
    assert [push.text for _, push in town.outside.pushes].count("extract.push_ready") == 1


async def test_ten_can_be_ordered_a_day(town: Town) -> None:
    citizen = await a_patient(town)
    for _ in range(10):
        await order(town, citizen)
        await town.unlock(citizen)
    with pytest.raises(TooManyOrders):
        await order(town, citizen)
    town.clock.turn(days=1)
    await town.unlock(citizen)
    await order(town, citizen)


async def test_nobody_sees_or_takes_somebody_elses_paper(town: Town) -> None:
    anna = await a_patient(town)
    boris = await a_patient(town, 2, subject="boris")
    extract, _ = await ready(town, anna)
    for use_case in (ViewExtract, OpenExtract):
        with pytest.raises(ExtractNotThere):
            await town.call(use_case, boris, extract)
    assert await mine(town, boris) == []


async def test_without_card_factor_or_consent_each_says_what_is_so(town: Town) -> None:
    visitor = await town.sign_in(3, subject="vera")
    with pytest.raises(NoCard):
        await town.call(ListExtracts, visitor)
    citizen = await a_patient(town)
    town.clock.turn(minutes=16)
    with pytest.raises(LockedOut):
        await town.call(ListExtracts, citizen)
    await town.unlock(citizen)
    extract = await order(town, citizen)
    await town.call(WithdrawConsent, citizen)
    with pytest.raises(CardSuspended):
        await town.call(ListExtracts, citizen)
    for _ in range(3):
        await work(town)
        town.clock.turn(minutes=1)
    assert (await stored(town, extract)).state is ExtractState.FAILED
