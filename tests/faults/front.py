"""One address for several processes: a TCP proxy that gives each new connection to the next process that takes it."""

import asyncio
import contextlib
import itertools
import threading
from collections.abc import Sequence

from tests.ports import free_ports

CHUNK = 65536


class Front:
    """Listens on a port of its own in a thread of its own while the block runs."""

    def __init__(self, backends: Sequence[int]) -> None:
        self.backends = backends
        (self.port,) = free_ports(1)
        self._turn = itertools.count()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()

    def __enter__(self) -> "Front":
        self._thread.start()
        if not self._ready.wait(60):
            raise RuntimeError("the front did not come up")
        return self

    def __exit__(self, *_gone: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(20)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._take, "127.0.0.1", self.port)
        async with server:
            self._ready.set()
            await self._stop.wait()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.CancelledError):
            try:
                for _ in self.backends:
                    port = self.backends[next(self._turn) % len(self.backends)]
                    with contextlib.suppress(OSError):
                        back, forth = await asyncio.open_connection("127.0.0.1", port)
                        try:
                            await asyncio.gather(_pass_on(reader, forth), _pass_on(back, writer))
                        finally:
                            forth.close()
                        return
            finally:
                writer.close()


async def _pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Copy until either side ends; then the other side is closed too, as it would be without anything in between."""
    try:
        while chunk := await source.read(CHUNK):
            target.write(chunk)
            await target.drain()
    finally:
        target.close()
