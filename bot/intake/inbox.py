"""The inbox of the database, as the lines use it: each call in a scope of its own."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from traceback import extract_tb

import structlog
from dishka import AsyncContainer

from bot.intake.arrival import Arrival
from core.domain.update import Fault, Kept, Standing
from core.services.update import CountTry, FindWaiting, KeepUpdates, LeaveInbox, SetUpdateAside, TakeWaiting

log = structlog.get_logger()


class Inbox:
    """Raises what the database raises when it is away; that it is away is logged once, and once that it is back."""

    def __init__(
        self,
        container: AsyncContainer,
        is_outage: Callable[[BaseException], bool] = lambda _fault: True,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """`is_outage` tells the database's absence from faults of ours; `ticks` tells seconds."""
        self.container = container
        self._is_outage, self._ticks = is_outage, ticks
        self._failing_since: float | None = None

    async def keep(self, arrivals: Sequence[Arrival]) -> None:
        """Store them; Telegram may forget them then."""
        async with self._opened() as scope:
            await (await scope.get(KeepUpdates))([each.to_keep for each in arrivals])

    async def chats(self) -> list[int]:
        """Return the chats for which something waits."""
        async with self._opened() as scope:
            return await (await scope.get(FindWaiting))()

    async def of_chat(self, chat: int, limit: int) -> list[Kept]:
        """Return the oldest of what waits for a chat."""
        async with self._opened() as scope:
            return await (await scope.get(TakeWaiting))(chat, limit)

    async def leave(self, update: int) -> None:
        """Wipe what was seen through."""
        async with self._opened() as scope:
            await (await scope.get(LeaveInbox))(update)

    async def count_try(self, arrival: Arrival, fault: Fault) -> tuple[int, Standing]:
        """Count a failure."""
        async with self._opened() as scope:
            return await (await scope.get(CountTry))(arrival.to_keep, fault)

    async def set_aside(self, arrival: Arrival, fault: Fault) -> None:
        """Give it up, for an administrator to see; where its content cannot be stored, only that there was one."""
        try:
            await self._set_aside(arrival.to_keep, fault)
        except Exception as error:
            if self._is_outage(error):
                raise
            await self._set_aside(arrival.bare, fault)

    async def _set_aside(self, update: Kept, fault: Fault) -> None:
        async with self._opened() as scope:
            await (await scope.get(SetUpdateAside))(update, fault)

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[AsyncContainer]:
        try:
            async with self.container() as scope:
                yield scope
        except Exception as error:
            if self._failing_since is None:
                self._failing_since = self._ticks()
                fault = fault_of(error)
                event = "inbox.away" if self._is_outage(error) else "inbox.failed"
                log.warning(event, fault=fault.name, where=fault.places)
            raise
        if self._failing_since is not None:
            seconds, self._failing_since = self._ticks() - self._failing_since, None
            log.warning("inbox.back", seconds=round(seconds, 1))


def fault_of(error: BaseException) -> Fault:
    """Name an error: its class and places in the code, never its message, which might hold what a person typed."""
    frames = extract_tb(error.__traceback__)[-4:]
    return Fault(type(error).__name__, ", ".join(f"{Path(each.filename).name}:{each.lineno}" for each in frames))
