"""The rules of booking: ages, sexes, limits, overlaps, states, numbers that nobody mishears."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.booking import (
    LIVING,
    MOVES,
    STANDING,
    WAIT_MOVES,
    Booking,
    BookingState,
    NoPolicy,
    Overlaps,
    Patient,
    Referral,
    ReferralNeeded,
    TooMany,
    WaitState,
    WrongAge,
    WrongSex,
    fresh_number,
    movable,
    refusal,
    waitable,
    years,
)
from core.domain.identifiers import Sex
from core.domain.ids import AccountId, BookingId, DoctorId, FacilityId, SlotId
from core.domain.notification import WallTime
from core.domain.schedule import Facility, Slot, SlotTaken
from core.domain.speciality import SPECIALITIES

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HERE = Facility(FacilityId(UUID(int=1)), "69-1", "Поликлиника", "Тверь", "69", "Europe/Moscow", limit=2)
ANNA = Patient(date(1992, 3, 14), Sex.FEMALE, has_policy=True)
WHO = AccountId(UUID(int=7))


def a_slot(minutes: int = 60, speciality: str = "therapist", facility: FacilityId = HERE.id, length: int = 15) -> Slot:
    starts = NOW + timedelta(minutes=minutes)
    return Slot(
        SlotId(UUID(int=1000 + minutes)), DoctorId(UUID(int=2)), facility, speciality, "69", starts.date(), starts,
        starts + timedelta(minutes=length), NOW,
    )  # fmt: skip


def a_booking(slot: Slot) -> Booking:
    return Booking(
        BookingId(UUID(int=slot.id.int + 1)),
        WHO,
        WHO,
        slot,
        BookingState.BOOKED,
        NOW,
        WallTime(datetime(2026, 11, 23), "Europe/Moscow"),
    )


def refused(slot: Slot, *standing: Slot, patient: Patient = ANNA, **more: object) -> type[Exception] | None:
    """The kind of what stands in the way."""
    bookings = [a_booking(each) for each in standing]
    found = refusal(patient, slot, HERE, SPECIALITIES[slot.speciality], bookings, NOW, **more)  # type: ignore[arg-type]
    return None if found is None else type(found)


@pytest.mark.parametrize(
    ("born", "day", "full"),
    [
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 28), 19),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(2008, 11, 25), date(2026, 11, 25), 18),
    ],
)
def test_born_on_the_29th_of_february_one_is_a_year_older_on_the_1st_of_march(born: date, day: date, full: int) -> None:
    assert years(born, day) == full


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 40_000))
def test_nobody_grows_younger(born: date, days: int) -> None:
    day = born + timedelta(days=days)
    assert 0 <= years(born, day) <= years(born, day + timedelta(days=1)) <= years(born, day) + 1


def test_the_age_that_counts_is_that_of_the_day_of_the_visit() -> None:
    almost = Patient(date(2008, 11, 24), Sex.FEMALE, has_policy=True)
    assert refused(a_slot(), patient=almost) is WrongAge
    assert refused(a_slot(24 * 60), patient=almost) is None
    assert refused(a_slot(24 * 60, "paediatrician"), patient=almost) is WrongAge


def test_a_refusal_names_the_ages_and_the_limit() -> None:
    keys = {(bounds, WrongAge(*bounds).message_key) for bounds in ((18, None), (None, 17), (15, 59))}
    assert keys == {
        ((18, None), "booking.wrong_age_from"),
        ((None, 17), "booking.wrong_age_to"),
        ((15, 59), "booking.wrong_age_from_to"),
    }
    assert WrongAge(15, 59).params == {"from": "15", "to": "59"}
    assert TooMany(3).params == {"limit": "3"}


def test_what_is_not_known_refuses_nothing_but_a_policy_does() -> None:
    unknown = Patient(None, None, has_policy=True)
    assert refused(a_slot(speciality="gynaecologist"), patient=unknown) is None
    assert refused(a_slot(), patient=replace(unknown, has_policy=False)) is NoPolicy
    assert refused(a_slot(speciality="gynaecologist"), patient=replace(ANNA, sex=Sex.MALE)) is WrongSex


@pytest.mark.parametrize(
    ("begins", "meets"), [(30, None), (45, None), (46, Overlaps), (60, Overlaps), (74, Overlaps), (75, None)]
)
def test_two_appointments_that_only_touch_do_not_overlap(begins: int, meets: type[Exception] | None) -> None:
    assert refused(a_slot(begins), a_slot(60)) is meets


def test_the_appointment_whose_place_is_taken_counts_for_nothing() -> None:
    full = [a_slot(100), a_slot(200)]
    assert refused(a_slot(300), *full) is TooMany
    assert refused(a_slot(300), *full, instead_of=a_booking(full[0])) is None
    assert refused(a_slot(105), *full, instead_of=a_booking(full[0])) is None
    assert refused(a_slot(300), a_slot(100, facility=FacilityId(UUID(int=9))), full[1]) is None


def test_a_referral_is_asked_for_only_when_it_is_confirmed() -> None:
    heart = a_slot(speciality="cardiologist")
    assert refused(heart) is None
    assert refused(heart, confirming=True) is ReferralNeeded
    assert refused(heart, confirming=True, referral=Referral("57-12/26")) is None


def test_what_has_begun_is_nobodys() -> None:
    assert refused(a_slot(0)) is SlotTaken
    assert refused(a_slot(-5)) is SlotTaken


def test_what_ended_stays_ended_and_what_lives_may_end() -> None:
    assert all(not MOVES[each] for each in BookingState if each not in LIVING)
    assert STANDING < LIVING
    assert all(MOVES[each] for each in LIVING)
    assert movable(BookingState.BOOKED) == ["held", "asked"]
    assert movable(BookingState.HELD) == []
    assert waitable(WaitState.LEFT) == ["waiting", "offered"]
    assert all(not WAIT_MOVES[each] for each in (WaitState.TAKEN, WaitState.LEFT))


def test_a_number_has_nothing_that_looks_or_sounds_like_something_else() -> None:
    numbers = {fresh_number() for _ in range(200)}
    assert len(numbers) == 200
    assert all(len(each) == 9 and each[4] == "-" for each in numbers)
    assert not set("".join(numbers)) & set("01ILOU")
