"""Two clinics deliver at the same moment what concerns the same people: each gets its turn, whatever order they come in."""

import asyncio
from dataclasses import replace
from uuid import UUID

import asyncpg
import pytest

from core.domain.actor import Citizen, Clinic
from core.domain.booking import Booking, BookingState
from core.domain.ids import FacilityId
from core.services.clinic import AddClinic
from core.services.resource import TakeIn, Taken
from core.services.schedule import EntrustFacility
from tests.core.services.delivering import KEYS
from tests.core.services.keeping import ADMINISTRATOR, state
from tests.core.services.polyclinic import TVER, a_doctor, a_slot, booked, open_times, somebody
from tests.core.services.town import Town
from tests.fhir import as_stream, bundle

ACROSS = replace(TVER, id=FacilityId(UUID(int=104)), code="69-2", name="Поликлиника через улицу")
WAITING = """
    SELECT count(DISTINCT pid) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%cards%'
"""


async def a_practice(town: Town, number: int, anna: Citizen, boris: Citizen) -> tuple[Clinic, Booking, Booking]:
    """A polyclinic that speaks for itself, and the appointments that Anna and Boris have there."""
    facility = (TVER, ACROSS)[number]
    who = a_doctor(number + 1, facility)
    times = [a_slot(4 * number + each, who, facility) for each in (1, 3)]
    await open_times(town, *times, doctor=who, facility=facility)
    added = await town.call(AddClinic, facility.name, f"clinic{number}", KEYS, ["203.0.113.0/24"])
    await town.call(EntrustFacility, ADMINISTRATOR, facility.id, f"clinic{number}")
    return added.actor, await booked(town, anna, times[0]), await booked(town, boris, times[1])  # type: ignore[attr-defined]


def called_off(booking: Booking) -> dict[str, object]:
    return {
        "resourceType": "Appointment",
        "id": f"a{booking.id}",
        "identifier": [{"system": "urn:medkarta:booking", "value": str(booking.id)}],
        "status": "cancelled",
        "participant": [{"actor": {"display": "-"}, "status": "declined"}],
    }


async def both_wait(watching: asyncpg.Connection) -> None:
    async with asyncio.timeout(60):
        while await watching.fetchval(WAITING) < 2:
            pass


@pytest.mark.parametrize("town", [pytest.param("postgresql", marks=pytest.mark.needs_postgresql)], indirect=True)
async def test_two_clinics_that_call_off_the_same_people_in_another_order_are_both_heard(town: Town) -> None:
    people = await somebody(town, 1), await somebody(town, 2)
    one, ones_anna, ones_boris = await a_practice(town, 0, *people)
    two, twos_anna, twos_boris = await a_practice(town, 1, *people)
    holding, watching = await asyncpg.connect(town.url), await asyncpg.connect(town.url)
    try:
        async with holding.transaction():
            # Each clinic waits for the first of its two; let go at once, each has what the other comes to next.
            await holding.execute("SELECT id FROM cards FOR UPDATE")
            deliveries = [
                asyncio.ensure_future(town.call(TakeIn, clinic, as_stream(bundle(*map(called_off, bookings)))))
                for clinic, bookings in ((one, (ones_anna, ones_boris)), (two, (twos_boris, twos_anna)))
            ]
            await both_wait(watching)
        taken = await asyncio.gather(*deliveries)
    finally:
        await holding.close()
        await watching.close()
    assert all(isinstance(each, Taken) for each in taken)
    states = {await state(town, each.id) for each in (ones_anna, ones_boris, twos_anna, twos_boris)}
    assert states == {BookingState.CALLED_OFF}
