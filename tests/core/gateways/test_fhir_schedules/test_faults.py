"""A server that is slow, hostile or out of its mind: nothing of it is believed, and nothing of it hurts."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from core.domain.ids import DoctorId, SlotId
from core.domain.schedule import Doctor, Slot
from core.gateways.fhir_schedules import FhirSchedules, server
from core.gateways.wire import outside_client
from core.ports import Answer, Going, Unavailable
from tests.core.gateways.test_fhir_schedules.conftest import HandedClock, booking_of, facility_at
from tests.core.gateways.test_fhir_schedules.servers import NOW, playground_clinic

BASE = "http://clinic.test/fhir"
FACILITY = facility_at(BASE)
DOCTOR = Doctor(DoctorId(UUID(int=1)), FACILITY.id, "Мезенцева Юлия Григорьевна", "therapist", remote="Schedule/d1")
SLOT = Slot(
    SlotId(UUID(int=2)), DOCTOR.id, FACILITY.id, "therapist", "77", NOW.date(), NOW, NOW + timedelta(minutes=15), NOW,
    "Slot/s1", "1",
)  # fmt: skip
WHO = Going("Ильина Анна Сергеевна")
Way = Callable[[httpx.Request], httpx.Response]


def schedules(answer: Way) -> FhirSchedules:
    return FhirSchedules(httpx.AsyncClient(transport=httpx.MockTransport(answer)), HandedClock())


def slot(number: int = 1, **more: Any) -> dict[str, Any]:
    start = NOW + timedelta(minutes=number)
    return {
        "resourceType": "Slot",
        "id": f"s{number}",
        "meta": {"versionId": "1"},
        "schedule": {"reference": "Schedule/d1"},
        "status": "free",
        "start": start.isoformat(),
        "end": (start + timedelta(minutes=15)).isoformat(),
        **more,
    }


def bundle(*found: dict[str, Any], next_: str | None = None) -> httpx.Response:
    link = [{"relation": "next", "url": next_}] if next_ else []
    content = {"resourceType": "Bundle", "link": link, "entry": [{"resource": each} for each in found]}
    return httpx.Response(200, json=content)


async def slots(answer: Way, days: int = 30) -> list[Slot]:
    day = NOW.date()
    found = await schedules(answer).slots(FACILITY, [DOCTOR], day, day + timedelta(days=days))
    return list(found["Schedule/d1"])


async def test_ten_thousand_slots_are_read_page_by_page() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params.get("page", "0"))
        numbers = range(page * 500, page * 500 + 500)
        return bundle(*map(slot, numbers), next_=f"{BASE}/Slot?page={page + 1}" if page < 19 else None)

    found = await slots(answer)
    assert len(found) == len({each.id for each in found}) == 10_000


@pytest.mark.parametrize(
    "elsewhere",
    [
        "http://169.254.169.254/latest", "http://clinic.test/fhirs/Slot", "http://clinic.test/Slot", "//other.test/fhir/Slot",
        "http://clinic.test:81/fhir/Slot", "https://clinic.test/fhir/Slot", "http://clinic.test@other.test/fhir/Slot",
        "http://clinic.test/fhir/../Slot", "http://clinic.test/fhir/%2e%2e/Slot", "file:///etc/passwd", "/Slot",
        "http://clinic.test\\@other.test/fhir/Slot",
    ],
)  # fmt: skip
async def test_a_next_link_that_leads_elsewhere_is_not_followed(elsewhere: str) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return bundle(slot(), next_=elsewhere)

    with pytest.raises(Unavailable):
        await slots(answer)
    assert len(asked) == 1


@pytest.mark.parametrize("nearby", [f"{BASE}?_getpages=7", f"{BASE}/Slot?page=2", "Slot?page=2", "/fhir/Slot?page=2"])
async def test_a_next_link_within_the_base_is_followed(nearby: str) -> None:
    turns = iter([bundle(slot(1), next_=nearby), bundle(slot(2))])
    assert len(await slots(lambda _: next(turns))) == 2


async def test_pages_that_never_end_are_given_up() -> None:
    asked: list[str] = []

    def endless(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return bundle(next_=f"{BASE}/Slot?page={len(asked)}")

    with pytest.raises(Unavailable):
        await slots(endless)
    assert len(asked) == server.PAGES
    with pytest.raises(Unavailable):
        await slots(lambda _: bundle(next_=f"{BASE}/Slot?page=1"))


async def test_more_slots_than_any_clinic_has_are_not_believed() -> None:
    asked: list[int] = []

    def answer(_: httpx.Request) -> httpx.Response:
        asked.append(1)
        return bundle(*map(slot, range(1000)), next_=f"{BASE}/Slot?page={len(asked)}")

    with pytest.raises(Unavailable):
        await slots(answer)
    assert sum(asked) * 1000 == server.MOST + 1000


GARBAGE: list[Way] = [
    lambda _: httpx.Response(200, text="<html>"), lambda _: httpx.Response(200, json=[]),
    lambda _: httpx.Response(200, json={"resourceType": "OperationOutcome"}), lambda _: httpx.Response(401),
    lambda _: httpx.Response(404), lambda _: httpx.Response(429), lambda _: httpx.Response(302, headers={"location": BASE}),
    lambda _: httpx.Response(200, text="[" * 5000), lambda _: httpx.Response(200, text=" " * 2 * 1024 * 1024),
    lambda _: httpx.Response(500),
]  # fmt: skip


@pytest.mark.parametrize("odd", range(len(GARBAGE)))
async def test_an_answer_that_is_no_answer_is_unavailable(odd: int) -> None:
    with pytest.raises(Unavailable) as caught:
        await slots(GARBAGE[odd])
    assert caught.value.system == "clinic.schedule"
    with pytest.raises(Unavailable):
        await schedules(GARBAGE[odd]).doctors(FACILITY)
    with pytest.raises(Unavailable):
        await schedules(GARBAGE[odd]).find(FACILITY, booking_of(SLOT))


ODD_SLOTS: list[dict[str, Any]] = [
    slot(1, status="busy"), slot(2, id="../Patient/1"), slot(3, id=".."), slot(4, id=5), slot(5, start="tomorrow"),
    slot(6, start="2026-11-23T09:00:00"), slot(7, end=NOW.isoformat()), slot(8, schedule={"reference": "Schedule/other"}),
    slot(9, schedule="Schedule/d1"), slot(10, start=7), slot(11, start="2036-11-23T09:00:00Z", end="2036-11-23T09:15:00Z"),
    {"resourceType": "OperationOutcome"}, slot(12, status=None), slot(13, start="9" * 4000),
    slot(15, start="0001-01-01T00:00:00+14:00"), slot(16, end="9999-12-31T23:59:00-12:00"),
]  # fmt: skip


async def test_what_is_wrong_with_one_slot_does_not_hide_the_others() -> None:
    whole = slot(14, schedule={"reference": f"{BASE}/Schedule/d1/_history/3"})
    found = await slots(lambda _: bundle(*ODD_SLOTS, whole))
    assert [each.remote for each in found] == ["Slot/s14"]


async def test_entries_that_are_no_entries_are_passed_over() -> None:
    content = {"resourceType": "Bundle", "link": {"relation": "next"}, "entry": [7, None, {"resource": []}, {}]}
    assert await slots(lambda _: httpx.Response(200, json=content)) == []


class Story:
    """A server that answers a booking: with this slot, this outcome of the transaction, these appointments."""

    def __init__(self, now: dict[str, Any] | int, outcome: httpx.Response, *appointments: dict[str, Any]) -> None:
        self.now, self.outcome, self.appointments = now, outcome, list(appointments)
        self.sent: list[dict[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            self.sent.append(json.loads(request.content))
            return self.outcome
        if request.url.path.startswith("/fhir/Slot/"):
            return (
                httpx.Response(self.now)
                if isinstance(self.now, int)
                else httpx.Response(200, text=json.dumps(self.now))
            )
        return bundle(*self.appointments)


def at_slot(**more: Any) -> dict[str, Any]:
    return slot(0, id="s1", **more)


@pytest.mark.parametrize("now", [404, 410, at_slot(status="busy"), slot(5, id="s1"), at_slot(end=NOW.isoformat())])
async def test_a_slot_that_is_not_what_was_agreed_is_taken(now: dict[str, Any] | int) -> None:
    story = Story(now, httpx.Response(200))
    assert (await schedules(story).ask(FACILITY, booking_of(SLOT), WHO)).answer is Answer.TAKEN
    assert story.sent == []


@pytest.mark.parametrize("status", [409, 412])
async def test_a_transaction_that_came_too_late_is_taken(status: int) -> None:
    story = Story(at_slot(), httpx.Response(status))
    assert (await schedules(story).ask(FACILITY, booking_of(SLOT), WHO)).answer is Answer.TAKEN
    (sent,) = story.sent
    assert [entry["request"]["method"] for entry in sent["entry"]] == ["PUT", "POST"]
    assert sent["entry"][0]["request"]["ifMatch"] == 'W/"1"'


async def test_reading_is_waited_for_two_seconds_and_a_change_for_five() -> None:
    waited: list[tuple[str, float]] = []
    story = Story(at_slot(), httpx.Response(412))

    def answer(request: httpx.Request) -> httpx.Response:
        waited.append((request.method, request.extensions["timeout"]["read"]))
        return story(request)

    await schedules(answer).ask(FACILITY, booking_of(SLOT), WHO)
    assert set(waited) == {("GET", 2.0), ("POST", 5.0)}


async def test_a_refusal_says_why_in_the_servers_words_shortened() -> None:
    outcome = {"resourceType": "OperationOutcome", "issue": [{"diagnostics": "пациент не прикреплён" + "!" * 900}]}
    answer = await schedules(Story(at_slot(), httpx.Response(422, json=outcome))).ask(FACILITY, booking_of(SLOT), WHO)
    assert answer.answer is Answer.REFUSED
    assert answer.why.startswith("пациент не прикреплён")
    assert len(answer.why) == 200
    bare = await schedules(Story(at_slot(), httpx.Response(403))).ask(FACILITY, booking_of(SLOT), WHO)
    assert (bare.answer, bare.why) == (Answer.REFUSED, "status 403")
    without = await schedules(Story(at_slot(), httpx.Response(404))).ask(FACILITY, booking_of(SLOT), WHO)
    assert (without.answer, without.why) == (Answer.REFUSED, "status 404"), "a server that has no transactions"


async def test_a_server_without_versions_is_not_booked_at() -> None:
    story = Story(at_slot(meta={}), httpx.Response(200))
    assert (await schedules(story).ask(FACILITY, booking_of(SLOT), WHO)).answer is Answer.REFUSED
    assert story.sent == []


async def test_a_yes_without_an_appointment_is_not_believed() -> None:
    whole = {"resourceType": "Bundle", "entry": [{"response": {"status": "200 OK"}}, {"response": {"status": "201"}}]}
    with pytest.raises(Unavailable):
        await schedules(Story(at_slot(), httpx.Response(200, json=whole))).ask(FACILITY, booking_of(SLOT), WHO)


async def test_a_half_of_a_transaction_is_taken_back() -> None:
    booking = booking_of(SLOT)
    half = {"resourceType": "Bundle", "entry": [{"response": {"status": "412"}}, {"response": {"status": "201"}}]}
    story = Story(at_slot(), httpx.Response(200, json=half))
    made = {
        "resourceType": "Appointment",
        "id": "a1",
        "meta": {"versionId": "1"},
        "status": "booked",
        "identifier": [{"system": "urn:medkarta:booking", "value": str(booking.id)}],
    }

    def answer(request: httpx.Request) -> httpx.Response:
        if story.sent and not story.appointments:
            story.appointments.append(made)
        return story(request)

    assert (await schedules(answer).ask(FACILITY, booking, WHO)).answer is Answer.REFUSED
    (entry,) = story.sent[-1]["entry"]
    assert (entry["request"]["url"], entry["resource"]["status"]) == ("Appointment/a1", "cancelled")


async def test_a_slot_that_is_another_than_asked_for_or_no_text_is_not_used() -> None:
    for now in (slot(0, id="s2"), at_slot(comment="\ud800")):
        with pytest.raises(Unavailable):
            await schedules(Story(now, httpx.Response(200))).ask(FACILITY, booking_of(SLOT), WHO)


async def test_an_appointment_of_another_number_is_nobodys() -> None:
    stranger = {"resourceType": "Appointment", "id": "a1", "status": "booked", "identifier": [{"value": "another"}]}
    found = await schedules(Story(at_slot(), httpx.Response(200), stranger)).find(FACILITY, booking_of(SLOT))
    assert found.remote == ""


async def test_slots_around_a_clock_change_belong_to_the_days_of_the_wall() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.extend(request.url.params.get_list("start"))
        return bundle()

    day = datetime(2026, 10, 25, tzinfo=UTC).date()
    berlin = replace(FACILITY, zone="Europe/Berlin")
    await schedules(answer).slots(berlin, [DOCTOR], day, day)
    assert asked == ["ge2026-10-24T22:00:00Z", "lt2026-10-25T23:00:00Z"]


@pytest.mark.parametrize("mode", ["slow", "down", "error", "drop", "lost"])
async def test_the_playgrounds_clinic_fails_as_it_is_told(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "READ_SECONDS", 0.3)
    with playground_clinic() as base:
        async with outside_client() as http:
            faults = f"{base.partition('/clinics/')[0]}/clinics/faults"
            order = {"service": "770901.read", "mode": mode, "delay_ms": 5_000 if mode == "slow" else 0}
            assert (await http.post(faults, json=order)).status_code == 200
            clinic = FhirSchedules(http, HandedClock())
            with pytest.raises(Unavailable):
                await clinic.doctors(facility_at(base))
            await http.delete(faults)
            assert len(await clinic.doctors(facility_at(base))) == 15
