"""A gate before a server of this machine: shut, nobody gets through and everybody inside is thrown out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit


class Gate:
    """Listens on a port of its own and passes everything on while it is open."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._server: asyncio.Server | None = None
        self._inside: set[asyncio.StreamWriter] = set()
        self.port = 0

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._met, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def shut(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in list(self._inside):
            writer.transport.abort()

    async def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self._host, self._port)
        self._inside |= {writer, back}
        try:
            await asyncio.gather(_passed(reader, back), _passed(there, writer), return_exceptions=True)
        finally:
            for each in (writer, back):
                self._inside.discard(each)
                each.transport.abort()


async def _passed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while some := await reader.read(65536):
        writer.write(some)
    writer.transport.abort()


@asynccontextmanager
async def gated(url: str) -> AsyncIterator[tuple[Gate, str]]:
    """Yield an open gate before the server of `url`, and the URL that leads through it."""
    parts = urlsplit(url)
    gate = Gate(parts.hostname or "127.0.0.1", parts.port or 0)
    await gate.open()
    user = f"{parts.username}@" if parts.username else ""
    try:
        yield gate, parts._replace(netloc=f"{user}127.0.0.1:{gate.port}").geturl()
    finally:
        await gate.shut()
