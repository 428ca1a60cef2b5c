"""What a clinic's server has to do, and what the product makes of it: the same for every server of FHIR R4."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from fhir.resources.R4B.appointment import Appointment

from core.domain.booking import Referral
from core.domain.ids import AccountId, ClinicId, RecordId
from core.domain.record import Category, Coding, Measured, Result, Visit
from core.gateways.fhir_schedules import FhirSchedules
from core.gateways.fhir_schedules.appointment import BOOKING
from core.gateways.wire import outside_client
from core.ports import Answer, Going, Standing, Unavailable
from tests.core.gateways.test_fhir_schedules.conftest import Clinic, HandedClock, booking_of, facility_at
from tests.core.gateways.test_fhir_schedules.servers import NOW

MARIA = Going("Ильина Анна Сергеевна", date(1992, 4, 17), "female", "7700000000000008", "+79000000001")
MOSCOW = ZoneInfo("Europe/Moscow")


async def test_doctors_have_the_same_ids_at_every_call(clinic: Clinic) -> None:
    first, second = [await clinic.schedules.doctors(clinic.facility) for _ in range(2)]
    assert first == second
    by_remote = {doctor.remote: doctor for doctor in first}
    assert {"Schedule/d01", "Schedule/d02", "Schedule/d05"} <= by_remote.keys()
    assert (by_remote["Schedule/d01"].speciality, by_remote["Schedule/d01"].room) == ("therapist", "101")
    assert by_remote["Schedule/d05"].speciality == "dentist"
    assert all(len(doctor.name.split()) == 3 and not doctor.gone for doctor in first)


async def test_who_may_come_is_known_where_the_service_comes_along(bases: dict[str, str]) -> None:
    """Of the playground's clinic alone: whether what is named comes along is a server's own choice."""
    async with outside_client() as http:
        doctors = await FhirSchedules(http, HandedClock()).doctors(facility_at(bases["playground"]))
    by_remote = {doctor.remote: doctor for doctor in doctors}
    assert by_remote["Schedule/d15"].note == ("По направлению врача этой поликлиники. Возьмите с собой полотенце")
    assert len(by_remote["Schedule/d15"].name.split()) == 3, "the doctor's name, not the service's"
    assert by_remote["Schedule/d01"].note == ""


async def test_slots_are_those_of_the_clinics_own_days(clinic: Clinic) -> None:
    doctors = await clinic.schedules.doctors(clinic.facility)
    day = NOW.date() + timedelta(days=1)
    first, second = [await clinic.schedules.slots(clinic.facility, doctors, day, day) for _ in range(2)]
    assert first == second
    assert first.keys() == {doctor.remote for doctor in doctors}
    slots = first["Schedule/d01"]
    assert slots
    assert slots == sorted(slots, key=lambda slot: slot.starts_at)
    assert {slot.starts_at.astimezone(MOSCOW).date() for slot in slots} == {day} == {slot.day for slot in slots}
    assert all(slot.version and slot.seen_at == NOW and slot.speciality == "therapist" for slot in slots)
    told = [await clinic.resource(slot.remote) for slot in slots]
    assert {each["status"] for each in told} == {"free"}


async def test_a_booking_makes_the_slot_busy_and_the_appointment(clinic: Clinic) -> None:
    slot = await clinic.take()
    referral = Referral("057-У/12", "Поликлиника № 7")
    booked = await clinic.schedules.ask(clinic.facility, booking_of(slot, referral=referral), MARIA)
    assert booked.answer is Answer.ACCEPTED
    assert (await clinic.resource(slot.remote))["status"] == "busy"
    assert slot.remote not in {each.remote for each in await clinic.free()}
    told = await clinic.resource(booked.remote)
    Appointment.model_validate(told)
    (patient,) = told["contained"]
    assert patient["name"][0]["text"] == MARIA.full_name
    assert (patient["gender"], patient["birthDate"]) == ("female", "1992-04-17")
    assert patient["identifier"][0]["value"] == MARIA.policy
    assert told["slot"] == [{"reference": slot.remote}]
    assert told["basedOn"][0]["identifier"] == {"value": "057-У/12", "assigner": {"display": "Поликлиника № 7"}}


async def test_what_the_person_allowed_goes_along_and_nothing_else(clinic: Clinic) -> None:
    account, home, blood = (
        AccountId(UUID(int=1)),
        ClinicId(UUID(int=2)),
        Coding("http://loinc.org", "14749-6", "Глюкоза"),
    )
    visit = Visit(
        RecordId(UUID(int=3)), account, home, NOW, kind=Coding("", "", "Приём терапевта"), doctor="Рябинина О. С.",
        diagnoses=(Coding("http://hl7.org/fhir/sid/icd-10", "I10", "Гипертензия"),), institution="Поликлиника № 7",
    )  # fmt: skip
    pressure = (
        Measured(Coding("", "", "Верхнее"), Decimal(120)),
        Measured(Coding("", "", "Нижнее"), None, text="не слышно"),
    )
    glucose = (Measured(blood, Decimal("5.40"), "ммоль/л", low=Decimal("3.9"), high=Decimal("6.1")),)
    results = [
        Result(RecordId(UUID(int=4)), account, home, Category.LABORATORY, NOW, blood, glucose, day_only=True),
        Result(RecordId(UUID(int=5)), account, home, Category.VITAL, NOW, Coding("", "", "Давление"), pressure),
    ]
    slot = await clinic.take()
    with_record = replace(MARIA, policy=None, phone=None, visits=[visit], results=results)
    booked = await clinic.schedules.ask(clinic.facility, booking_of(slot), with_record)
    told = await clinic.resource(booked.remote)
    Appointment.model_validate(told)
    kinds = [each["resourceType"] for each in told["contained"]]
    assert kinds == ["Patient", "Encounter", "Observation", "Observation"]
    assert [each["reference"] for each in told["supportingInformation"]] == ["#visit-1", "#result-1", "#result-2"]
    assert told["contained"][1]["reasonCode"][0]["coding"][0]["code"] == "I10"
    assert told["contained"][2]["valueQuantity"] == {"value": 5.4, "unit": "ммоль/л"}
    assert told["contained"][3]["component"][1]["valueString"] == "не слышно"
    assert not {"identifier", "telecom"} & told["contained"][0].keys()


async def test_of_many_on_one_slot_at_once_one_has_it(clinic: Clinic) -> None:
    slot = await clinic.take()
    bookings = [booking_of(slot) for _ in range(8)]
    answers = await asyncio.gather(*(clinic.schedules.ask(clinic.facility, each, MARIA) for each in bookings))
    assert sorted(each.answer for each in answers) == [Answer.ACCEPTED, *[Answer.TAKEN] * 7]
    standing = [await clinic.schedules.find(clinic.facility, each) for each in bookings]
    assert [each.standing for each in standing].count(Standing.BOOKED) == 1
    assert [each.standing for each in standing].count(Standing.MISSING) == 7


async def test_the_same_booking_asked_again_makes_no_second_one(clinic: Clinic) -> None:
    booking = booking_of(await clinic.take())
    first = await clinic.schedules.ask(clinic.facility, booking, MARIA)
    again = await asyncio.gather(*(clinic.schedules.ask(clinic.facility, booking, MARIA) for _ in range(3)))
    assert {each.remote for each in (first, *again)} == {first.remote}
    assert {each.answer for each in again} == {Answer.ACCEPTED}
    assert await bearing(clinic, booking.id) == 1


async def test_an_answer_that_is_lost_leaves_one_appointment_that_is_found(clinic: Clinic) -> None:
    booking = booking_of(await clinic.take())
    clinic.wire.trouble, clinic.wire.only = "lost", "POST"
    with pytest.raises(Unavailable) as unknown:
        await clinic.schedules.ask(clinic.facility, booking, MARIA)
    assert unknown.value.system == "clinic.schedule"
    clinic.wire.trouble = ""
    assert (await clinic.schedules.find(clinic.facility, booking)).standing is Standing.BOOKED
    assert (await clinic.schedules.ask(clinic.facility, booking, MARIA)).answer is Answer.ACCEPTED
    assert await bearing(clinic, booking.id) == 1


async def test_a_request_that_never_arrives_leaves_nothing(clinic: Clinic) -> None:
    booking = booking_of(await clinic.take())
    clinic.wire.trouble, clinic.wire.only = "drop", "POST"
    with pytest.raises(Unavailable):
        await clinic.schedules.ask(clinic.facility, booking, MARIA)
    clinic.wire.trouble = ""
    assert (await clinic.schedules.find(clinic.facility, booking)).standing is Standing.MISSING
    assert booking.slot.remote in {slot.remote for slot in await clinic.free()}


async def test_a_slot_whose_version_changed_but_is_free_is_still_to_be_had(clinic: Clinic) -> None:
    slot = await clinic.take()
    await clinic.write({**await clinic.resource(slot.remote), "status": "busy"})
    assert (await clinic.schedules.ask(clinic.facility, booking_of(slot), MARIA)).answer is Answer.TAKEN
    await clinic.write({**await clinic.resource(slot.remote), "status": "free"})
    assert (await clinic.schedules.ask(clinic.facility, booking_of(slot), MARIA)).answer is Answer.ACCEPTED


async def test_a_slot_that_is_taken_between_the_look_and_the_change_is_taken(clinic: Clinic) -> None:
    slot = await clinic.take()
    original = clinic.wire.way.handle_async_request

    async def overtaken(request):  # type: ignore[no-untyped-def]
        if request.method == "POST":
            clinic.wire.way.handle_async_request = original  # type: ignore[method-assign]
            await clinic.write({**await clinic.resource(slot.remote), "status": "busy"})
        return await original(request)

    clinic.wire.way.handle_async_request = overtaken  # type: ignore[method-assign]
    booking = booking_of(slot)
    assert (await clinic.schedules.ask(clinic.facility, booking, MARIA)).answer is Answer.TAKEN
    assert (await clinic.schedules.find(clinic.facility, booking)).standing is Standing.MISSING


async def test_a_cancelled_appointment_frees_its_slot_and_twice_is_no_fault(clinic: Clinic) -> None:
    booking = booking_of(await clinic.take(), reason="Заболел ребёнок")
    await clinic.schedules.cancel(clinic.facility, booking)
    await clinic.schedules.ask(clinic.facility, booking, MARIA)
    for _ in range(2):
        await clinic.schedules.cancel(clinic.facility, booking)
    found = await clinic.schedules.find(clinic.facility, booking)
    assert (found.standing, found.why) == (Standing.CANCELLED, "Заболел ребёнок")
    assert booking.slot.remote in {slot.remote for slot in await clinic.free()}
    Appointment.model_validate(await clinic.resource(found.remote))
    assert (await clinic.schedules.ask(clinic.facility, booking, MARIA)).answer is Answer.TAKEN


async def test_what_the_clinic_cancels_is_found_cancelled_with_its_words(clinic: Clinic) -> None:
    booking = booking_of(await clinic.take())
    booked = await clinic.schedules.ask(clinic.facility, booking, MARIA)
    await clinic.write(
        {**await clinic.resource(booked.remote), "status": "cancelled", "cancelationReason": {"text": "Врач заболел"}}
    )
    found = await clinic.schedules.find(clinic.facility, booking)
    assert (found.standing, found.why) == (Standing.CANCELLED, "Врач заболел")
    await clinic.schedules.cancel(clinic.facility, booking)
    assert (await clinic.resource(booking.slot.remote))["status"] == "busy", "the clinic did not give it back"


async def test_where_the_clinic_moves_it_is_found_and_cancelled_there(clinic: Clinic) -> None:
    booking, other = booking_of(await clinic.take()), await clinic.take()
    booked = await clinic.schedules.ask(clinic.facility, booking, MARIA)
    assert (await clinic.schedules.find(clinic.facility, booking)).starts_at is None
    there = await clinic.resource(other.remote)
    told = await clinic.resource(booked.remote)
    moved = {**told, "slot": [{"reference": other.remote}], "start": there["start"], "end": there["end"]}
    await clinic.write(
        moved, {**there, "status": "busy"}, {**await clinic.resource(booking.slot.remote), "status": "free"}
    )
    found = await clinic.schedules.find(clinic.facility, booking)
    assert (found.standing, found.starts_at) == (Standing.BOOKED, other.starts_at)
    await clinic.schedules.cancel(clinic.facility, booking)
    assert other.remote in {slot.remote for slot in await clinic.free()}


async def test_running_late_is_told_once_with_the_newest_word(clinic: Clinic) -> None:
    booking = booking_of(await clinic.take())
    await clinic.schedules.tell_late(clinic.facility, replace(booking, late=10))
    booked = await clinic.schedules.ask(clinic.facility, booking, MARIA)
    await clinic.write({**await clinic.resource(booked.remote), "comment": "Позвонить накануне"})
    for minutes in (10, 15):
        await clinic.schedules.tell_late(clinic.facility, replace(booking, late=minutes))
    told = await clinic.resource(booked.remote)
    assert told["comment"] == "Позвонить накануне\nПациент опаздывает: 15 мин"
    assert [each["valueDuration"]["value"] for each in told["extension"]] == [15]
    Appointment.model_validate(told)


@pytest.mark.parametrize("trouble", ["down", "slow", "garbage", "drop"])
async def test_a_server_in_trouble_is_unavailable_whatever_is_asked(clinic: Clinic, trouble: str) -> None:
    booking = booking_of(await clinic.take())
    doctors = await clinic.schedules.doctors(clinic.facility)
    clinic.wire.trouble = trouble
    day = NOW.date()
    for asked in (
        clinic.schedules.doctors(clinic.facility),
        clinic.schedules.slots(clinic.facility, doctors, day, day),
        clinic.schedules.ask(clinic.facility, booking, MARIA),
        clinic.schedules.find(clinic.facility, booking),
        clinic.schedules.cancel(clinic.facility, booking),
        clinic.schedules.tell_late(clinic.facility, replace(booking, late=5)),
    ):
        with pytest.raises(Unavailable):
            await asked


async def bearing(clinic: Clinic, booking: UUID) -> int:
    """How many appointments of the server bear a booking's number."""
    found = await clinic.http.get(f"{clinic.facility.url}/Appointment", params={"identifier": f"{BOOKING}|{booking}"})
    total: int = found.json()["total"]
    return total
