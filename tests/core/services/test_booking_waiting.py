"""The waiting list for an earlier time: offered in turn, ten minutes to take it, and nobody is forgotten."""

from datetime import time, timedelta

import pytest

from core.domain.actor import Citizen
from core.domain.booking import BookingState, NoOffer, Wait, WaitsAlready, WaitState
from core.domain.schedule import SlotTaken
from core.domain.subscription import QuietHours
from core.services.booking import (
    CancelBooking,
    DeclineOffer,
    EndWaits,
    HoldSlot,
    JoinWaiting,
    LeaveWaiting,
    ReleaseHolds,
    TakeOffer,
    ViewBooking,
    ViewComing,
    ViewOffer,
    offering,
)
from core.services.consent import WithdrawConsent
from core.services.subscription import ChooseQuietHours
from tests.core.services.polyclinic import a_doctor, a_slot, booked, open_times, somebody
from tests.core.services.town import Town

ONE, TWO, THREE, FOUR = (a_slot(number) for number in range(1, 5))


async def waiting(town: Town, *slots: object) -> list[tuple[Citizen, Wait]]:
    """People who wait for something earlier than these, in this order."""
    found = []
    for chat, slot in enumerate(slots, start=2):
        citizen = await somebody(town, chat)
        stands = await booked(town, citizen, slot)  # type: ignore[arg-type]
        found.append((citizen, await town.call(JoinWaiting, citizen, stands.id)))
        town.clock.turn(seconds=1)
    return found  # type: ignore[return-value]


async def freed(town: Town) -> None:
    """Somebody who had the first time gives it back."""
    citizen = await somebody(town)
    stands = await booked(town, citizen, ONE)
    await town.call(CancelBooking, citizen, stands.id, "не приду")


async def offers(town: Town, citizen: Citizen) -> list[object]:
    return [each.offered.slot.id for each in (await town.call(ViewComing, citizen)).offers]


async def test_a_freed_time_is_offered_in_turn_and_taken_in_one_step(town: Town) -> None:
    await open_times(town, ONE, TWO, THREE)
    [(first, wait), (second, _)] = await waiting(town, THREE, TWO)
    stranger = await somebody(town, 5)
    await freed(town)
    assert await offers(town, first) == [ONE.id]
    assert await offers(town, second) == []
    with pytest.raises(SlotTaken):
        await town.call(HoldSlot, stranger, ONE.id)
    await town.deliver()
    [told] = [push for _, push in town.outside.pushes if "told_offer" in push.text]
    assert told.buttons == ((("booking.see_offer", f"offer/{wait.id}"),),)
    offer = await town.call(ViewOffer, first, wait.id)
    assert (offer.offered.slot.id, offer.standing.booking.slot.id) == (ONE.id, THREE.id)
    taken = (await town.call(TakeOffer, first, wait.id)).view.booking
    assert (taken.slot.id, taken.state) == (ONE.id, BookingState.BOOKED)
    coming = (await town.call(ViewComing, first)).bookings
    assert [each.booking.slot.id for each in coming] == [ONE.id]
    assert (await town.call(HoldSlot, stranger, THREE.id)).booking.slot.id == THREE.id
    with pytest.raises(NoOffer):
        await town.call(TakeOffer, first, wait.id)


async def test_what_one_gives_up_for_an_earlier_time_goes_to_the_next_in_turn(town: Town) -> None:
    await open_times(town, ONE, TWO, THREE)
    [(first, wait), (second, next_wait)] = await waiting(town, TWO, THREE)
    await freed(town)
    await town.call(TakeOffer, first, wait.id)
    assert await offers(town, second) == [TWO.id]
    assert (await town.call(TakeOffer, second, next_wait.id)).view.booking.slot.id == TWO.id


async def test_a_declined_offer_goes_on_at_once_and_the_place_stays(town: Town) -> None:
    await open_times(town, ONE, TWO, THREE)
    [(first, wait), (second, _)] = await waiting(town, THREE, TWO)
    await freed(town)
    await town.call(DeclineOffer, first, wait.id)
    assert (await offers(town, first), await offers(town, second)) == ([], [ONE.id])
    with pytest.raises(NoOffer):
        await town.call(DeclineOffer, first, wait.id)
    [coming] = (await town.call(ViewComing, first)).bookings
    assert coming.wait.state is WaitState.WAITING


