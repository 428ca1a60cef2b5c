"""A playground for every test in memory, and one on a real port for those who need the wire."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from playground.app import create_app
from playground.settings import PlaygroundSettings
from playground.telegram.app import TelegramApp
from tests.playground.talking import BotSide, PersonSide
from tests.ports import free_ports


@pytest.fixture
def settings() -> PlaygroundSettings:
    return PlaygroundSettings()


@pytest.fixture
async def telegram(settings: PlaygroundSettings) -> AsyncIterator[TelegramApp]:
    app = TelegramApp(settings, Starlette())
    yield app
    await app.telegram.webhook.remove()


@pytest.fixture
async def client(telegram: TelegramApp) -> AsyncIterator[httpx.AsyncClient]:
    """HTTP straight into the local Telegram, without a port."""
    transport = httpx.ASGITransport(app=telegram, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://telegram", timeout=40) as http:
        yield http


@pytest.fixture
def bot(client: httpx.AsyncClient, settings: PlaygroundSettings) -> BotSide:
    return BotSide(client, settings.token)


@pytest.fixture
def stranger(client: httpx.AsyncClient) -> PersonSide:
    """Анна, who has not written to the bot yet."""
    return PersonSide(client, 100001)


@pytest.fixture
async def anna(stranger: PersonSide, bot: BotSide) -> PersonSide:
    """Анна, who has pressed Start; the bot has seen and confirmed it."""
    await stranger.start()
    await bot.updates()
    await bot.updates()
    return stranger


class Served:
    """An application on a loopback port, in a thread of its own.

    The socket listens before the server does, so the first caller is never turned away: nobody has to wait and try.
    """

    def __init__(self, listening: socket.socket, server: uvicorn.Server) -> None:
        self._server = server
        self._thread = threading.Thread(target=self._run, args=(listening,), daemon=True)
        listening.listen(128)
        self._thread.start()

    def _run(self, listening: socket.socket) -> None:
        async def main() -> None:
            await self._server.serve(sockets=[listening])

        asyncio.run(main())

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(20)


def serve_app(make: Any, **changes: Any) -> tuple[Served, PlaygroundSettings]:
    """`make(settings)` on a free port; the settings know the port."""
    # asyncio sets TCP_NODELAY only on sockets that name their protocol; without it every answer waits 40 ms.
    listening = socket.socket(proto=socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    settings = replace(PlaygroundSettings(), port=port, public_url=f"http://127.0.0.1:{port}", **changes)
    config = uvicorn.Config(make(settings), log_level="warning", access_log=False, timeout_graceful_shutdown=1)
    return Served(listening, uvicorn.Server(config)), settings


@pytest.fixture
def wire() -> Iterator[PlaygroundSettings]:
    """The local Telegram alone on a real port, new for this test."""
    served, settings = serve_app(lambda settings: TelegramApp(settings, Starlette()))
    yield settings
    served.stop()


@pytest.fixture(scope="session")
def playground() -> Iterator[PlaygroundSettings]:
    """The whole playground on a real port, one for the session: `playground.public_url` is its address."""
    served, settings = serve_app(create_app, smtp_port=free_ports(1)[0])
    yield settings
    served.stop()
