"""Clinics with servers of their own: whatever is lost on the way, nobody is booked twice and nothing is forgotten."""

from datetime import timedelta

import pytest

from core.domain.access import Section
from core.domain.actor import Citizen
from core.domain.booking import Booking, BookingState, StillAsked
from core.domain.schedule import Slot, SlotTaken, Wanted
from core.ports import Standing
from core.services.booking import (
    AskClinics,
    CancelBooking,
    ConfirmBooking,
    FollowClinics,
    HoldSlot,
    SayLate,
    ShareWith,
    ViewBooking,
    ViewComing,
    ViewStart,
    ViewTimes,
)
from core.services.consent import WithdrawConsent
from tests.core.services.patient import a_result, deliver
from tests.core.services.polyclinic import SERVED, a_doctor, a_slot, booked, open_times, somebody
from tests.core.services.town import Town

DOCTOR = a_doctor(9, SERVED)
ONE, TWO, THREE = (a_slot(number, DOCTOR, SERVED) for number in range(1, 4))


async def served(town: Town, *slots: Slot) -> None:
    """A clinic's server with one doctor and these times, known here."""
    clinic = town.outside.clinic
    clinic.doctors_there, clinic.free = [DOCTOR], {DOCTOR.remote: list(slots)}
    await open_times(town, *slots, doctor=DOCTOR, facility=SERVED)


async def asked(town: Town, citizen: Citizen, slot: Slot, mood: str) -> Booking:
    """Confirm while something goes wrong; returns the booking whose answer is open."""
    held = await town.call(HoldSlot, citizen, slot.id)
    town.outside.clinic.mood = [mood]
    confirmed = await town.call(ConfirmBooking, citizen, held.booking.id)
    assert confirmed.asked
    return confirmed.view.booking


async def test_the_servers_yes_makes_an_appointment_there_and_here(town: Town) -> None:
    await served(town, ONE)
    stands = await booked(town, await somebody(town), ONE)
    assert stands.state is BookingState.BOOKED
    assert town.outside.clinic.standing == [stands.number]
    assert stands.remote == f"Appointment/{stands.number}"
    going = town.outside.clinic.went_along[stands.number]
    assert (going.full_name, going.policy, going.results) == ("Ильина Анна Сергеевна", "7756000812345677", ())


@pytest.mark.parametrize("mood", ["lost_before", "lost_after"])
async def test_a_lost_answer_is_found_out_and_books_nobody_twice(town: Town, mood: str) -> None:
    await served(town, ONE, TWO)
    citizen = await somebody(town)
    booking = await asked(town, citizen, ONE, mood)
    with pytest.raises(StillAsked):
        await town.call(CancelBooking, citizen, booking.id, "не приду")
    again = await town.call(ConfirmBooking, citizen, booking.id)
    assert again.asked
    assert await town.call(AskClinics) == 0, "whoever asked may still be waiting for the answer"
    town.clock.turn(minutes=1)
    assert await town.call(AskClinics) == 1
    assert await town.call(AskClinics) == 0
    assert town.outside.clinic.standing == [booking.number]
    [coming] = (await town.call(ViewComing, citizen)).bookings
    assert (coming.booking.state, coming.booking.number) == (BookingState.BOOKED, booking.number)
    await town.deliver()
    assert sum("told_confirmed" in push.text for _, push in town.outside.pushes) == 1


async def test_a_server_that_gave_the_time_away_meanwhile_is_answered_with_the_nearest(town: Town) -> None:
    await served(town, ONE, TWO, THREE)
    citizen = await somebody(town)
    held = await town.call(HoldSlot, citizen, ONE.id)
    town.outside.clinic.take(ONE)
    with pytest.raises(SlotTaken) as taken:
        await town.call(ConfirmBooking, citizen, held.booking.id)
    assert {each.id for each in taken.value.nearest} == {TWO.id, THREE.id}
    start = await town.call(ViewStart, citizen)
    assert (start.coming, start.hold) == (0, None)
    times = await town.call(ViewTimes, citizen, Wanted("therapist", facility=SERVED.id), ONE.day)
    assert [each.slot.id for each in times.morning] == [TWO.id, THREE.id]


