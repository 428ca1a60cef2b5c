"""Serving the lines: chats side by side and in turn, one chat in order."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence

import structlog

from bot.intake.arrival import Arrival, Outcome
from bot.intake.inbox import Inbox, fault_of
from bot.intake.queues import Doing, Line, Queues
from bot.intake.seeing import OUTAGE_S, Again
from bot.intake.stored import arrival_of
from bot.middlewares.throttle import Throttle

LOADED = 10

log = structlog.get_logger()


class Serving:
    """Takes lines that have something to do, so many at the same moment. `group` is where its tasks run."""

    def __init__(
        self,
        see: Callable[[Arrival], Awaitable[Again | None]],
        inbox: Inbox,
        queues: Queues,
        throttle: Throttle,
        pause: Callable[[float], Awaitable[None]],
        at_once: int,
        slowed: Callable[[Line, Arrival], None],
    ) -> None:
        """`slowed` hears of an update that waits since its chat has sent too much to all bots together."""
        self._see, self._inbox, self._queues, self._throttle, self._pause = see, inbox, queues, throttle, pause
        self._at_once, self._slowed = at_once, slowed
        self._ready: deque[Line] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._resting: set[asyncio.Task[None]] = set()
        self._running = 0
        self.group: asyncio.TaskGroup | None = None
        self.stopping = False

    def wake(self, line: Line) -> None:
        """There is something to do in a line."""
        if line.doing is Doing.IDLE:
            line.doing = Doing.READY
            self._ready.append(line)
        self._start()

    def beside(self, work: Coroutine[None, None, None]) -> None:
        """Do something beside the lines; it is waited for at the end."""
        self._track(self._tasks, work)

    async def finish(self, grace: float) -> None:
        """Give what is under way its seconds of grace, then cut it off."""
        self.stopping = True
        for task in self._resting:
            task.cancel()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=grace)
            for task in late:
                log.warning("update.cut_off")
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _start(self) -> None:
        while self._ready and self._running < self._at_once and not self.stopping and self.group is not None:
            line = self._ready.popleft()
            line.doing = Doing.RUNNING
            self._running += 1
            self._track(self._tasks, self._serve(line))

    async def _serve(self, line: Line) -> None:
        """Serve a line until it is empty or has to rest, or, when others wait for their turn, for one update."""
        rest: float | None = 0.0
        try:
            while rest == 0.0 and not self.stopping:
                rest = await self._step(line)
                if self._ready:
                    break
        finally:
            self._running -= 1
            line.doing = Doing.IDLE
        if rest is None and not line.queue and not line.stored:
            self._queues.leave(line)
        elif rest:
            line.doing = Doing.RESTING
            if not self.stopping:
                self._track(self._resting, self._rest(line, rest))
        else:
            self.wake(line)
        self._start()

    async def _step(self, line: Line) -> float | None:
        """Try one update once: None when there is none, else the seconds that the line rests."""
        if line.stored and not (line.queue and line.queue[0].kept) and not await self._load(line):
            return OUTAGE_S
        if not line.queue:
            return None
        arrival = line.queue[0]
        if arrival.slow:
            wait = self._throttle.wait(line.chat)
            if wait > 0:
                return wait
            arrival.slow = False
        arrival.running = True
        try:
            again = await self._see(arrival)
        finally:
            arrival.running = False
        if again is None:
            self._queues.over(line, arrival, Outcome.SEEN)
        elif again.fast:
            self._slowed(line, arrival)
            return again.seconds
        elif again.outside:
            await self.keep_all(line)
            return again.seconds if line.queue else 0.0
        elif arrival.repeats and not again.busy and (not again.away or arrival.away > 1):
            self._queues.over(line, arrival, Outcome.AWAY if again.away else Outcome.FAILED)
        else:
            return again.seconds
        return 0.0

    async def keep(self, arrivals: Sequence[Arrival]) -> bool:
        """Store them, so that whoever brought them may forget them. False while the database is away."""
        try:
            await self._inbox.keep(arrivals)
        except Exception:
            # The inbox has told of it.
            return False
        for each in arrivals:
            if not self._queues.put_away(each):
                await self._leave(each)
        return True

    async def keep_all(self, line: Line) -> None:
        """Store what a webhook has brought to a line that waits for Telegram: a pause may outlast the patience of a request.

        Telegram keeps so many requests open and no more: those of one chat would hold up all others.
        """
        waiting = [each for each in line.queue if each.repeats and not each.running]
        for each in waiting:
            # From here on it is ours to bring again; nobody keeps it a second time meanwhile.
            each.repeats = False
        if not waiting or await self.keep(waiting):
            return
        for each in waiting:
            each.repeats = True
            if each in line.queue and not each.running:
                self._queues.over(line, each, Outcome.AWAY)

    async def _leave(self, arrival: Arrival) -> None:
        """It was seen through while it was being kept."""
        try:
            await self._inbox.leave(arrival.id)
        except Exception as error:
            # It comes again from the inbox, and is passed over in silence.
            log.info("update.not_left", update=arrival.id, fault=fault_of(error).name)

    async def _load(self, line: Line) -> bool:
        try:
            found = await self._inbox.of_chat(line.chat, LOADED)
        except Exception:
            # The inbox has told of it.
            return False
        self._queues.add_stored(line, [arrival_of(each) for each in found], more=len(found) == LOADED)
        return True

    async def _rest(self, line: Line, seconds: float) -> None:
        await self._pause(seconds)
        line.doing = Doing.IDLE
        self.wake(line)

    def _track(self, tasks: set[asyncio.Task[None]], work: Coroutine[None, None, None]) -> None:
        if self.group is None:
            work.close()
            return
        task = self.group.create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)
