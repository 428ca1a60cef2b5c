"""Several at the desk, in chats and at a clinic come to one appointment at once, on both databases: one thing becomes of it."""

import asyncio
from typing import Any

import pytest

from core.domain.actor import Actor, Clinic, NotAllowed, Role, Staff
from core.domain.booking import Booking, BookingOver, Bookings, BookingState, NoBooking
from core.domain.resource import Malformed
from core.domain.schedule import NoSuchFacility, SlotTaken
from core.ports import Transaction
from core.services.booking import CancelBooking, HoldSlot
from core.services.resource import TakeIn
from core.services.schedule import (
    AssignKeeper,
    CallOffBooking,
    CheckSlip,
    EntrustFacility,
    MoveBooking,
    ViewAppointment,
    ViewDay,
)
from core.services.staff import AddStaff
from tests.core.services.polyclinic import TVER, a_slot, booked, open_times, somebody
from tests.core.services.test_schedule import ADMINISTRATOR
from tests.core.services.town import Town
from tests.fhir import as_stream, bundle

ONE, TWO, THREE, FOUR = (a_slot(number) for number in range(1, 5))


async def registrar(town: Town, login: str = "registrar", role: Role = Role.REGISTRAR) -> Staff:
    member = await town.call(AddStaff, login, "Регистратурова Р. Р.", role)
    actor = Staff(member.id, role)  # type: ignore[attr-defined]
    await town.call(AssignKeeper, ADMINISTRATOR, actor.staff, TVER.id)
    return actor


async def at_once(*steps: Any) -> list[object]:
    return list(await asyncio.gather(*steps, return_exceptions=True))


async def now_so(town: Town, booking: Booking) -> Booking:
    async with town.container() as scope, await scope.get(Transaction):
        return await (await scope.get(Bookings)).of_product(booking.id)


async def test_two_registrars_call_one_off_and_its_person_is_told_once(town: Town) -> None:
    await open_times(town, ONE, TWO)
    appointment = await booked(town, await somebody(town), ONE)
    actors = [await registrar(town, f"registrar{number}") for number in range(2)]
    done = await at_once(*(town.call(CallOffBooking, actor, appointment.id, "Врач заболел") for actor in actors))
    assert sorted(type(each).__name__ for each in done) == ["BookingOver", "NoneType"]
    await town.deliver()
    told = [push.text for _, push in town.outside.pushes]
    assert sum(each.startswith("booking.told_called_off") for each in told) == 1
    assert not any("заболел" in each for each in told), "why is shown behind the button alone"
    assert (await now_so(town, appointment)).state is BookingState.CALLED_OFF


async def test_a_registrar_moves_while_the_citizen_cancels(town: Town) -> None:
    await open_times(town, ONE, TWO)
    citizen = await somebody(town)
    appointment = await booked(town, citizen, ONE)
    actor = await registrar(town)
    moved, cancelled = await at_once(
        town.call(MoveBooking, actor, appointment.id, TWO.id),
        town.call(CancelBooking, citizen, appointment.id, "заболел ребёнок"),
    )
    assert not isinstance(cancelled, BaseException)
    assert isinstance(moved, BookingOver) or not isinstance(moved, BaseException)
    assert (await now_so(town, appointment)).state is BookingState.CANCELLED
    other = await somebody(town, 2)
    for slot in (ONE, TWO):
        await town.call(HoldSlot, other, slot.id)


async def test_a_registrar_moves_into_a_time_that_somebody_taps_just_now(town: Town) -> None:
    await open_times(town, ONE, TWO, THREE)
    appointment = await booked(town, await somebody(town), ONE)
    other, actor = await somebody(town, 2), await registrar(town)
    moved, held = await at_once(
        town.call(MoveBooking, actor, appointment.id, TWO.id), town.call(HoldSlot, other, TWO.id)
    )
    assert sum(isinstance(each, SlotTaken) for each in (moved, held)) == 1
    assert sum(isinstance(each, BaseException) for each in (moved, held)) == 1
    slot = (await now_so(town, appointment)).slot.id
    assert slot == (ONE.id if isinstance(moved, SlotTaken) else TWO.id)


async def test_two_appointments_change_places_at_the_desk_and_nobody_loses_theirs(town: Town) -> None:
    await open_times(town, ONE, TWO, THREE)
    first, second = await booked(town, await somebody(town), ONE), await booked(town, await somebody(town, 2), TWO)
    actors = [await registrar(town, f"registrar{number}") for number in range(2)]
    done = await at_once(
        town.call(MoveBooking, actors[0], first.id, TWO.id), town.call(MoveBooking, actors[1], second.id, ONE.id)
    )
    assert [type(each) for each in done] == [SlotTaken, SlotTaken]
    assert {(await now_so(town, each)).slot.id for each in (first, second)} == {ONE.id, TWO.id}


async def test_a_clinic_calls_off_what_the_desk_moves(town: Town, clinic: Clinic) -> None:
    await open_times(town, ONE, TWO)
    appointment = await booked(town, await somebody(town), ONE)
    await town.call(EntrustFacility, ADMINISTRATOR, TVER.id, "polyclinic")
    actor = await registrar(town)
    sent = {
        "resourceType": "Appointment",
        "id": "a1",
        "identifier": [{"system": "urn:medkarta:booking", "value": str(appointment.id)}],
        "status": "cancelled",
        "participant": [{"actor": {"display": "-"}, "status": "declined"}],
    }
    moved, taken = await at_once(
        town.call(MoveBooking, actor, appointment.id, TWO.id),
        town.call(TakeIn, clinic, as_stream(bundle(sent))),
    )
    assert not isinstance(taken, BaseException | Malformed)
    assert isinstance(moved, BookingOver) or not isinstance(moved, BaseException)
    assert (await now_so(town, appointment)).state is BookingState.CALLED_OFF


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.NURSE, Role.REVIEWER, Role.AUDITOR])
async def test_other_roles_see_nobodys_appointment(town: Town, role: Role) -> None:
    await open_times(town, ONE, TWO)
    appointment = await booked(town, await somebody(town), ONE)
    actor: Actor = Staff(ADMINISTRATOR.staff, role)
    with pytest.raises(NotAllowed):
        await town.call(ViewDay, actor, TVER.id)
    for use_case, told in ((ViewAppointment, ()), (CallOffBooking, ("Врач заболел",)), (MoveBooking, (TWO.id,))):
        with pytest.raises(NotAllowed):
            await town.call(use_case, actor, appointment.id, *told)
    with pytest.raises(NotAllowed):
        await town.call(CheckSlip, actor, TVER.id, appointment.number)


async def test_who_keeps_another_facility_finds_nothing(town: Town) -> None:
    await open_times(town, ONE, TWO)
    appointment = await booked(town, await somebody(town), ONE)
    member = await town.call(AddStaff, "stranger", "Чужая Ч. Ч.", Role.DOCTOR)
    actor = Staff(member.id, Role.DOCTOR)  # type: ignore[attr-defined]
    for step in (town.call(ViewDay, actor, TVER.id), town.call(CheckSlip, actor, TVER.id, appointment.number)):
        with pytest.raises(NoSuchFacility):
            await step
    for use_case, told in ((ViewAppointment, ()), (CallOffBooking, ("Врач заболел",)), (MoveBooking, (TWO.id,))):
        with pytest.raises(NoBooking):
            await town.call(use_case, actor, appointment.id, *told)
    assert (await now_so(town, appointment)).state is BookingState.BOOKED
