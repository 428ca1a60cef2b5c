"""A program that is told may answer whatever it likes: nobody is led elsewhere by it, and nobody waits for its end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

import pytest
from aiohttp import web

from core.domain.hook import Due, HookEvent, Telling
from core.domain.ids import HookId
from core.domain.reach import Reach
from core.gateways import hook
from core.gateways.hook import HttpHookPost
from core.ports import Unavailable

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def program(answer: Answer) -> AsyncIterator[str]:
    """Somebody's program, which answers so."""
    app = web.Application()
    app.router.add_route("*", "/told", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/told"
    await runner.cleanup()


async def told(url: str) -> int:
    post = HttpHookPost(Reach(loopback=True))
    telling = Telling(UUID(int=1), HookId(UUID(int=2)), HookEvent.TICKET_CREATED, "{}", NOW, NOW)
    try:
        return await post.send(Due(telling, url, post.fresh_secret()), NOW)
    finally:
        await post.close()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_an_answer_and_leads_nowhere(status: int) -> None:
    came: list[str] = []

    async def inner(request: web.Request) -> web.StreamResponse:
        came.append(request.method)
        return web.Response()

    async with program(inner) as inside:

        async def leads(_: web.Request) -> web.StreamResponse:
            return web.Response(status=status, headers={"Location": inside})

        async with program(leads) as url:
            assert await told(url) == status
    assert came == []


async def test_an_answer_without_an_end_is_not_read() -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b"x" * 65536)
            sent += 65536

    async with program(endless) as url, asyncio.timeout(60):
        assert await told(url) == 200
    assert sent < 64 * 1024 * 1024


async def test_whoever_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook, "SECONDS", 0.3)
    over = asyncio.Event()

    async def silent(_: web.Request) -> web.StreamResponse:
        await over.wait()
        return web.Response()

    async with program(silent) as url, asyncio.timeout(60):
        with pytest.raises(Unavailable):
            await told(url)
        over.set()
