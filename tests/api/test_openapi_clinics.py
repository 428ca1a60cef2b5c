"""Whatever is sent to /fhir and /oauth, they answer as they say they do: schemathesis makes the requests."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from core.security.keyring import KeyRing
from tests.api.clinics import ClinicSide, registered, with_card
from tests.api.conftest import opened
from tests.fhir import bundle, observation, patient

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
OPERATIONS = {
    "POST /oauth/token",
    "GET /fhir/metadata",
    "GET /fhir/.well-known/smart-configuration",
    "GET /fhir/Appointment",
    "POST /fhir",
    "POST /fhir/{type_}",
    "PUT /fhir/{type_}/{id_}",
}


@dataclass(frozen=True)
class Program:
    """A clinic's program on a loop that the examples of a test share."""

    runner: asyncio.Runner
    side: ClinicSide

    def run(self, call: Coroutine[object, object, httpx.Response]) -> httpx.Response:
        return self.runner.run(call)


@pytest.fixture
def at_work(keyring: KeyRing, tmp_path: Path) -> Iterator[Program]:
    """A signed-in clinic, and somebody with a card."""

    async def sign_in() -> Program:
        office = await stack.enter_async_context(opened(keyring, tmp_path))
        await registered(office)
        await with_card(office)
        side = ClinicSide(office, await stack.enter_async_context(office.browser()))
        await side.signs_in()
        return Program(runner, side)

    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        yield runner.run(sign_in())
        runner.run(stack.aclose())


def test_every_call_is_described_and_answers_as_described(at_work: Program) -> None:
    side = at_work.side
    description = at_work.run(side.http.get("/fhir/openapi.json")).json()
    schema = schemathesis.openapi.from_dict(description)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert {operation.label for operation in operations} == OPERATIONS
    bearer = side.http.headers["Authorization"]
    seen: set[tuple[str, int]] = set()

    for operation in operations:

        @given(case=operation.as_strategy(), signed_in=st.booleans(), right=st.integers(0, 3))
        @settings(
            max_examples=25,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def answers_as_described(case: Case, signed_in: bool, right: int) -> None:
            if right == 0 and case.path == "/fhir":
                case.body = bundle(patient(), observation())
            elif right == 0 and case.method == "PUT":
                case.path_parameters = {"type_": "Patient", "id_": "p1"}
                case.body = patient()
            sent = case.as_transport_kwargs(base_url="http://desk.example.org")
            headers = {name: value for name, value in sent["headers"].items() if name.lower() != "authorization"}
            sent["headers"] = headers | {"Authorization": bearer if signed_in else "Bearer guessed"}
            sent.pop("cookies", None)
            # Guesses are counted by address, and there are more than anybody may make.
            side.http._transport.app.state.clinic_attempts._seen.clear()  # type: ignore[attr-defined]
            answer = at_work.run(side.http.request(**sent))
            seen.add((case.path, answer.status_code))
            case.validate_response(answer, checks=CHECKS)

        answers_as_described()
    assert {("/fhir", 200), ("/fhir", 401), ("/fhir", 422), ("/oauth/token", 401)} <= seen
    assert {200, 400, 401, 404, 422} <= {status for _, status in seen}
