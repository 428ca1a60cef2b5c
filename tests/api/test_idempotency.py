"""A write that was named is made once: every one of /api/v1, whatever is sent again under the same name."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from starlette.types import Message, Receive, Scope, Send

from api.idempotency import HEADER, WITHHELD, WRITES, OnceRoute
from api.routes import REST
from core.domain.actor import Role
from core.domain.idempotency import Call
from core.domain.ids import new_id
from core.services.idempotency import BeginCall
from tests.api.office import Office, problem
from tests.api.talking import Member, at_desk

UNNAMED = {
    "POST /api/v1/sessions": "nobody is signed in yet whose name it could be, and the answer is a new secret",
    "DELETE /api/v1/sessions/current": "it ends what names it: a second time nobody is signed in",
}
"""Writes that take no name, each with its reason."""
SECRETS = {"secret", "password", "totp_secret", "uri", "value"}
"""Fields of answers that are said once."""


def writes(office: Office) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in office.app.openapi()["paths"].items():
        for method, told in methods.items():
            if path.startswith("/api/v1/") and method.upper() in WRITES:
                yield f"{method.upper()} {path}", told


def routes() -> dict[str, APIRoute]:
    return {
        f"{method} {route.path}": route
        for router in REST
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods
    }


def test_every_write_says_that_it_takes_a_name_and_how_it_refuses(office: Office) -> None:
    taken, found = routes(), dict(writes(office))
    assert len(found) > 80
    unnamed = set()
    for name, told in found.items():
        if not any((each["in"], each["name"]) == ("header", HEADER) for each in told.get("parameters", ())):
            unnamed.add(name)
            continue
        assert isinstance(taken[name], OnceRoute), name
        assert {"409", "422"} <= set(told["responses"]), name
    assert unnamed == set(UNNAMED)


def test_no_answer_with_a_secret_is_kept(office: Office) -> None:
    taken, schemas = routes(), office.app.openapi()["components"]["schemas"]
    secret = set()
    for name, told in writes(office):
        for status, answer in told["responses"].items():
            shape = answer.get("content", {}).get("application/json", {}).get("schema", {}).get("$ref", "")
            if status.startswith("2") and SECRETS & set(
                schemas.get(shape.rpartition("/")[2], {}).get("properties", {})
            ):
                secret.add(name)
    withheld = {name for name in dict(writes(office)) if WITHHELD in taken[name].dependencies}
    assert secret == withheld
    assert {"POST /api/v1/staff", "POST /api/v1/hooks"} < secret


@pytest.fixture
async def head(office: Office) -> AsyncIterator[Member]:
    """An administrator."""
    async with at_desk(office, "igor", Role.ADMINISTRATOR) as member:
        yield member


async def test_a_change_made_twice_is_made_once_whatever_its_method(head: Member) -> None:
    made = [await head.posts("/teams", {"name": "Первая"}, key="made") for _ in range(2)]
    assert [each.status_code for each in made] == [201, 201]
    assert made[0].json() == made[1].json()
    assert made[1].headers["Idempotent-Replayed"] == "true"
    team, version = made[0].json()["id"], made[0].json()["version"]
    # Made twice, the second would be refused: the group was changed since it was read.
    change = {"name": "Вторая", "version": version}
    changed = [await head.does("PUT", f"/teams/{team}", change, key="made") for _ in range(2)]
    assert [each.status_code for each in changed] == [200, 200]
    assert changed[1].json() == changed[0].json()
    other = await head.does("PUT", f"/teams/{team}", change | {"name": "Третья"}, key="made")
    assert problem(other, 422) == "urn:medkarta:problem:key-taken"
    gone = [await head.does("DELETE", f"/teams/{team}", key="made") for _ in range(2)]
    assert [each.status_code for each in gone] == [204, 204]


async def test_a_name_that_is_none_is_refused_before_anything_is_made(head: Member) -> None:
    for key in ("", " ", "ключ".encode(), "k" * 65):
        headers = {"X-CSRF-Token": head.csrf, HEADER: key}
        refused = await head.browser.post("/api/v1/teams", json={"name": "Первая"}, headers=headers)
        assert problem(refused, 422) == "urn:medkarta:problem:malformed", key
    assert (await head.get("/teams")).json()["teams"] == []


async def test_whoever_hangs_up_in_mid_sentence_has_made_nothing_and_is_no_fault(head: Member, office: Office) -> None:
    async def hangs_up() -> Message:
        return {"type": "http.disconnect"}

    async def cut(scope: Scope, _receive: Receive, send: Send) -> None:
        await office.app(scope, hangs_up, send)

    headers = {"X-CSRF-Token": head.csrf, HEADER: "cut"}
    whole = head.browser
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(cut), base_url=whole.base_url, cookies=whole.cookies, headers=whole.headers
    ) as browser:
        assert (await browser.post("/api/v1/teams", json={"name": "Первая"}, headers=headers)).status_code == 400
    assert (await head.get("/teams")).json()["teams"] == []


async def test_while_the_first_is_under_way_the_second_is_told_so(
    head: Member, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Call] = []
    begin = BeginCall.__call__

    async def noting(self: BeginCall, call: Call) -> object:
        begun.append(call)
        return await begin(self, call)

    monkeypatch.setattr(BeginCall, "__call__", noting)
    path, change = f"/teams/{new_id(office.clock.now())}", {"name": "Первая", "version": 1}
    assert (await head.does("PUT", path, change, key="once")).status_code == 404  # it came to nothing: the name is free
    async with office.container() as inside:
        await begin(await inside.get(BeginCall), begun[0])
    again = await head.does("PUT", path, change, key="once")
    assert problem(again, 409) == "urn:medkarta:problem:under-way"
    assert again.headers["retry-after"] == "1"


async def test_a_secret_is_said_once_and_nothing_is_made_again(head: Member) -> None:
    member = {"login": "petr", "name": "Пётр Ильин", "role": "operator"}
    made = await head.posts("/staff", member, key="once")
    assert made.status_code == 201
    again = await head.posts("/staff", member, key="once")
    assert problem(again, 409) == "urn:medkarta:problem:answer-withheld"
    assert made.json()["password"] not in again.text
    reset = [await head.posts(f"/staff/{made.json()['id']}/secrets", key="reset") for _ in range(2)]
    assert [each.status_code for each in reset] == [200, 409]
