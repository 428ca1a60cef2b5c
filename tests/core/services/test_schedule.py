"""Schedules become slots at once, and stay so through days, moves of clocks and appointments."""

import asyncio
from datetime import date, time, timedelta

import pytest

from core.domain.audit import Operation
from core.domain.booking import BookingState
from core.domain.schedule import (
    InvalidHours,
    InvalidWhy,
    NoSuchFacility,
)
from core.services.schedule import (
    ChangeDoctor,
    ChangeFacility,
    DropException,
    DropHours,
    MakeSlots,
    PutException,
    PutHours,
    ViewTimetable,
)
from tests.core.services.keeping import (
    ADMINISTRATOR,
    MONDAY,
    book,
    doctor,
    facility,
    lines,
    slots,
    starts,
    state,
)
from tests.core.services.town import Town


async def test_hours_become_slots_a_month_ahead_at_once(town: Town) -> None:
    here = await facility(town)
    assert here.name == "Учебная поликлиника"
    who = await doctor(town, here)
    assert await town.call(PutHours, ADMINISTRATOR, who.id, 0, time(9), time(10)) == 0
    assert await starts(town) == ["09:00", "09:15", "09:30", "09:45"]
    assert sorted({each.day for each in await slots(town)}) == [MONDAY + timedelta(weeks=each) for each in range(4)]
    view = await town.call(ViewTimetable, ADMINISTRATOR, here.id)
    (shown,) = view.doctors  # type: ignore[attr-defined]
    assert (shown.doctor, [each.minutes for each in shown.hours]) == (who, [15])
    await town.call(DropHours, ADMINISTRATOR, who.id, shown.hours[0].id)
    assert await slots(town) == []


async def test_days_pass_and_the_worker_makes_the_next_ones_and_twice_the_same(town: Town) -> None:
    who = await doctor(town, await facility(town))
    await town.call(PutHours, ADMINISTRATOR, who.id, 0, time(9), time(10))
    town.clock.turn(days=8)
    await town.call(MakeSlots)
    made = await slots(town)
    assert max(each.day for each in made) == date(2026, 12, 28)
    assert await town.call(MakeSlots, who.facility) == 0
    assert await slots(town) == made


async def test_a_closed_day_and_a_day_of_ones_own_hold_until_they_are_dropped(town: Town) -> None:
    here = await facility(town)
    who = await doctor(town, here)
    await town.call(PutHours, ADMINISTRATOR, who.id, 0, time(9), time(10))
    await town.call(PutException, ADMINISTRATOR, here.id, MONDAY, why="Санитарный день")
    assert await starts(town) == []
    await town.call(PutException, ADMINISTRATOR, here.id, MONDAY, doctor=who.id, start=time(18), end=time(18, 30))
    assert await starts(town) == ["18:00", "18:15"]
    view = await town.call(ViewTimetable, ADMINISTRATOR, here.id)
    for each in view.exceptions:  # type: ignore[attr-defined]
        await town.call(DropException, ADMINISTRATOR, here.id, each.id)
    assert await starts(town) == ["09:00", "09:15", "09:30", "09:45"]
    with pytest.raises(InvalidWhy):
        await town.call(PutException, ADMINISTRATOR, here.id, MONDAY, why="о" * 201)


async def test_hours_that_overlap_are_refused_and_change_nothing(town: Town) -> None:
    who = await doctor(town, await facility(town))
    await town.call(PutHours, ADMINISTRATOR, who.id, 0, time(9), time(10))
    before = await slots(town)
    with pytest.raises(InvalidHours):
        await town.call(PutHours, ADMINISTRATOR, who.id, 0, time(9, 30), time(11))
    assert await slots(town) == before


async def test_two_registrars_at_once_cannot_put_hours_that_overlap(town: Town) -> None:
    who = await doctor(town, await facility(town))
    put = [town.call(PutHours, ADMINISTRATOR, who.id, 0, time(9, 15 * each), time(11, 15 * each)) for each in range(4)]
    ended = await asyncio.gather(*put, return_exceptions=True)
    assert sum(isinstance(each, InvalidHours) for each in ended) == 3
    assert len(await starts(town)) == 8


async def test_an_appointment_whose_time_is_taken_away_is_called_off_at_once_and_a_visit_that_was_is_not(
    town: Town,
) -> None:
    here = await facility(town)
    who = await doctor(town, here)
    await town.call(PutHours, ADMINISTRATOR, who.id, 0, time(9), time(10))
    first, second = (await slots(town, MONDAY))[:2]
    gone, was = await book(town, second, 1), await book(town, first, 2)
    assert await starts(town) == ["09:30", "09:45"]
    short = {"doctor": who.id, "start": time(9), "end": time(9, 15)}
    assert await town.call(PutException, ADMINISTRATOR, here.id, MONDAY, **short, why="Врач на вызове") == 1
    assert (await state(town, gone), await state(town, was)) == (BookingState.CALLED_OFF, BookingState.BOOKED)
    assert await lines(town, Operation.BOOKING_CALLED_OFF) == [{"booking": str(gone)}]
    town.clock.turn(days=7, hours=-2)
    assert await town.call(PutException, ADMINISTRATOR, here.id, MONDAY, doctor=who.id) == 0
    assert await state(town, was) is BookingState.BOOKED


async def test_a_doctor_who_is_gone_has_no_slots_and_has_them_again_when_back(town: Town) -> None:
    who = await doctor(town, await facility(town), room=" 12 ")
    await town.call(PutHours, ADMINISTRATOR, who.id, 0, time(9), time(10))
    before = await slots(town)
    await town.call(ChangeDoctor, ADMINISTRATOR, who.id, gone=True)
    assert await slots(town) == []
    await town.call(ChangeDoctor, ADMINISTRATOR, who.id, gone=False, room="13", speciality="dentist")
    assert await slots(town) == []
    await town.call(ChangeDoctor, ADMINISTRATOR, who.id, speciality="therapist")
    assert [each.id for each in await slots(town)] == [each.id for each in before]


async def test_a_facility_that_moves_its_clock_moves_its_slots_and_a_closed_one_has_none(town: Town) -> None:
    here = await facility(town)
    who = await doctor(town, here)
    await town.call(PutHours, ADMINISTRATOR, who.id, 0, time(9), time(10))
    before = await slots(town)
    await town.call(ChangeFacility, ADMINISTRATOR, here.id, zone="Europe/Samara", code="other")
    after = await slots(town)
    assert [each.id for each in before] == [each.id for each in after]
    assert after[0].starts_at == before[0].starts_at - timedelta(hours=1)
    await town.call(ChangeFacility, ADMINISTRATOR, here.id, closed=True)
    assert await slots(town) == []
    with pytest.raises(NoSuchFacility):
        await town.call(ViewTimetable, ADMINISTRATOR, here.id)
