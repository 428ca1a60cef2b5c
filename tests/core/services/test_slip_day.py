"""On the day the slip comes by itself: once, silently, pinned until the visit is over, and gone when there is to be none."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core import ports
from core.domain.actor import Citizen, System
from core.domain.booking import Booking
from core.domain.ids import ChatId
from core.domain.notification import WallTime
from core.ports import Later, Push, Refused, Unavailable, Uncertain
from core.services.booking import CancelBooking, ChooseReminders
from core.services.booking.calling_off import CallOff
from core.services.chat import MeetChat
from core.services.notification import KeepPins, ReckonTimes
from core.services.signin import MoveAccount, SignOut
from core.storage.notification import steering
from tests.core.services.outside import ANNA
from tests.core.services.polyclinic import SAMARA, a_doctor, a_slot, booked, open_times, somebody
from tests.core.services.town import Town

DOCTOR = a_doctor(room="214")
MORNING = datetime(2026, 11, 25, 4, tzinfo=UTC)
"""Seven in Tver on the day of the visit, which is at nine."""


async def an_appointment(town: Town, number: int = 1) -> tuple[Citizen, Booking]:
    await open_times(town, *(a_slot(each, DOCTOR) for each in range(1, 9)), doctor=DOCTOR)
    citizen = await somebody(town)
    return citizen, await booked(town, citizen, a_slot(number, DOCTOR))


async def slips(town: Town) -> list[Push]:
    """What comes within seconds and is a slip; a chat takes one message a second."""
    town.outside.pushes.clear()
    for _ in range(5):
        await town.deliver()
        town.clock.turn(seconds=1)
    return [push for _, push in town.outside.pushes if push.text.startswith("slip.today")]


async def morning(town: Town) -> Push:
    """The slip has come, and is pinned."""
    town.clock.moment = MORNING
    (push,) = await slips(town)
    await town.call(KeepPins)
    assert len(town.outside.pinned) == 1
    return push


async def test_it_comes_in_the_morning_by_the_clinics_clock_silently_and_is_pinned(town: Town) -> None:
    _, booking = await an_appointment(town)
    town.clock.moment = MORNING - timedelta(minutes=1)
    assert await slips(town) == []
    push = await morning(town)
    assert push.silent
    assert "room=214" in push.text
    assert "time=9:00" in push.text
    assert booking.number in push.text
    assert "Иванцов" not in push.text
    assert [place for row in push.buttons for _, place in row] == [f"appointment/{booking.id}"]
    assert await slips(town) == []


async def test_it_is_taken_down_when_the_visit_is_over(town: Town) -> None:
    _, booking = await an_appointment(town)
    await morning(town)
    town.clock.moment = booking.slot.ends_at - timedelta(seconds=1)
    assert await town.call(KeepPins) == 0
    town.clock.moment = booking.slot.ends_at
    await town.call(KeepPins)
    assert town.outside.pinned == []
    assert await town.call(KeepPins) == 0


async def test_booked_on_the_day_it_comes_at_once(town: Town) -> None:
    town.clock.moment = MORNING + timedelta(hours=1)
    await an_appointment(town)
    assert len(await slips(town)) == 1


async def test_cancelled_before_the_day_it_never_comes(town: Town) -> None:
    citizen, booking = await an_appointment(town)
    await town.call(CancelBooking, citizen, booking.id, "уезжаю")
    town.clock.moment = MORNING
    assert await slips(town) == []
    assert await town.call(KeepPins) == 0


async def test_cancelled_on_the_day_it_is_taken_down_at_once(town: Town) -> None:
    citizen, booking = await an_appointment(town)
    await morning(town)
    await town.call(CancelBooking, citizen, booking.id, "уезжаю")
    await town.call(KeepPins)
    assert town.outside.pinned == []


async def test_cancelled_between_the_message_and_its_pin_it_is_never_pinned(town: Town) -> None:
    citizen, booking = await an_appointment(town)
    town.clock.moment = MORNING
    assert len(await slips(town)) == 1
    await town.call(CancelBooking, citizen, booking.id, "уезжаю")
    assert await town.call(KeepPins) == 0
    assert town.outside.pinned == []


async def test_moved_on_the_day_the_new_one_takes_the_place_of_the_old(town: Town) -> None:
    citizen, booking = await an_appointment(town)
    await morning(town)
    later = await booked(town, citizen, a_slot(4, DOCTOR), booking.id)
    (push,) = await slips(town)
    assert later.number in push.text
    await town.call(KeepPins)
    assert len(town.outside.pinned) == 1


async def test_shifted_by_the_clinic_it_comes_with_the_new_time(town: Town) -> None:
    _, booking = await an_appointment(town)
    async with town.container() as scope, await scope.get(ports.Transaction):
        await (await scope.get(CallOff)).shift(System("test"), booking.id, a_slot(3, DOCTOR))
    push = await morning(town)
    assert "time=9:30" in push.text


async def test_signed_out_it_is_taken_down_at_once(town: Town) -> None:
    citizen, _ = await an_appointment(town)
    await morning(town)
    await town.call(SignOut, citizen)
    await town.call(KeepPins)
    assert town.outside.pinned == []


async def test_signed_out_between_the_message_and_its_pin_it_is_never_pinned(town: Town) -> None:
    citizen, _ = await an_appointment(town)
    town.clock.moment = MORNING
    assert len(await slips(town)) == 1
    await town.call(SignOut, citizen)
    await town.call(KeepPins)
    assert town.outside.pinned == []


async def test_moved_to_another_chat_it_is_taken_down_in_the_old_one(town: Town) -> None:
    citizen, _ = await an_appointment(town)
    await morning(town)
    await town.call(MeetChat, ChatId(2), "ru")
    town.outside.person = replace(ANNA, subject=f"person-{citizen.chat}")
    await town.begin(2)
    await town.call(MoveAccount, ChatId(2))
    await town.call(KeepPins)
    assert town.outside.pinned == []


async def test_other_reminders_leave_the_slip_of_the_day_alone(town: Town) -> None:
    citizen, booking = await an_appointment(town)
    await morning(town)
    await town.call(ChooseReminders, citizen, booking.id, (timedelta(hours=2),))
    await town.call(KeepPins)
    assert len(town.outside.pinned) == 1
    assert await slips(town) == []


async def test_by_the_clock_of_a_clinic_in_another_zone(town: Town) -> None:
    doctor = a_doctor(5, SAMARA)
    await open_times(town, a_slot(1, doctor, SAMARA), doctor=doctor, facility=SAMARA)
    await booked(town, await somebody(town), a_slot(1, doctor, SAMARA))
    town.clock.moment = MORNING - timedelta(hours=1)
    (push,) = await slips(town)
    assert "time=10:00" in push.text


@pytest.mark.parametrize("fault", [Unavailable("telegram"), Uncertain("telegram"), Later(5)])
async def test_a_pin_that_fails_is_tried_again_and_the_message_never_comes_twice(town: Town, fault: Exception) -> None:
    await an_appointment(town)
    town.clock.moment = MORNING
    assert len(await slips(town)) == 1
    town.outside.moods.append(fault)
    await town.call(KeepPins)
    assert town.outside.pinned == []
    assert await slips(town) == []
    town.clock.turn(seconds=30)
    await town.call(KeepPins)
    assert len(town.outside.pinned) == 1
    assert await slips(town) == []


async def test_a_message_that_its_person_has_deleted_is_let_be(town: Town) -> None:
    await an_appointment(town)
    town.clock.moment = MORNING
    await slips(town)
    town.outside.moods.append(Refused("Bad Request: message to pin not found"))
    assert await town.call(KeepPins) == 1
    town.clock.turn(hours=1)
    assert await town.call(KeepPins) == 0


async def test_a_worker_that_died_at_the_call_is_followed_by_another(town: Town) -> None:
    await an_appointment(town)
    town.clock.moment = MORNING
    await slips(town)
    town.outside.moods.append(RuntimeError("the process ends here"))
    with pytest.raises(RuntimeError):
        await town.call(KeepPins)
    assert await town.call(KeepPins) == 0
    town.clock.turn(minutes=1)
    await town.call(KeepPins)
    assert len(town.outside.pinned) == 1


async def test_a_new_law_of_the_zone_moves_what_waits(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    await an_appointment(town)

    def an_hour_later(wall: WallTime) -> datetime:
        return wall.at.replace(tzinfo=UTC) - timedelta(hours=2)

    monkeypatch.setattr(steering, "instant", an_hour_later)
    await town.call(ReckonTimes)
    town.clock.moment = MORNING
    assert await slips(town) == []
    town.clock.turn(hours=1)
    assert len(await slips(town)) == 1


async def test_a_law_that_lets_the_morning_come_earlier_lets_the_pin_come_with_it(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await an_appointment(town)
    monkeypatch.setattr(steering, "instant", lambda wall: wall.at.replace(tzinfo=UTC) - timedelta(hours=5))
    await town.call(ReckonTimes)
    town.clock.moment = MORNING - timedelta(hours=2)
    assert len(await slips(town)) == 1
    await town.call(KeepPins)
    assert len(town.outside.pinned) == 1
