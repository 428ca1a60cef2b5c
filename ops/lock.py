"""A chat is one process's at a time: a lock on Redis with a lease and a fence, or a queue in the only process there is."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.domain.update import Held
from core.ports import HeldElsewhere, TooFast, Turn

LEASE_S = 10.0
"""How long a process that died keeps its chats from the others."""
WAIT_S = 2.0
"""How long one waits for another process before doing something else."""
LOOK_S = (0.005, 0.1)
"""Between two looks at a lock that another process holds: at first, and at most."""
FENCE = "medkarta:fence"
TRACE_S = 25 * 3600
"""Telegram brings nothing again after a day."""
NOTED = 10_000

log = structlog.get_logger()

# The fence grows even when Redis has lost everything: it is never behind the clock, in microseconds.
# Work that is written down already was begun by somebody who has not struck it out.
# The pace of a chat is kept as the moment until which it is spent: a burst ahead of now at most.
TAKE = """
if redis.call('EXISTS', KEYS[1]) == 1 then return false end
local now = redis.call('TIME')
local each = tonumber(ARGV[5])
if each > 0 then
  local ms = now[1] * 1000 + now[2] / 1000
  local spent = math.max(tonumber(redis.call('GET', KEYS[4]) or '0'), ms)
  local wait = spent - (ARGV[6] - 1) * each - ms
  if wait > 0 then return {'', math.ceil(wait)} end
  spent = spent + each
  redis.call('SET', KEYS[4], string.format('%.3f', spent), 'PX', math.ceil(spent - ms))
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
local fence = math.max(tonumber(redis.call('GET', KEYS[2]) or '0') + 1, now[1] * 1000000 + now[2])
redis.call('SET', KEYS[2], string.format('%.0f', fence))
local died = redis.call('HGET', KEYS[3], ARGV[3])
if not died then
  redis.call('HSET', KEYS[3], ARGV[3], 0)
  redis.call('EXPIRE', KEYS[3], ARGV[4])
end
return {string.format('%.0f', fence), died and tonumber(died) + 1 or 0}
"""
RENEW = """
local kept = {}
for i, key in ipairs(KEYS) do
  kept[i] = 0
  if redis.call('GET', key) == ARGV[1 + i] then kept[i] = redis.call('PEXPIRE', key, ARGV[1]) end
end
return kept
"""
RELEASE = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('HDEL', KEYS[2], ARGV[2])
return redis.call('DEL', KEYS[1])
"""


class UnderWay:
    """What is being done, a small file each: it outlives a process that dies, which is all that is asked of it."""

    def __init__(self, folder: Path | None) -> None:
        """None: nothing is written down."""
        self._folder = folder
        if folder is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def begin(self, work: int) -> int:
        """Write it down, and return how many died over it before."""
        if self._folder is None:
            return 0
        try:
            died = (self._folder / str(work)).read_text("ascii")
        except FileNotFoundError:
            self.write(work, 0)
            return 0
        # What died while it was being written down says nothing.
        return int(died or 0) + 1

    def write(self, work: int, deaths: int) -> None:
        """Write down that so many died over it."""
        if self._folder is not None:
            (self._folder / str(work)).write_text(str(deaths), "ascii")

    def end(self, work: int) -> None:
        """Strike it out."""
        if self._folder is not None:
            (self._folder / str(work)).unlink(missing_ok=True)


class LocalLocks:
    """`core.ports.ChatLocks` where there is one process."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` is where what is under way is written down."""
        self._queues: dict[int, tuple[asyncio.Lock, int]] = {}
        self._under_way = UnderWay(folder)

    @contextlib.asynccontextmanager
    async def hold(
        self,
        chat: int,
        lost: Callable[[], None],  # noqa: ARG002 - it never is
        work: int,
        *,
        pays: bool = False,  # noqa: ARG002 - whoever brings it has counted it
    ) -> AsyncIterator[Turn]:
        """Hold the chat; nobody else can be there, so there is no fence."""
        async with self.queued(chat):
            deaths = self._under_way.begin(work)
            try:
                yield Turn(deaths=deaths)
            finally:
                self._under_way.end(work)

    async def dare(self, chat: int, work: int, deaths: int) -> None:  # noqa: ARG002 - the work says whose it is
        """Write down that it is begun once more."""
        self._under_way.write(work, deaths)

    @contextlib.asynccontextmanager
    async def queued(self, chat: int) -> AsyncIterator[None]:
        """Wait in the chat's queue."""
        lock, waiting = self._queues.get(chat) or (asyncio.Lock(), 0)
        self._queues[chat] = lock, waiting + 1
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._queues[chat]
            if waiting > 1:
                self._queues[chat] = lock, waiting - 1
            else:
                del self._queues[chat]

    async def close(self) -> None:
        """Nothing is to be given back."""


