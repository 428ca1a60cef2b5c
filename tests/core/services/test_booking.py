"""Booking, as the person who needs a doctor goes about it."""

from datetime import UTC, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from core.domain.booking import (
    BookingOver,
    BookingState,
    HoldGone,
    InvalidReason,
    NoBooking,
    NoPolicy,
    NotToday,
    Overlaps,
    TooMany,
    WrongAge,
    WrongSex,
)
from core.domain.card import CardSuspended, NoCard
from core.domain.ids import BookingId
from core.domain.schedule import SlotTaken, Wanted
from core.services.booking import (
    CancelBooking,
    ConfirmBooking,
    HoldSlot,
    LetGo,
    ReleaseHolds,
    SayComing,
    SayLate,
    ViewBooking,
    ViewComing,
    ViewHold,
    ViewPast,
    ViewStart,
)
from core.services.consent import WithdrawConsent
from tests.core.services.polyclinic import TVER, a_doctor, a_slot, booked, open_times, somebody
from tests.core.services.town import Town

ONE, TWO, THREE, FOUR, FIVE = (a_slot(number) for number in range(1, 6))
WITH_DOCTOR = Wanted("therapist", facility=TVER.id)


async def test_a_time_taken_meanwhile_is_answered_with_the_three_nearest(town: Town) -> None:
    await open_times(town, ONE, TWO, THREE, FOUR, FIVE)
    first, second = await somebody(town), await somebody(town, 2)
    await town.call(HoldSlot, first, THREE.id)
    with pytest.raises(SlotTaken) as taken:
        await town.call(HoldSlot, second, THREE.id)
    assert {each.id for each in taken.value.nearest} == {TWO.id, FOUR.id, ONE.id}


async def test_a_hold_is_let_go_after_five_minutes_by_itself_and_by_the_worker(town: Town) -> None:
    await open_times(town, ONE, TWO)
    first, second = await somebody(town), await somebody(town, 2)
    held = await town.call(HoldSlot, first, ONE.id)
    town.clock.turn(minutes=4, seconds=59)
    with pytest.raises(SlotTaken):
        await town.call(HoldSlot, second, ONE.id)
    town.clock.turn(seconds=1)
    assert (await town.call(HoldSlot, second, ONE.id)).booking.state is BookingState.HELD
    with pytest.raises(HoldGone):
        await town.call(ConfirmBooking, first, held.booking.id)
    town.clock.turn(minutes=5)
    assert await town.call(ReleaseHolds) == 1
    assert await town.call(ReleaseHolds) == 0


async def test_whoever_chooses_another_time_gives_the_first_one_back(town: Town) -> None:
    await open_times(town, ONE, TWO)
    first, second = await somebody(town), await somebody(town, 2)
    await town.call(HoldSlot, first, ONE.id)
    await town.call(HoldSlot, first, TWO.id)
    await town.call(HoldSlot, second, ONE.id)
    held = (await town.call(ViewStart, first)).hold
    assert held.booking.slot.id == TWO.id
    await town.call(LetGo, first, held.booking.id)
    await town.call(LetGo, first, held.booking.id)
    assert (await town.call(ViewStart, first)).hold is None


async def test_whoever_taps_twice_has_one_appointment(town: Town) -> None:
    await open_times(town, ONE)
    citizen = await somebody(town)
    held = await town.call(HoldSlot, citizen, ONE.id)
    again = await town.call(HoldSlot, citizen, ONE.id)
    assert again.booking.id == held.booking.id
    first = await town.call(ConfirmBooking, citizen, held.booking.id)
    second = await town.call(ConfirmBooking, citizen, held.booking.id)
    assert first.view.booking.number == second.view.booking.number
    assert len((await town.call(ViewComing, citizen)).bookings) == 1


async def test_the_old_time_is_let_go_only_when_the_new_one_is_taken(town: Town) -> None:
    await open_times(town, ONE, TWO)
    citizen, other = await somebody(town), await somebody(town, 2)
    old = await booked(town, citizen, ONE)
    held = await town.call(HoldSlot, citizen, TWO.id, old.id)
    assert held.replaced.id == old.id
    with pytest.raises(SlotTaken):
        await town.call(HoldSlot, other, ONE.id)
    await town.call(ConfirmBooking, citizen, held.booking.id)
    assert (await town.call(ViewBooking, citizen, old.id)).booking.state is BookingState.MOVED
    assert (await town.call(HoldSlot, other, ONE.id)).booking.slot.id == ONE.id


async def test_a_cancelled_time_is_free_at_once_and_kept_among_the_past_ones(town: Town) -> None:
    await open_times(town, ONE)
    citizen, other = await somebody(town), await somebody(town, 2)
    stands = await booked(town, citizen, ONE)
    for nothing in ("", " … ", "б" * 201):
        with pytest.raises(InvalidReason):
            await town.call(CancelBooking, citizen, stands.id, nothing)
    await town.call(CancelBooking, citizen, stands.id, " заболел  ребёнок ")
    [past] = (await town.call(ViewPast, citizen)).bookings
    assert (past.booking.state, past.booking.reason) == (BookingState.CANCELLED, "заболел ребёнок")
    await booked(town, other, ONE)
    with pytest.raises(BookingOver):
        await town.call(CancelBooking, citizen, stands.id, "ещё раз")


