"""Pushes of this run: rows put into the outbox as use cases put them, each with a mark to know it by in the chat."""

import asyncio
import itertools
import threading
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from dishka import AsyncContainer

from core.domain.code import TooSoon
from core.domain.ids import ChatId, NotificationId, new_id
from core.domain.notification import Channel, Lane, Notification, Outbox
from core.ports import Clock, Transaction
from core.services.account import ChangeEmail
from ops.container import make_container
from ops.ready import is_outage
from ops.settings import Settings
from tests.faults.town import Subscriber

KEY = "menu.citizen"
"""Words that take any `name`: the mark goes there."""
AGAIN_S = 0.2
T = TypeVar("T")


@dataclass(frozen=True)
class Sent:
    """One push. `mark` stands in its text and in no other."""

    id: UUID
    mark: str
    chat: int
    lane: Lane


@dataclass
class Post:
    """Has the product's container on a loop in a thread of its own, for writing during the run and for looking at its end."""

    settings: dict[str, str]
    sent: list[Sent] = field(default_factory=list)
    movers: list[Subscriber] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __enter__(self) -> "Post":
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self.container: AsyncContainer = self.run(self._open())
        return self

    def __exit__(self, *_gone: object) -> None:
        self.run(self.container.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(20)
        self.loop.close()

    def run(self, work: Coroutine[Any, Any, T], seconds: float = 120) -> T:
        """Do something on the loop, from any other thread, and return its result."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(seconds)

    def push(self, chat: int, lane: Lane) -> None:
        """Write one push, and write it again until it is certain that it is stored: its id lets it in once."""
        moment, pause = self.run(self._now()), threading.Event()
        made = Sent(new_id(moment), f"Известие {next(self.numbers):05d}.", chat, lane)
        self.sent.append(made)
        while not self.run(self._store(made, moment)):
            pause.wait(AGAIN_S)

    def move(self, subscriber: Subscriber) -> None:
        """Have somebody change their address: its code goes by mail. Again until it is certain that one was asked for."""
        pause = threading.Event()
        self.movers.append(subscriber)
        while not self.run(self._ask(subscriber)):
            pause.wait(AGAIN_S)

    async def _ask(self, subscriber: Subscriber) -> bool:
        """False: the database is away, and nobody knows whether a code is on its way."""
        try:
            async with self.container() as scope:
                await (await scope.get(ChangeEmail))(subscriber.citizen, subscriber.new_address)
        except TooSoon:  # the one before has had its effect
            return True
        except Exception as fault:
            if not is_outage(fault):
                raise
            return False
        return True

    async def _open(self) -> AsyncContainer:
        known = {name.lower(): value for name, value in self.settings.items()}
        known["state_dir"] = str(Path(known["state_dir"]))
        return make_container(Settings(_env_file=None, **known))  # type: ignore[arg-type, call-arg]

    async def _now(self) -> datetime:
        return (await self.container.get(Clock)).now()

    async def _store(self, made: Sent, moment: datetime) -> bool:
        """False: the database is away, and nobody knows whether it is stored."""
        notification = Notification(
            id=NotificationId(made.id),
            channel=Channel.TELEGRAM,
            lane=made.lane,
            key=KEY,
            language="ru",
            due_at=moment,
            chat=ChatId(made.chat),
            values={"name": made.mark},
        )
        try:
            async with self.container() as scope:
                transaction, outbox = await scope.get(Transaction), await scope.get(Outbox)
                async with transaction:
                    await outbox.add(notification)
        except Exception as fault:
            if not is_outage(fault):
                raise
            return False
        return True