@dataclass(eq=False, slots=True)
class Hold:
    """One chat held by this process: the token in Redis, when the lease ends at the latest, and who is told of a loss."""

    token: str
    until: float
    lost: Callable[[], None]


class RedisLocks:
    """`core.ports.ChatLocks` over all processes that share a Redis. One task renews every lease of the process."""

    def __init__(
        self, redis: Redis, *, lease: float = LEASE_S, wait: float = WAIT_S, rate: float | None = None, burst: int = 1
    ) -> None:
        """`lease` and `wait` in seconds. Of what pays a chat gets `burst` at once and then `rate` a second; None: any."""
        self._redis, self._lease, self._wait = redis, lease, wait
        self._each_ms, self._burst = 1000 / rate if rate else 0.0, burst
        self._first = LocalLocks()
        self._take = redis.register_script(TAKE)
        self._renew = redis.register_script(RENEW)
        self._release = redis.register_script(RELEASE)
        self._held: dict[str, Hold] = {}
        self._renewing: asyncio.Task[None] | None = None
        self._not_struck_out: set[int] = set()

    @contextlib.asynccontextmanager
    async def hold(self, chat: int, lost: Callable[[], None], work: int, *, pays: bool = False) -> AsyncIterator[Turn]:
        """Hold the chat under a new fence. Raises HeldElsewhere, TooFast, RedisError."""
        key, token = f"medkarta:chat:{chat}", secrets.token_hex(8)
        async with self._first.queued(chat):
            try:
                fence, deaths = await self._taken(chat, token, work, self._each_ms if pays else 0.0)
            except TooFast:
                raise
            except BaseException:
                # Asked for, and not known whether it was given.
                await self._let_go(chat, token, work)
                raise
            self._held[key] = Hold(token, self._now() + self._lease, lost)
            if self._renewing is None or self._renewing.done():
                self._renewing = asyncio.create_task(self._keep_renewing())
            try:
                yield Turn(Held(chat, fence), 0 if work in self._not_struck_out else deaths)
            finally:
                self._held.pop(key, None)
                await self._let_go(chat, token, work)

    async def dare(self, chat: int, work: int, deaths: int) -> None:
        """Write down that it is begun once more. Raises RedisError."""
        await self._redis.hset(_under_way(chat), str(work), str(deaths))

    async def close(self) -> None:
        """Renew no more."""
        if self._renewing is not None:
            self._renewing.cancel()
            await asyncio.gather(self._renewing, return_exceptions=True)

    async def _taken(self, chat: int, token: str, work: int, each_ms: float) -> tuple[int, int]:
        end, pause = self._now() + self._wait, LOOK_S[0]
        keys = [f"medkarta:chat:{chat}", FENCE, _under_way(chat), f"medkarta:pace:{chat}"]
        args: list[str | float] = [token, int(self._lease * 1000), work, TRACE_S, each_ms, self._burst]
        while True:
            taken = await self._take(keys=keys, args=args)
            if taken is not None and not taken[0]:
                raise TooFast(int(taken[1]) / 1000)
            if taken is not None:
                return int(taken[0]), int(taken[1])
            if self._now() >= end:
                raise HeldElsewhere
            await asyncio.sleep(pause)
            pause = min(pause * 2, LOOK_S[1])

    async def _let_go(self, chat: int, token: str, work: int) -> None:
        try:
            await self._release(keys=[f"medkarta:chat:{chat}", _under_way(chat)], args=[token, work])
        except (RedisError, OSError):
            # The lease ends by itself; and that the work stands there still means no death.
            if len(self._not_struck_out) < NOTED:
                self._not_struck_out.add(work)
        else:
            self._not_struck_out.discard(work)

    async def _keep_renewing(self) -> None:
        while self._held:
            await asyncio.sleep(self._lease / 4)
            await self._renew_all()

    async def _renew_all(self) -> None:
        held, asked = dict(self._held), self._now()
        if not held:
            return
        kept: list[int] | None = None
        try:
            tokens = [each.token for each in held.values()]
            kept = await self._renew(keys=list(held), args=[int(self._lease * 1000), *tokens])
        except (RedisError, OSError) as fault:
            log.warning("lock.not_renewed", fault=type(fault).__name__)
        for number, (key, hold) in enumerate(held.items()):
            if kept is not None and kept[number]:
                hold.until = asked + self._lease
            elif (kept is not None or self._now() + self._lease / 4 >= hold.until) and self._held.get(key) is hold:
                del self._held[key]
                log.warning("lock.lost")
                hold.lost()

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()


def _under_way(chat: int) -> str:
    return f"medkarta:under-way:{chat}"
