"""Handing over: ten at the same time, nothing readable in the database, codes and names as people type them."""

import asyncio
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.domain.access import LockedOut
from core.domain.handover import (
    MOST,
    MOST_VISITS,
    Code,
    InvalidRecipient,
    NothingTicked,
    Term,
    TooManyHandovers,
    TooManyTicked,
    parse_recipient,
)
from core.domain.ids import RecordId, new_id
from core.domain.record import Visits
from core.ports import Transaction
from core.services.handover import (
    HandOver,
    Made,
    OpenHandover,
    ReadHandover,
    RevokeHandover,
    ViewHandovers,
)
from core.storage.handover import HandoverRow
from core.storage.transaction import SqlTransaction
from ops.worker import Worker
from tests.core.services.handing import a_patient_with_visits, handed
from tests.core.services.town import START, Town


async def test_ten_may_stand_at_the_same_time(town: Town) -> None:
    citizen, visits = await a_patient_with_visits(town)
    made = [await town.call(HandOver, citizen, [visits[0].id], Term.HOUR) for _ in range(MOST)]
    with pytest.raises(TooManyHandovers):
        await town.call(HandOver, citizen, [visits[0].id], Term.DAY)
    await town.call(RevokeHandover, citizen, made[0].handover.id)
    await town.call(OpenHandover, token=made[1].token)
    for _ in range(2):
        await town.call(HandOver, citizen, [visits[0].id], Term.DAY)
    with pytest.raises(TooManyHandovers):
        await town.call(HandOver, citizen, [visits[0].id], Term.DAY)
    town.clock.turn(hours=1)
    await town.unlock(citizen)
    await town.call(HandOver, citizen, [visits[0].id], Term.DAY)


async def test_of_thirty_made_at_once_ten_are(town: Town) -> None:
    citizen, visits = await a_patient_with_visits(town)
    made = await asyncio.gather(
        *(town.call(HandOver, citizen, [visits[0].id], Term.HOUR) for _ in range(30)), return_exceptions=True
    )
    assert sum(isinstance(each, Made) for each in made) == MOST
    assert {type(each) for each in made} == {Made, TooManyHandovers}


async def test_what_cannot_be_handed_over_is_said(town: Town) -> None:
    citizen, visits = await a_patient_with_visits(town)
    nobodys = RecordId(new_id(START))
    with pytest.raises(NothingTicked):
        await town.call(HandOver, citizen, [], Term.DAY)
    with pytest.raises(NothingTicked):
        await town.call(HandOver, citizen, [nobodys], Term.DAY)
    with pytest.raises(TooManyTicked):
        await town.call(HandOver, citizen, [visits[0].id] * (MOST_VISITS + 1), Term.DAY)
    with pytest.raises(InvalidRecipient):
        await town.call(HandOver, citizen, [visits[0].id], Term.DAY, " ")
    made = await town.call(HandOver, citizen, [visits[0].id, nobodys], Term.DAY)
    assert made.handover.visits == (visits[0].id,)
    town.clock.turn(minutes=16)
    with pytest.raises(LockedOut):
        await town.call(HandOver, citizen, [visits[0].id], Term.DAY)
    with pytest.raises(LockedOut):
        await town.call(ViewHandovers, citizen)


async def test_a_visit_withdrawn_by_the_clinic_is_counted_as_missing(town: Town) -> None:
    citizen, made = await handed(town)
    async with town.container() as scope:
        visits = await scope.get(Visits)
        async with await scope.get(Transaction):
            await visits.remove(citizen.account, [made.handover.visits[0]])
    found = await town.call(ReadHandover, await town.call(OpenHandover, token=made.token))
    assert (len(found.visits), found.missing) == (1, 1)


async def test_neither_link_nor_code_nor_visits_nor_names_stand_in_the_database(town: Town) -> None:
    _, made = await handed(town)
    reader = await town.call(OpenHandover, token=made.token)
    async with town.container() as scope:
        transaction = await scope.get(SqlTransaction)
        async with transaction.looking():
            row = (await transaction.session.scalars(select(HandoverRow))).one()
    stored = b"|".join(
        value if isinstance(value, bytes) else value.bytes if isinstance(value, UUID) else str(value).encode()
        for value in vars(row).values()
    )
    secret = made.code.replace("-", "")[4:]
    for told in (made.token, reader, secret, "Петровой", str(made.handover.visits[0])):
        assert told.encode() not in stored
    assert made.handover.visits[0].bytes not in stored


async def test_ended_ones_are_forgotten_after_thirty_days(town: Town) -> None:
    citizen, _ = await handed(town)
    town.clock.turn(days=30, seconds=-1)
    await Worker(town.container).forget()
    await town.unlock(citizen)
    assert len([each.state for each in await town.call(ViewHandovers, citizen)]) == 1
    town.clock.turn(seconds=2)
    await Worker(town.container).forget()
    assert [each.state for each in await town.call(ViewHandovers, citizen)] == []
    async with town.container() as scope:
        transaction = await scope.get(SqlTransaction)
        async with transaction.looking():
            assert (await transaction.session.scalars(select(HandoverRow))).all() == []


@given(st.data())
def test_a_code_reads_back_however_it_is_typed(data: st.DataObject) -> None:
    code = Code.fresh()
    parts = data.draw(st.lists(st.sampled_from(["", " ", "-", "–", "."]), min_size=12, max_size=12))
    typed = "".join(letter + part for letter, part in zip(str(code).replace("-", ""), parts, strict=True))
    assert Code.parse(typed) == Code.parse(typed.lower()) == code
    assert not set(str(code)) & set("01OILU")


@given(st.text(max_size=900))
def test_a_recipient_is_one_short_line_that_can_be_seen_or_refused(typed: str) -> None:
    try:
        told = parse_recipient(typed)
    except InvalidRecipient:
        return
    assert 0 < len(told) <= 80
    assert told == told.strip()
    assert all(sign.isprintable() for sign in told)
