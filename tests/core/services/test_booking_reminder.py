"""What people are told of their appointments: at once, a day and two hours before, and nothing of what was cancelled."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.domain.actor import System
from core.domain.booking import Bookings, BookingState
from core.domain.notification import Channel, Topic
from core.ports import Transaction
from core.services.booking import CancelBooking, ChooseReminders, ConfirmBooking, HoldSlot, ViewBooking
from core.services.booking.calling_off import CallOff
from core.services.notification import ReckonTimes
from core.services.signin import SignOut
from core.services.subscription import ChooseChannel
from tests.core.services.polyclinic import SAMARA, a_doctor, a_slot, booked, open_times, somebody
from tests.core.services.town import Town
from tests.zones import enact

ONE, TWO, THREE, FOUR = (a_slot(number) for number in range(1, 5))
DAY_BEFORE, TWO_HOURS = timedelta(days=1), timedelta(hours=2)


async def told(town: Town, word: str = "booking.") -> list[tuple[datetime, str]]:
    """What was pushed about appointments by now, by its key."""
    await town.deliver()
    found = [push.text.split()[0] for _, push in town.outside.pushes if push.text.startswith(word)]
    town.outside.pushes.clear()
    return [(town.clock.now(), each) for each in found]


async def test_reminded_a_day_and_two_hours_before(town: Town) -> None:
    await open_times(town, ONE)
    citizen = await somebody(town)
    await town.call(ChooseChannel, citizen, Topic.APPOINTMENTS, Channel.MAIL, wanted=True)
    stands = await booked(town, citizen, ONE)
    assert await told(town) == [], "the window and the slip have said it"
    assert [subject for _, subject, _ in town.outside.letters if "appointments" in subject], "mail is told all the same"
    for before in (DAY_BEFORE, TWO_HOURS):
        town.clock.moment = ONE.starts_at - before - timedelta(seconds=1)
        assert await told(town) == []
        town.clock.turn(seconds=1)
        await town.deliver()
        [(_, push)] = [each for each in town.outside.pushes if each[1].text.startswith("booking.")]
        assert push.text.startswith("booking.told_reminder when=25 ноября, среда, 09:00")
        opened = [place for row in push.buttons for _, place in row]
        assert opened == [f"coming/{stands.id}", f"move/{stands.id}", f"call_off/{stands.id}"]
        town.outside.pushes.clear()


async def test_nothing_says_to_whom_the_appointment_is(town: Town) -> None:
    await open_times(town, ONE)
    await booked(town, await somebody(town), ONE)
    town.clock.moment = ONE.starts_at - DAY_BEFORE
    await town.deliver()
    [push] = [push for _, push in town.outside.pushes if "told_reminder" in push.text]
    for secret in ("Иванцов", "therapist", "Терапевт"):
        assert secret not in push.text


async def test_what_was_chosen_is_reminded_of_and_no_more(town: Town) -> None:
    await open_times(town, ONE, TWO)
    citizen = await somebody(town)
    held = await town.call(HoldSlot, citizen, ONE.id)
    await town.call(ChooseReminders, citizen, held.booking.id, [TWO_HOURS, timedelta(days=300)])
    stands = (await town.call(ConfirmBooking, citizen, held.booking.id)).view.booking
    assert stands.reminders == (TWO_HOURS,)
    await told(town)
    town.clock.moment = ONE.starts_at - TWO_HOURS
    assert len(await told(town)) == 1
    town.clock.moment = ONE.starts_at - timedelta(hours=3)
    await town.call(ChooseReminders, citizen, stands.id, [])
    town.clock.moment = ONE.starts_at
    assert await told(town) == []


async def test_a_moved_appointment_is_reminded_of_at_its_new_time_alone(town: Town) -> None:
    later = a_slot(97)
    await open_times(town, ONE, later)
    citizen = await somebody(town)
    old = await booked(town, citizen, ONE)
    town.clock.turn(seconds=1)
    await booked(town, citizen, later, old.id)
    assert await told(town) == []
    town.clock.moment = ONE.starts_at - TWO_HOURS
    assert await told(town) == []
    town.clock.moment = later.starts_at - DAY_BEFORE
    assert len(await told(town)) == 1


async def test_a_cancelled_appointment_is_never_reminded_of(town: Town) -> None:
    await open_times(town, ONE)
    citizen = await somebody(town)
    stands = await booked(town, citizen, ONE)
    await told(town)
    await town.call(CancelBooking, citizen, stands.id, "не приду")
    for before in (DAY_BEFORE, TWO_HOURS):
        town.clock.moment = ONE.starts_at - before
        assert await told(town) == []


async def test_a_time_that_the_clinic_takes_away_is_told_at_once_with_others(town: Town) -> None:
    await open_times(town, ONE, TWO, THREE)
    citizen, chooser = await somebody(town), await somebody(town, 2)
    stands = await booked(town, citizen, ONE)
    await town.call(HoldSlot, chooser, TWO.id)
    await told(town)
    await open_times(town, THREE)
    async with town.container() as scope, await scope.get(Transaction):
        assert await (await scope.get(CallOff)).of_slots(System("desk"), [ONE.id, TWO.id, THREE.id], "врач болен") == 1
    await town.deliver()
    [(chat, push)] = [each for each in town.outside.pushes if each[1].text.startswith("booking.")]
    assert chat == citizen.chat
    assert "told_called_off_nearest nearest=25 ноября, среда, 09:30" in push.text
    view = await town.call(ViewBooking, citizen, stands.id)
    assert (view.booking.state, view.booking.reason) == (BookingState.CALLED_OFF, "врач болен")
    assert [each.slot.id for each in view.nearest] == [THREE.id]
    town.outside.pushes.clear()
    town.clock.moment = ONE.starts_at - TWO_HOURS
    assert await told(town) == []


async def test_whose_clock_it_is_is_said_to_those_who_live_by_another(town: Town) -> None:
    doctor = a_doctor(2, SAMARA)
    slot = a_slot(1, doctor, SAMARA)
    await open_times(town, slot, doctor=doctor, facility=SAMARA)
    stands = await booked(town, await somebody(town), slot)
    assert f"{stands.wall.at:%H:%M}" == "10:00"
    town.clock.moment = slot.starts_at - TWO_HOURS
    await town.deliver()
    [push] = [push for _, push in town.outside.pushes if "told_reminder" in push.text]
    assert "booking.when_there city=Самара when=25 ноября, среда, 10:00" in push.text


async def test_when_the_law_of_a_zone_changes_the_wall_stays(town: Town, laws: Path) -> None:
    for zone in ("Europe/Samara", "Europe/Moscow"):
        enact(laws, zone, zone)
    doctor = a_doctor(2, SAMARA)
    slot = a_slot(1, doctor, SAMARA)
    await open_times(town, slot, doctor=doctor, facility=SAMARA)
    citizen = await somebody(town)
    stands = await booked(town, citizen, slot)
    await told(town)
    await town.call(ChooseReminders, citizen, stands.id, [TWO_HOURS])
    enact(laws, "Europe/Samara", "Europe/Moscow")
    moved = a_slot(
        1, doctor, SAMARA, starts_at=slot.starts_at + timedelta(hours=1), ends_at=slot.ends_at + timedelta(hours=1)
    )
    await open_times(town, moved, doctor=doctor, facility=SAMARA)
    await town.call(ReckonTimes)
    view = await town.call(ViewBooking, citizen, stands.id)
    assert (view.booking.wall, view.booking.slot.starts_at) == (stands.wall, moved.starts_at)
    assert view.choice.wall == stands.wall
    town.clock.moment = slot.starts_at - TWO_HOURS
    assert [key for _, key in await told(town)] == []
    town.clock.turn(hours=1)
    assert [key for _, key in await told(town)] == ["booking.told_reminder"]


async def test_the_clinics_day_shows_who_stands_and_nobody_else(town: Town) -> None:
    await open_times(town, ONE, TWO, THREE)
    first, second = await somebody(town), await somebody(town, 2)
    stands = await booked(town, first, ONE)
    gone = await booked(town, second, TWO)
    await town.call(CancelBooking, second, gone.id, "не приду")
    async with town.container() as scope:
        kept = await scope.get(Bookings)
        async with await scope.get(Transaction):
            seen = await kept.at(ONE.facility, datetime(2026, 11, 25, tzinfo=UTC), datetime(2026, 11, 26, tzinfo=UTC))
    assert [(each.id, each.account) for each in seen] == [(stands.id, first.account)]


async def test_whoever_signed_out_is_reminded_of_nothing_there_and_the_next_one_least_of_all(town: Town) -> None:
    await open_times(town, ONE)
    citizen = await somebody(town)
    await booked(town, citizen, ONE)
    await town.call(SignOut, citizen)
    town.clock.moment = ONE.starts_at - DAY_BEFORE
    assert await told(town) == []
    await town.sign_in(citizen.chat, subject="somebody-else")
    town.clock.moment = ONE.starts_at - TWO_HOURS
    assert await told(town) == []
    assert await told(town, "slip.") == []
