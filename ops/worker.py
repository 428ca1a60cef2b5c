"""The worker: sends what is due, asks registries again, signs the journal, forgets what is old."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import structlog
from dishka import AsyncContainer

from core.domain.clinic import Clinics
from core.domain.handover import SHOWN_FOR, Handovers
from core.domain.notification import Outbox
from core.domain.page import Pages
from core.domain.signin import SignIns
from core.domain.update import Updates
from core.ports import Clock, Events, Transaction
from core.services.application import CheckLater
from core.services.audit import SignCheckpoint
from core.services.broadcast import TendBroadcast
from core.services.extract import ArchivePapers, MakePaper, RestorePapers
from core.services.factor import EndSessions
from core.services.notification import (
    BULK,
    LEASE,
    LETTERS,
    PUSHES,
    TEXTS,
    KeepPins,
    ReckonTimes,
    RecoverLapsed,
    TendOutbox,
)
from ops.appointments import Appointments
from ops.articles import ArticleDuties
from ops.events import RedisEvents
from ops.past import Forgetting
from ops.programs import Programs
from ops.promises import Promises
from ops.sending import Sending
from ops.talks import Talks

TEND_EVERY_S = 5.0
CHECK_EVERY_S = 5.0
BROADCAST_EVERY_S = 1.0
PAPERS_EVERY_S = 1.0
SESSIONS_EVERY_S = 2.0
PINS_EVERY_S = 2.0
PAGES_A_ROUND = 20
SIGN_EVERY_S = 60.0
FORGET_EVERY_S = 3600.0
MARKS_KEPT = timedelta(hours=48)
TOLD_KEPT = timedelta(days=30)
VALUES_KEPT = timedelta(days=7)
RECOVER_EVERY_S = 1.0
BATCH = 50
LETTERS_AT_ONCE = 10
"""All of a claim of letters are on record and under way together: so many are in doubt when a worker is killed."""
FORGOTTEN_AT_ONCE = 5_000
"""Rows removed in one transaction, so that what is sent meanwhile does not wait for the database."""
ROUNDS_OF_PUSHES = 4
"""So that a large file on its way to one chat holds up nobody else's answer."""
ROUNDS_OF_BULK = 3
"""So that one claims and one settles while one sends."""
ROUNDS_OF_LETTERS = 2
"""So that one that waits for a slow gateway does not hold up the others."""

log = structlog.get_logger()
Duty = Callable[[], Awaitable[None]]


