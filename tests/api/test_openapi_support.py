"""Whatever is sent about conversations, tickets and programs, it is answered as described: to operators and administrators."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case

from core.domain.actor import Role
from core.security.keyring import KeyRing
from tests.api.conftest import opened
from tests.api.listening import hired
from tests.api.office import Browser, Office
from tests.api.talking import Member, calls, requests, writes
from tests.api.test_openapi import APART, CHECKS

NOBODY = str(UUID(int=3))
LOGINS = {"olga": Role.OPERATOR, "zoya": Role.ADMINISTRATOR}


@dataclass(frozen=True)
class Desk:
    """Two at the desk, on a loop that the examples of a test share."""

    runner: asyncio.Runner
    office: Office
    browsers: dict[str, Browser]
    people: Iterator[str]

    async def set(self, login: str) -> dict[str, str]:
        """Let there be a conversation that the member has, a ticket, an answer that is ready, and an address."""
        member = Member(self.browsers[login], f"secret-of-{login}")
        citizen, talk = await calls(self.office, next(self.people))
        await member.posts(f"/conversations/{talk}/claim")
        await writes(self.office, citizen, "Ау", 1)
        line = (await member.says(talk, "Здравствуйте")).json()["number"]
        _, ticket = await requests(self.office, name=next(self.people))
        head = Member(self.browsers["zoya"], "secret-of-zoya")
        answer = {"shortcut": f"a{ticket.hex}"[:30], "title": "Да", "texts": {"ru": "Да"}}
        kept = await head.posts("/canned", answer)
        assert kept.status_code == 201, kept.text
        canned = kept.json()["id"]
        address = {"url": "https://hooks.example.org/told", "events": ["ticket.created"]}
        hooks = (await head.get("/hooks")).json()["hooks"]
        hook = hooks[0]["id"] if hooks else (await head.posts("/hooks", address)).json()["id"]
        there = {"conversation": str(talk), "ticket": str(ticket), "line": str(line), "canned": canned, "hook": hook}
        return there | {"telling": NOBODY, "remark": NOBODY, "place": "0"}


@pytest.fixture(params=[("olga", "sqlite"), pytest.param(("zoya", "postgresql"), marks=pytest.mark.needs_postgresql)])
def seat(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Who asks, and which database stands behind."""
    found: tuple[str, str] = request.param
    return found


@pytest.fixture
def desk(seat: tuple[str, str], keyring: KeyRing, tmp_path: Path) -> Iterator[Desk]:
    async def sit_down() -> Desk:
        office = await stack.enter_async_context(opened(keyring, tmp_path, seat[1]))
        office.app.state.live.close()  # a stream without an end would never be an answer
        browsers = {}
        for login, role in LOGINS.items():
            await hired(office, login, role)
            browsers[login] = await stack.enter_async_context(office.browser())
            await browsers[login].sits(office, login)
        return Desk(runner, office, browsers, map("".join, product("АБВГДЕ", *["абвгдеиклм"] * 3)))

    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        yield runner.run(sit_down())
        runner.run(stack.aclose())


def _file(generated: Any) -> Any:
    match generated:
        case (name, content, *kind):
            return name, content if isinstance(content, bytes) else str(content).encode(), *kind
        case bytes():
            return generated
        case _:
            return str(generated).encode()


async def sent(browser: Browser, call: dict[str, Any]) -> httpx.Response:
    """Send a call, and keep its body for the checks: a form with a file would be gone once it was streamed."""
    if "files" in call:
        each = call["files"].items() if isinstance(call["files"], dict) else call["files"]
        call["files"] = [(name, _file(file)) for name, file in each]
    request = browser.build_request(**call)
    await request.aread()
    return await browser.send(request)


def test_every_call_answers_as_described(desk: Desk, seat: tuple[str, str]) -> None:
    login = seat[0]
    browser = desk.browsers[login]
    description = desk.runner.run(browser.get("/api/v1/openapi.json")).json()
    operations = [found.ok() for found in schemathesis.openapi.from_dict(description).get_all_operations()]
    session = browser.cookies["medkarta_desk"]
    seen: set[int] = set()
    there: dict[str, str] = {}

    for operation in [each for each in operations if each.path.startswith(APART)]:
        there.update(desk.runner.run(desk.set(login)))

        @given(case=operation.as_strategy(), known=st.booleans())
        @settings(
            max_examples=8,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def answers_as_described(case: Case, known: bool) -> None:
            if known:
                case.path_parameters = {name: there[name] for name in case.path_parameters}
            call = case.as_transport_kwargs(base_url="http://desk.example.org")
            call["headers"] = dict(call["headers"]) | {"X-CSRF-Token": f"secret-of-{login}"}
            call.pop("cookies", None)
            browser.cookies.clear()
            browser.cookies.set("medkarta_desk", session, domain="desk.example.org")
            answer = desk.runner.run(sent(browser, call))
            seen.add(answer.status_code)
            case.validate_response(answer, checks=CHECKS)

        answers_as_described()
    assert {200, 201, 204, 404, 409, 422} <= seen
