"""The lines for updates: taken in, kept when they hold others back, handed over at the end.

What jumps the line and what does not. The order within a chat is always kept: nothing overtakes what the same person sent
before. A way out (`/start`, `/menu`, `/cancel`, `/help`, their buttons) and a call for help (103, 112, words of urgency) take no
token of the throttle, are taken when the memory is full, and are never thrown away: they are read right after what waits in
their chat already, half a minute at most. One at a time in each chat, and `WAYS_OUT` of them before they wait for their pace:
a flood of them is slowed like anything else. Whoever
calls for help in a flood is told 103 and 112 at once, before the message is read. Everything else waits for its pace, and past
`WAITING` it is thrown away, which is said. When so much waits from everybody that nothing more is taken, that is said once too,
and whoever brought it brings it again.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager

import structlog

from bot.intake.arrival import Arrival, Outcome
from bot.intake.ending import END_S
from bot.intake.inbox import Inbox
from bot.intake.queues import Line, Queues
from bot.intake.seeing import OUTAGE_S, Again
from bot.intake.serving import Serving
from bot.intake.voice import Voice
from bot.middlewares.throttle import Throttle

AT_ONCE = 64
"""Chats that are served at the same moment: what the database's connections and one core keep busy."""
MOST = 1000
"""Updates in memory; past that, whoever brings more is asked to come again."""
WAITING = 50
"""Updates of one flooding chat that wait for their turn; later ones are thrown away, and that is said."""
WINDOW_S = 5.0
"""How long an update may keep Telegram from forgetting it, and so later ones from coming."""
WAYS_OUT, WAYS_OUT_RATE = 5, 0.5
"""Ways out of one chat that are read at once, and how many a second after these."""

log = structlog.get_logger()


class Lines:
    """Takes arrivals, and tells whoever brought them what became of each. Open it to use it."""

    def __init__(
        self,
        see: Callable[[Arrival], Awaitable[Again | None]],
        inbox: Inbox,
        voice: Voice,
        throttle: Throttle,
        pause: Callable[[float], Awaitable[None]],
        *,
        at_once: int = AT_ONCE,
        most: int = MOST,
        window: float = WINDOW_S,
        grace: Callable[[], float] = lambda: END_S,
    ) -> None:
        """`pause` waits for so many seconds; `window` in seconds, and what `grace` tells when the product stops."""
        self._inbox, self._voice, self._throttle = inbox, voice, throttle
        self._ways_out = Throttle(WAYS_OUT_RATE, throttle.ticks, WAYS_OUT)
        self._most, self._window, self._grace = most, window, grace
        self._queues = Queues()
        self._serving = Serving(see, inbox, self._queues, throttle, pause, at_once, self._say_slow)
        self._keep_after = 0.0
        self._crowded_out: set[int] = set()
        """Who was told that there is too much from everybody, until it is over."""

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Serve while the block runs; at its end finish what is under way, and leave the rest to whoever comes next."""
        async with asyncio.TaskGroup() as group:
            self._serving.group = group
            try:
                yield
            finally:
                await self.stop()

    @property
    def stopping(self) -> bool:
        """Whether the product stops."""
        return self._serving.stopping

    @property
    def full(self) -> bool:
        """Whether nothing more is taken now."""
        return self.stopping or len(self._queues.known) >= self._most

    def put(self, arrival: Arrival) -> None:
        """Take an arrival. The same one a second time waits for the first."""
        before = self._queues.known.get(arrival.id)
        if before is not None:
            before.tell.extend(arrival.tell)
            if before.kept:
                before.settle(Outcome.SEEN)
            return
        if arrival.elsewhere:
            arrival.settle(Outcome.SEEN)
            return
        passes = arrival.passes and not self._queues.has_way_out(arrival.chat)
        if self.stopping or (self.full and not passes):
            arrival.settle(Outcome.AWAY)
            if not self.stopping:
                self._overloaded(arrival)
            return
        line = self._queues.line(arrival.chat)
        arrival.came = self._throttle.ticks()
        if passes:
            self._help_at_once(line, arrival)
            if not self._ways_out.take(line.chat):
                self._slowed(line, arrival)
        elif not self._has_place(line, arrival):
            arrival.settle(Outcome.SEEN)
            return
        self._queues.add(line, arrival)
        if arrival.repeats and line.waits_for_telegram:
            self._serving.beside(self._serving.keep_all(line))
        self._serving.wake(line)

    async def look(self) -> bool:
        """Look for what waits in the inbox; False when the database is away."""
        try:
            chats = await self._inbox.chats()
        except Exception:
            # The inbox has told of it.
            return False
        self._queues.forget(self._throttle.calm)
        if len(self._queues.known) < self._most // 2:
            self._crowded_out.clear()
        for chat in chats:
            line = self._queues.line(chat)
            line.stored = True
            self._serving.wake(line)
        return True

    async def keep_late(self, *, crowded: bool) -> None:
        """Store what holds others back: what is past its window; with Telegram's page full, also what waits for its pace.

        While the database is away it is asked once a second, however often this is called.
        """
        now = self._throttle.ticks()
        late = self._queues.late(now - self._window, crowded=crowded) if now >= self._keep_after else []
        if not late:
            return
        if await self._serving.keep(late):
            log.info("update.kept", count=len(late))
        else:
            self._keep_after = now + OUTAGE_S

    async def stop(self) -> None:
        """Take nothing more. What is under way has its time of grace; what has not begun goes back to whoever brought it."""
        self._serving.stopping = True
        for arrival in [each for each in self._queues.known.values() if not each.running]:
            arrival.settle(Outcome.AWAY)
        await self._serving.finish(self._grace())
        for arrival in list(self._queues.known.values()):
            arrival.settle(Outcome.AWAY)

    def _overloaded(self, arrival: Arrival) -> None:
        """Say once that there is too much from everybody; whoever brought it brings it again."""
        if arrival.chat not in self._crowded_out and len(self._crowded_out) < self._most:
            self._crowded_out.add(arrival.chat)
            log.warning("update.overloaded", waiting=len(self._queues.known))
            self._serving.beside(self._voice.crowded(arrival))

    def _help_at_once(self, line: Line, arrival: Arrival) -> None:
        if arrival.urgent and (line.stored or any(each.slow for each in line.queue)):
            log.warning("update.urgent", update=arrival.id)
            self._serving.beside(self._voice.urgent(arrival))

    def _has_place(self, line: Line, arrival: Arrival) -> bool:
        """Whether it may wait in the line; its pace and what is said of it are settled here."""
        if line.told and self._throttle.calm(line.chat):
            line.told.clear()
        if self._throttle.take(line.chat):
            return True
        if len(line.queue) + line.put_away >= WAITING:
            self._once(line, "dropped", self._voice.dropped, arrival)
            return False
        self._slowed(line, arrival)
        return True

    def _slowed(self, line: Line, arrival: Arrival) -> None:
        arrival.slow = True
        self._say_slow(line, arrival)

    def _say_slow(self, line: Line, arrival: Arrival) -> None:
        self._once(line, "slow", self._voice.slow, arrival)

    def _once(
        self, line: Line, what: str, tell: Callable[[Arrival], Coroutine[None, None, None]], arrival: Arrival
    ) -> None:
        if what in line.told:
            return
        line.told.add(what)
        log.warning("update.throttled", update=arrival.id, what=what)
        self._serving.beside(tell(arrival))
