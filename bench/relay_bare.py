"""`python -m bench.relay_bare`: a Redis Stream and server-sent events, and nothing around them: what relaying costs at least."""

import os
from collections.abc import AsyncIterator

import uvicorn
from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

STREAM = "relay"
LONGEST = 10_000
BLOCK_MS = 5_000


def application(redis: "Redis[bytes]") -> Starlette:
    """Return the relay: what is posted to /say goes to everybody who listens at /events."""

    async def say(request: Request) -> Response:
        await redis.xadd(STREAM, {b"said": await request.body()}, maxlen=LONGEST, approximate=True)
        return Response(status_code=204)

    async def told() -> AsyncIterator[bytes]:
        yield b": here\n\n"
        last: bytes | str = "$"
        while True:
            for _, entries in await redis.xread({STREAM: last}, block=BLOCK_MS) or ():
                for last, fields in entries:
                    yield b"id: %b\ndata: %b\n\n" % (last, fields[b"said"])

    async def events(_request: Request) -> Response:
        return StreamingResponse(told(), media_type="text/event-stream")

    return Starlette(routes=[Route("/say", say, methods=["POST"]), Route("/events", events)])


def main() -> None:
    """Serve on RELAY_PORT, before the Redis at REDIS_URL."""
    redis: Redis[bytes] = Redis.from_url(os.environ["REDIS_URL"], max_connections=500)
    port = int(os.environ["RELAY_PORT"])
    uvicorn.run(application(redis), port=port, loop="uvloop", log_level="warning", timeout_graceful_shutdown=1)


if __name__ == "__main__":
    main()
