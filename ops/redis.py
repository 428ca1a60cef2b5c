"""Redis, or its twin inside the process when no address is given."""

from fakeredis import FakeAsyncRedis
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from ops.line import Together

SOCKET_SECONDS = 0.5
"""A black hole must not hang everybody (SECURITY.md)."""
CONNECTIONS = 64


def connect(url: str | None) -> Redis:
    """Return a client; None is the store in this process, which forgets everything at its end."""
    if url is None:
        return FakeAsyncRedis()
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS,
        timeout=5,
        socket_timeout=SOCKET_SECONDS,
        socket_connect_timeout=SOCKET_SECONDS,
        retry=Retry(NoBackoff(), 1),
    )
    # `from_pool` closes the pool together with the client.
    return Together.from_pool(pool)
