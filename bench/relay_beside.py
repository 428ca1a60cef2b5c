"""The bare relay while it is measured: its listeners, its messages, how long they took."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import perf_counter

import httpx

from bench.services import free_port, redis_server, running

COMES_UP_S = 120.0


async def bare_relay(place: Path, listeners: int, rate: float, seconds: float) -> list[float]:
    """Return how long messages took through a bare relay: as many listeners, as many messages a second."""
    said: dict[bytes, float] = {}
    took: list[float] = []
    folder = place / "bare"
    folder.mkdir(mode=0o700)
    async with _relay(folder, listeners) as http:

        async def listen(first: bool) -> None:
            async with http.stream("GET", "/events", timeout=None) as answer:
                async for line in answer.aiter_lines():
                    if first and line.startswith("data: "):
                        took.append(perf_counter() - said[line[6:].encode()])  # noqa: PERF401 - as they come

        listening = [asyncio.create_task(listen(number == listeners // 2)) for number in range(listeners)]
        await asyncio.sleep(1)
        began = perf_counter()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, began + number / rate - perf_counter()))
            text = b"message %d" % number
            said[text] = perf_counter()
            await http.post("/say", content=text)
        await asyncio.sleep(1)
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
    return took


@asynccontextmanager
async def _relay(folder: Path, listeners: int) -> AsyncIterator[httpx.AsyncClient]:
    async with redis_server(folder) as (redis, _):
        port = free_port()
        told = {"REDIS_URL": redis, "RELAY_PORT": str(port), "PATH": os.environ["PATH"]}
        async with running([sys.executable, "-m", "bench.relay_bare"], folder / "relay.txt", environment=told):
            limits = httpx.Limits(max_connections=None, max_keepalive_connections=listeners + 10)
            base = f"http://127.0.0.1:{port}"
            async with httpx.AsyncClient(base_url=base, trust_env=False, limits=limits) as http:
                await answers(http, "/nothing", 404)
                yield http


async def answers(http: httpx.AsyncClient, path: str, status: int = 200) -> None:
    """Wait until an address answers with a status. Raises TimeoutError."""
    end = perf_counter() + COMES_UP_S
    while perf_counter() < end:
        with suppress(httpx.TransportError):
            if (await http.get(path)).status_code == status:
                return
        await asyncio.sleep(0.2)
    raise TimeoutError(path)
