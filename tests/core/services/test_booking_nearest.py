"""The nearest free times, for whoever was slower."""

from datetime import date
from uuid import UUID

import pytest

from core.domain.actor import System
from core.domain.booking import BookingState
from core.domain.ids import FacilityId, SlotId
from core.domain.schedule import SlotTaken
from core.ports import Transaction
from core.services.booking import HoldSlot, ViewBooking, ViewNearest
from core.services.booking.calling_off import CallOff
from tests.core.services.polyclinic import (
    a_slot,
    booked,
    dentists_time,
    open_times,
    somebody,
    the_dentist,
    with_a_dentist,
)
from tests.core.services.town import Town

ONE, TWO, THREE, FOUR, FIVE = (a_slot(number) for number in range(1, 6))


async def test_whoever_was_slower_is_shown_what_is_near_and_free_now(town: Town) -> None:
    await open_times(town, ONE, TWO, THREE, FOUR, FIVE)
    quick, slow = await somebody(town), await somebody(town, 2)
    await town.call(HoldSlot, quick, THREE.id)
    with pytest.raises(SlotTaken):
        await town.call(HoldSlot, slow, THREE.id)
    nearest = await town.call(ViewNearest, slow, THREE.id)
    assert len(nearest) == 3
    assert {TWO.id, FOUR.id} < {each.slot.id for each in nearest}
    await town.call(HoldSlot, quick, TWO.id)
    assert TWO.id not in {each.slot.id for each in await town.call(ViewNearest, slow, THREE.id)}


async def test_nothing_is_near_a_slot_that_never_was(town: Town) -> None:
    await open_times(town, ONE)
    assert list(await town.call(ViewNearest, await somebody(town), SlotId(UUID(int=7)))) == []


async def four_clinics(town: Town) -> dict[str, FacilityId]:
    """One whose dentist has a single time; one for children with sooner ones; two for adults with later ones."""
    wanted = await with_a_dentist(town, 1, "therapist")
    children = await with_a_dentist(town, 2, "paediatrician", at=(2, 3, 4, 5))
    others = [await with_a_dentist(town, number, "therapist", at=(20 + number,)) for number in (3, 4)]
    return {"wanted": wanted.id, "children": children.id, "one": others[0].id, "two": others[1].id}


async def test_whoever_was_slower_is_shown_no_clinic_for_people_of_another_age(town: Town) -> None:
    there = await four_clinics(town)
    quick, slow = await somebody(town), await somebody(town, 2)
    child = await somebody(town, 3, birth_date=date(2010, 5, 1))
    wanted = dentists_time(await with_a_dentist(town, 1, "therapist"))
    await town.call(HoldSlot, quick, wanted.id)
    with pytest.raises(SlotTaken) as told:
        await town.call(HoldSlot, slow, wanted.id)
    assert {each.facility for each in told.value.nearest} == {there["one"], there["two"]}
    shown = await town.call(ViewNearest, slow, wanted.id)
    assert [each.facility.id for each in shown] == [there["one"], there["two"]]
    for_a_child = await town.call(ViewNearest, child, wanted.id)
    assert {each.facility.id for each in for_a_child} == {there["children"]}


async def test_whose_time_the_clinic_takes_away_is_told_of_clinics_for_their_age(town: Town) -> None:
    there = await four_clinics(town)
    citizen, wanted = await somebody(town), await with_a_dentist(town, 1, "therapist")
    stands = await booked(town, citizen, dentists_time(wanted))
    await open_times(town, doctor=the_dentist(wanted), facility=wanted)
    async with town.container() as scope, await scope.get(Transaction):
        assert await (await scope.get(CallOff)).of_slots(System("desk"), [stands.slot.id], "врач болен") == 1
    view = await town.call(ViewBooking, citizen, stands.id)
    assert view.booking.state is BookingState.CALLED_OFF
    assert [each.facility.id for each in view.nearest] == [there["one"], there["two"]]
    await town.deliver()
    [told] = [push.text for _, push in town.outside.pushes if "told_called_off" in push.text]
    assert "14:30" in told
    assert "09:15" not in told, "the children's clinic is nearer, and for nobody of this age"
