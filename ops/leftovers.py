"""Messages that could not be removed from their chats yet, in Redis: a set ordered by when each is to be tried."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import cast

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.ports import Leftover

KEY = "medkarta:leftovers"
LEASE_S = 120.0
"""How long one that was taken is left to whoever took it."""
AWAY = (RedisError, OSError)

log = structlog.get_logger()


class RedisLeftovers:
    """`core.ports.Leftovers`. Numbers of chats and messages alone, and since when; two who try the same do no harm.

    While Redis is away they are remembered here, and brought there when it is back.
    """

    def __init__(self, redis: Redis, *, lasting: bool = True, now: Callable[[], float] = time.time) -> None:
        """`lasting`: whether Redis outlives this process; `now` tells Unix seconds."""
        self._redis, self._lasting, self._now = redis, lasting, now
        self._here: dict[str, float] = {}

    async def put(self, chat: int, messages: Sequence[int], seconds: float) -> None:
        """Remember messages of a chat that are to be tried in so many seconds."""
        now = self._now()
        await self._add({f"{chat}:{message}:{now:.0f}": now + seconds for message in messages})

    async def due(self, limit: int) -> list[Leftover]:
        """Return those whose time has come."""
        now = self._now()
        try:
            if self._here:
                await self._redis.zadd(KEY, dict(self._here))
                self._here.clear()
            # The client decodes nothing: it answers in bytes.
            found = cast("list[bytes]", await self._redis.zrangebyscore(KEY, "-inf", now, start=0, num=limit))
            if found:
                await self._redis.zadd(KEY, dict.fromkeys(found, now + LEASE_S), xx=True)
            return [self._read(each.decode()) for each in found]
        except AWAY:
            return [self._read(each) for each, at in self._here.items() if at <= now][:limit]

    async def again(self, leftovers: Sequence[Leftover], seconds: float) -> None:
        """Try them again in so many seconds."""
        await self._add({each.name: self._now() + seconds for each in leftovers})

    async def gone(self, leftovers: Sequence[Leftover]) -> None:
        """Forget them."""
        names = [each.name for each in leftovers]
        for each in names:
            self._here.pop(each, None)
        try:
            if names:
                await self._redis.zrem(KEY, *names)
        except AWAY:
            # They come again, and are found to be gone.
            return

    async def only_here(self) -> list[Leftover]:
        """Return what would be lost with this process."""
        names = list(self._here)
        if not self._lasting:
            names += [each.decode() for each in cast("list[bytes]", await self._redis.zrange(KEY, 0, -1))]
        return [self._read(each) for each in names]

    async def _add(self, members: Mapping[str, float]) -> None:
        try:
            await self._redis.zadd(KEY, dict(members))
        except AWAY as fault:
            log.warning("leftovers.away", fault=type(fault).__name__)
            self._here |= members

    def _read(self, name: str) -> Leftover:
        chat, message, since = name.split(":")
        return Leftover(name, int(chat), int(message), max(0.0, self._now() - float(since)))
