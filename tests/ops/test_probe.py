"""A bot or a worker that runs alone says whether it is well."""

from typing import Any

import httpx
import pytest
from dishka import AsyncContainer, Provider, Scope, make_async_container

from core.ports import Readiness
from ops.probe import application, beside


class Parts:
    """What is missing now."""

    def __init__(self) -> None:
        self.gone: list[str] = []

    async def missing(self) -> list[str]:
        return self.gone


@pytest.fixture
def parts() -> Parts:
    return Parts()


@pytest.fixture
def container(parts: Parts) -> AsyncContainer:
    provider = Provider(scope=Scope.APP)
    provider.provide(lambda: parts, provides=Readiness)
    return make_async_container(provider)


async def test_it_lives_and_says_which_part_is_missing(container: AsyncContainer, parts: Parts) -> None:
    transport = httpx.ASGITransport(application(container))
    async with httpx.AsyncClient(transport=transport, base_url="http://probe") as watcher:
        assert (await watcher.get("/healthz")).json()["alive"] is True
        assert (await watcher.get("/readyz")).json() == {"ready": True, "missing": []}
        parts.gone = ["redis"]
        answer = await watcher.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"ready": False, "missing": ["redis"]})
        assert (await watcher.get("/")).status_code == 404


async def test_on_the_webhooks_port_probes_are_answered_and_the_door_gets_all_else(container: AsyncContainer) -> None:
    came: list[str] = []

    async def door(scope: Any, _receive: Any, send: Any) -> None:
        came.append(f"{scope['method']} {scope['path']}")
        await send({"type": "http.response.start", "status": 401, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    transport = httpx.ASGITransport(beside(door, container))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as watcher:
        assert (await watcher.get("/readyz")).json() == {"ready": True, "missing": []}
        assert (await watcher.get("/healthz")).status_code == 200
        assert came == []
        assert (await watcher.post("/readyz")).status_code == (await watcher.get("/hook")).status_code == 401
    assert came == ["POST /readyz", "GET /hook"]
