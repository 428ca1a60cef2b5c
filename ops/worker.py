"""The worker: sends what is due, asks registries again, signs the journal, forgets what is old."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from dishka import AsyncContainer

from core.domain.notification import Outbox
from core.domain.signin import SignIns
from core.domain.update import Updates
from core.ports import Clock, Transaction
from core.services.application import CheckLater
from core.services.audit import SignCheckpoint
from core.services.notification import DeliverDue

SEND_EVERY_S = 0.2
CHECK_EVERY_S = 5.0
SIGN_EVERY_S = 60.0
FORGET_EVERY_S = 3600.0
MARKS_KEPT = timedelta(hours=48)
TOLD_KEPT = timedelta(days=30)

log = structlog.get_logger()


class Worker:
    """Rounds of a few duties, each at its own pace; one that fails is tried again at its next turn."""

    def __init__(self, container: AsyncContainer) -> None:
        self.container = container

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; a duty under way is finished first."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._repeat("send", self.send, SEND_EVERY_S, stop))
            group.create_task(self._repeat("check", self.check, CHECK_EVERY_S, stop))
            group.create_task(self._repeat("sign", self.sign, SIGN_EVERY_S, stop))
            group.create_task(self._repeat("forget", self.forget, FORGET_EVERY_S, stop))

    async def _repeat(self, name: str, duty: Callable[[], Awaitable[None]], every: float, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await duty()
            except Exception as fault:
                log.error("worker.failed", duty=name, fault=type(fault).__name__)
            try:
                await asyncio.wait_for(stop.wait(), timeout=every)
            except TimeoutError:
                continue

    async def send(self) -> None:
        """Send what is due until nothing is."""
        taken = 1
        while taken:
            async with self.container() as scope:
                taken = await (await scope.get(DeliverDue))()

    async def check(self) -> None:
        """Ask registries again for applications that wait."""
        async with self.container() as scope:
            await (await scope.get(CheckLater))()

    async def sign(self) -> None:
        """Sign where the journal stands."""
        async with self.container() as scope:
            await (await scope.get(SignCheckpoint))()

    async def forget(self) -> None:
        """Remove done marks that Telegram cannot ask for any more, links that ran out, and what was told long ago."""
        async with self.container() as scope:
            now = (await scope.get(Clock)).now()
            async with await scope.get(Transaction):
                await (await scope.get(Updates)).forget_before(now - MARKS_KEPT)
                await (await scope.get(SignIns)).forget_before(now - MARKS_KEPT)
                await (await scope.get(Outbox)).forget_before(now - TOLD_KEPT)
