"""From a complaint to a check window: what is found, where it is, what goes along."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from core.domain.access import LockedOut, Section
from core.domain.actor import Citizen
from core.domain.booking import (
    BookingState,
    InvalidReferral,
    ReferralNeeded,
    receives_age,
)
from core.domain.factor import SPAN
from core.domain.ids import ClinicId, FacilityId, RecordId
from core.domain.record import Referral as Given
from core.domain.record import Referrals
from core.domain.schedule import Point, Wanted
from core.ports import Transaction
from core.services.booking import (
    ConfirmBooking,
    FindSpecialities,
    HoldSlot,
    ListDoctors,
    ListPlaces,
    NameReferral,
    ShareWith,
    ViewComing,
    ViewDays,
    ViewStart,
    ViewTimes,
)
from tests.core.services.polyclinic import (
    SAMARA,
    TVER,
    a_doctor,
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
WITH_DOCTOR = Wanted("therapist", facility=TVER.id)


async def test_who_has_booked_before_is_two_taps_from_the_soonest_time(town: Town) -> None:
    await open_times(town, ONE, TWO, THREE)
    citizen = await somebody(town)
    assert (await town.call(ViewStart, citizen)).last is None
    await booked(town, citizen, TWO)
    last = (await town.call(ViewStart, citizen)).last
    assert (last.doctor.name, last.soonest.slot.id) == ("Иванцов 1", ONE.id)


async def test_who_grew_up_is_not_led_back_to_the_clinic_for_children(town: Town) -> None:
    children = await with_a_dentist(town, 2, "paediatrician")
    citizen = await somebody(town, birth_date=date(2008, 11, 26))
    await booked(town, citizen, dentists_time(children))
    await open_times(town, dentists_time(children, 99), doctor=the_dentist(children), facility=children)
    assert (await town.call(ViewStart, citizen)).last.facility.id == children.id
    town.clock.moment += timedelta(days=3)
    assert (await town.call(ViewStart, citizen)).last is None, "eighteen since yesterday"


async def test_the_doctor_of_the_last_time_who_would_refuse_is_not_offered(town: Town) -> None:
    paediatrician = a_doctor(7, speciality="paediatrician")
    times = [a_slot(number, paediatrician) for number in (1, 99)]
    await open_times(town, *times, doctor=paediatrician)
    citizen = await somebody(town, birth_date=date(2008, 11, 26))
    await booked(town, citizen, times[0])
    assert (await town.call(ViewStart, citizen)).last.doctor.id == paediatrician.id
    town.clock.moment += timedelta(days=3)
    assert (await town.call(ViewStart, citizen)).last is None


async def test_from_a_complaint_to_a_slip_with_a_number(town: Town) -> None:
    await open_times(town, ONE, TWO, a_slot(20), a_slot(40))
    citizen = await somebody(town)
    start = await town.call(ViewStart, citizen)
    assert [each.name("ru") for each in start.usual] == ["Терапевт"]
    [first, *_] = await town.call(FindSpecialities, citizen, "горло")
    assert first.code in {"therapist", "ent"}
    places = await town.call(ListPlaces, citizen, "therapist", "69")
    assert [each.facility.id for each in places.places] == [TVER.id]
    doctors = await town.call(ListDoctors, citizen, WITH_DOCTOR)
    assert doctors.soonest.slot.id == ONE.id
    days = await town.call(ViewDays, citizen, WITH_DOCTOR)
    assert days.days == {date(2026, 11, 25): 4}
    times = await town.call(ViewTimes, citizen, WITH_DOCTOR, date(2026, 11, 25))
    shown = [[f"{each.wall.at:%H:%M}" for each in part] for part in (times.morning, times.daytime, times.evening)]
    assert shown == [["09:00", "09:15"], ["13:45"], ["18:45"]]
    held = await town.call(HoldSlot, citizen, ONE.id)
    assert (held.name, held.born, held.policy) == ("Ильина Анна Сергеевна", date(1992, 3, 14), "5677")
    stands = (await town.call(ConfirmBooking, citizen, held.booking.id)).view
    assert stands.booking.state is BookingState.BOOKED
    assert len(stands.booking.number) == 9
    [coming] = (await town.call(ViewComing, citizen)).bookings
    assert coming.booking == stands.booking
    assert (await town.call(ViewDays, citizen, WITH_DOCTOR)).days == {date(2026, 11, 25): 3}


async def test_a_complaint_does_not_offer_an_adult_the_doctors_of_children(town: Town) -> None:
    citizen = await somebody(town)
    for words in ("горло", "сердце"):
        found = {each.code for each in await town.call(FindSpecialities, citizen, words)}
        assert found
        assert found.isdisjoint({"paediatrician", "paediatric_cardiologist"})
    assert [each.code for each in await town.call(FindSpecialities, citizen, "педиатр")] == ["paediatrician"]


async def test_a_referral_is_asked_for_where_the_speciality_needs_one(town: Town) -> None:
    heart = a_doctor(2, speciality="cardiologist")
    await open_times(town, a_slot(1, heart), doctor=heart)
    citizen = await somebody(town)
    held = await town.call(HoldSlot, citizen, a_slot(1, heart).id)
    assert held.wants_referral
    with pytest.raises(ReferralNeeded):
        await town.call(ConfirmBooking, citizen, held.booking.id)
    for wrong in ("", "!!!", "не знаю", "1" * 41):
        with pytest.raises(InvalidReferral):
            await town.call(NameReferral, citizen, held.booking.id, wrong)
    assert (await town.call(NameReferral, citizen, held.booking.id, "№ 57-12/26")).referral.number == "57-12/26"
    stands = await town.call(ConfirmBooking, citizen, held.booking.id)
    assert stands.view.booking.referral.number == "57-12/26"


async def test_a_referral_that_the_card_has_is_found_by_itself(town: Town) -> None:
    heart = a_doctor(2, speciality="cardiologist")
    slots = [a_slot(number, heart) for number in (1, 2)]
    await open_times(town, *slots, doctor=heart)
    citizen, other = await somebody(town), await somebody(town, 2)
    given, until = slots[0].day - timedelta(days=9), slots[0].day
    plain = given_by(citizen, given, until)
    async with town.container() as scope, await scope.get(Transaction):
        old = replace(plain, id=RecordId(UUID(int=2)), number="old", valid_until=until - timedelta(days=1))
        await (await scope.get(Referrals)).put([plain, old])
    held = await town.call(HoldSlot, citizen, slots[0].id)
    assert (held.referral.number, held.referral.found, held.wants_referral) == ("57-12/26", True, False)
    await town.call(ConfirmBooking, citizen, held.booking.id)
    assert (await town.call(HoldSlot, other, slots[1].id)).wants_referral


def given_by(citizen: Citizen, given: date, until: date) -> Given:
    """A clinic's referral to a cardiologist."""
    clinic = ClinicId(UUID(int=9))
    return Given(RecordId(UUID(int=1)), citizen.account, clinic, given, "cardiologist", "57-12/26", "Клиника", until)


