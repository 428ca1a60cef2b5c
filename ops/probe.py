"""Is a process without a desk well? Two addresses for whoever watches it: on a port of their own, or on the webhook's."""

import contextlib
from collections.abc import AsyncIterator
from importlib.metadata import version

from dishka import AsyncContainer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from core.ports import Readiness
from ops.serve import serving
from ops.settings import Settings

ALIVE, READY = "/healthz", "/readyz"
PATIENCE_S = 1


def application(container: AsyncContainer) -> Starlette:
    """Return an ASGI application with `/healthz` and `/readyz`, which say what those of the desk say."""

    async def alive(_request: Request) -> JSONResponse:
        return JSONResponse({"alive": True, "version": version("medkarta")})

    async def ready(_request: Request) -> JSONResponse:
        missing = await (await container.get(Readiness)).missing()
        return JSONResponse({"ready": not missing, "missing": missing}, 503 if missing else 200)

    return Starlette(routes=[Route(ALIVE, alive), Route(READY, ready)])


def beside(app: ASGIApp, container: AsyncContainer) -> ASGIApp:
    """Return an application that answers probes, and leaves everything else to `app`."""
    probes = application(container)

    async def either(scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] == "http" and scope["method"] in {"GET", "HEAD"} and scope["path"] in {ALIVE, READY}
        await (probes if asked else app)(scope, receive, send)

    return either


@contextlib.asynccontextmanager
async def probed(settings: Settings, container: AsyncContainer) -> AsyncIterator[None]:
    """Answer probes while the block runs, where a port is set for them. Raises `ops.serve.PortTaken`."""
    if settings.probe_port is None:
        yield
        return
    async with serving(application(container), settings.probe_host, settings.probe_port, PATIENCE_S):
        yield