async def test_nobody_answers_within_ten_minutes_and_the_next_is_asked(town: Town) -> None:
    await open_times(town, ONE, TWO, THREE)
    [(first, wait), (second, _)] = await waiting(town, THREE, TWO)
    await freed(town)
    town.clock.turn(minutes=9, seconds=59)
    await town.call(ReleaseHolds)
    assert await offers(town, first) == [ONE.id]
    town.clock.turn(seconds=1)
    await town.call(ReleaseHolds)
    assert (await offers(town, first), await offers(town, second)) == ([], [ONE.id])
    with pytest.raises(NoOffer):
        await town.call(TakeOffer, first, wait.id)
    await town.deliver()
    assert [chat for chat, push in town.outside.pushes if "told_offer_over" in push.text] == [first.chat]
    town.clock.turn(minutes=10)
    await town.call(ReleaseHolds)
    await town.call(EndWaits)
    assert (await offers(town, first), await offers(town, second)) == ([], []), "nobody is offered the same one twice"
    await town.call(HoldSlot, await somebody(town, 7), ONE.id)


async def test_new_hours_are_offered_to_those_who_wait_by_the_worker(town: Town) -> None:
    await open_times(town, TWO, THREE)
    [(first, _)] = await waiting(town, THREE)
    assert await town.call(EndWaits) == 1, "another time of the same doctor was free already"
    assert await offers(town, first) == [TWO.id]


async def test_only_earlier_times_of_the_same_doctors_are_offered(town: Town) -> None:
    dentist = a_doctor(2, speciality="dentist")
    await open_times(town, TWO)
    await open_times(town, a_slot(1, dentist), doctor=dentist)
    [(first, _)] = await waiting(town, TWO)
    await open_times(town, TWO, THREE)
    assert await town.call(EndWaits) == 0
    assert await offers(town, first) == []


async def test_nobody_is_woken_for_an_offer(town: Town) -> None:
    await open_times(town, ONE, THREE)
    [(first, _)] = await waiting(town, THREE)
    town.clock.moment = town.clock.moment.replace(hour=22)
    assert await town.call(EndWaits) == 0
    town.clock.turn(hours=8)
    assert await town.call(EndWaits) == 1
    assert await offers(town, first) == [ONE.id]


async def asleep(town: Town, *slots: object) -> list[tuple[Citizen, Wait]]:
    """The same, and all but the last want quiet all day long."""
    found = await waiting(town, *slots)
    for citizen, _ in found[:-1]:
        await town.call(ChooseQuietHours, citizen, QuietHours(time(0, 1), time(0)))
    return found


async def test_however_many_sleep_whoever_is_awake_behind_them_is_asked(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offering, "PASSED_OVER", 1)
    await open_times(town, ONE, TWO, THREE, FOUR)
    *_, (awake, _) = await asleep(town, FOUR, THREE, TWO)
    await town.call(EndWaits)
    assert await offers(town, awake) == [ONE.id]


async def test_what_those_who_sleep_wish_hides_nobody_elses_wishes(town: Town) -> None:
    dentist = a_doctor(2, speciality="dentist")
    early, late = a_slot(5, dentist), a_slot(6, dentist)
    await open_times(town, ONE, TWO, THREE, FOUR)
    await open_times(town, early, late, doctor=dentist)
    *_, (awake, _) = await asleep(town, FOUR, late)
    rounds = 0
    while not await offers(town, awake):
        rounds += 1
        assert rounds < 200, "a lot of four, drawn two hundred times"
        await town.call(EndWaits, 1)
    assert await offers(town, awake) == [early.id]


async def test_whoever_waits_no_more_is_offered_nothing(town: Town) -> None:
    await open_times(town, ONE, TWO, THREE, FOUR)
    [(first, wait), (second, _), (third, _)] = await waiting(town, THREE, TWO, FOUR)
    with pytest.raises(WaitsAlready):
        await town.call(JoinWaiting, first, wait.booking)
    await freed(town)
    await town.call(LeaveWaiting, first, wait.id)
    await town.call(LeaveWaiting, first, wait.id)
    assert await offers(town, second) == [ONE.id]
    await town.call(WithdrawConsent, second)
    assert await offers(town, third) == [ONE.id]
    await town.call(CancelBooking, third, (await town.call(ViewComing, third)).bookings[0].booking.id, "не приду")
    assert await offers(town, third) == []
    await town.call(HoldSlot, await somebody(town, 8), ONE.id)


async def test_a_place_ends_with_the_appointment_it_belongs_to(town: Town) -> None:
    await open_times(town, TWO)
    [(first, wait)] = await waiting(town, TWO)
    town.clock.moment = TWO.starts_at + timedelta(minutes=1)
    assert await town.call(EndWaits) == 1
    assert (await town.call(ViewBooking, first, wait.booking)).wait is None
