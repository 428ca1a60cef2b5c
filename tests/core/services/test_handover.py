"""Visits handed over: opened once, by whoever comes first, while they stand; everything else sounds the same."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.domain.actor import Citizen
from core.domain.handover import (
    ALPHABET,
    TRIES,
    HandoverGone,
    HandoverState,
    NothingTicked,
    Term,
)
from core.services.consent import WithdrawConsent
from core.services.handover import (
    AnnounceHandover,
    HandOver,
    OpenHandover,
    ReadHandover,
    RevokeHandover,
    ViewHandovers,
)
from tests.core.services.handing import handed
from tests.core.services.patient import a_patient
from tests.core.services.town import Town


async def lines(town: Town) -> list[tuple[str, str]]:
    engine = await town.container.get(AsyncEngine)
    asked = text("SELECT actor, operation FROM audit_lines WHERE operation LIKE 'handover.%' ORDER BY at, chain, seq")
    async with engine.connect() as connection:
        return [(row.actor.split(":")[0], row.operation) for row in await connection.execute(asked)]


async def states(town: Town, citizen: Citizen) -> list[HandoverState]:
    return [each.state for each in await town.call(ViewHandovers, citizen)]  # type: ignore[attr-defined]


async def gone(town: Town, **way: str) -> None:
    with pytest.raises(HandoverGone):
        await town.call(OpenHandover, **way)


@pytest.mark.parametrize("by", ["token", "code"])
async def test_it_opens_once_shows_what_was_ticked_and_its_owner_is_told(town: Town, by: str) -> None:
    citizen, made = await handed(town)
    assert (await town.call(AnnounceHandover, made.token)).recipient == "Кардиологу Петровой"
    reader = await town.call(OpenHandover, **{by: getattr(made, by)})
    found = await town.call(ReadHandover, reader)
    assert {visit.id for visit in found.visits} == set(made.handover.visits)
    assert len(found.visits) == 2
    assert (found.patient, found.missing) == ("Ильина Анна Сергеевна", 0)
    await gone(town, token=made.token)
    await gone(town, code=made.code)
    with pytest.raises(HandoverGone):
        await town.call(AnnounceHandover, made.token)
    await town.deliver()
    told = [push.text for chat, push in town.outside.pushes if chat == citizen.chat and "handover" in push.text]
    assert told == ["handover.told_opened"]
    assert ("handover", "handover.opened") in await lines(town)
    assert await states(town, citizen) == [HandoverState.OPENED]


async def test_of_twenty_openings_at_once_one_wins(town: Town) -> None:
    _, made = await handed(town)
    ways = [{"token": made.token}, {"code": made.code}] * 10
    outcomes = await asyncio.gather(*(town.call(OpenHandover, **way) for way in ways), return_exceptions=True)
    assert [type(each) for each in outcomes if not isinstance(each, HandoverGone)] == [str]
    opened = [operation for _, operation in await lines(town) if operation == "handover.opened"]
    assert len(opened) == 1


async def test_it_can_be_reread_for_fifteen_minutes_by_the_browser_that_opened_it(town: Town) -> None:
    _, made = await handed(town)
    reader = await town.call(OpenHandover, token=made.token)
    town.clock.turn(minutes=14, seconds=59)
    await town.call(ReadHandover, reader)
    for other in ("", made.token, made.code):
        with pytest.raises(HandoverGone):
            await town.call(ReadHandover, other)
    town.clock.turn(seconds=1)
    with pytest.raises(HandoverGone):
        await town.call(ReadHandover, reader)


async def test_reading_ends_when_its_owner_said_it_ends(town: Town) -> None:
    _, made = await handed(town, Term.HOUR)
    town.clock.turn(minutes=55)
    reader = await town.call(OpenHandover, token=made.token)
    town.clock.turn(minutes=4)
    await town.call(ReadHandover, reader)
    town.clock.turn(minutes=1)
    with pytest.raises(HandoverGone):
        await town.call(ReadHandover, reader)


@pytest.mark.parametrize(("term", "hours"), [(Term.HOUR, 1), (Term.DAY, 24), (Term.THREE_DAYS, 72)])
async def test_what_has_run_out_opens_nothing(town: Town, term: Term, hours: int) -> None:
    citizen, made = await handed(town, term)
    town.clock.turn(hours=hours, seconds=-1)
    await town.call(AnnounceHandover, made.token)
    town.clock.turn(seconds=1)
    await gone(town, token=made.token)
    await gone(town, code=made.code)
    await town.unlock(citizen)
    assert await states(town, citizen) == [HandoverState.RUN_OUT]


async def test_a_revoked_one_closes_everywhere_even_while_the_sections_are_locked(town: Town) -> None:
    citizen, made = await handed(town)
    reader = await town.call(OpenHandover, token=made.token)
    other = await town.call(HandOver, citizen, made.handover.visits, Term.DAY)
    town.clock.turn(minutes=14)
    assert await town.call(RevokeHandover, citizen, made.handover.id)
    assert await town.call(RevokeHandover, citizen, other.handover.id)
    assert not await town.call(RevokeHandover, citizen, other.handover.id)
    with pytest.raises(HandoverGone):
        await town.call(ReadHandover, reader)
    await gone(town, token=other.token)
    await gone(town, code=other.code)
    await town.unlock(citizen)
    assert await states(town, citizen) == [HandoverState.REVOKED] * 2


async def test_nobody_revokes_or_hands_over_what_is_somebody_elses(town: Town) -> None:
    _, made = await handed(town)
    boris = await a_patient(town, 2, subject="boris", snils="087-654-303 00", inn=None)
    assert not await town.call(RevokeHandover, boris, made.handover.id)
    with pytest.raises(NothingTicked):
        await town.call(HandOver, boris, made.handover.visits, Term.DAY)
    await town.call(OpenHandover, token=made.token)


async def test_after_a_withdrawn_consent_nothing_opens_and_nothing_is_read(town: Town) -> None:
    citizen, made = await handed(town)
    other = await town.call(HandOver, citizen, made.handover.visits, Term.DAY)
    reader = await town.call(OpenHandover, token=other.token)
    await town.call(WithdrawConsent, citizen)
    with pytest.raises(HandoverGone):
        await town.call(AnnounceHandover, made.token)
    await gone(town, token=made.token)
    await gone(town, code=made.code)
    with pytest.raises(HandoverGone):
        await town.call(ReadHandover, reader)
    assert [operation for _, operation in await lines(town)].count("handover.refused") == 2


async def test_five_wrong_codes_kill_the_code_and_its_owner_is_told_once(town: Town) -> None:
    citizen, made = await handed(town)
    wrong = made.code[:-1] + next(letter for letter in ALPHABET if letter != made.code[-1])
    await asyncio.gather(*(gone(town, code=wrong) for _ in range(TRIES + 2)))
    await gone(town, code=made.code)
    await town.deliver()
    told = [push.text for _, push in town.outside.pushes if "handover" in push.text]
    assert told == ["handover.told_wrong"]
    assert [each.handover.tries for each in await town.call(ViewHandovers, citizen)] == [TRIES]
    await town.call(OpenHandover, token=made.token)


async def test_what_can_be_no_code_costs_no_try(town: Town) -> None:
    citizen, made = await handed(town)
    for typed in ("", "-", "x" * 5000, made.code[:-1], "0" * 12, "\x00" * 12, "२" * 12):
        await gone(town, code=typed or "-")
    assert [each.handover.tries for each in await town.call(ViewHandovers, citizen)] == [0]
    typed = " ".join(made.code.lower().replace("-", ""))
    await town.call(OpenHandover, code=typed)