async def test_the_clinic_sees_who_comes_and_who_is_late(town: Town) -> None:
    await open_times(town, ONE)
    citizen = await somebody(town)
    stands = await booked(town, citizen, ONE)
    town.clock.moment = ONE.starts_at - timedelta(minutes=20)
    assert (await town.call(SayComing, citizen, stands.id)).booking.coming
    with pytest.raises(InvalidReason):
        await town.call(SayLate, citizen, stands.id, 240)
    told = await town.call(SayLate, citizen, stands.id, 15)
    assert (told.view.booking.late, told.later) == (15, False)


async def test_one_is_late_for_what_is_today_by_the_clinics_clock(town: Town) -> None:
    await open_times(town, ONE)
    citizen = await somebody(town)
    stands = await booked(town, citizen, ONE)
    midnight = ONE.starts_at.astimezone(ZoneInfo(TVER.zone)).replace(hour=0, minute=0)
    town.clock.moment = (midnight - timedelta(seconds=1)).astimezone(UTC)
    with pytest.raises(NotToday):
        await town.call(SayLate, citizen, stands.id, 15)
    assert (await town.call(ViewBooking, citizen, stands.id)).booking.late is None
    town.clock.turn(seconds=1)
    assert (await town.call(SayLate, citizen, stands.id, 15)).view.booking.late == 15


async def test_nobody_sees_or_touches_what_is_somebody_elses(town: Town) -> None:
    await open_times(town, ONE, TWO)
    citizen, stranger = await somebody(town), await somebody(town, 2)
    stands = await booked(town, citizen, ONE)
    for use_case, *more in (
        (ViewBooking,),
        (CancelBooking, "нет"),
        (SayComing,),
        (SayLate, 5),
        (ConfirmBooking,),
        (LetGo,),
    ):
        for booking in (stands.id, BookingId(UUID(int=1))):
            with pytest.raises(NoBooking):
                await town.call(use_case, stranger, booking, *more)
    with pytest.raises(NoBooking):
        await town.call(HoldSlot, stranger, TWO.id, stands.id)


async def test_what_stands_in_the_way_is_said_before_anything_is_held(town: Town) -> None:
    woman = a_doctor(2, speciality="gynaecologist")
    child = a_doctor(3, speciality="paediatrician")
    others = [a_slot(number, a_doctor(4)) for number in (1, 11, 12, 13)]
    await open_times(town, ONE, TWO, THREE, FOUR)
    await open_times(town, a_slot(30, woman), doctor=woman)
    await open_times(town, a_slot(31, child), doctor=child)
    await open_times(town, *others, doctor=a_doctor(4))
    man = await somebody(town, 2, sex="male")
    with pytest.raises(WrongSex):
        await town.call(HoldSlot, man, a_slot(30, woman).id)
    with pytest.raises(WrongAge):
        await town.call(HoldSlot, man, a_slot(31, child).id)
    with pytest.raises(NoPolicy):
        await town.call(HoldSlot, await somebody(town, 3, policy=None), ONE.id)
    citizen = await somebody(town)
    stands = await booked(town, citizen, ONE)
    with pytest.raises(Overlaps) as overlap:
        await town.call(HoldSlot, citizen, others[0].id)
    assert overlap.value.other.id == stands.id
    await booked(town, citizen, TWO)
    await booked(town, citizen, THREE)
    with pytest.raises(TooMany):
        await town.call(HoldSlot, citizen, FOUR.id)
    assert (await town.call(HoldSlot, citizen, FOUR.id, stands.id)).booking.moves == stands.id


async def test_without_a_card_or_a_consent_nobody_books(town: Town) -> None:
    await open_times(town, ONE)
    with pytest.raises(NoCard):
        await town.call(HoldSlot, await town.sign_in(5, subject="fresh"), ONE.id)
    citizen = await somebody(town)
    held = await town.call(HoldSlot, citizen, ONE.id)
    await town.call(WithdrawConsent, citizen)
    for use_case, argument in ((HoldSlot, ONE.id), (ConfirmBooking, held.booking.id), (ViewHold, held.booking.id)):
        with pytest.raises(CardSuspended):
            await town.call(use_case, citizen, argument)


async def test_a_withdrawn_consent_leaves_appointments_and_says_so(town: Town) -> None:
    await open_times(town, ONE, TWO)
    citizen = await somebody(town)
    stands = await booked(town, citizen, ONE)
    await town.deliver()
    # A chat takes a few messages at once, and the next ones a moment later.
    town.clock.turn(minutes=1)
    await town.call(WithdrawConsent, citizen)
    await town.deliver()
    told = [push.text for _, push in town.outside.pushes]
    assert any("told_without_consent n=1" in each for each in told), told
    assert len((await town.call(ViewComing, citizen)).bookings) == 1
    await town.call(CancelBooking, citizen, stands.id, "не приду")


async def test_a_time_that_begins_while_it_is_looked_at_is_given_to_nobody(town: Town) -> None:
    await open_times(town, ONE, TWO)
    citizen = await somebody(town)
    town.clock.moment = ONE.starts_at - timedelta(seconds=30)
    held = await town.call(HoldSlot, citizen, ONE.id)
    town.clock.turn(seconds=30)
    with pytest.raises(SlotTaken) as begun:
        await town.call(ConfirmBooking, citizen, held.booking.id)
    assert [each.id for each in begun.value.nearest] == [TWO.id]
    with pytest.raises(SlotTaken):
        await town.call(HoldSlot, await somebody(town, 2), ONE.id)
