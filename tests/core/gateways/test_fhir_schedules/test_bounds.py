"""What a clinic's server says is held within bounds: of letters, of bytes, of time."""

import asyncio
import json

import httpx
import pytest

from core.gateways.fhir_schedules import FhirSchedules, server
from core.ports import Answer, Unavailable
from tests.core.gateways.test_fhir_schedules.conftest import HandedClock, booking_of
from tests.core.gateways.test_fhir_schedules.test_faults import (
    BASE,
    FACILITY,
    SLOT,
    WHO,
    Story,
    at_slot,
    bundle,
    schedules,
    slot,
    slots,
)


async def test_words_that_nothing_can_store_are_put_right_and_hide_no_doctor() -> None:
    odd = {
        "resourceType": "Schedule",
        "id": "d1",
        "actor": [
            {"reference": "Practitioner/1", "display": "Мезен\u00adцева\x00\ud800 Юлия\r\n\u202eГригорьевна"},
            {"reference": "Location/1", "display": "каб. 2\x0014\ud800"},
        ],
        "specialty": [{"coding": [{"system": "http://snomed.info/sct", "code": "394814009"}], "text": "терапевт"}],
        "comment": "натощак\x00\udfff",
    }
    whole = json.dumps({"resourceType": "Bundle", "entry": [{"resource": odd}]})
    (doctor,) = await schedules(lambda _: httpx.Response(200, text=whole)).doctors(FACILITY)
    assert (doctor.name, doctor.room, doctor.note) == ("Мезенцева Юлия Григорьевна", "2 14", "натощак")
    (free,) = await slots(lambda _: bundle(slot(meta={"versionId": "1\x00"})))
    assert free.version == ""
    booking, why = booking_of(SLOT), {"text": "врач заболел\x00\ud800"}
    over = {
        "resourceType": "Appointment",
        "id": "a1",
        "status": "cancelled",
        "identifier": [{"system": "urn:medkarta:booking", "value": str(booking.id)}],
        "cancelationReason": why,
    }
    told = json.dumps({"resourceType": "Bundle", "entry": [{"resource": over}]})
    gone = await schedules(lambda _: httpx.Response(200, text=told)).find(FACILITY, booking)
    assert gone.why == "врач заболел"


async def test_more_bytes_than_any_clinic_sends_are_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = len(bundle(slot()).content)
    monkeypatch.setattr(server, "LARGEST", 2 * whole)
    asked: list[int] = []

    def answer(_: httpx.Request) -> httpx.Response:
        asked.append(1)
        return bundle(slot(), next_=f"{BASE}/Slot?page={len(asked)}" if len(asked) < 5 else None)

    with pytest.raises(Unavailable):
        await slots(answer)
    assert len(asked) == 2


async def test_all_that_one_booking_asks_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    async def answer(request: httpx.Request) -> httpx.Response:
        await asyncio.to_thread(int)
        return Story(at_slot(), httpx.Response(412))(request)

    clinic, booking = (
        FhirSchedules(httpx.AsyncClient(transport=httpx.MockTransport(answer)), HandedClock()),
        booking_of(SLOT),
    )
    assert (await clinic.ask(FACILITY, booking, WHO)).answer is Answer.TAKEN
    monkeypatch.setattr(server, "WAIT_SECONDS", 0)
    for asked in (
        clinic.ask(FACILITY, booking, WHO),
        clinic.find(FACILITY, booking),
        clinic.cancel(FACILITY, booking),
        clinic.tell_late(FACILITY, booking),
    ):
        with pytest.raises(Unavailable):
            await asked