class Worker:
    """Rounds of a few duties, each at its own pace; one that fails is tried again at its next turn.

    `rate` is the budget of messages a second: a round of bulk claims a quarter of a second of it.
    """

    def __init__(self, container: AsyncContainer, *, rate: int = 30) -> None:
        self.container = container
        self.bulk = max(5, rate // 4)
        self._failing: set[str] = set()
        self._recovers_from = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; what is under way is finished and settled first."""
        appointments, talks = Appointments(self.container), Talks(self.container)
        duties: tuple[tuple[str, Duty, float], ...] = (
            ("recover", self.recover, RECOVER_EVERY_S),
            ("tend", self.tend, TEND_EVERY_S),
            ("check", self.check, CHECK_EVERY_S),
            ("broadcast", self.broadcast, BROADCAST_EVERY_S),
            ("sign", self.sign, SIGN_EVERY_S),
            ("end_sessions", self.end_sessions, SESSIONS_EVERY_S),
            ("reckon", self.reckon, FORGET_EVERY_S),
            ("forget", self.forget, FORGET_EVERY_S),
            ("papers", self.papers, PAPERS_EVERY_S),
            ("archive", self.archive, FORGET_EVERY_S),
            ("pins", self.pins, PINS_EVERY_S),
            *appointments.duties,
            *talks.duties,
            *ArticleDuties(self.container).duties,
            *Programs(self.container).duties,
            *Promises(self.container).duties,
            *Forgetting(self.container).duties,
            ("forget_appointments", appointments.forget, FORGET_EVERY_S),
        )
        events = await self.container.get(Events)
        async with asyncio.TaskGroup() as group:
            if isinstance(events, RedisEvents):
                group.create_task(events.listen(stop))
            group.create_task(talks.typing(stop))
            for stream, limit, rounds in (
                (PUSHES, BATCH, ROUNDS_OF_PUSHES),
                (TEXTS, LETTERS_AT_ONCE, ROUNDS_OF_LETTERS),
                (LETTERS, LETTERS_AT_ONCE, ROUNDS_OF_LETTERS),
                (BULK, self.bulk, ROUNDS_OF_BULK),
            ):
                sending = Sending(self.container, stream, limit, rounds, went=self._went, failed=self._failed)
                group.create_task(sending.run(stop))
            for name, duty, every in duties:
                group.create_task(self._repeat(name, duty, every, stop))

    async def _repeat(self, name: str, duty: Duty, every: float, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await duty()
            except Exception as fault:
                self._failed(name, fault)
            else:
                self._went(name)
            try:
                await asyncio.wait_for(stop.wait(), timeout=every)
            except TimeoutError:
                continue

    def _failed(self, duty: str, fault: Exception) -> None:
        # Once an outage, not once a round.
        if duty not in self._failing:
            self._failing.add(duty)
            log.error("worker.failed", duty=duty, fault=type(fault).__name__)

    def _went(self, duty: str) -> None:
        if duty in self._failing:
            self._failing.discard(duty)
            log.info("worker.goes_on", duty=duty)

    async def recover(self) -> None:
        """Take over what workers that died had claimed.

        After an outage of the database every lease has run out, those of the living too: they are given a lease's time to
        tell how their calls ended.
        """
        now = asyncio.get_running_loop().time()
        if now < self._recovers_from:
            return
        try:
            async with self.container() as scope:
                await (await scope.get(RecoverLapsed))()
        except Exception:
            self._recovers_from = now + LEASE.total_seconds()
            raise

    async def tend(self) -> None:
        """Let go what was held for people who came back."""
        async with self.container() as scope:
            await (await scope.get(TendOutbox))()

    async def pins(self) -> None:
        """Pin what was sent to be pinned, and take down what is over."""
        made = 1
        while made:
            async with self.container() as scope:
                made = await (await scope.get(KeepPins))()

    async def reckon(self) -> None:
        """Work wall times out anew by today's law: zones that were read before it changed are read again."""
        ZoneInfo.clear_cache()
        async with self.container() as scope:
            await (await scope.get(ReckonTimes))()

    async def check(self) -> None:
        """Ask registries again for applications that wait."""
        async with self.container() as scope:
            await (await scope.get(CheckLater))()

    async def broadcast(self) -> None:
        """Look after broadcasts: a few pages of people at a time, so that others get to the database in between."""
        for _ in range(PAGES_A_ROUND):
            async with self.container() as scope:
                if not await (await scope.get(TendBroadcast))():
                    return

    async def papers(self) -> None:
        """Make what papers are due, one after another, and bring back from the archive what somebody wants."""
        made = True
        while made:
            async with self.container() as scope:
                made = await (await scope.get(MakePaper))()
        async with self.container() as scope:
            await (await scope.get(RestorePapers))()

    async def archive(self) -> None:
        """Move papers whose year is over to the archive."""
        moved = 1
        while moved:
            async with self.container() as scope:
                moved = await (await scope.get(ArchivePapers))()

    async def end_sessions(self) -> None:
        """End the medical sessions whose time is over; the bot takes what they showed out of the chats."""
        more = True
        while more:
            async with self.container() as scope:
                more = await (await scope.get(EndSessions))()

    async def sign(self) -> None:
        """Sign where the journal stands."""
        async with self.container() as scope:
            await (await scope.get(SignCheckpoint))()

    async def forget(self) -> None:
        """Wipe what is personal in time; remove marks that Telegram cannot ask for any more, and what was told long ago.

        A transaction each: where one is too much for the database, the others are done all the same.
        """
        async with self.container() as scope:
            now, outbox = (await scope.get(Clock)).now(), await scope.get(Outbox)
            transaction = await scope.get(Transaction)
            async with transaction:
                await outbox.wipe_before(now - VALUES_KEPT)
            async with transaction:
                await outbox.let_go_before(now - TOLD_KEPT, now)
            async with transaction:
                await (await scope.get(SignIns)).forget_before(now - MARKS_KEPT)
            async with transaction:
                await (await scope.get(Updates)).forget_before(now - MARKS_KEPT)
            async with transaction:
                await (await scope.get(Clinics)).forget_before(now)
            async with transaction:
                await (await scope.get(Handovers)).forget_before(now - SHOWN_FOR)
            async with transaction:
                await (await scope.get(Pages)).forget_before(now)
            gone = FORGOTTEN_AT_ONCE
            while gone == FORGOTTEN_AT_ONCE:
                async with transaction:
                    gone = await outbox.forget_before(now - TOLD_KEPT, FORGOTTEN_AT_ONCE)
