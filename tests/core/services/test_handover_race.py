"""A handover when several try at once, and when things change between its making, its opening and its reading."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.handover import (
    ALPHABET,
    MOST,
    TRIES,
    Code,
    HandoverGone,
    HandoverState,
    NothingTicked,
    Term,
    TooManyHandovers,
    Ways,
)
from core.domain.record import Visits
from core.ports import Transaction
from core.services.consent import GiveConsent, WithdrawConsent
from core.services.handover import HandOver, Made, OpenHandover, ReadHandover, RevokeHandover, ViewHandovers
from tests.core.services.papers import a_visit, bring
from tests.core.services.patient import a_patient
from tests.core.services.town import Town


async def made(town: Town, chat: int = 1, term: Term = Term.DAY, **known: object) -> tuple[object, Made]:
    """Somebody hands one visit over."""
    citizen = await a_patient(town, chat, **known)
    visit = a_visit(citizen)
    await bring(town, [visit])
    return citizen, await town.call(HandOver, citizen, [visit.id], term)  # type: ignore[return-value]


async def test_of_many_who_open_a_link_at_once_one_reads_it_and_the_owner_is_told_once(town: Town) -> None:
    _, handed = await made(town)
    tries = [town.call(OpenHandover, token=handed.token) for _ in range(8)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    readers = [each for each in outcomes if isinstance(each, str)]
    assert len(readers) == 1
    assert all(isinstance(each, HandoverGone) for each in outcomes if each not in readers)
    assert (await town.call(ReadHandover, readers[0])).missing == 0  # type: ignore[attr-defined]
    await town.deliver()
    assert [push.text for _, push in town.outside.pushes if push.text == "handover.told_opened"] == [
        "handover.told_opened"
    ]


async def test_link_and_code_burn_each_other(town: Town) -> None:
    _, handed = await made(town)
    await town.call(OpenHandover, code=handed.code.lower().replace("-", " "))
    for way in ({"token": handed.token}, {"code": handed.code}):
        with pytest.raises(HandoverGone):
            await town.call(OpenHandover, **way)


async def test_wrong_codes_side_by_side_are_all_counted_and_the_right_one_comes_too_late(town: Town) -> None:
    _, handed = await made(town)
    wrong = handed.code[:4] + "".join(ALPHABET[-1 - ALPHABET.index(each)] for each in handed.code[4:].replace("-", ""))
    tries = [town.call(OpenHandover, code=wrong) for _ in range(TRIES + 3)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert all(isinstance(each, HandoverGone) for each in outcomes)
    with pytest.raises(HandoverGone):
        await town.call(OpenHandover, code=handed.code)
    await town.deliver()
    assert [push.text for _, push in town.outside.pushes].count("handover.told_wrong") == 1
    assert await town.call(OpenHandover, token=handed.token)


async def test_a_code_of_somebody_else_wears_nobody_elses_tries_out(town: Town) -> None:
    _, first = await made(town)
    _, second = await made(
        town, 2, subject="boris", snils="112-233-446 96", inn=None, phone=None, email=None, policy=None
    )
    mixed = first.code[:4] + second.code[4:]
    for _ in range(TRIES):
        with pytest.raises(HandoverGone):
            await town.call(OpenHandover, code=mixed)
    assert await town.call(OpenHandover, code=second.code)


async def test_what_is_withdrawn_or_revoked_closes_in_the_open_browser_and_opens_again_only_with_consent(
    town: Town,
) -> None:
    citizen, handed = await made(town)
    reader = await town.call(OpenHandover, token=handed.token)
    await town.call(WithdrawConsent, citizen)
    with pytest.raises(HandoverGone):
        await town.call(ReadHandover, reader)
    town.clock.turn(seconds=1)
    await town.call(GiveConsent, citizen, "ru")
    assert (await town.call(ReadHandover, reader)).visits  # type: ignore[attr-defined]
    assert await town.call(RevokeHandover, citizen, handed.handover.id) is True
    assert await town.call(RevokeHandover, citizen, handed.handover.id) is False
    with pytest.raises(HandoverGone):
        await town.call(ReadHandover, reader)


async def test_somebody_else_neither_sees_nor_revokes_nor_hands_it_over(town: Town) -> None:
    _, handed = await made(town)
    stranger = await a_patient(
        town, 2, subject="boris", snils="112-233-446 96", inn=None, phone=None, email=None, policy=None
    )
    assert await town.call(ViewHandovers, stranger) == []
    assert await town.call(RevokeHandover, stranger, handed.handover.id) is False
    with pytest.raises(NothingTicked):
        await town.call(HandOver, stranger, handed.handover.visits, Term.HOUR)
    assert await town.call(OpenHandover, token=handed.token)


async def test_a_visit_that_the_clinic_withdraws_is_missing_from_the_open_page_and_said_so(town: Town) -> None:
    citizen, handed = await made(town)
    reader = await town.call(OpenHandover, token=handed.token)
    async with town.container() as scope, await scope.get(Transaction):
        await (await scope.get(Visits)).remove(handed.handover.account, handed.handover.visits)
    read = await town.call(ReadHandover, reader)
    assert (read.visits, read.missing) == ((), 1)  # type: ignore[attr-defined]
    (listed,) = await town.call(ViewHandovers, citizen)  # type: ignore[misc]
    assert listed.state is HandoverState.OPENED


async def test_the_moment_it_runs_out_it_opens_no_more_and_reading_never_outlives_it(town: Town) -> None:
    _, handed = await made(town, term=Term.HOUR)
    town.clock.moment = handed.handover.expires_at - timedelta(seconds=1)
    reader = await town.call(OpenHandover, token=handed.token)
    assert (await town.call(ReadHandover, reader)).read_until <= handed.handover.expires_at  # type: ignore[attr-defined]
    town.clock.moment = handed.handover.expires_at
    with pytest.raises(HandoverGone):
        await town.call(ReadHandover, reader)


async def test_of_twenty_made_at_once_ten_stand(town: Town) -> None:
    citizen = await a_patient(town)
    visit = a_visit(citizen)
    await bring(town, [visit])
    tries = [town.call(HandOver, citizen, [visit.id], Term.DAY) for _ in range(2 * MOST)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(each, Made) for each in outcomes) == MOST
    assert sum(isinstance(each, TooManyHandovers) for each in outcomes) == MOST


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_code_of_ours_or_none(typed: str) -> None:
    found = Code.parse(typed)
    assert found is None or set(found.name + found.secret) <= set(ALPHABET)


@given(st.sampled_from(["", " ", "-", "—", "\u00a0", "."]), st.booleans())
def test_a_code_is_read_however_it_is_grouped(between: str, small: bool) -> None:
    code = Code.fresh()
    typed = between.join((code.name, code.secret[:4], code.secret[4:]))
    assert Code.parse(typed.lower() if small else typed) == code


async def test_a_form_sent_twice_makes_one_handover_and_both_answers_tell_the_same_link_and_code(town: Town) -> None:
    citizen = await a_patient(town)
    visit = a_visit(citizen)
    await bring(town, [visit])
    key = "k" * 43
    tries = [town.call(HandOver, citizen, [visit.id], Term.DAY, key=key) for _ in range(6)]
    outcomes = await asyncio.gather(*tries)
    assert len({(each.handover.id, each.token, each.code) for each in outcomes}) == 1  # type: ignore[attr-defined]
    assert len(await town.call(ViewHandovers, citizen)) == 1  # type: ignore[arg-type]
    await town.call(OpenHandover, code=outcomes[0].code)  # type: ignore[attr-defined]
    late = await town.call(HandOver, citizen, [visit.id], Term.DAY, key=key)
    assert late.handover.state is HandoverState.OPENED  # type: ignore[attr-defined]
    await town.call(HandOver, citizen, [visit.id], Term.DAY, key="l" * 43)
    assert len(await town.call(ViewHandovers, citizen)) == 2  # type: ignore[arg-type]


async def test_the_key_of_somebody_elses_form_tells_nothing_of_it(town: Town) -> None:
    owner, other = await a_patient(town), await a_patient(town, 2, subject="2", snils="160-722-394 58")
    for citizen in (owner, other):
        await bring(town, [a_visit(citizen)])
    visits = [a_visit(owner), a_visit(other)]
    await bring(town, visits)
    first = await town.call(HandOver, owner, [visits[0].id], Term.DAY, key="k" * 43)
    with pytest.raises((HandoverGone, TooManyHandovers)):
        await town.call(HandOver, other, [visits[1].id], Term.DAY, key="k" * 43)
    assert [each.handover.id for each in await town.call(ViewHandovers, owner)] == [first.handover.id]  # type: ignore[attr-defined]
    assert await town.call(ViewHandovers, other) == []


@given(st.text(min_size=1), st.integers(0, 7))
def test_what_a_key_gives_is_a_code_that_can_be_dictated_and_always_the_same(key: str, attempt: int) -> None:
    ways = Ways.keyed(key, attempt)
    assert Code.parse(str(ways.code)) == ways.code
    assert Ways.keyed(key, attempt) == ways
    other = Ways.keyed(key, attempt + 1)
    assert other.token == ways.token
    assert other.code != ways.code
    assert ways.token != Ways.keyed(key + "x", attempt).token
