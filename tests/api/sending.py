"""A clinic that sends the schedule of a facility of its own."""

from dataclasses import dataclass
from typing import Any

from core.domain.schedule import Facility, Slot
from tests.api.booked import Practice
from tests.api.clinics import ClinicSide
from tests.api.office import Office
from tests.fhir import bundle

OWN = "urn:medkarta:speciality"


def practitioner() -> dict[str, Any]:
    return {"resourceType": "Practitioner", "id": "pr1", "name": [{"family": "Громов", "given": ["Пётр", "Павлович"]}]}


def location(code: str = "690001") -> dict[str, Any]:
    identifier = [{"system": "urn:medkarta:facility", "value": code}]
    return {"resourceType": "Location", "id": "room", "identifier": identifier, "name": "каб. 12"}


def schedule(**more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Schedule",
        "id": "s1",
        "specialty": [{"coding": [{"system": OWN, "code": "therapist"}]}],
        "actor": [{"reference": "Practitioner/pr1"}, {"reference": "Location/room"}],
        **more,
    }


def slot(id_: str = "t1", start: str = "09:00", end: str = "09:15", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Slot",
        "id": id_,
        "schedule": {"reference": "Schedule/s1"},
        "status": "free",
        "start": f"2026-11-24T{start}:00+03:00",
        "end": f"2026-11-24T{end}:00+03:00",
        **more,
    }


def appointment(number: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Appointment",
        "id": "a1",
        "identifier": [{"system": "urn:medkarta:slip", "value": number}],
        "status": "booked",
        "participant": [{"actor": {"display": "Ильина"}, "status": "accepted"}],
        **more,
    }


def at(start: str, end: str) -> dict[str, Any]:
    """A slot with these whole moments."""
    return slot("t2") | {"start": start, "end": end}


@dataclass(frozen=True)
class Sender:
    """A clinic that sends the schedule of a facility of its own."""

    office: Office
    side: ClinicSide
    facility: Facility

    async def sends(self, *resources: dict[str, Any]) -> Any:
        return await self.side.sends(bundle(*resources))

    async def taken(self, *resources: dict[str, Any]) -> list[str]:
        answer = await self.sends(*resources)
        assert answer.status_code == 200, answer.text
        return [each["response"]["status"] for each in answer.json()["entry"]]

    async def slots(self) -> list[Slot]:
        return await Practice(self.office, self.facility, None).slots()  # type: ignore[arg-type]

    async def state(self, booking: Any) -> Any:
        return await Practice(self.office, self.facility, None).state(booking)  # type: ignore[arg-type]

    async def starts(self) -> list[str]:
        return [f"{each.starts_at.hour + 3:02}:{each.starts_at:%M}" for each in await self.slots()]
