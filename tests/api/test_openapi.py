"""Whatever is sent to /api/v1, it answers as it says it does: schemathesis makes the requests out of the description."""

import asyncio
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

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

from core.domain.actor import Role, System
from core.domain.document import Kind
from core.security.keyring import KeyRing
from core.services.broadcast import CreateBroadcast, Wanted
from core.services.knowledge import SeedArticles
from tests.api.booked import actor_of, practice
from tests.api.conftest import opened
from tests.api.office import Browser, person
from tests.api.test_proof import lost, the_only
from tests.api.test_vaccination import sent

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
    "PUT /api/v1/me/password",
    "POST /api/v1/me/authenticator",
    "PUT /api/v1/me/secrets",
    "GET /api/v1/sessions",
    "DELETE /api/v1/sessions/{session_id}",
    "GET /api/v1/staff",
    "POST /api/v1/staff",
    "PUT /api/v1/staff/{member}/role",
    "PUT /api/v1/staff/{member}/duty",
    *(f"POST /api/v1/staff/{{member}}/{step}" for step in ("secrets", "disable", "enable")),
    "GET /api/v1/staff/{member}/sessions",
    "DELETE /api/v1/staff/{member}/sessions",
    "DELETE /api/v1/staff/{member}/sessions/{session_id}",
    "PUT /api/v1/presence",
    "POST /api/v1/presence/seen",
    "GET /api/v1/assignment",
    "PUT /api/v1/assignment",
    "GET /api/v1/teams",
    "POST /api/v1/teams",
    "PUT /api/v1/teams/{team_id}",
    "DELETE /api/v1/teams/{team_id}",
    *(f"{method} /api/v1/{noun}" for method in ("GET", "PUT") for noun in ("hours", "limits")),
    *(f"GET /api/v1/{name}" for name in ("figures", "figures.csv", "wall")),
    "GET /api/v1/audit",
    "GET /api/v1/audit/file.csv",
    "POST /api/v1/audit/verification",
    "GET /api/v1/queue",
    "GET /api/v1/verifications/{request_id}",
    "POST /api/v1/verifications/{request_id}/decision",
    "GET /api/v1/documents/{document_id}",
    "GET /api/v1/documents/{document_id}/content",
    "POST /api/v1/documents/{document_id}/decision",
    "GET /api/v1/updates",
    "POST /api/v1/updates/retry",
    "POST /api/v1/updates/{update_id}/retry",
    "POST /api/v1/updates/{update_id}/drop",
    "GET /api/v1/broadcasts",
    "POST /api/v1/broadcasts",
    "GET /api/v1/broadcasts/{broadcast_id}",
    "PUT /api/v1/broadcasts/{broadcast_id}",
    "GET /api/v1/broadcasts/{broadcast_id}/reach",
    *(f"POST /api/v1/broadcasts/{{broadcast_id}}/{order}" for order in ("launch", "pause", "resume", "cancel")),
    "GET /api/v1/notifications",
    "GET /api/v1/notifications/balance",
    "POST /api/v1/notifications/{notification}/send-again",
    "GET /api/v1/extracts",
    "GET /api/v1/extracts/{extract_id}",
    "POST /api/v1/extracts/{extract_id}/signature",
    "POST /api/v1/extracts/{extract_id}/refusal",
    "GET /api/v1/proofs",
    "GET /api/v1/proofs/{proof_id}",
    *(f"POST /api/v1/proofs/{{proof_id}}/{step}" for step in ("comparison", "confirmation", "refusal")),
    "GET /api/v1/staff-keys",
    "POST /api/v1/staff-keys",
    "GET /api/v1/vaccinations",
    "GET /api/v1/vaccinations/{claim_id}",
    "GET /api/v1/vaccinations/{claim_id}/scan",
    "GET /api/v1/vaccinations/{claim_id}/sheet",
    *(f"POST /api/v1/vaccinations/{{claim_id}}/{step}" for step in ("acceptance", "refusal", "signature")),
    "GET /api/v1/facilities",
    "POST /api/v1/facilities",
    "GET /api/v1/facilities/{facility}",
    "PATCH /api/v1/facilities/{facility}",
    "PUT /api/v1/facilities/{facility}/organisation",
    "GET /api/v1/facilities/{facility}/keepers",
    "PUT /api/v1/facilities/{facility}/keepers/{member}",
    "DELETE /api/v1/facilities/{facility}/keepers/{member}",
    "POST /api/v1/facilities/{facility}/doctors",
    "PATCH /api/v1/doctors/{doctor}",
    "POST /api/v1/doctors/{doctor}/hours",
    "PUT /api/v1/doctors/{doctor}/hours/{hours}",
    "DELETE /api/v1/doctors/{doctor}/hours/{hours}",
    "POST /api/v1/facilities/{facility}/days",
    "PUT /api/v1/facilities/{facility}/days/{exceptional}",
    "DELETE /api/v1/facilities/{facility}/days/{exceptional}",
    "GET /api/v1/facilities/{facility}/appointments",
    "GET /api/v1/appointments/{booking}",
    "POST /api/v1/appointments/{booking}/calling-off",
    "POST /api/v1/appointments/{booking}/move",
    "POST /api/v1/facilities/{facility}/slips",
    "GET /api/v1/articles",
    "GET /api/v1/articles/search",
    "POST /api/v1/articles",
    "GET /api/v1/articles/{article_id}",
    "GET /api/v1/articles/{article_id}/text",
    "PUT /api/v1/articles/{article_id}",
    "POST /api/v1/articles/{article_id}/publish",
    "POST /api/v1/articles/{article_id}/retire",
    "POST /api/v1/articles/{article_id}/drop",
    *(f"GET /api/v1/{each}" for each in ("hours", "limits", "figures", "figures.csv", "wall")),
    *(f"PUT /api/v1/{each}" for each in ("hours", "limits")),
    "GET /api/v1/conversations",
    "GET /api/v1/conversations/{conversation}",
    *(
        f"POST /api/v1/conversations/{{conversation}}/{step}"
        for step in (
            *("claim", "assign", "transfer", "return", "end"),
            *("lines", "notes", "paper", "step", "typing", "reveal", "ticket"),
        )
    ),
    *(f"PUT /api/v1/conversations/{{conversation}}/{kept}" for kept in ("draft", "read", "tags", "ticket")),
    "PATCH /api/v1/conversations/{conversation}/lines/{line}",
    "DELETE /api/v1/conversations/{conversation}/lines/{line}",
    "GET /api/v1/conversations/{conversation}/lines/{line}/file",
    "GET /api/v1/search",
    "GET /api/v1/events",
    "GET /api/v1/canned",
    "POST /api/v1/canned",
    "PUT /api/v1/canned/{canned}",
    "DELETE /api/v1/canned/{canned}",
    "GET /api/v1/tickets",
    "GET /api/v1/tickets/search",
    "GET /api/v1/tickets/{ticket}",
    "GET /api/v1/remarks/{remark}/files/{place}",
    *(
        f"POST /api/v1/tickets/{{ticket}}/{step}"
        for step in ("answers", "questions", "notes", "move", "take", "assign", "merge", "links")
    ),
    "PUT /api/v1/tickets/{ticket}/tags",
    "GET /api/v1/hooks",
    "POST /api/v1/hooks",
    "POST /api/v1/hooks/{hook}/secret",
    "PUT /api/v1/hooks/{hook}/off",
    "DELETE /api/v1/hooks/{hook}",
    "GET /api/v1/hooks/{hook}/tellings",
    "POST /api/v1/hooks/{hook}/tellings/{telling}/again",
}

