"""The queue of updates: confirmation by offset, long polling, lifetimes, and what a webhook takes out of it."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import orjson

from playground.telegram.disorder import Disorder
from playground.telegram.numbering import first_update_id
from playground.telegram.refusals import conflict

MESSAGE_LIFETIME = 24 * 3600.0
PRESS_LIFETIME = 150.0
# Telegram leaves these out until a bot asks for them by name.
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_PENDING_LIMIT = 200_000
_REMEMBERED = 50_000
Rest = Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class Update:
    """`body` is the JSON of that moment; `queue` orders deliveries: one chat's messages, one person's presses."""

    id: int
    kind: str
    queue: tuple[str, int]
    body: bytes
    expires: float
    again: bool = False
    handed: bool = False


class UpdateQueue:
    """Pending updates in order of their ids; ids grow by one and start from the time of day.

    `twice` and `out_of_order` count what went out so, on purpose or not.
    """

    def __init__(self) -> None:
        self._last_id = first_update_id()
        self.pending: OrderedDict[int, Update] = OrderedDict()
        self._remembered: OrderedDict[int, Update] = OrderedDict()
        self.allowed: frozenset[str] | None = None
        self.disorder = Disorder()
        self.twice = self.out_of_order = 0
        self.on_new: Callable[[Update], None] | None = None
        self.rest: Rest = asyncio.sleep
        self._farthest = 0
        self._poll: asyncio.Future[bool] | None = None

    def allow(self, kinds: list[str] | None) -> None:
        """What the bot wants from now on; None keeps the setting, an empty list is Telegram's default."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    def wants(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed is not None else kind not in _ON_REQUEST

    def add(self, kind: str, subject: int, content: dict[str, Any]) -> int | None:
        """Queue `content`; `subject` is the chat or, for presses, the person. None: the bot does not want this kind."""
        if not self.wants(kind):
            return None
        self._last_id += 1
        press = kind == "callback_query"
        update = Update(
            self._last_id,
            kind,
            ("press" if press else "chat", subject),
            orjson.dumps({"update_id": self._last_id, kind: content}),
            time.monotonic() + (PRESS_LIFETIME if press else MESSAGE_LIFETIME),
        )
        self._remembered[update.id] = update
        if len(self._remembered) > _REMEMBERED:
            self._remembered.popitem(last=False)
        self._enqueue(update)
        return update.id

    def repeat(self, update_id: int) -> bool:
        """Deliver an update once more, whatever was confirmed, as a Telegram that missed the confirmation would.

        False: there is no such update.
        """
        update = self._remembered.get(update_id)
        if update is None:
            return False
        update.expires = max(update.expires, time.monotonic() + PRESS_LIFETIME)
        update.again = True
        self._enqueue(update)
        self.pending.move_to_end(update.id, last=False)
        return True

    def _enqueue(self, update: Update) -> None:
        self.pending[update.id] = update
        if len(self.pending) > _PENDING_LIMIT:
            self.pending.popitem(last=False)
        if self.on_new is not None:
            self.on_new(update)
        elif self._poll is not None and not self._poll.done():
            self._poll.set_result(True)

    def drop_all(self) -> None:
        self.pending.clear()

    def confirm(self, offset: int) -> None:
        """All updates below `offset` are done; a negative offset keeps only that many last ones."""
        if offset < 0:
            for _ in range(len(self.pending) + offset):
                self.pending.popitem(last=False)
            return
        done: list[int] = []
        for update in self.pending.values():
            if update.id >= offset:
                break
            if not update.again:
                done.append(update.id)
        for update_id in done:
            del self.pending[update_id]

    def take(self, limit: int) -> list[Update]:
        """The first `limit` living updates, in order of ids unless disorder was asked for; they stay pending until confirmed."""
        now = time.monotonic()
        taken: list[Update] = []
        expired: list[int] = []
        for update in self.pending.values():
            if update.expires < now:
                expired.append(update.id)
            elif len(taken) < limit:
                taken.append(update)
            else:
                break
        for update_id in expired:
            del self.pending[update_id]
        mixed = self.disorder.shuffled(taken)
        for update in mixed:
            update.again = self.delivered()
            self.handed_out(update)
        return mixed

    def delivered(self) -> bool:
        """One more update goes out; True when it is to go out twice."""
        twice = self.disorder.delivered()
        self.twice += twice
        return twice

    def handed_out(self, update: Update) -> None:
        """Count an update that goes out for the first time after one that came later."""
        if update.handed:
            return
        update.handed = True
        self.out_of_order += update.id < self._farthest
        self._farthest = max(self._farthest, update.id)

    async def poll(self, limit: int, seconds: float) -> list[Update]:
        """Wait for updates at most `seconds`. A newer call ends an older one with 409, as Telegram does."""
        self.end_poll()
        await self._gather()
        taken = self.take(limit)
        if taken or seconds <= 0:
            return taken
        waiter: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._poll = waiter
        try:
            if not await asyncio.wait_for(waiter, seconds):
                raise conflict(
                    "terminated by other getUpdates request; make sure that only one bot instance is running"
                )
        except TimeoutError:
            return []
        finally:
            if self._poll is waiter:
                self._poll = None
        await self._gather()
        return self.take(limit)

    async def _gather(self) -> None:
        """Where disorder was asked for, let more come together, that it has something to mix."""
        if self.pending and (held := self.disorder.hold()):
            await self.rest(held)

    def end_poll(self) -> None:
        """The poll that waits now, if any, is terminated."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(False)
        self._poll = None
