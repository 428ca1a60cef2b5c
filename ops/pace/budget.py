"""`core.ports.Pace` over a ledger: waits for slots, gives them back in batches."""

import asyncio
import contextlib
import itertools
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog
from redis.exceptions import RedisError

from core.domain.notification import Lane
from core.ports import Congested, Slot
from ops.pace.law import AHEAD_MS, UNKNOWN_PROCESSES, Answer, Asked, Ledger

LANES = {lane: number for number, lane in enumerate(Lane)}
LONGEST_NAP_S = 0.25
FLUSH_S = 0.004
AWAY_S = 1.0
LONGEST_WAIT_MS = 10_000.0
MOST_LOST = 10_000

log = structlog.get_logger()


class Budget:
    """Whoever takes gives back; a process that dies leaves its slots to their leases.

    `spare` is a ledger of this process: while Redis is away live answers go by it, at this process's share of the rate, and
    everything else waits. `clock` in seconds.
    """

    def __init__(
        self,
        ledger: Ledger,
        rate: int,
        *,
        spare: Ledger | None = None,
        nap: Callable[[float], Awaitable[object]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rate = rate
        self._ledger, self._spare, self._nap, self._clock = ledger, spare, nap, clock
        self._process = secrets.token_hex(6)
        self._names = (f"{self._process}.{number}" for number in itertools.count())
        self._answered: dict[str, float] = {}
        self._unused: list[str] = []
        self._lost: list[str] = []
        """What Redis may have granted without our hearing of it, or was not told to be free."""
        self._flush: asyncio.Task[None] | None = None
        self._away, self._went_alone = False, False
        self._alone: set[str] = set()
        """What the spare ledger granted."""
        self._processes = UNKNOWN_PROCESSES

    @property
    def rate(self) -> int:
        """Messages a second."""
        return self._rate

    @property
    def share(self) -> int:
        """What this process may send by itself while Redis is away, a second; one at least."""
        return max(1, self._rate // self._processes)

    async def take(self, lane: Lane, wanted: int, chat: int | None = None) -> Sequence[Slot]:
        """Return one slot at least and `wanted` at most, as soon as there are any.

        Raises Congested; for a live answer also when Telegram asked everybody for a pause that nobody can wait out on the spot.
        """
        ahead = AHEAD_MS if lane is Lane.BULK else 0
        asked = Asked(LANES[lane], wanted, next(self._names), chat, ahead, self._process)
        try:
            while True:
                answer = await self._ask(asked)
                if answer.granted:
                    now = self._clock()
                    return [
                        Slot(f"{asked.name}:{number}", now + wait / 1000 if wait else 0.0)
                        for number, wait in enumerate(answer.waits, start=1)
                    ]
                if lane is Lane.ANSWER and answer.wait_ms > LONGEST_WAIT_MS:
                    with contextlib.suppress(RedisError, OSError):
                        await self._ledger.leave(asked.lane, asked.name)
                    raise Congested(answer.wait_ms / 1000)
                # A few come free together at a high rate: asking for each alone would cost more than it brings.
                least = min(0.005, 1 / self._rate) if lane is not Lane.BULK else min(0.01, 4 / self._rate)
                await self._nap(max(least, min(answer.wait_ms / 1000, LONGEST_NAP_S)))
        except asyncio.CancelledError:
            # They may have been granted at the very moment.
            self._unused += _slots_of(asked)
            self._note()
            with contextlib.suppress(RedisError, OSError):
                await self._ledger.leave(asked.lane, asked.name)
            raise

    async def due(self, slot: Slot) -> None:
        """Wait until the slot may be used: a moment at most."""
        wait = slot.at - self._clock()
        if wait > 0:
            await self._nap(wait)

    async def _ask(self, asked: Asked) -> Answer:
        try:
            if self._went_alone:
                # What went meanwhile is in nobody's ledger but ours.
                await self._ledger.chill()
                self._went_alone = False
            answer = await self._ledger.take(asked, self._rate)
        except (RedisError, OSError) as fault:
            # The script may have run, its answer lost: what it granted is given back.
            self._lost += _slots_of(asked)
            await self._went_away()
            if self._spare is None or asked.lane != LANES[Lane.ANSWER]:
                raise Congested(AWAY_S) from fault
            answer = await self._spare.take(asked, self.share)
            if answer.granted:
                self._went_alone = True
                self._alone.update(f"{asked.name}:{number}" for number in range(1, answer.granted + 1))
            return answer
        self._processes = max(1, answer.processes)
        self._came_back()
        return answer

    def give_back(self, slots: Sequence[Slot], *, used: bool = True) -> None:
        """Write down when the calls were answered; the ledger hears of many at once."""
        now = self._clock()
        if used:
            self._answered.update((slot.name, now) for slot in slots)
        else:
            self._unused.extend(slot.name for slot in slots)
        self._note()

    async def chats(self, chats: Sequence[int]) -> Mapping[int, float]:
        """Spend one message of each chat; return the seconds that the others have to wait. Raises Congested."""
        try:
            waits = await self._ledger.chats(chats)
        except (RedisError, OSError) as fault:
            await self._went_away()
            raise Congested(AWAY_S) from fault
        return {chat: wait / 1000 for chat, wait in waits.items()}

    async def pause(self, chat: int, seconds: float) -> None:
        """Telegram answered 429."""
        log.warning("pace.paused", seconds=seconds)
        if self._spare is not None:
            await self._spare.pause(chat, seconds * 1000)
        try:
            await self._ledger.pause(chat, seconds * 1000)
        except (RedisError, OSError):
            await self._went_away()

    async def settled(self) -> None:
        """Wait until everything given back is written down."""
        while self._flush is not None and not self._flush.done():
            await self._flush

    def _note(self) -> None:
        if self._flush is None or self._flush.done():
            self._flush = asyncio.get_running_loop().create_task(self._flushed())

    async def _flushed(self) -> None:
        while self._answered or self._unused or (self._lost and not self._away):
            await asyncio.sleep(FLUSH_S)
            answered, self._answered = self._answered, {}
            unused, self._unused = self._unused, []
            lost, self._lost = self._lost, []
            now = self._clock()
            ages = {name: (now - at) * 1000 for name, at in answered.items()}
            if self._spare is not None and self._alone:
                mine = {name: age for name, age in ages.items() if name in self._alone}
                await self._spare.give_back(mine, [name for name in unused if name in self._alone])
                self._alone.difference_update(mine, unused)
            try:
                await self._ledger.give_back(ages, [*unused, *lost])
            except (RedisError, OSError):
                # Leases of what was used end by themselves; what nobody uses is told once Redis is back.
                self._lost = [*lost, *unused, *self._lost][-MOST_LOST:]
                await self._went_away()

    async def _went_away(self) -> None:
        if self._away:
            return
        self._away = True
        log.warning("pace.away")
        if self._spare is not None:
            # What was granted a moment ago may be arriving now, here and elsewhere.
            await self._spare.chill()

    def _came_back(self) -> None:
        if self._away:
            self._away = False
            log.warning("pace.back")
            self._note()


def _slots_of(asked: Asked) -> list[str]:
    return [f"{asked.name}:{number}" for number in range(1, asked.wanted + 1)]
