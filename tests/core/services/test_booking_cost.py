"""What a booking asks of the database, counted: while a thousand people want one time, each statement is a thousand."""

from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from core.domain.schedule import SlotTaken
from core.security.keyring import KeyRing
from core.services.booking import ConfirmBooking, HoldSlot
from tests.asked import Asked
from tests.core.services.polyclinic import a_slot, booked, open_times, somebody
from tests.core.services.town import Town, settle
from tests.databases import fresh_database

pytestmark = pytest.mark.needs_postgresql

HELD, CONFIRMED, TAKEN = 16, 28, 10
"""Statements, BEGIN and COMMIT among them, of a hold, of its confirmation, and of being told that somebody was faster."""
TIMES = [a_slot(number) for number in range(1, 9)]


@pytest.fixture
async def town(tmp_path: Path, keyring: KeyRing) -> AsyncIterator[Town]:
    """On PostgreSQL alone."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(fresh_database("postgresql", tmp_path))
        yield await settle(stack, url, tmp_path, keyring)


@pytest.fixture
async def asked(town: Town) -> Asked:
    """What the town's database is asked, from connections that are made from now on."""
    engine, asked = await town.container.get(AsyncEngine), Asked()
    asked.listen(engine)
    await engine.dispose()
    return asked


async def refused(step: Awaitable[object]) -> None:
    with pytest.raises(SlotTaken):
        await step


async def test_a_booking_costs_no_more_than_it_must(town: Town, asked: Asked) -> None:
    await open_times(town, *TIMES)
    people = [await somebody(town, chat) for chat in (1, 2, 3)]
    await booked(town, people[0], TIMES[0])
    await booked(town, people[1], TIMES[1])
    hold = await asked.by(town.call(HoldSlot, people[0], TIMES[3].id))
    assert len(hold) <= HELD, hold
    held = await town.call(HoldSlot, people[0], TIMES[3].id)
    confirmation = await asked.by(town.call(ConfirmBooking, people[0], held.booking.id))
    assert len(confirmation) <= CONFIRMED, confirmation
    await refused(town.call(HoldSlot, people[1], TIMES[3].id))
    late = await asked.by(refused(town.call(HoldSlot, people[1], TIMES[3].id)))
    assert len(late) <= TAKEN, late
    assert not [each for each in late if each.startswith(("BEGIN", "INSERT", "UPDATE"))], "who is told changes nothing"
