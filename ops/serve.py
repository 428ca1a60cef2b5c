"""An ASGI application on a port of this process."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.types import ASGIApp


class PortTaken(Exception):
    """Another program listens on the port."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is taken by another program: stop it, or set another port")
        self.port = port


class QuietServer(uvicorn.Server):
    """uvicorn without signal handlers of its own: whoever runs several servers decides when to stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


@contextlib.asynccontextmanager
async def serving(app: ASGIApp, host: str, port: int, patience: int = 10) -> AsyncIterator[None]:
    """Serve until the block ends; what is being answered then has so many seconds. Raises PortTaken."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        timeout_graceful_shutdown=patience,
    )
    server = QuietServer(config)
    task = asyncio.ensure_future(server.serve())
    try:
        while not server.started:
            if task.done():
                await _explain(task, port)
            await asyncio.wait({task}, timeout=0.02)
        yield
    finally:
        server.should_exit = True
        with contextlib.suppress(SystemExit, asyncio.CancelledError):
            await task


async def _explain(task: "asyncio.Future[None]", port: int) -> None:
    try:
        await task
    except SystemExit:
        raise PortTaken(port) from None
    raise PortTaken(port)
