"""A claim on its way: each small group goes on record just before its calls, and is settled while others are under way."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from core.domain.chat import Chats
from core.domain.ids import NotificationId
from core.domain.notification import Lane, Notification, NotificationState, Outbox, Settlement
from core.ports import Clock, Congested, Events, Pace, Slot, Transaction
from core.services.notification.outcome import BLOCKED, back_soon, not_made
from core.services.notification.parcel import Parcel
from core.services.notification.relaying import LineCarrier

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=8)
"""How long a claim outlives its holder: what a killed worker held goes on after that."""
BEAT_SECONDS = 2.0
"""How often a claim whose calls take long is renewed."""
HOLDS = timedelta(seconds=3)
"""What has not got a slot by then goes back: others may have it, and a better lane may want its chat."""
AT_ONCE = 24
"""Calls under way in one claim. A slot is held for as long as its call, so more would cost rate and not bring any."""
SLOT_SECONDS = 1.0
TRIES_TO_SETTLE, TRIES_AT_THE_END = 600, 15
"""One a second. At the end of a process somebody waits for it."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """What a claim needs on its way. `send` makes the call of a parcel and says what became of it."""

    transaction: Transaction
    outbox: Outbox
    chats: Chats
    lines: LineCarrier
    pace: Pace
    events: Events
    clock: Clock
    stopping: Callable[[], bool]
    send: Callable[[Parcel], Coroutine[Any, Any, list[Settlement]]]
    push: Callable[[Parcel, Slot], Coroutine[Any, Any, list[Settlement]]]


@dataclass(slots=True)
class Claim:
    """The parcels of one claim, and what has become of them so far."""

    by: Carrier
    rest: deque[Parcel]
    told: list[Settlement] = field(default_factory=list)
    held: dict[NotificationId, Notification] = field(default_factory=dict)
    begun: dict[NotificationId, datetime] = field(default_factory=dict)
    """When each went on record, before its call."""
    running: set[asyncio.Task[None]] = field(default_factory=set)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """The transaction serves one at a time."""

    def __post_init__(self) -> None:
        self.held = {each.id: each for parcel in self.rest for each in parcel.notifications}

    async def pushed(self, group: int) -> None:
        """Send them to Telegram in groups of that many, each parcel in a slot of the budget."""
        await self._carried(lambda tasks: self._push_all(tasks, group))

    async def written(self) -> None:
        """Send all of them at once, on the channels that have no budget."""
        await self._carried(self._write_all)

    async def _carried(self, send_all: Callable[[asyncio.TaskGroup], Awaitable[None]]) -> None:
        faults: list[Exception] = []
        async with asyncio.TaskGroup() as tasks:
            work = tasks.create_task(self._sent(tasks, send_all, faults))
            while not work.done():
                await asyncio.wait({work}, timeout=BEAT_SECONDS)
                if not work.done():
                    await self._beat()
        now = self.by.clock.now()
        # Left over: others may take them at once.
        left = [each for parcel in self.rest for each in parcel.notifications]
        self.told += [not_made(each, NotificationState.WAITING, now) for each in left]
        await self._settled()
        if faults:
            raise faults[0]

    async def _sent(
        self,
        tasks: asyncio.TaskGroup,
        send_all: Callable[[asyncio.TaskGroup], Awaitable[None]],
        faults: list[Exception],
    ) -> None:
        # A fault here must not cancel calls that are under way: nobody would know how they ended.
        try:
            await send_all(tasks)
        except Exception as fault:
            faults.append(fault)
        if self.running:
            await asyncio.wait(self.running)

    async def _push_all(self, tasks: asyncio.TaskGroup, group: int) -> None:
        deadline = self.by.clock.now() + HOLDS
        while self.rest and not self.by.stopping() and self.by.clock.now() < deadline:
            going = deque(await self._begun([self.rest.popleft() for _ in range(min(group, len(self.rest)))]))
            while going and not self.by.stopping() and self.by.clock.now() < deadline:
                if len(self.running) >= AT_ONCE:
                    await asyncio.wait(self.running, return_when=asyncio.FIRST_COMPLETED)
                    continue
                slots = await self._slots(going[0].first.lane, min(len(going), AT_ONCE - len(self.running)))
                if slots is None:
                    deadline = self.by.clock.now()
                    break
                for slot in slots:
                    self._start(tasks, self.by.push(going.popleft(), slot))
            self.rest.extendleft(reversed(going))

    async def _write_all(self, tasks: asyncio.TaskGroup) -> None:
        parcels, self.rest = list(self.rest), deque()
        for parcel in await self._begun(parcels):
            self._start(tasks, self.by.send(parcel))

    async def _slots(self, lane: Lane, wanted: int) -> Sequence[Slot] | None:
        """Return slots, none yet, or None where there will be none for now."""
        try:
            async with asyncio.timeout(SLOT_SECONDS):
                return await self.by.pace.take(lane, wanted)
        except TimeoutError:
            return ()
        except Congested:
            return None

    def _start(self, tasks: asyncio.TaskGroup, call: Coroutine[Any, Any, list[Settlement]]) -> None:
        async def called() -> None:
            self.told += await call

        task = tasks.create_task(called())
        self.running.add(task)
        task.add_done_callback(self.running.discard)

    async def _begun(self, parcels: Sequence[Parcel]) -> list[Parcel]:
        """Put calls on record, and with them what is known by now of earlier ones; return what may go."""
        wanted = [each for parcel in parcels for each in parcel.notifications]
        try:
            async with self.turn:
                known = list(self.told)
                async with self.by.transaction:
                    now = self.by.clock.now()
                    await self._settle(known)
                    may_go = await self.by.outbox.begin(wanted, now)
                self.begun |= dict.fromkeys(may_go, now)
                self._forget(known)
        except BaseException:
            self.rest.extendleft(reversed(parcels))
            raise
        self.told += [back_soon(each, now) for each in wanted if each.id not in may_go]
        kept = [tuple(each for each in parcel.notifications if each.id in may_go) for parcel in parcels]
        return [Parcel(each) for each in kept if each]

    async def _beat(self) -> None:
        """Tell that the claim is still held. While the database is away nobody else can take it either."""
        try:
            async with self.turn:
                known = list(self.told)
                async with self.by.transaction:
                    await self._settle(known)
                    named = {each.notification for each in known}
                    held = [each for id_, each in self.held.items() if id_ not in named]
                    await self.by.outbox.renew(held, self.by.clock.now() + LEASE)
                self._forget(known)
        except Exception as fault:
            log.warning("claim_not_renewed", extra={"fault": type(fault).__name__})

    async def _settled(self) -> None:
        """Write the rest down; the database may be away for a while, and what is not written would be sent again."""
        tries = 0
        while True:
            tries += 1
            try:
                async with self.by.transaction:
                    await self._settle(self.told)
            except Exception:
                if tries >= (TRIES_AT_THE_END if self.by.stopping() else TRIES_TO_SETTLE):
                    raise
                await self.by.events.wait(1.0, self.by.events.taps())
            else:
                return

    async def _settle(self, known: Sequence[Settlement]) -> None:
        now = self.by.clock.now()
        if known:
            await self.by.outbox.settle(known, now)
            await self.by.lines.settled(known, self.held, now)
        for each in known:
            chat = self.held[each.notification].chat
            if each.reason == BLOCKED and chat is not None:
                # Settled late, it may be news of yesterday: who has come back since is not blocked again.
                await self.by.chats.block(chat, now, unless_heard_since=self.begun.get(each.notification, now))

    def _forget(self, known: Sequence[Settlement]) -> None:
        del self.told[: len(known)]
        for each in known:
            self.held.pop(each.notification, None)
            self.begun.pop(each.notification, None)
