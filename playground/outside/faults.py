"""Outside systems that fail on purpose."""

import asyncio
import functools
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Literal, TypeAlias

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from playground.outside.answers import body_of, problem

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]
Mode: TypeAlias = Literal["ok", "slow", "down", "error", "drop", "lost", "refuse"]


class Fault(BaseModel, frozen=True):
    """How a service behaves.

    ok; slow: waits `delay_ms`, then answers; down: HTTP 503 (SMTP: 421); error: HTTP 500 (SMTP: 451); drop: closes the
    connection before it does anything; lost: does the work, then closes without an answer; refuse: HTTP 403 (SMTP: 550).
    `times`: for so many calls only, then ok again; absent: until told otherwise. `delay_ms` counts in every mode but
    ok: it comes before the rest.
    """

    mode: Mode = "ok"
    delay_ms: int = Field(default=0, ge=0, le=120_000)
    times: int | None = Field(default=None, ge=1)


class FaultOrder(Fault, frozen=True):
    service: str = "*"
    endpoint: str | None = None


class Faults:
    """What is broken now among the named services of one outside system; `suffered` counts calls by how they went wrong."""

    def __init__(self, *services: str) -> None:
        self._now: dict[str, Fault] = dict.fromkeys(services, Fault())
        self.suffered: Counter[str] = Counter()

    def next(self, service: str) -> Fault:
        """The fault for this call; counts the call against `times`."""
        fault = self._now[service]
        if fault.mode != "ok":
            self.suffered[fault.mode] += 1
        if fault.times is not None:
            left = fault.times - 1
            self._now[service] = fault.model_copy(update={"times": left}) if left else Fault()
        return fault

    def now(self, service: str) -> Fault:
        """What is broken of a service; does not count as a call."""
        return self._now[service]

    def turn(self, fault: Fault, *services: str) -> None:
        """Let these behave so from now on."""
        self._now |= dict.fromkeys(services, fault)

    def guard(self, service: str, endpoint: Endpoint) -> Endpoint:
        """The endpoint as it behaves under the faults of `service`."""

        @functools.wraps(endpoint)
        async def guarded(request: Request) -> Response:
            fault = self.next(service)
            if fault.mode == "ok":
                return await endpoint(request)
            await asyncio.sleep(fault.delay_ms / 1000)
            match fault.mode:
                case "down":
                    return problem(503, "the service is down")
                case "error":
                    return problem(500, "the service is broken")
                case "refuse":
                    return problem(403, "the service refuses")
                case "drop":
                    return Dropped()
                case "lost":
                    await endpoint(request)
                    return Dropped()
                case _:
                    return await endpoint(request)

        return guarded

    def routes(self, path: str) -> list[Route]:
        """GET what is broken; POST {service, mode, delay_ms, times} breaks (service "*": all); DELETE mends everything.

        GET `<path>/suffered` tells how often each mode was met so far.
        """
        return [
            Route(path, self._change, methods=["GET", "POST", "DELETE"]),
            Route(f"{path}/suffered", self._told, methods=["GET"]),
        ]

    async def _told(self, _request: Request) -> Response:
        return JSONResponse(self.suffered)

    async def _change(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._now = dict.fromkeys(self._now, Fault())
        elif request.method == "POST":
            order = await body_of(request, FaultOrder)
            service = order.endpoint or order.service
            if service != "*" and service not in self._now:
                return problem(
                    404,
                    f"no such service: {service}; there are: {', '.join(self._now)}",
                )
            fault = Fault(mode=order.mode, delay_ms=order.delay_ms, times=order.times)
            self.turn(fault, *(self._now if service == "*" else [service]))
        return JSONResponse({service: fault.model_dump() for service, fault in self._now.items()})


class Dropped(Response):
    """No answer: the connection is closed. Under a server that keeps it from us, ConnectionResetError is raised."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 (ASGI)
        # uvicorn has no extension for this; its request cycle, whose method `receive` is, holds the connection.
        transport = getattr(getattr(receive, "__self__", None), "transport", None)
        if transport is None:
            raise ConnectionResetError("dropped on purpose")
        transport.abort()
        while (await receive())["type"] != "http.disconnect":
            pass
