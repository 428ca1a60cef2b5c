"""Schedules that a clinic sends, and appointments that it reads, moves and calls off; hostile ones too."""

from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

from core.domain.access import Section
from core.domain.actor import Clinic, label
from core.domain.audit import Operation
from core.domain.booking import BookingState
from core.domain.clinic import Clinics
from core.domain.record import Visits
from core.domain.resource import Key, Resources, record_id
from core.ports import Transaction
from core.services.schedule import AddFacility, EntrustFacility, MakeSlots, ReadAppointments
from core.storage.audit import SqlAuditTrail
from core.storage.transaction import SqlTransaction
from tests.api.booked import FOUNDER, TOLD, book, practice, somebody, use
from tests.api.clinics import ClinicSide, outcome, registered
from tests.api.office import Office
from tests.api.sending import Sender, appointment, at, location, practitioner, schedule, slot
from tests.core.services.patient import a_visit
from tests.fhir import bundle, observation, patient


@pytest.fixture
async def sender(office: Office, side: ClinicSide) -> Sender:
    facility = await use(office, AddFacility, FOUNDER, code="690001", **TOLD)
    await use(office, EntrustFacility, FOUNDER, facility.id, "polyclinic")
    return Sender(office, side, facility)


async def test_a_schedule_comes_whole_and_twice_is_once(sender: Sender) -> None:
    whole = (
        practitioner(),
        location(),
        schedule(),
        slot(),
        slot("t2", "09:15", "09:30"),
        slot("t3", "10:00", "10:15", status="busy"),
    )
    assert await sender.taken(*whole) == ["201 Created"] * 6
    assert await sender.starts() == ["09:00", "09:15"]
    assert await sender.taken(*whole) == ["200 OK"] * 6
    await use(sender.office, MakeSlots)
    assert await sender.starts() == ["09:00", "09:15"], "what the clinic sent is not made away with"
    single = await sender.side.sends(slot(status="busy", meta={"versionId": "2"}), "/fhir/Slot/t1", "PUT")
    assert single.status_code == 200
    assert await sender.starts() == ["09:15"]
    late = await sender.side.sends(slot(meta={"versionId": "1"}), "/fhir/Slot/t1", "PUT")
    assert "newer version" in late.json()["issue"][0]["diagnostics"]
    assert await sender.starts() == ["09:15"]
    assert (await sender.side.sends(slot("t9", "11:00", "11:15"), "/fhir/Slot")).status_code == 201
    assert await sender.starts() == ["09:15", "11:00"]


async def test_addresses_of_the_bundle_and_records_beside_are_understood(sender: Sender) -> None:
    doctor, place = practitioner(), location()
    told = schedule(actor=[{"reference": f"urn:uuid:{each['id']}"} for each in (doctor, place)])
    free = slot(schedule={"reference": "urn:uuid:s1"})
    assert set(await sender.taken(free, told, doctor, place, patient(), observation())) == {"201 Created"}
    assert await sender.starts() == ["09:00"]


FIFTH, START, END = (f"Bundle.entry[4].resource{field}" for field in ("", ".start", ".end"))
ELSEWHERE = [{"reference": "Practitioner/pr1"}, {"reference": "Location/l2"}]
HOSTILE: list[tuple[list[dict[str, Any]], int, str, str]] = [
    ([slot("t2", "09:10", "09:25")], 422, "business-rule", START),
    ([slot("t2", "09:30", "09:30")], 422, "business-rule", END),
    ([slot("t2", "10:00", "09:30")], 422, "business-rule", END),
    ([slot("t2", "10:00", "18:00")], 422, "business-rule", END),
    ([at("9999-12-31T23:50:00-14:00", "9999-12-31T23:59:59-14:00")], 422, "business-rule", START),
    ([at("0001-01-01T00:00:00+14:00", "0001-01-01T00:15:00+14:00")], 422, "business-rule", START),
    ([at("2029-12-31T09:00:00Z", "2029-12-31T09:15:00Z")], 422, "business-rule", START),
    ([at("2026-11-24T10:00:00+07:00", "2026-11-24T10:15:00+07:00")], 422, "business-rule", START),
    ([slot("t2", schedule={"reference": "Schedule/none"})], 422, "not-found", f"{FIFTH}.schedule.reference"),
    ([slot("t2", schedule={"reference": "Location/room"})], 422, "value", f"{FIFTH}.schedule"),
    ([schedule(id="s2", specialty=[{"text": "шаман"}])], 422, "code-invalid", f"{FIFTH}.specialty"),
    ([schedule(id="s2", actor=[{"reference": "Location/room"}])], 422, "required", f"{FIFTH}.actor"),
    (
        [location("770777") | {"id": "l2"}, schedule(id="s2", actor=ELSEWHERE)],
        422,
        "not-found",
        "Bundle.entry[5].resource.actor",
    ),
    (
        [location() | {"id": a, "partOf": {"reference": f"Location/{b}"}} for a, b in (("l2", "l3"), ("l3", "l2"))],
        422,
        "business-rule",
        "",
    ),
    ([appointment("AAAA-AAAA", status="cancelled")], 404, "not-found", f"{FIFTH}.identifier"),
    ([appointment("\u0001", status="cancelled")], 404, "not-found", f"{FIFTH}.identifier"),
    ([appointment("AAAA-AAAA", identifier=[])], 404, "not-found", f"{FIFTH}.identifier"),
]


