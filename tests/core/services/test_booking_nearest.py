"""The nearest free times, for whoever was slower."""

from uuid import UUID

import pytest

from core.domain.ids import SlotId
from core.domain.schedule import SlotTaken
from core.services.booking import HoldSlot, ViewNearest
from tests.core.services.polyclinic import a_slot, open_times, somebody
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
