"""One suite, two servers: which of them are there is decided when the tests are collected."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from core.domain.booking import Booking, BookingState
from core.domain.ids import AccountId, BookingId, FacilityId, new_id
from core.domain.notification import WallTime
from core.domain.schedule import Facility, Point, Slot, Source
from core.gateways.fhir_schedules import FhirSchedules
from core.gateways.wire import outside_client
from tests.core.gateways.test_fhir_schedules import servers
from tests.core.gateways.test_fhir_schedules.servers import NOW
from tests.independent import missing

ACCOUNT = AccountId(UUID(int=7))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "kind" in metafunc.fixturenames:
        kinds = ["playground"] if missing() else ["playground", "independent"]
        metafunc.parametrize("kind", kinds, scope="session")


@dataclass
class HandedClock:
    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


class Wire(httpx.AsyncBaseTransport):
    """The way to a server, on which things happen: `lose` answers that came, `drop` requests, stand `down`, be `slow`."""

    def __init__(self, way: httpx.AsyncBaseTransport) -> None:
        self.way, self.trouble, self.only = way, "", ""
        self.asked: list[tuple[str, str]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append((request.method, request.url.path))
        if not self.trouble or (self.only and request.method != self.only):
            return await self.way.handle_async_request(request)
        match self.trouble:
            case "down":
                return httpx.Response(503)
            case "slow":
                raise httpx.ReadTimeout("slow", request=request)
            case "garbage":
                return httpx.Response(200, text="<html>502</html>")
            case "drop":
                raise httpx.ConnectError("away", request=request)
            case _:
                await (await self.way.handle_async_request(request)).aread()
                raise httpx.ReadError("lost", request=request)

    async def aclose(self) -> None:
        await self.way.aclose()


@dataclass
class Clinic:
    """A server as its clinic and as the product see it. `take` gives a free slot that no other test has."""

    schedules: FhirSchedules
    facility: Facility
    wire: Wire
    http: httpx.AsyncClient
    taken: set[str] = field(default_factory=set)

    async def take(self, doctor: str = "Schedule/d01") -> Slot:
        free = await self.free(doctor)
        slot = next(slot for slot in free if slot.remote not in self.taken)
        self.taken.add(slot.remote)
        return slot

    async def free(self, doctor: str = "Schedule/d01") -> list[Slot]:
        wanted = [each for each in await self.schedules.doctors(self.facility) if each.remote == doctor]
        day = NOW.date()
        return list((await self.schedules.slots(self.facility, wanted, day, day + timedelta(days=3)))[doctor])

    async def resource(self, place: str) -> dict[str, Any]:
        found: dict[str, Any] = (await self.http.get(f"{self.facility.url}/{place}")).json()
        return found

    async def write(self, *resources: dict[str, Any]) -> None:
        """The clinic changes something of its own."""
        entries = [
            {"resource": each, "request": {"method": "PUT", "url": f"{each['resourceType']}/{each['id']}"}}
            for each in resources
        ]
        bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
        answer = await self.http.post(self.facility.url, json=bundle, headers=servers.FHIR)
        assert answer.status_code == 200, answer.text


@pytest.fixture(scope="session")
def bases() -> Iterator[dict[str, str]]:
    """The servers of this run by their kind."""
    with servers.playground_clinic() as playground:
        if missing():
            yield {"playground": playground}
        else:
            with servers.independent_server(playground) as independent:
                yield {"playground": playground, "independent": independent}


@pytest.fixture(scope="session")
def taken() -> set[str]:
    """The slots that tests of this run have had."""
    return set()


@pytest.fixture
async def clinic(kind: str, bases: dict[str, str], taken: set[str]) -> AsyncIterator[Clinic]:
    async with outside_client() as plain:
        wire = Wire(plain._transport)
        facility = facility_at(bases[kind])
        yield Clinic(FhirSchedules(httpx.AsyncClient(transport=wire), HandedClock()), facility, wire, plain, taken)


def facility_at(url: str, zone: str = "Europe/Moscow") -> Facility:
    return Facility(
        id=FacilityId(UUID(int=901)),
        code="770901",
        name="Городская поликлиника № 901",
        address="г. Москва, ул. Ясная Поляна, д. 14",
        region="77",
        zone=zone,
        point=Point(55.7713, 37.6204),
        source=Source.FHIR,
        url=url,
    )


def booking_of(slot: Slot, **more: Any) -> Booking:
    wall = WallTime(slot.starts_at.replace(tzinfo=None), "Europe/Moscow")
    return Booking(BookingId(new_id(NOW)), ACCOUNT, ACCOUNT, slot, BookingState.ASKED, NOW, wall, **more)