@pytest.mark.parametrize("case", HOSTILE, ids=range(len(HOSTILE)))
async def test_what_cannot_be_is_refused_with_its_place_and_nothing_is_stored(
    sender: Sender, case: tuple[list[dict[str, Any]], int, str, str]
) -> None:
    wrong, status, code, place = case
    answer = await sender.sends(practitioner(), location(), schedule(), slot(), *wrong)
    (issue,) = outcome(answer, status)
    assert issue[0] == code
    assert not place or issue[1] == place
    assert await sender.slots() == []
    assert set(await sender.taken(practitioner(), location(), schedule(), slot())) == {"201 Created"}


async def test_an_instant_without_an_offset_is_refused(sender: Sender) -> None:
    bare = slot(start="2026-11-24T10:00:00", end="2026-11-24T10:15:00")
    issues = outcome(await sender.sends(practitioner(), location(), schedule(), bare), 422)
    assert {place for _, place in issues} <= {"Bundle.entry[3].resource.start", "Bundle.entry[3].resource.end"}
    assert issues


async def test_a_clinic_touches_no_facility_but_its_own(office: Office, sender: Sender) -> None:
    other = await practice(office, "690002", name="Чужая поликлиника")
    _, booking = await other.books(7)
    number = (await other.state(booking)).number
    theirs = schedule(id="s2", actor=[{"reference": "Practitioner/pr1"}, {"reference": "Location/room"}])
    answer = await sender.sends(practitioner(), location("690002"), theirs)
    assert outcome(answer, 422) == [("not-found", "Bundle.entry[2].resource.actor")]
    known = outcome(await sender.sends(appointment(number, status="cancelled")), 404)
    by_id = appointment("", identifier=[{"system": "urn:medkarta:booking", "value": str(booking)}], status="cancelled")
    assert (
        known == outcome(await sender.sends(by_id), 404) == outcome(await sender.sends(appointment("AAAA-AAAA")), 404)
    )
    assert (await other.state(booking)).state is BookingState.BOOKED
    (free, *_) = await other.slots()
    await sender.taken(practitioner(), location(), schedule(), slot())
    mine = await book(office, await somebody(office, 8), (await sender.slots())[0])
    moved = appointment((await sender.state(mine)).number, slot=[{"reference": f"Slot/{free.id}"}])
    assert outcome(await sender.sends(moved), 422) == [("not-found", "Bundle.entry[0].resource.slot[0].reference")]
    found = (await sender.side.http.get("/fhir/Appointment")).json()
    assert [each["resource"]["id"] for each in found["entry"]] == [str(mine)]


async def test_one_called_off_by_the_clinic_is_called_off_and_again_changes_nothing(
    office: Office, sender: Sender
) -> None:
    await sender.taken(practitioner(), location(), schedule(), slot(), slot("t2", "09:15", "09:30"))
    one = await book(office, await somebody(office, 1), (await sender.slots())[0])
    number = (await sender.state(one)).number
    ends = appointment(number, status="cancelled", cancelationReason={"text": "Врач заболел"})
    assert await sender.taken(ends) == ["201 Created"]
    found = await sender.state(one)
    assert (found.state, found.reason) == (BookingState.CALLED_OFF, "Врач заболел")
    assert await sender.taken(ends) == ["200 OK"]
    two = await book(office, await somebody(office, 2), (await sender.slots())[0])
    assert await sender.taken(appointment((await sender.state(two)).number, id="a2", status="noshow")) == [
        "201 Created"
    ]
    assert (await sender.state(two)).state is BookingState.CALLED_OFF


