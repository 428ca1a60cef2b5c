"""Clinics' servers that do what no clinic should: nobody else's appointments wait for it, or go where they should not."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from core.domain.access import Section
from core.domain.booking import Booking, BookingState
from core.domain.ids import FacilityId
from core.domain.schedule import Facility, Slots
from core.ports import Standing, There, Transaction
from core.services.booking import AskClinics, CancelBooking, FollowClinics, HoldSlot, ShareWith, ViewBooking, following
from tests.core.services.polyclinic import SERVED, a_doctor, a_slot, booked, open_times, somebody
from tests.core.services.town import Town

DOCTOR = a_doctor(9, SERVED)
ONE, TWO, THREE = (a_slot(number, DOCTOR, SERVED) for number in range(1, 4))
OTHER = replace(SERVED, id=FacilityId(UUID(int=104)), code="69-8", name="Другая больница с сервером")
OTHERS = a_doctor(10, OTHER)
THERE = a_slot(7, OTHERS, OTHER)


async def test_two_whom_their_server_moved_to_one_time_are_both_told_of_it(town: Town) -> None:
    await open_times(town, ONE, TWO, THREE, doctor=DOCTOR, facility=SERVED)
    clinic, later = town.outside.clinic, THREE.starts_at + timedelta(days=1)
    people = [await somebody(town, chat) for chat in (1, 2)]
    stand = [await booked(town, citizen, slot) for citizen, slot in zip(people, (ONE, TWO), strict=True)]
    for booking in stand:
        clinic.appointments[booking.number] = booking.slot.id, Standing.BOOKED, later
    for _ in range(2):
        assert await town.call(FollowClinics) == 1
    for citizen, booking in zip(people, stand, strict=True):
        assert (await town.call(ViewBooking, citizen, booking.id)).booking.slot.starts_at == later


async def test_many_that_a_silent_server_has_not_heard_of_hold_up_no_other_clinics(town: Town) -> None:
    await open_times(town, ONE, TWO, THREE, doctor=DOCTOR, facility=SERVED)
    await open_times(town, THERE, doctor=OTHERS, facility=OTHER)
    clinic = town.outside.clinic
    people = [await somebody(town, chat) for chat in (1, 2, 3, 4)]
    stand = [await booked(town, who, slot) for who, slot in zip(people, (ONE, TWO, THREE, THERE), strict=True)]
    clinic.away = True
    for citizen, booking in zip(people, stand, strict=True):
        assert (await town.call(CancelBooking, citizen, booking.id, "заболел")).later
        town.clock.turn(seconds=1)
    clinic.away, clinic.silent = False, {SERVED.id}
    for _ in range(2):
        town.clock.turn(minutes=1)
        await town.call(AskClinics, 2)
    assert stand[-1].number not in clinic.standing


async def test_a_server_that_never_comes_to_an_end_holds_up_no_other(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "TURN_SECONDS", 0.01)
    await open_times(town, ONE, doctor=DOCTOR, facility=SERVED)
    await open_times(town, THERE, doctor=OTHERS, facility=OTHER)
    town.outside.clinic.endless = {SERVED.id}
    assert await town.call(FollowClinics) == 1
    town.outside.clinic.endless = set()
    monkeypatch.undo()
    assert await town.call(FollowClinics) == 2


async def test_a_server_that_answers_slowly_about_appointments_still_tells_its_free_times(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await open_times(town, ONE, TWO, THREE, doctor=DOCTOR, facility=SERVED)
    for chat, slot in ((1, ONE), (2, TWO)):
        await booked(town, await somebody(town, chat), slot)
    clinic, loop, asked = town.outside.clinic, asyncio.get_running_loop(), list[Booking]()
    later = a_slot(9, DOCTOR, SERVED)
    clinic.doctors_there, clinic.free[DOCTOR.remote] = [DOCTOR], [THREE, later]
    real_time, real_find = loop.time, clinic.find

    async def find(facility: Facility, booking: Booking) -> There:
        asked.append(booking)
        monkeypatch.setattr(loop, "time", lambda: real_time() + len(asked) * (following.TURN_SECONDS / 2 + 1))
        return await real_find(facility, booking)

    monkeypatch.setattr(clinic, "find", find)
    assert await town.call(FollowClinics) == 1
    monkeypatch.undo()
    assert len(asked) == 1
    async with town.container() as scope:
        kept = await scope.get(Slots)
        async with (await scope.get(Transaction)).looking():
            assert (await kept.one(later.id)).starts_at == later.starts_at


async def test_a_slot_that_its_server_gives_another_time_is_told_to_whoever_has_it(town: Town) -> None:
    await open_times(town, ONE, doctor=DOCTOR, facility=SERVED)
    citizen, clinic, later = await somebody(town), town.outside.clinic, ONE.starts_at + timedelta(days=1)
    stands = await booked(town, citizen, ONE)
    clinic.appointments[stands.number] = TWO.id, Standing.BOOKED, later
    moved = replace(ONE, day=later.date(), starts_at=later, ends_at=later + (ONE.ends_at - ONE.starts_at))
    clinic.free[DOCTOR.remote] = [moved]
    clinic.doctors_there = [DOCTOR]
    await town.call(FollowClinics)
    await town.deliver()
    assert "booking.told_shifted" in [push.text.split()[0] for _, push in town.outside.pushes]


async def test_a_server_that_says_what_nobody_has_foreseen_stops_no_other(town: Town) -> None:
    await open_times(town, ONE, doctor=DOCTOR, facility=SERVED)
    await open_times(town, THERE, doctor=OTHERS, facility=OTHER)
    people = [await somebody(town, chat) for chat in (1, 2)]
    stand = [await booked(town, who, slot) for who, slot in zip(people, (ONE, THERE), strict=True)]
    clinic = town.outside.clinic
    for booking in stand:
        clinic.appointments[booking.number] = booking.slot.id, Standing.CANCELLED, booking.slot.starts_at
    for odd in (OTHER.id, SERVED.id):
        clinic.odd = {odd}
        with pytest.raises(ExceptionGroup):
            await town.call(FollowClinics)
    for citizen, booking in zip(people, stand, strict=True):
        assert (await town.call(ViewBooking, citizen, booking.id)).booking.state is BookingState.CALLED_OFF


async def test_what_goes_along_to_one_clinic_does_not_follow_the_move_to_another(town: Town) -> None:
    await open_times(town, ONE, TWO, doctor=DOCTOR, facility=SERVED)
    await open_times(town, THERE, doctor=OTHERS, facility=OTHER)
    citizen = await somebody(town)
    held = await town.call(HoldSlot, citizen, ONE.id)
    await town.call(ShareWith, citizen, held.booking.id, Section.RESULTS, on=True)
    old = await booked(town, citizen, ONE)
    assert (await town.call(HoldSlot, citizen, TWO.id, old.id)).booking.shares == {Section.RESULTS}
    assert (await town.call(HoldSlot, citizen, THERE.id, old.id)).booking.shares == frozenset()
