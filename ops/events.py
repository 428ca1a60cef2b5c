"""`core.ports.Events`: over Redis between processes, within the process where there is no Redis to speak through."""

import asyncio
import contextlib
from collections import Counter, defaultdict

from redis.asyncio import Redis
from redis.exceptions import RedisError

CHANNEL = "medkarta.due"
LISTEN_S = 0.2
EVERYBODY = ""


class LocalEvents:
    """Wakes those who wait in this process, each on their road."""

    def __init__(self) -> None:
        self._next: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._taps: Counter[str] = Counter()

    async def wake(self, road: str = EVERYBODY) -> None:
        """Wake everybody who waits now on that road; all of them where none is named."""
        self._taps[road] += 1
        woken = list(self._next) if road == EVERYBODY else [each for each in (road, EVERYBODY) if each in self._next]
        for each in woken:
            self._next.pop(each).set()

    def taps(self, road: str = EVERYBODY) -> int:
        """How many came so far on that road, and to everybody; all of them where none is named."""
        return self._taps.total() if road == EVERYBODY else self._taps[road] + self._taps[EVERYBODY]

    async def wait(self, seconds: float, seen: int, road: str = EVERYBODY) -> None:
        """Wait for a tap on that road beyond those `seen`, but no longer than that."""
        if self.taps(road) != seen:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._next[road].wait(), timeout=seconds)


class RedisEvents(LocalEvents):
    """Taps by PUBLISH; `listen` runs beside those who wait. While Redis is away everybody looks by themselves."""

    def __init__(self, redis: Redis) -> None:
        super().__init__()
        self._redis = redis

    async def wake(self, road: str = EVERYBODY) -> None:
        """Wake who waits on that road in every process that listens."""
        with contextlib.suppress(RedisError, OSError):
            await self._redis.publish(CHANNEL, road.encode())

    async def listen(self, stop: asyncio.Event) -> None:
        """Hear taps until `stop`; a lost connection is made again."""
        while not stop.is_set():
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as ear:
                    await ear.subscribe(CHANNEL)
                    while not stop.is_set():
                        told = await ear.get_message(timeout=LISTEN_S)
                        if told is not None:
                            await super().wake(bytes(told["data"]).decode(errors="replace"))
            except (RedisError, OSError):
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), timeout=1)