async def test_one_that_the_clinic_moves_is_moved_into_a_slot_of_its_own(office: Office, sender: Sender) -> None:
    await sender.taken(practitioner(), location(), schedule(), slot(), slot("t2", "12:00", "12:15", status="busy"))
    one = await book(office, await somebody(office, 1), (await sender.slots())[0])
    number = (await sender.state(one)).number
    assert await sender.taken(appointment(number, slot=[{"reference": "Slot/t2"}])) == ["201 Created"]
    moved = await sender.state(one)
    assert (moved.state, f"{moved.wall.at:%H:%M}", moved.slot.remote) == (BookingState.BOOKED, "12:00", "Slot/t2")
    assert await sender.starts() == ["09:00"]
    two = await book(office, await somebody(office, 2), (await sender.slots())[0])
    taken = appointment((await sender.state(two)).number, id="a2", slot=[{"reference": "Slot/t2"}])
    assert outcome(await sender.sends(taken), 422) == [("conflict", "Bundle.entry[0].resource.slot[0]")]
    later = slot("t1", "09:30", "09:45", meta={"versionId": "2"})
    await sender.taken(later)
    assert f"{(await sender.state(two)).wall.at:%H:%M}" == "09:30", "who has a slot follows where it moved"
    await sender.taken(slot("t1", "09:30", "09:45", status="busy", meta={"versionId": "3"}))
    assert (await sender.state(two)).state is BookingState.BOOKED, "busy: it is theirs"
    await sender.taken(slot("t1", "09:30", "09:45", status="busy-unavailable", meta={"versionId": "4"}))
    assert (await sender.state(two)).state is BookingState.CALLED_OFF


async def test_a_schedule_that_ends_calls_off_who_was_to_come(office: Office, sender: Sender) -> None:
    await sender.taken(practitioner(), location(), schedule(), slot(), slot("t2", "12:00", "12:15"))
    one = await book(office, await somebody(office, 1), (await sender.slots())[0])
    await sender.taken(schedule(active=False, meta={"versionId": "2"}))
    assert (await sender.state(one)).state is BookingState.CALLED_OFF
    assert await sender.slots() == []
    refused = await sender.sends(slot("t3", "13:00", "13:15"))
    assert outcome(refused, 422) == [("not-found", "Bundle.entry[0].resource.schedule")]


async def test_a_clinic_reads_its_appointments_as_far_as_each_lets_it_go(office: Office, sender: Sender) -> None:
    await sender.taken(
        practitioner(), location(), schedule(), *(slot(f"t{n}", f"{9 + n:02}:00", f"{9 + n:02}:15") for n in range(5))
    )
    shares = (frozenset({Section.VISITS}), frozenset[Section](), frozenset[Section]())
    people = [await somebody(office, number) for number in (1, 2, 3)]
    slots = await sender.slots()
    made = [await book(office, each, at, shares=goes) for each, at, goes in zip(people, slots, shares, strict=False)]
    async with office.container() as inside:
        visits = await inside.get(Visits)
        async with await inside.get(Transaction):
            await visits.put([a_visit(people[0], 1), a_visit(people[1], 1)])
    office.clock.passes(minutes=1)
    since = office.clock.now().isoformat()
    await sender.taken(appointment((await sender.state(made[2])).number, status="cancelled"))
    whole = (await sender.side.http.get("/fhir/Appointment", params={"date": "2026-11-24"})).json()
    Bundle.model_validate(whole)
    first, second, third = (each["resource"] for each in whole["entry"])
    assert [each["resourceType"] for each in first["contained"]] == ["Patient", "Encounter"]
    assert [each["resourceType"] for each in second["contained"]] == ["Patient"]
    assert first["contained"][0]["name"][0]["text"] == "Ильина-1 Анна"
    assert (third["status"], "contained" in third) == ("cancelled", False)
    assert (first["status"], first["slot"], first["start"]) == (
        "booked", [{"reference": "Slot/t0"}], "2026-11-24T06:00:00+00:00",
    )  # fmt: skip
    assert {each["system"] for each in first["identifier"]} == {"urn:medkarta:booking", "urn:medkarta:slip"}
    new = (await sender.side.http.get("/fhir/Appointment", params={"_lastUpdated": f"ge{since}"})).json()
    assert [each["resource"]["id"] for each in new["entry"]] == [str(made[2])]
    page = (await sender.side.http.get("/fhir/Appointment", params={"date": "ge2026-11-24", "_count": "2"})).json()
    following = next(each["url"] for each in page["link"] if each["relation"] == "next")
    rest = (await sender.side.http.get(following.removeprefix("http://desk.example.org"))).json()
    assert [each["resource"]["id"] for each in (*page["entry"], *rest["entry"])] == [str(each) for each in made]
    empty = (await sender.side.http.get("/fhir/Appointment", params={"date": "lt2026-11-24"})).json()
    assert "entry" not in empty
    for wrong in ({"date": "tomorrow"}, {"date": "9999-12-31"}, {"_count": "x"}, {"_lastUpdated": "ge2026-13-01"}):
        assert outcome(await sender.side.http.get("/fhir/Appointment", params=wrong), 400)[0][0] == "value"