async def test_a_refusal_that_comes_late_is_told_with_others(town: Town) -> None:
    await served(town, ONE, TWO)
    citizen = await somebody(town)
    booking = await asked(town, citizen, ONE, "lost_before")
    town.outside.clinic.take(ONE)
    town.clock.turn(minutes=1)
    assert await town.call(AskClinics) == 1
    await town.deliver()
    [told] = [push for _, push in town.outside.pushes if "told_refused_nearest" in push.text]
    assert told.buttons == ((("booking.choose_other", f"appointment/{booking.id}"),),)
    view = await town.call(ViewBooking, citizen, booking.id)
    assert (view.booking.state, [each.slot.id for each in view.nearest]) == (BookingState.REFUSED, [TWO.id])


async def test_a_server_that_is_down_for_an_hour_is_asked_until_it_is_back(town: Town) -> None:
    await served(town, ONE)
    citizen = await somebody(town)
    booking = await asked(town, citizen, ONE, "lost_before")
    town.outside.clinic.away = True
    for _ in range(60):
        town.clock.turn(minutes=1)
        assert await town.call(AskClinics) == 0
    assert (await town.call(ViewBooking, citizen, booking.id)).asked
    with pytest.raises(SlotTaken):
        await town.call(HoldSlot, await somebody(town, 2), ONE.id)
    town.outside.clinic.away = False
    town.clock.turn(minutes=1)
    assert await town.call(AskClinics) == 1
    assert town.outside.clinic.standing == [booking.number]


async def test_one_silent_server_holds_up_no_other(town: Town) -> None:
    await served(town, ONE, TWO, THREE)
    people = [await somebody(town, chat) for chat in (1, 2, 3)]
    for citizen, slot in zip(people, (ONE, TWO, THREE), strict=True):
        await asked(town, citizen, slot, "lost_before")
    town.outside.clinic.mood, town.outside.clinic.asked = ["away"], 0
    town.clock.turn(minutes=1)
    await town.call(AskClinics)
    assert town.outside.clinic.asked == 1, "once it was silent, nobody else waits for it in this round"
    town.clock.turn(minutes=1)
    assert await town.call(AskClinics) == 3


async def test_what_was_never_answered_before_the_visit_is_refused_in_the_end(town: Town) -> None:
    await served(town, ONE)
    citizen = await somebody(town)
    booking = await asked(town, citizen, ONE, "lost_before")
    town.clock.moment = ONE.starts_at + timedelta(minutes=1)
    assert await town.call(AskClinics) == 1
    assert (await town.call(ViewBooking, citizen, booking.id)).booking.state is BookingState.REFUSED
    assert town.outside.clinic.standing == []


async def test_the_old_appointment_is_given_back_there_only_after_the_new_one_stands(town: Town) -> None:
    await served(town, ONE, TWO)
    citizen = await somebody(town)
    old = await booked(town, citizen, ONE)
    held = await town.call(HoldSlot, citizen, TWO.id, old.id)
    town.outside.clinic.mood = ["lost_after"]
    moved = (await town.call(ConfirmBooking, citizen, held.booking.id)).view.booking
    assert (await town.call(ViewBooking, citizen, old.id)).booking.state is BookingState.BOOKED
    town.clock.turn(minutes=1)
    await town.call(AskClinics)
    assert (await town.call(ViewBooking, citizen, old.id)).booking.state is BookingState.MOVED
    assert town.outside.clinic.standing == [moved.number]


