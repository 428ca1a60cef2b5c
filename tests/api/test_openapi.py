"""Whatever is sent to /api/v1, it answers as it says it does: schemathesis makes the requests out of the description."""

import asyncio
from collections.abc import Coroutine, Iterator, Mapping
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
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from core.domain.document import Kind
from core.security.keyring import KeyRing
from tests.api.conftest import opened
from tests.api.office import Browser, person

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OPERATIONS = {
    "POST /api/v1/sessions",
    "DELETE /api/v1/sessions/current",
    "GET /api/v1/me",
    "GET /api/v1/queue",
    "GET /api/v1/verifications/{request_id}",
    "POST /api/v1/verifications/{request_id}/decision",
    "GET /api/v1/documents/{document_id}",
    "GET /api/v1/documents/{document_id}/content",
    "POST /api/v1/documents/{document_id}/decision",
}


@dataclass(frozen=True)
class Program:
    """A program on a loop that the examples of a test share, and the ids of what is there."""

    runner: asyncio.Runner
    browser: Browser
    there: Mapping[str, str]

    def run(self, call: Coroutine[object, object, httpx.Response]) -> httpx.Response:
        return self.runner.run(call)


@pytest.fixture
def at_work(keyring: KeyRing, tmp_path: Path) -> Iterator[Program]:
    """A program of a signed-in reviewer, with a request and a document that are there."""

    async def sit_down() -> Program:
        office = await stack.enter_async_context(opened(keyring, tmp_path))
        await office.hires("zoya")
        there = {
            "request_id": str(await office.asks(person("Анна", "Ильина"))),
            "document_id": str(await office.sends(await office.knows(person("Пётр", "Громов")), Kind.SNILS)),
        }
        browser = await stack.enter_async_context(office.browser())
        await browser.sits(office, "zoya")
        return Program(runner, browser, there)

    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        yield runner.run(sit_down())
        runner.run(stack.aclose())


def test_every_call_is_described_and_answers_as_described(at_work: Program):
    description = at_work.run(at_work.browser.get("/api/v1/openapi.json")).json()
    schema = schemathesis.openapi.from_dict(description)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert {operation.label for operation in operations} == OPERATIONS
    session = at_work.browser.cookies["medkarta_desk"]
    seen: set[int] = set()

    # Signing out comes last: it ends the session that all of them share.
    for operation in sorted(operations, key=lambda each: each.method == "delete"):

        @given(case=operation.as_strategy(), known=st.booleans())
        @settings(
            max_examples=15,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def answers_as_described(case: Case, known: bool) -> None:
            if known:
                case.path_parameters = {name: at_work.there[name] for name in case.path_parameters}
            sent = case.as_transport_kwargs(base_url="http://desk.example.org")
            sent["headers"] = dict(sent["headers"]) | {"X-CSRF-Token": "secret-of-zoya"}
            sent.pop("cookies", None)
            at_work.browser.cookies.clear()
            at_work.browser.cookies.set("medkarta_desk", session, domain="desk.example.org")
            answer = at_work.run(at_work.browser.request(**sent))
            seen.add(answer.status_code)
            case.validate_response(answer, checks=CHECKS)

        answers_as_described()
    assert {200, 204, 401, 404, 409, 422} <= seen
