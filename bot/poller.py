"""Long polling that confirms an update only after it was seen through: chats side by side, one chat in order."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from pathlib import Path
from traceback import extract_tb

import structlog
from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramAPIError, TelegramNetworkError, TelegramRetryAfter, TelegramServerError
from aiogram.types import Update

LIMIT = 100
LONG_POLL_S = 25
TRIES = 5
OUTAGE_S = 1.0
AT_ONCE = 64
OUTSIDE = (TelegramNetworkError, TelegramRetryAfter, TelegramServerError)
"""Faults of Telegram that pass. That a person has blocked the bot is none of them."""

log = structlog.get_logger()


class Poller:
    """Reads updates in batches; the next offset is asked for when every chat of the batch has been served."""

    def __init__(
        self,
        bot: Bot,
        dispatcher: Dispatcher,
        pause: Callable[[float], Awaitable[None]],
        apologise: Callable[[Update], Awaitable[None]],
        is_outage: Callable[[BaseException], bool],
    ) -> None:
        """`pause` waits for so many seconds; `apologise` tells a person whose update is given up.

        `is_outage` knows the faults of a database or a store that is away.
        """
        self.bot = bot
        self.dispatcher = dispatcher
        self.pause = pause
        self.apologise = apologise
        self.is_outage = is_outage
        self.slots = asyncio.Semaphore(AT_ONCE)

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until `stop` is set, and finish the batch under way before returning."""
        offset, failures = 0, 0
        while not stop.is_set():
            updates = await self._fetch(offset, stop)
            if updates is None:
                failures += 1
                await self.pause(min(2.0**failures, 30.0))
                continue
            failures = 0
            if not await self._serve(updates, stop):
                return
            if updates:
                offset = max(offset, updates[-1].update_id + 1)
        if offset:
            await self._confirm(offset)

    async def _fetch(self, offset: int, stop: asyncio.Event) -> list[Update] | None:
        """Return the next updates; an empty list when stopped; None when Telegram is away."""
        wait = LONG_POLL_S
        asking = asyncio.ensure_future(
            self.bot.get_updates(offset=offset, limit=LIMIT, timeout=wait, request_timeout=wait + 10)
        )
        stopping = asyncio.ensure_future(stop.wait())
        await asyncio.wait({asking, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not asking.done():
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            return []
        try:
            return asking.result()
        except (TelegramAPIError, OSError) as fault:
            log.warning("telegram.away", fault=type(fault).__name__)
            return None

    async def _confirm(self, offset: int) -> None:
        try:
            await self.bot.get_updates(offset=offset, limit=1, timeout=0)
        except (TelegramAPIError, OSError) as fault:
            log.warning("telegram.away", fault=type(fault).__name__)

    async def _serve(self, updates: list[Update], stop: asyncio.Event) -> bool:
        """Serve a batch; False when the product is stopped before every update of it was seen through."""
        chats: dict[int, list[Update]] = defaultdict(list)
        for update in updates:
            chats[chat_of(update)].append(update)
        async with asyncio.TaskGroup() as group:
            served = [group.create_task(self._serve_chat(queue, stop)) for queue in chats.values()]
        return all(each.result() for each in served)

    async def _serve_chat(self, queue: list[Update], stop: asyncio.Event) -> bool:
        """Serve a chat's part of a batch. After one update of it was given up, the rest get one try each.

        The whole batch waits for the slowest chat, so whoever sends what breaks us must not hold the others up for long.
        """
        tries = TRIES
        async with self.slots:
            for update in queue:
                try:
                    if not await self._serve_one(update, stop, tries):
                        return False
                except GivenUp:
                    tries = 1
        return True

    async def _serve_one(self, update: Update, stop: asyncio.Event, limit: int) -> bool:
        """See one update through. What the update itself breaks is given up after `limit` tries: its person is told, GivenUp.

        While the database or the store is away nothing is given up: the update is tried until they are back, or, when
        the product is stopped meanwhile, left for Telegram to send again.
        """
        tries = 0
        while tries < limit:
            try:
                await self.dispatcher.feed_update(self.bot, update)
            except Exception as fault:
                away = self.is_outage(fault)
                if away and stop.is_set():
                    return False
                tries += not away
                # Places in the code, never the message: it might hold what a person typed.
                where = [
                    f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(fault.__traceback__)[-4:]
                ]
                name = type(fault).__name__
                log.error("update.failed", update=update.update_id, tries=tries, away=away, fault=name, where=where)
                if away or tries < limit:
                    await self.pause(pause_after(fault, tries, away=away))
            else:
                return True
        log.error("update.set_aside", update=update.update_id)
        await self.apologise(update)
        raise GivenUp


class GivenUp(Exception):
    """An update was set aside after all its tries."""


def pause_after(fault: Exception, tries: int, *, away: bool) -> float:
    """Return the seconds before the next try: an outside that is away gets time, a fault of the update itself hardly any."""
    if away:
        return OUTAGE_S
    return min(0.2 * 2.0**tries, 5.0) if isinstance(fault, OUTSIDE) else 0.05 * 2.0**tries


def chat_of(update: Update) -> int:
    """Return the chat an update belongs to, or the person for a button press: one queue for both."""
    event = update.event
    chat = getattr(event, "chat", None)
    if chat is not None:
        return int(chat.id)
    person = getattr(event, "from_user", None)
    return int(person.id) if person is not None else 0
