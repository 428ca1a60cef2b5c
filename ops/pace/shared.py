"""The ledger of all processes, in Redis: each step one script, by Redis' own clock."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from redis.asyncio import Redis

from ops.pace import law
from ops.pace.law import Answer, Asked

PREFIX = "{medkarta.pace}"
LANES = 4


def _script(name: str) -> str:
    # The numbers of the law stand in one place, and both ledgers read them there.
    text = (Path(__file__).parent / f"{name}.lua").read_text("utf-8")
    return re.sub(r"\b[A-Z]+(_[A-Z]+)+\b", lambda found: str(getattr(law, found[0])), text)


class SharedLedger:
    """`ops.pace.law.Ledger` in Redis. `clock` is for tests: Redis' own otherwise. Raises RedisError."""

    def __init__(self, redis: Redis, *, prefix: str = PREFIX, clock: Callable[[], float] | None = None) -> None:
        self._clock = clock
        self._slots, self._state, self._chats = f"{prefix}:slots", f"{prefix}:state", f"{prefix}:chat:"
        self._lanes = [f"{prefix}:waiting:{lane}" for lane in range(LANES)]
        self._processes = f"{prefix}:processes"
        self._chill = redis.register_script(_script("chill"))
        self._take = redis.register_script(_script("take"))
        self._of_chats = redis.register_script(_script("chats"))
        self._pause = redis.register_script(_script("pause"))
        self._back = redis.register_script(_script("back"))
        self._redis = redis

    async def take(self, asked: Asked, rate: int) -> Answer:
        """Grant what is free, to nobody while a better lane waits."""
        chat = "" if asked.chat is None else str(asked.chat)
        keys = [self._slots, self._state, *self._lanes, self._processes]
        arguments = [self._now(), asked.lane, asked.wanted, asked.name, rate, chat, self._chats]
        told = await self._take(keys=keys, args=[*arguments, asked.ahead_ms, asked.process])
        wait, processes, *waits = told
        return Answer([float(each) for each in waits], float(wait), int(processes))

    async def give_back(self, answered: Mapping[str, float], unused: Sequence[str]) -> None:
        """A slot is free a second after its call was answered, at once where there was no call."""
        aged = [each for name, ago in answered.items() for each in (name, ago)]
        await self._back(keys=[self._slots], args=[self._now(), len(answered), *aged, *unused])

    async def chats(self, chats: Sequence[int]) -> Mapping[int, float]:
        """Spend one message of each; the waits of the others."""
        waits = await self._of_chats(keys=[], args=[self._now(), self._chats, *chats])
        return {chat: float(wait) for chat, wait in zip(chats, waits, strict=True) if wait}

    async def pause(self, chat: int, wait_ms: float) -> None:
        """The chat waits; everybody does when it is long, or when another chat was refused a moment ago."""
        await self._pause(keys=[self._state], args=[self._now(), self._chats, chat, wait_ms])

    async def leave(self, lane: int, name: str) -> None:
        """Whoever waited has gone."""
        await self._redis.zrem(self._lanes[lane], name)

    async def chill(self) -> None:
        """Grant nothing for a second: nobody knows what left within the last one."""
        await self._chill(keys=[self._state], args=[self._now()])

    def _now(self) -> float | str:
        return "" if self._clock is None else self._clock()