async def test_after_the_day_of_a_visit_a_clinic_reads_nothing_of_its_patient(office: Office, sender: Sender) -> None:
    await sender.taken(practitioner(), location(), schedule(), slot())
    citizen = await somebody(office, 1)
    await book(office, citizen, (await sender.slots())[0], shares=frozenset({Section.VISITS}))
    async with office.container() as inside:
        visits = await inside.get(Visits)
        async with await inside.get(Transaction):
            await visits.put([a_visit(citizen, 1)])
    async with office.container() as inside:
        clinics = await inside.get(Clinics)
        async with (await inside.get(Transaction)).looking():
            clinic = await clinics.by_client("polyclinic")
    assert clinic is not None
    reader = clinic.actor
    before = await use(office, ReadAppointments, reader, [], [], offset=0, count=10)
    assert [each["resourceType"] for each in before.entries[0]["contained"]] == ["Patient", "Encounter"]
    office.clock.passes(days=2)
    after = await use(office, ReadAppointments, reader, [], [], offset=0, count=10)
    assert [each["id"] for each in after.entries] == [each["id"] for each in before.entries]
    assert "contained" not in after.entries[0]
    async with office.container() as inside:
        transaction = await inside.get(SqlTransaction)
        async with transaction.looking():
            lines = [each.entry async for each in SqlAuditTrail(transaction).lines()]
    looks = [each.actor for each in lines if each.operation == Operation.RECORDS_VIEWED]
    assert looks == [label(reader)], "the journal names the clinic that read, each time it did"


async def test_nobody_reads_without_a_token_and_nothing_of_the_patient_is_kept(office: Office, sender: Sender) -> None:
    async with office.browser() as stranger:
        assert (await stranger.get("/fhir/Appointment")).status_code == 401
    await sender.taken(practitioner(), location(), schedule(), slot())
    one = await book(office, await somebody(office, 1), (await sender.slots())[0])
    number = (await sender.state(one)).number
    await sender.taken(appointment(number, comment="Ильина Анна, ВИЧ", patientInstruction="тайна"))
    async with office.container() as inside:
        clinics, resources = await inside.get(Clinics), await inside.get(Resources)
        async with (await inside.get(Transaction)).looking():
            clinic = await clinics.by_client("polyclinic")
            assert clinic is not None
            identity = record_id(Clinic(clinic.id).clinic, None, Key("Appointment", "a1"))
            (held,) = (await resources.contents([identity])).values()
    assert set(held) == {"resourceType", "id", "identifier", "status"}


async def test_a_huge_schedule_comes_in_one_bundle(sender: Sender) -> None:
    many = [
        slot(f"t{n}", status="free")
        | {
            "start": f"2026-12-{1 + n // 90:02}T{6 + (n % 90) // 6:02}:{n % 6 * 10:02}:00Z",
            "end": f"2026-12-{1 + n // 90:02}T{6 + (n % 90) // 6:02}:{n % 6 * 10 + 9:02}:00Z",
        }
        for n in range(2000)
    ]
    answer = await sender.sends(practitioner(), location(), schedule(), *many)
    assert answer.status_code == 200, answer.text[:500]


async def test_another_clinic_with_the_same_ids_is_another(office: Office, sender: Sender) -> None:
    await registered(office, client_id="second")
    await sender.taken(practitioner(), location(), schedule(), slot())
    one = await book(office, await somebody(office, 1), (await sender.slots())[0])
    second = ClinicSide(office, sender.side.http)
    answer = await second.asks(assertion=second.assertion(iss="second", sub="second"))
    second.http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    assert outcome(await second.sends(bundle(practitioner(), location(), schedule())), 422)
    number = (await sender.state(one)).number
    assert outcome(await second.sends(bundle(appointment(number, status="cancelled"))), 404)
    assert "entry" not in (await second.http.get("/fhir/Appointment")).json()
    assert (await sender.state(one)).state is BookingState.BOOKED
