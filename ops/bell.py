"""`core.ports.Bell`: over Redis between processes, within the process where there is no Redis to speak through."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis
from redis.exceptions import RedisError

CHANNEL = "medkarta.desk"
QUIET_S = 2.0
"""After so long without a word whoever listens is let go on, to look by themselves."""
AGAIN_S = 0.5
MOST = 1000
"""Words that wait for one listener: whoever is so far behind looks by themselves anyway."""


class LocalBell:
    """Rings for those who listen in this process."""

    def __init__(self, quiet: float = QUIET_S) -> None:
        self._quiet = quiet
        self._ears: set[asyncio.Queue[str]] = set()

    async def ring(self, word: str) -> None:
        """Tell everybody who listens."""
        self.told(word)

    def told(self, word: str) -> None:
        """Put the word into every ear."""
        for ear in self._ears:
            with contextlib.suppress(asyncio.QueueFull):
                ear.put_nowait(word)

    @asynccontextmanager
    async def heard(self) -> AsyncIterator[AsyncIterator[str]]:
        """Return the words that come while the block runs."""
        ear: asyncio.Queue[str] = asyncio.Queue(MOST)
        self._ears.add(ear)
        try:
            yield self._words(ear)
        finally:
            self._ears.discard(ear)

    async def _words(self, ear: asyncio.Queue[str]) -> AsyncIterator[str]:
        while True:
            try:
                yield await asyncio.wait_for(ear.get(), timeout=self._quiet)
            except TimeoutError:
                yield ""


class RedisBell(LocalBell):
    """Words by PUBLISH. One subscription serves all listeners of a process; it lasts as long as there is one.

    While Redis is away a word is heard in its own process alone, and everybody looks by themselves.
    """

    def __init__(self, redis: Redis, quiet: float = QUIET_S) -> None:
        super().__init__(quiet)
        self._redis = redis
        self._listening: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()

    async def ring(self, word: str) -> None:
        """Tell every process that listens."""
        try:
            await self._redis.publish(CHANNEL, word.encode())
        except (RedisError, OSError):
            self.told(word)

    @asynccontextmanager
    async def heard(self) -> AsyncIterator[AsyncIterator[str]]:
        """Return the words that come while the block runs."""
        async with super().heard() as words:
            if self._listening is None or self._listening.done():
                self._ready.clear()
                self._listening = asyncio.get_running_loop().create_task(self._listen())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ready.wait(), timeout=AGAIN_S)
            try:
                yield words
            finally:
                if len(self._ears) == 1:
                    await self.close()

    async def close(self) -> None:
        """Hang up."""
        listening, self._listening = self._listening, None
        if listening is not None:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening

    async def _listen(self) -> None:
        """Hear words; a lost connection is made again."""
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as ear:
                    await ear.subscribe(CHANNEL)
                    self._ready.set()
                    # What was rung while nobody listened is looked for.
                    self.told("")
                    while True:
                        said = await ear.get_message(timeout=self._quiet)
                        if said is not None:
                            # Whoever else speaks here is no reason to stop listening.
                            self.told(bytes(said["data"]).decode(errors="replace"))
            except (RedisError, OSError):
                await asyncio.sleep(AGAIN_S)
