"""Calls with keys: made once however many come at once, and kept for a day under a seal."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.domain.idempotency import Answered, Call, KeyTaken, StillUnderWay
from core.services.idempotency import BeginCall, DropCall, EndCall, ForgetCalls
from tests.core.services.town import Town

CALL = Call(b"name", b"body")
ANSWER = Answered(201, "application/json", '{"text":"Здравствуйте, Анна"}')


async def test_of_many_at_once_one_is_made(town: Town) -> None:
    tried = await asyncio.gather(*(town.call(BeginCall, CALL) for _ in range(8)), return_exceptions=True)
    assert tried.count(None) == 1
    assert sum(isinstance(each, StillUnderWay) for each in tried) == 7


async def test_its_answer_is_given_again_for_a_day(town: Town) -> None:
    assert await town.call(BeginCall, CALL) is None
    await town.call(EndCall, CALL, ANSWER)
    assert await town.call(BeginCall, CALL) == ANSWER
    with pytest.raises(KeyTaken):
        await town.call(BeginCall, Call(CALL.name, b"another"))
    town.clock.turn(hours=23)
    assert await town.call(ForgetCalls) == 0
    town.clock.turn(hours=2)
    assert await town.call(ForgetCalls) == 1
    assert await town.call(BeginCall, CALL) is None


async def test_what_came_to_nothing_or_died_with_its_process_is_made_anew(town: Town) -> None:
    assert await town.call(BeginCall, CALL) is None
    await town.call(DropCall, CALL)
    assert await town.call(BeginCall, CALL) is None
    town.clock.turn(seconds=59)
    with pytest.raises(StillUnderWay):
        await town.call(BeginCall, CALL)
    town.clock.turn(seconds=2)
    tried = await asyncio.gather(*(town.call(BeginCall, CALL) for _ in range(4)), return_exceptions=True)
    assert tried.count(None) == 1


async def test_an_answer_is_never_kept_in_clear(town: Town) -> None:
    await town.call(BeginCall, CALL)
    await town.call(EndCall, CALL, ANSWER)
    engine = await town.container.get(AsyncEngine)
    async with engine.connect() as connection:
        (kept,) = (await connection.execute(text("SELECT answer FROM calls"))).scalars().all()
    assert "Анна".encode() not in bytes(kept)
    assert b"text" not in bytes(kept)