async def test_a_cancellation_that_its_server_did_not_hear_is_told_when_it_is_back(town: Town) -> None:
    await served(town, ONE)
    citizen = await somebody(town)
    stands = await booked(town, citizen, ONE)
    town.clock.moment = ONE.starts_at - timedelta(hours=1)
    town.outside.clinic.away = True
    assert (await town.call(SayLate, citizen, stands.id, 10)).later
    assert (await town.call(CancelBooking, citizen, stands.id, "заболел")).later
    town.outside.clinic.away = False
    town.clock.turn(minutes=1)
    assert await town.call(AskClinics) == 1
    assert town.outside.clinic.standing == []
    assert await town.call(AskClinics) == 0


async def test_running_late_reaches_the_server(town: Town) -> None:
    await served(town, ONE)
    citizen = await somebody(town)
    stands = await booked(town, citizen, ONE)
    town.clock.moment = ONE.starts_at - timedelta(hours=1)
    assert not (await town.call(SayLate, citizen, stands.id, 20)).later
    assert town.outside.clinic.late == {stands.number: 20}


async def test_what_its_server_cancels_or_moves_is_told_at_once(town: Town) -> None:
    await served(town, ONE, TWO, THREE)
    first, second = await somebody(town), await somebody(town, 2)
    gone, moved = await booked(town, first, ONE), await booked(town, second, TWO)
    clinic, later = town.outside.clinic, TWO.starts_at + timedelta(days=1)
    clinic.appointments[gone.number] = ONE.id, Standing.CANCELLED, ONE.starts_at
    clinic.appointments[moved.number] = TWO.id, Standing.BOOKED, later
    assert await town.call(FollowClinics) == 1
    assert await town.call(FollowClinics) == 1
    await town.deliver()
    told = [(chat, push.text.split()[0]) for chat, push in town.outside.pushes]
    assert sorted(each for each in told if each[1] not in {"booking.told_confirmed", "account.signed_in.verified"}) == [
        (1, "booking.told_called_off_nearest"),
        (2, "booking.told_shifted"),
    ]
    assert (await town.call(ViewBooking, first, gone.id)).booking.state is BookingState.CALLED_OFF
    view = await town.call(ViewBooking, second, moved.id)
    assert (view.booking.slot.starts_at, view.booking.number) == (later, moved.number)
    assert f"{view.booking.wall.at:%d %H:%M}" == "26 09:15"


async def test_a_silent_servers_times_are_shown_with_their_age(town: Town) -> None:
    await served(town, ONE)
    citizen = await somebody(town)
    wanted = Wanted("therapist", facility=SERVED.id)
    clinic = town.outside.clinic
    clinic.free[DOCTOR.remote] = [a_slot(1, DOCTOR, SERVED, seen_at=town.clock.now())]
    await town.call(FollowClinics)
    fresh = (await town.call(ViewTimes, citizen, wanted, ONE.day)).freshness
    assert (fresh.as_of, fresh.stale) == (town.clock.now(), False)
    clinic.away, seen = True, town.clock.now()
    town.clock.turn(minutes=6)
    assert await town.call(FollowClinics) == 0
    old = (await town.call(ViewTimes, citizen, wanted, ONE.day)).freshness
    assert (old.as_of, old.stale) == (seen, True)


async def test_what_was_allowed_goes_along_and_nothing_after_the_consent_was_withdrawn(town: Town) -> None:
    await served(town, ONE, TWO)
    first, second = await somebody(town), await somebody(town, 2)
    for citizen, slot in ((first, ONE), (second, TWO)):
        await deliver(town, [a_result(citizen, 3)])
        held = await town.call(HoldSlot, citizen, slot.id)
        await town.call(ShareWith, citizen, held.booking.id, Section.RESULTS, on=True)
        town.outside.clinic.mood = ["lost_before"]
        await town.call(ConfirmBooking, citizen, held.booking.id)
    await town.call(WithdrawConsent, second)
    town.clock.turn(minutes=1)
    assert await town.call(AskClinics) == 2
    assert sorted(len(each.results) for each in town.outside.clinic.went_along.values()) == [0, 1]