APART = tuple(
    f"/api/v1/{noun}" for noun in ("conversations", "tickets", "remarks", "canned", "hooks", "search", "events")
)
"""Called in `test_openapi_support`, with somebody who has a conversation."""


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
    """A program of a signed-in administrator, with a request, a document and a broadcast that are there."""

    async def sit_down() -> Program:
        office = await stack.enter_async_context(opened(keyring, tmp_path))
        await office.hires("zoya", Role.ADMINISTRATOR)
        async with office.container() as inside:
            draft = await (await inside.get(CreateBroadcast))(System("test"), Wanted({"ru": "Открыто до 20:00"}))
        there = {
            "broadcast_id": str(draft.id),
            "request_id": str(await office.asks(person("Вера", "Лунина"))),
            "notification": str(UUID(int=7)),
            "extract_id": str(UUID(int=8)),
            "document_id": str(await office.sends(await office.knows(person("Пётр", "Громов")), Kind.SNILS)),
        }
        there["update_id"] = "1"
        _, claim = await sent(office)
        there["claim_id"] = str(claim)
        here = await practice(office)
        _, booking = await here.books(5)
        there |= {"facility": str(here.facility.id), "doctor": str(here.doctor.id), "booking": str(booking)}
        await office.hires("rita", Role.REGISTRAR, name="Рита Ясная")
        there["member"] = str((await actor_of(office, "rita")).staff)
        there |= {"hours": str(UUID(int=9)), "exceptional": str(UUID(int=10))}
        there |= {"team_id": str(UUID(int=11)), "session_id": str(UUID(int=12))}
        browser = await stack.enter_async_context(office.browser())
        await browser.sits(office, "zoya")
        await lost(office, "Ольга")
        there["proof_id"] = await the_only(browser)
        async with office.container() as inside:
            await (await inside.get(SeedArticles))()
        articles = (await browser.get("/api/v1/articles", params={"limit": "1"})).json()["articles"]
        there["article_id"] = articles[0]["id"]
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
    here = [each for each in operations if not each.path.startswith(APART)]
    for operation in sorted(here, key=lambda each: each.method == "delete"):

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
            call = case.as_transport_kwargs(base_url="http://desk.example.org")
            call["headers"] = dict(call["headers"]) | {"X-CSRF-Token": "secret-of-zoya"}
            call.pop("cookies", None)
            at_work.browser.cookies.clear()
            at_work.browser.cookies.set("medkarta_desk", session, domain="desk.example.org")
            answer = at_work.run(at_work.browser.request(**call))
            seen.add(answer.status_code)
            case.validate_response(answer, checks=CHECKS)

        answers_as_described()
    assert {200, 204, 401, 404, 409, 422} <= seen
