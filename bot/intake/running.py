"""The intake put together: lines, what feeds them, and the looks into the inbox beside."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any

import structlog
from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramAPIError
from dishka import AsyncContainer
from starlette.types import ASGIApp

from bot.following import Following
from bot.intake.arrival import ALLOWED
from bot.intake.ending import LAST_WORDS_S, Ending, unless_stopped
from bot.intake.inbox import Inbox
from bot.intake.lines import Lines
from bot.intake.poller import Poller
from bot.intake.reply import Replying
from bot.intake.seeing import Seer
from bot.intake.voice import Voice
from bot.intake.webhook import Door
from bot.medical import MedicalLeftovers
from bot.middlewares.throttle import Throttle
from bot.steps import Steps
from bot.sweep import Sweeper
from bot.tongues import Tongues
from core.ports import ChatLocks, ChatNotes, Leftovers

LOOK_S = 3.0
"""Between two looks for what an administrator has put back, or another process has left."""
MEDICAL_LOOK_S = 1.0
"""Whoever locks the record sees it go."""
CONNECTIONS = 100
MOMENT_S = 1.0
"""In which whoever is told to stop stops by itself."""

Work = Callable[[asyncio.Event], Coroutine[Any, Any, None]]

log = structlog.get_logger()


class Intake:
    """Takes updates in until it is told to stop, by polling or at the door."""

    def __init__(
        self,
        bot: Bot,
        dispatcher: Dispatcher,
        container: AsyncContainer,
        locks: ChatLocks,
        is_outage: Callable[[BaseException], bool],
        pause: Callable[[float], Awaitable[None]],
        leftovers: Leftovers,
        notes: ChatNotes | None = None,
        *,
        rate: float,
    ) -> None:
        """`rate` is how many updates a second one chat is served for long."""
        bot.session.middleware(Replying())
        tongues = Tongues(notes)
        dispatcher["tongues"], dispatcher["leftovers"] = tongues, leftovers
        dispatcher["steps"] = Steps(notes)
        self.following = Following(bot, dispatcher, container, locks)
        dispatcher["following"] = self.following
        self.sweeper = Sweeper(bot, leftovers, is_outage=is_outage)
        self.medical = Sweeper(bot, MedicalLeftovers(container), MEDICAL_LOOK_S, is_outage)
        inbox, voice = Inbox(container, is_outage), Voice(bot, tongues, notes)
        seer = Seer(bot, dispatcher, locks, inbox, voice, is_outage, notes)
        self.bot, self.pause, self.tongues = bot, pause, tongues
        self.ending = Ending()
        throttle = Throttle(rate, time.monotonic)
        self.lines = Lines(seer, inbox, voice, throttle, pause, grace=lambda: self.ending.left(LAST_WORDS_S))

    @property
    def _rooms(self) -> tuple[Work, ...]:
        """What is done beside the lines."""
        return self.sweeper.run, self.medical.run, self.following.run

    async def poll(self, stop: asyncio.Event) -> None:
        """Poll until stopped. What the inbox holds goes before what Telegram has."""
        poller = Poller(self.bot, self.lines, self.pause)
        async with self.lines.open(), asyncio.TaskGroup() as group:
            group.create_task(self.ending.begun(stop))
            await self._until_done(self.bot.delete_webhook, stop)
            await self._look_first(stop)
            log.info("bot.polling")
            await self._beside_each_other(stop, poller.run, self._look, *self._rooms)
        await self._last_words(poller.confirm, self.sweeper.end)

    async def listen(
        self,
        stop: asyncio.Event,
        url: str,
        secret: str,
        path: str,
        serving: Callable[[ASGIApp], AbstractAsyncContextManager[None]],
    ) -> None:
        """Be there for the webhook until stopped; `serving` puts an application on its port."""
        async with serving(Door(self.lines, path, secret)), self.lines.open(), asyncio.TaskGroup() as group:
            group.create_task(self.ending.begun(stop))
            await self._look_first(stop)
            await self._until_done(
                lambda: self.bot.set_webhook(
                    url, secret_token=secret, allowed_updates=list(ALLOWED), max_connections=CONNECTIONS
                ),
                stop,
            )
            log.info("bot.listening")
            await self._beside_each_other(stop, self._look, *self._rooms)
        await self._last_words(self.sweeper.end)

    @staticmethod
    async def _beside_each_other(stop: asyncio.Event, *works: Work) -> None:
        """Do it all until stopped; whoever hangs then is cut off."""
        async with asyncio.TaskGroup() as group:
            working = [group.create_task(work(stop)) for work in works]
            await stop.wait()
            _, late = await asyncio.wait(working, timeout=MOMENT_S)
            for each in late:
                each.cancel()

    async def _last_words(self, *works: Callable[[], Awaitable[None]]) -> None:
        """Say them one after another, for as long as there is time."""
        for work in works:
            try:
                async with asyncio.timeout(self.ending.left()):
                    await work()
            except TimeoutError:
                log.warning("bot.cut_off")

    async def _look_first(self, stop: asyncio.Event) -> None:
        while not stop.is_set() and not await unless_stopped(self.lines.look(), stop):
            await unless_stopped(self.pause(1.0), stop)

    async def _look(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await asyncio.wait_for(stop.wait(), LOOK_S)
            except TimeoutError:
                await self.lines.look()

    async def _until_done(self, call: Callable[[], Awaitable[object]], stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await unless_stopped(call(), stop)
            except (TelegramAPIError, OSError) as fault:
                log.warning("telegram.away", fault=type(fault).__name__)
                await unless_stopped(self.pause(1.0), stop)
            else:
                return
