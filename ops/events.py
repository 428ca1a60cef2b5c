"""`core.ports.Events`: over Redis between processes, within the process where there is no Redis to speak through."""

import asyncio
import contextlib

from redis.asyncio import Redis
from redis.exceptions import RedisError

CHANNEL = "medkarta.due"
LISTEN_S = 0.2


class LocalEvents:
    """Wakes those who wait in this process."""

    def __init__(self) -> None:
        self._next = asyncio.Event()
        self.taps = 0

    async def wake(self) -> None:
        """Wake everybody who waits now."""
        self.taps += 1
        woken, self._next = self._next, asyncio.Event()
        woken.set()

    async def wait(self, seconds: float, seen: int) -> None:
        """Wait for a tap beyond those `seen`, but no longer than that."""
        if self.taps != seen:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._next.wait(), timeout=seconds)


class RedisEvents(LocalEvents):
    """Taps by PUBLISH; `listen` runs beside those who wait. While Redis is away everybody looks by themselves."""

    def __init__(self, redis: Redis) -> None:
        super().__init__()
        self._redis = redis

    async def wake(self) -> None:
        """Wake every process that listens."""
        with contextlib.suppress(RedisError, OSError):
            await self._redis.publish(CHANNEL, b"")

    async def listen(self, stop: asyncio.Event) -> None:
        """Hear taps until `stop`; a lost connection is made again."""
        while not stop.is_set():
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as ear:
                    await ear.subscribe(CHANNEL)
                    while not stop.is_set():
                        if await ear.get_message(timeout=LISTEN_S) is not None:
                            await super().wake()
            except (RedisError, OSError):
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), timeout=1)
