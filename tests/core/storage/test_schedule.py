"""Facilities, doctors, their hours and days that differ, and who keeps them."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, time
from uuid import UUID

import pytest

from core.domain.actor import Citizen, Clinic, Role, Staff, System
from core.domain.ids import AccountId, ChatId, ClinicId, DoctorId, FacilityId, new_id
from core.domain.schedule import (
    Exceptional,
    FacilityExists,
    Hours,
    NoSuchDoctor,
    NoSuchFacility,
    Point,
    Source,
)
from core.storage.schedule import SqlFacilities, SqlTimetables
from tests.core.storage.house import House, Request, a_member
from tests.core.storage.receiving import DAY, a_doctor, a_facility


@pytest.fixture
async def open_house(house: House) -> AsyncIterator[tuple[Request, SqlFacilities, SqlTimetables]]:
    here = house.request()
    async with here.transaction:
        yield here, SqlFacilities(here.transaction), SqlTimetables(here.transaction)


Room = tuple[Request, SqlFacilities, SqlTimetables]


async def test_a_facility_is_found_as_it_was_put(open_house: Room) -> None:
    _, facilities, _ = open_house
    whole = a_facility(
        1,
        point=Point(56.8587, 35.9176),
        phone="+7 482 200-00-01",
        source=Source.FHIR,
        url="https://one.example/fhir",
        limit=5,
    )
    plain = a_facility(2)
    for each in (whole, plain):
        await facilities.put(each)
    assert await facilities.one(whole.id) == whole
    assert await facilities.by_code("2") == plain
    assert await facilities.by_code("3") is None
    assert await facilities.some([whole.id, FacilityId(UUID(int=9))]) == {whole.id: whole}
    with pytest.raises(NoSuchFacility):
        await facilities.one(FacilityId(UUID(int=9)))


async def test_only_open_facilities_are_listed_by_name_and_region(open_house: Room) -> None:
    _, facilities, _ = open_house
    second, first, far = a_facility(1, name="Б"), a_facility(2, name="А"), a_facility(3, name="В", region="77")
    for each in (second, first, far, replace(a_facility(4), closed=True)):
        await facilities.put(each)
    assert list(await facilities.all()) == [first, second, far]
    assert list(await facilities.all(region="77")) == [far]
    assert (await facilities.one(a_facility(4).id)).closed


async def test_a_code_belongs_to_one_facility_and_stays_with_it(open_house: Room) -> None:
    _, facilities, _ = open_house
    await facilities.put(a_facility(1))
    with pytest.raises(FacilityExists):
        await facilities.put(replace(a_facility(2), code="1"))
    await facilities.put(replace(a_facility(1), code="7", name="Другое имя"))
    assert await facilities.one(a_facility(1).id) == replace(a_facility(1), name="Другое имя")


async def test_doctors_are_listed_by_name_until_they_are_gone(open_house: Room) -> None:
    _, facilities, _ = open_house
    await facilities.put(a_facility(1))
    there = [a_doctor(1, name="Ягодкина В. В."), a_doctor(2, name="Абрикосова А. А.", speciality="dentist", room="12")]
    for each in there:
        await facilities.put_doctor(each)
    assert list(await facilities.doctors(a_facility(1).id)) == there[::-1]
    assert list(await facilities.doctors(a_facility(1).id, speciality="therapist")) == there[:1]
    await facilities.put_doctor(replace(there[0], gone=True))
    assert list(await facilities.doctors(a_facility(1).id)) == there[1:]
    assert (await facilities.doctor(there[0].id)).gone
    assert set(await facilities.some_doctors([each.id for each in there])) == {each.id for each in there}
    with pytest.raises(NoSuchDoctor):
        await facilities.doctor(DoctorId(UUID(int=9)))


async def test_specialities_are_those_that_somebody_receives_for(open_house: Room) -> None:
    _, facilities, _ = open_house
    await facilities.put(a_facility(1))
    await facilities.put(a_facility(2, region="77"))
    await facilities.put(replace(a_facility(3), closed=True))
    for doctor in (
        a_doctor(1),
        a_doctor(2, facility=a_facility(2).id, speciality="dentist"),
        a_doctor(3, speciality="surgeon", gone=True),
        a_doctor(4, facility=a_facility(3).id, speciality="ecg"),
    ):
        await facilities.put_doctor(doctor)
    assert await facilities.specialities() == {"therapist", "dentist"}
    assert await facilities.specialities(region="77") == {"dentist"}


async def test_a_registrar_keeps_what_is_assigned_and_an_administrator_all(open_house: Room) -> None:
    here, facilities, _ = open_house
    for number in (1, 2):
        await facilities.put(a_facility(number))
    now = here.transaction._clock.now()
    member = replace(a_member(now, "registrar"), role=Role.REGISTRAR)
    await here.staff.add(member, now)
    await facilities.assign(member.id, a_facility(1).id)
    await facilities.assign(member.id, a_facility(1).id)
    assert await facilities.kept_by(member.actor) == {a_facility(1).id}
    assert await facilities.kept_by(Staff(member.id, Role.ADMINISTRATOR)) is None
    assert await facilities.kept_by(System("worker")) is None
    assert await facilities.kept_by(Staff(member.id, Role.AUDITOR)) == frozenset()
    assert await facilities.kept_by(Citizen(AccountId(new_id(now)), ChatId(1))) == frozenset()
    assert await facilities.kept_by(Clinic(ClinicId(new_id(now)))) == frozenset()
    await facilities.unassign(member.id, a_facility(1).id)
    assert await facilities.kept_by(member.actor) == frozenset()


async def test_hours_are_kept_by_weekday_and_dropped_by_their_doctor_alone(open_house: Room) -> None:
    _, facilities, timetables = open_house
    await facilities.put(a_facility(1))
    for number in (1, 2):
        await facilities.put_doctor(a_doctor(number))
    friday = Hours(UUID(int=1), a_doctor(1).id, 4, time(14), time(19, 30), 15, DAY)
    monday = Hours(UUID(int=2), a_doctor(1).id, 0, time(8), time(12), 20, DAY, date(2027, 2, 28))
    for each in (friday, monday):
        await timetables.put_hours(each)
    assert list(await timetables.hours_of(a_doctor(1).id)) == [monday, friday]
    await timetables.put_hours(replace(monday, minutes=30))
    await timetables.drop_hours(a_doctor(2).id, friday.id)
    assert list(await timetables.hours_of(a_doctor(1).id)) == [replace(monday, minutes=30), friday]
    await timetables.drop_hours(a_doctor(1).id, friday.id)
    assert list(await timetables.hours_of(a_doctor(1).id)) == [replace(monday, minutes=30)]
    assert list(await timetables.hours_of(a_doctor(2).id)) == []


async def test_days_that_differ_are_those_of_the_facility_and_of_its_doctors(open_house: Room) -> None:
    _, facilities, timetables = open_house
    for number in (1, 2):
        await facilities.put(a_facility(number))
    await facilities.put_doctor(a_doctor(1))
    here = a_facility(1).id
    closed = Exceptional(UUID(int=1), here, date(2026, 12, 31), why="Инвентаризация")
    longer = Exceptional(UUID(int=2), here, date(2026, 12, 30), a_doctor(1).id, time(8), time(20), 15)
    saturday = Exceptional(UUID(int=3), here, date(2027, 1, 9), as_weekday=4)
    elsewhere = Exceptional(UUID(int=4), a_facility(2).id, date(2026, 12, 31))
    for each in (closed, longer, saturday, elsewhere):
        await timetables.put_exception(each)
    assert list(await timetables.exceptions_of(here, longer.day, closed.day)) == [longer, closed]
    await timetables.put_exception(replace(saturday, as_weekday=0))
    await timetables.drop_exception(a_facility(2).id, closed.id)
    await timetables.drop_exception(here, longer.id)
    found = await timetables.exceptions_of(here, date(2026, 1, 1), date(2027, 12, 31))
    assert list(found) == [closed, replace(saturday, as_weekday=0)]
