"""Redis, or its twin inside the process when no address is given."""

from collections.abc import Iterable, Mapping

from fakeredis import FakeAsyncRedis
from redis.asyncio import BlockingConnectionPool, Connection, Redis, SSLConnection, UnixDomainSocketConnection
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError

from ops.line import Together

SOCKET_SECONDS = 0.5
"""A black hole must not hang everybody (SECURITY.md)."""
CONNECTIONS = 64


class _Watched(AbstractConnection):
    """Says that the other side has hung up as redis-py says everything else.

    A loop may refuse to write into what is closed with an error of its own (uvloop: RuntimeError), which redis-py lets
    through (its issue 4287): a server that goes away in the middle of a greeting would look like a fault of ours.
    """

    async def _send_packed_command(self, command: Iterable[bytes]) -> None:
        if self._writer is None or self._writer.transport.is_closing():
            raise RedisConnectionError("the other side has hung up")
        await super()._send_packed_command(command)


class _Plain(_Watched, Connection): ...


class _Encrypted(_Watched, SSLConnection): ...


class _Local(_Watched, UnixDomainSocketConnection): ...


WATCHED: Mapping[type[AbstractConnection], type[_Watched]] = {
    Connection: _Plain,
    SSLConnection: _Encrypted,
    UnixDomainSocketConnection: _Local,
}


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
    pool.connection_class = WATCHED[pool.connection_class]
    # `from_pool` closes the pool together with the client.
    return Together.from_pool(pool)
