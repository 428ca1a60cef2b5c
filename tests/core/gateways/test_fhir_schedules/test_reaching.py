"""A clinic's server, named by somebody at the desk, is called on the internet or where whoever runs the product allows it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from ipaddress import ip_network

import httpx
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from core.domain.reach import Reach
from core.gateways.fhir_schedules import FhirSchedules
from core.gateways.wire import outside_client
from core.ports import Unavailable
from tests.core.gateways.test_fhir_schedules.conftest import HandedClock, facility_at


@dataclass
class Inner:
    """Something inside the network that answers whoever comes."""

    port: int = 0
    heard: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        self.heard.append(request.host)
        return web.json_response({"resourceType": "Bundle", "type": "searchset", "entry": []})


class Turncoat(AbstractResolver):
    """A name server that leads wherever it likes, another way each time."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self.answers = list(answers)

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        told = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [ResolveResult(hostname=host, host=each, port=port, family=2, proto=6, flags=0) for each in told]

    async def close(self) -> None:
        pass


@pytest.fixture
async def inner() -> AsyncIterator[Inner]:
    inner, app = Inner(), web.Application()
    app.router.add_get("/{path:.*}", inner.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    inner.port = runner.addresses[0][1]
    yield inner
    await runner.cleanup()


HOSTS = (
    "127.0.0.1",
    "localhost",
    "clinic.example.org",
    "127.1",
    "2130706433",
    "127.0.0.01",
    "[::ffff:127.0.0.1]",
    "0.0.0.0",  # noqa: S104 - nothing listens there
)


@pytest.mark.parametrize("host", HOSTS)
async def test_whatever_it_is_called_what_stands_inside_is_not_called(inner: Inner, host: str) -> None:
    async with outside_client(Reach(), Turncoat(("127.0.0.1",))) as http:
        with pytest.raises((httpx.ConnectError, httpx.InvalidURL)):
            await http.get(f"http://{host}:{inner.port}/fhir/Schedule")
    assert inner.heard == []


async def test_a_name_that_changes_its_mind_is_not_followed_inside(inner: Inner) -> None:
    for answers in ([("127.0.0.1",)], [("93.184.216.34", "127.0.0.1")], [("::1",)], [("169.254.169.254",)]):
        async with outside_client(Reach(), Turncoat(*answers)) as http:
            clinic = FhirSchedules(http, HandedClock())
            with pytest.raises(Unavailable):
                await clinic.doctors(facility_at(f"http://clinic.example.org:{inner.port}/fhir"))
    assert inner.heard == []


async def test_a_network_of_ones_own_and_the_playgrounds_machine_are_called(inner: Inner) -> None:
    for reach in (Reach(networks=(ip_network("127.0.0.0/8"),)), Reach(loopback=True)):
        async with outside_client(reach, Turncoat(("127.0.0.1",))) as http:
            clinic = FhirSchedules(http, HandedClock())
            assert await clinic.doctors(facility_at(f"http://127.0.0.1:{inner.port}/fhir")) == []
            assert await clinic.doctors(facility_at(f"http://clinic.example.org:{inner.port}/fhir")) == []
    assert len(inner.heard) == 4