async def test_the_record_goes_along_only_after_the_second_factor(town: Town) -> None:
    await open_times(town, ONE)
    citizen = await somebody(town)
    town.clock.turn(seconds=SPAN.total_seconds())
    held = await town.call(HoldSlot, citizen, ONE.id)
    assert held.booking.shares == frozenset()
    with pytest.raises(LockedOut):
        await town.call(ShareWith, citizen, held.booking.id, Section.RESULTS, on=True)
    await town.unlock(citizen)
    shown = await town.call(ShareWith, citizen, held.booking.id, Section.RESULTS, on=True)
    assert shown.booking.shares == {Section.RESULTS}
    shown = await town.call(ShareWith, citizen, held.booking.id, Section.RESULTS, on=False)
    assert shown.booking.shares == frozenset()


async def test_the_attached_facility_comes_first_and_a_silent_registry_stops_nobody(town: Town) -> None:
    far = a_doctor(2, SAMARA)
    await open_times(town, TWO)
    await open_times(town, a_slot(1, far, SAMARA), doctor=far, facility=SAMARA)
    citizen = await somebody(town)
    town.outside.attached["7756000812345677"] = TVER.code
    places = (await town.call(ListPlaces, citizen, "therapist", "63")).places
    assert [(each.facility.id, each.attached) for each in places] == [(TVER.id, True), (SAMARA.id, False)]
    town.outside.away.add("attachment")
    view = await town.call(ListPlaces, citizen, "therapist", "63")
    assert view.registry_away
    assert [each.facility.id for each in view.places] == [SAMARA.id]


async def test_whoever_shares_where_they_are_sees_what_is_near(town: Town) -> None:
    for number, facility in enumerate((TVER, SAMARA), start=1):
        point = Point(56.8 - number / 4, 35.9)
        doctor = a_doctor(number, facility)
        placed = type(facility)(**{name: getattr(facility, name) for name in facility.__slots__} | {"point": point})
        await open_times(town, a_slot(number, doctor, facility), doctor=doctor, facility=placed)
    citizen = await somebody(town)
    view = await town.call(ListPlaces, citizen, "therapist", None, Point(56.3, 35.9))
    assert [(each.facility.id, round(each.km)) for each in view.places] == [(SAMARA.id, 0), (TVER.id, 28)]
    assert view.region == SAMARA.region, "where the others are found"
    farther = (await town.call(ListPlaces, citizen, "therapist", None, Point(56.0, 35.9))).places
    assert [(each.facility.id, round(each.km)) for each in farther] == [(SAMARA.id, 33)], "61 km are not near"
    nobody = (await town.call(ListPlaces, citizen, "therapist", None, Point(55.0, 35.9))).places
    assert [(each.facility.id, round(each.km)) for each in nobody] == [(SAMARA.id, 145)], (
        "the region's own, however far"
    )


async def test_a_clinic_for_children_is_offered_to_no_adult_and_one_for_adults_to_no_child(town: Town) -> None:
    adults = await with_a_dentist(town, 1, "therapist")
    children = await with_a_dentist(town, 2, "paediatrician")
    named = await with_a_dentist(town, 3, "ent", "Детская стоматология")
    for_all = await with_a_dentist(town, 4, "ent")
    citizen = await somebody(town)

    async def offered(speciality: str = "dentist") -> set[FacilityId]:
        return {each.facility.id for each in (await town.call(ListPlaces, citizen, speciality, "69")).places}

    assert await offered() == {adults.id, for_all.id}
    assert await offered("paediatrician") == {children.id}, "the refusal that follows says why"
    assert receives_age(named, {"ent", "dentist"}, 17)
    assert not receives_age(named, {"ent", "dentist"}, 18)
    assert not receives_age(adults, {"therapist", "dentist"}, 17)
    assert receives_age(adults, {"therapist", "paediatrician"}, 3), "a city clinic has both"
