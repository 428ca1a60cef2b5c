"""Long polling that confirms an update only when its effect, or the update itself, is in the database."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.methods import TelegramMethod

from bot.intake.arrival import ALLOWED, Arrival, Outcome
from bot.intake.ending import unless_stopped
from bot.intake.lines import Lines

LIMIT = 100
LONG_POLL_S = 25
CONFIRM_S = 2.0
LOOK_S = 0.05
"""While something is under way, how often one looks whether anybody else has come: Telegram answers at once then."""

log = structlog.get_logger()


class GetUpdates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates as Telegram answers it: what is known already need not be read into types again."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int
    limit: int
    timeout: int
    allowed_updates: list[str]


class Poller:
    """The offset is the oldest update that is still open, or was refused: Telegram keeps it and all that came after."""

    def __init__(self, bot: Bot, lines: Lines, pause: Callable[[float], Awaitable[None]]) -> None:
        """`pause` waits for so many seconds."""
        self.bot, self.lines, self.pause = bot, lines, pause
        self._open: set[int] = set()
        self._over: set[int] = set()
        self._refused: set[int] = set()
        self._newest = 0
        self._all_over = asyncio.Event()

    @property
    def offset(self) -> int:
        """From where on Telegram is asked, which confirms everything before; 0 at the start."""
        kept = self._open | self._refused
        return min(kept) if kept else self._newest and self._newest + 1

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until `stop` is set."""
        failures = 0
        while not stop.is_set():
            offset = self.offset
            updates = [] if self.lines.full else await self._fetch(offset, stop)
            if updates is None:
                failures += 1
                await unless_stopped(self.pause(min(2.0**failures, 30.0)), stop)
            else:
                failures = 0
                self._over = {each for each in self._over if each >= offset}
                self._take(updates)
            if self._open:
                await self.lines.keep_late(crowded=updates is not None and len(updates) >= LIMIT)
            if self._open or self.lines.full:
                self._all_over.clear()
                await self._until(self._all_over, LOOK_S)

    async def confirm(self) -> None:
        """Tell Telegram how far everything was seen through: for the end."""
        if not self._newest:
            return
        try:
            async with asyncio.timeout(CONFIRM_S):
                await self.bot(GetUpdates(offset=self.offset, limit=1, timeout=0, allowed_updates=list(ALLOWED)))
        except (TelegramAPIError, OSError) as fault:
            log.warning("telegram.away", fault=type(fault).__name__)

    def _take(self, updates: list[dict[str, Any]]) -> None:
        for raw in updates:
            arrival = Arrival.of(raw)
            if arrival.id in self._open or arrival.id in self._over:
                continue
            self._newest = max(self._newest, arrival.id)
            self._refused.discard(arrival.id)
            self._open.add(arrival.id)
            arrival.tell.append(lambda outcome, number=arrival.id: self._settled(number, outcome))  # type: ignore[misc]
            self.lines.put(arrival)

    def _settled(self, number: int, outcome: Outcome) -> None:
        if outcome is Outcome.SEEN:
            self._open.discard(number)
            self._over.add(number)
        elif not self.lines.stopping:
            # Not taken now: Telegram is to bring it again, whatever is taken after it.
            self._open.discard(number)
            self._refused.add(number)
        if not self._open:
            self._all_over.set()

    async def _fetch(self, offset: int, stop: asyncio.Event) -> list[dict[str, Any]] | None:
        """Return the next updates; an empty list when stopped; None when Telegram is away."""
        wait = 1 if self._open else LONG_POLL_S
        call = GetUpdates(offset=offset, limit=LIMIT, timeout=wait, allowed_updates=list(ALLOWED))
        try:
            return await unless_stopped(self.bot(call, request_timeout=wait + 10), stop) or []
        except (TelegramAPIError, OSError) as fault:
            log.warning("telegram.away", fault=type(fault).__name__)
            return None

    @staticmethod
    async def _until(event: asyncio.Event, seconds: float) -> None:
        try:
            await asyncio.wait_for(event.wait(), seconds)
        except TimeoutError:
            return
