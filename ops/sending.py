"""Sending what is due of one stream: one looks for it, and each claim is carried beside the next look."""

import asyncio
from collections.abc import Callable

from dishka import AsyncContainer

from core.domain.notification import Outbox
from core.ports import Clock, Events, Transaction
from core.services.notification import DeliverDue, Stream

LOOK_EVERY_S = 1.5
SOON_S = 0.005


class Sending:
    """The rounds of a stream. Were each of them to look by itself, every tap would be as many questions as there are rounds."""

    def __init__(
        self,
        container: AsyncContainer,
        stream: Stream,
        limit: int,
        rounds: int,
        *,
        went: Callable[[str], None],
        failed: Callable[[str, Exception], None],
    ) -> None:
        """`limit` rows a claim, `rounds` claims on their way at most. `went` and `failed` hear how it goes, by its name."""
        self._container, self._stream, self._limit = container, stream, limit
        self._name, self._went, self._failed = f"send.{stream.name}", went, failed
        self._free = asyncio.Semaphore(rounds)
        self._again = asyncio.Event()
        """A claim has ended: what stood behind it in its chats may go, and what came back has a time of its own."""

    async def run(self, stop: asyncio.Event) -> None:
        """Look, wait for a tap, the next due time or the end of a claim, and look again; at `stop` what is under way ends."""
        events, road, due = await self._container.get(Events), self._stream.road, 0.0
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as group:
            while not stop.is_set():
                await self._free.acquire()
                if stop.is_set():
                    break
                seen = events.taps(road)
                self._again.clear()
                taken: asyncio.Future[int | None] = loop.create_future()
                group.create_task(self._carry(taken, stop))
                found = await taken
                if found == self._limit:
                    continue
                if found == 0:
                    due = loop.time() + await self._idle()
                elif found is None:
                    due = loop.time() + LOOK_EVERY_S
                await self._wait(events, min(LOOK_EVERY_S, max(SOON_S, due - loop.time())), seen, stop)

    async def _carry(self, taken: "asyncio.Future[int | None]", stop: asyncio.Event) -> None:
        """Claim and send; `taken` is how many rows were claimed, None where that failed."""

        def claimed(count: int) -> None:
            taken.set_result(count)

        try:
            async with self._container() as scope:
                deliver = await scope.get(DeliverDue)
                if await deliver((self._stream,), self._limit, stopping=stop.is_set, claimed=claimed):
                    self._again.set()
        except Exception as fault:
            self._failed(self._name, fault)
        else:
            self._went(self._name)
        finally:
            self._free.release()
            if not taken.done():
                taken.set_result(None)

    async def _idle(self) -> float:
        """Return for how many seconds there is nothing to look for, as far as one can tell now."""
        try:
            async with self._container() as scope:
                now = (await scope.get(Clock)).now()
                async with (await scope.get(Transaction)).looking():
                    due = await (await scope.get(Outbox)).next_due(now, self._stream.lanes)
        except Exception as fault:
            self._failed(self._name, fault)
            return LOOK_EVERY_S
        return LOOK_EVERY_S if due is None else (due - now).total_seconds()

    async def _wait(self, events: Events, seconds: float, seen: int, stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            first: list[asyncio.Task[object]] = [
                group.create_task(events.wait(seconds, seen, self._stream.road)),
                group.create_task(self._again.wait()),
                group.create_task(stop.wait()),
            ]
            await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
            for each in first:
                each.cancel()
