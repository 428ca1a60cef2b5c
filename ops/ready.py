"""Is everything there that the product needs to serve?"""

import asyncio
from traceback import walk_tb

from asyncpg import exceptions as driver  # type: ignore[import-untyped]  # it comes without types
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeout
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine

from core.storage.schema import pending

UNREACHED: tuple[type[Exception], ...] = (
    driver.PostgresConnectionError,
    driver.CannotConnectNowError,
    driver.AdminShutdownError,
    driver.InternalClientError,
)
"""What the driver raises by itself while it connects, before SQLAlchemy knows of it."""
GOING = ("08", "57P01", "57P02", "57P03")
"""SQLSTATEs of a server that is going, crashed or coming up, and of connections that broke."""
LOOPS = frozenset({"asyncio", "uvloop"})
DRIVERS = frozenset({"aiosqlite", "asyncpg", "redis", "sqlalchemy"})
FRESH_S = 1.0
"""For how long an answer is given to whoever asks."""
GONE: tuple[type[Exception], ...] = (SQLAlchemyError, OSError, *UNREACHED)


def is_outage(fault: BaseException) -> bool:
    """Tell whether a fault means that the database or Redis is away, and not that what was asked of them is wrong."""
    if isinstance(fault, DBAPIError):
        known = fault.connection_invalidated or isinstance(fault, OperationalError | InterfaceError)
        sqlstate = getattr(fault.orig, "sqlstate", None)
        # Without a word of the server's it is the driver, whose connection the server broke: «cannot switch to state».
        return known or (sqlstate or "").startswith(GOING) or (isinstance(fault, InternalError) and not sqlstate)
    if isinstance(fault, TimeoutError):
        return _is_of_a_driver(fault)
    return isinstance(fault, (PoolTimeout, RedisConnectionError, RedisTimeout, ConnectionError, *UNREACHED))


def _is_of_a_driver(fault: TimeoutError) -> bool:
    """Tell whether a driver gave up waiting, and not a handler of ours: Python has one error for both.

    Its origin is the innermost place that is none of the event loop's.
    """
    names = [str(frame.f_globals.get("__name__", "")).partition(".")[0] for frame, _ in walk_tb(fault.__traceback__)]
    return next((name for name in reversed(names) if name not in LOOPS), "") in DRIVERS


class Parts:
    """`core.ports.Readiness`: the database with all its migrations, and Redis."""

    def __init__(self, engine: AsyncEngine, redis: Redis) -> None:
        self.engine = engine
        self.redis = redis
        self._asking = asyncio.Lock()
        self._known: tuple[float, list[str]] | None = None

    async def missing(self) -> list[str]:
        """Return the names of the parts that do not answer, as of a second ago at most."""
        async with self._asking:
            # Anybody may ask, and each question takes a connection to the database.
            clock = asyncio.get_running_loop().time
            if self._known is None or clock() - self._known[0] >= FRESH_S:
                gone = await self._missing()
                self._known = clock(), gone
            return list(self._known[1])

    async def _missing(self) -> list[str]:
        gone = []
        try:
            async with self.engine.connect() as connection:
                if await connection.run_sync(pending):
                    gone.append("migrations")
        except GONE:
            gone.append("database")
        try:
            await self.redis.ping()
        except (RedisError, OSError):
            gone.append("redis")
        return gone
