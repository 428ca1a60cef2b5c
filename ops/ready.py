"""Is everything there that the product needs to serve?"""

from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeout
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine

from core.storage.schema import pending


def is_outage(fault: BaseException) -> bool:
    """Tell whether a fault means that the database or Redis is away, and not that what was asked of them is wrong."""
    if isinstance(fault, DBAPIError):
        return fault.connection_invalidated or isinstance(fault, OperationalError | InterfaceError)
    return isinstance(fault, PoolTimeout | RedisConnectionError | RedisTimeout | ConnectionError)


class Parts:
    """`core.ports.Readiness`: the database with all its migrations, and Redis."""

    def __init__(self, engine: AsyncEngine, redis: Redis) -> None:
        self.engine = engine
        self.redis = redis

    async def missing(self) -> list[str]:
        """Return the names of the parts that do not answer."""
        gone = []
        try:
            async with self.engine.connect() as connection:
                if await connection.run_sync(pending):
                    gone.append("migrations")
        except (SQLAlchemyError, OSError):
            gone.append("database")
        try:
            await self.redis.ping()
        except (RedisError, OSError):
            gone.append("redis")
        return gone
