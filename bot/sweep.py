"""What goes from the chat once the person was answered: collected while an update is handled, removed in one call after it.

The answer does not wait for what nobody waits for, and a turn costs two calls instead of four. What a person typed may name them:
it goes by a call of its own whose outcome is seen, never in the answer to a webhook. What cannot be removed at once (Telegram is
away, or asks for a pause) holds back nobody: it is remembered outside of this process, and tried again for as long as Telegram
allows messages to be removed at all.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from itertools import groupby

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest, TelegramRetryAfter

from bot.intake.reply import REPLY
from core.ports import Leftover, Leftovers

MOST = 100
"""Telegram's limit of one deleteMessages."""
TURN_S = 2.0
"""How long the chat's next update waits for this at most."""
LOOK_S = 3.0
CALL_S = 15.0
END_S = 2.0
LONGEST_S = 600.0
ALLOWED_S = 47 * 3600.0
"""Telegram removes nothing that is older than 48 hours."""

log = structlog.get_logger()


class Sweep:
    """The messages of one chat that are to go."""

    def __init__(self, bot: Bot, chat: int, leftovers: Leftovers | None = None) -> None:
        self.bot = bot
        self.chat = chat
        self.leftovers = leftovers
        self.messages: list[int] = []
        self.typed = False

    def add(self, message: int, *, typed: bool = False) -> None:
        """Let a message go, once; `typed`: a person wrote it."""
        self.typed = self.typed or typed
        if message not in self.messages:
            self.messages.append(message)

    async def finish(self) -> None:
        """Remove them, or remember them; it takes two seconds at most."""
        messages, self.messages = self.messages, []
        if not messages:
            return
        seen = REPLY.set(None) if self.typed else None
        try:
            async with asyncio.timeout(TURN_S):
                left, seconds = await remove_all(self.bot, self.chat, messages)
        except TimeoutError:
            left, seconds = messages, 1.0
        finally:
            if seen is not None:
                REPLY.reset(seen)
        if not left:
            return
        if self.leftovers is None:
            log.error("sweep.given_up", count=len(left))
            return
        log.warning("sweep.later", count=len(left), seconds=seconds)
        await self.leftovers.put(self.chat, left, seconds)


SWEEP: ContextVar[Sweep | None] = ContextVar("SWEEP", default=None)
"""The sweep of the update that is being handled."""


class Sweeper:
    """Removes what could not be removed in its turn, beside everything else."""

    def __init__(
        self,
        bot: Bot,
        leftovers: Leftovers,
        look: float = LOOK_S,
        is_outage: Callable[[BaseException], bool] = lambda _fault: False,
    ) -> None:
        """`look` is how many seconds pass between two looks for what is due.

        `is_outage` tells that what remembers them is away: they stay there, and are looked for again.
        """
        self.bot, self.leftovers, self._look, self._is_outage = bot, leftovers, look, is_outage
        self._away = False

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set."""
        while not stop.is_set():
            due: list[Leftover] = []
            try:
                due = await self.leftovers.due(MOST)
                self._away = False
                await self._try(due)
            except Exception as fault:
                if not self._is_outage(fault):
                    log.error("sweep.failed", fault=type(fault).__name__)
                elif not self._away:
                    self._away = True
                    log.warning("sweep.away", fault=type(fault).__name__)
            if len(due) < MOST:
                try:
                    await asyncio.wait_for(stop.wait(), self._look)
                except TimeoutError:
                    continue

    async def end(self) -> None:
        """Try what would be gone with this process a last time; the rest stays for whoever comes next."""
        last = await self.leftovers.only_here()
        if not last:
            return
        try:
            async with asyncio.timeout(END_S):
                await self._try(last)
        except TimeoutError:
            log.warning("sweep.cut_off")
        left = await self.leftovers.only_here()
        if left:
            log.error("sweep.given_up", count=len(left))

    async def _try(self, due: Iterable[Leftover]) -> None:
        for chat, group in groupby(sorted(due, key=lambda each: each.chat), key=lambda each: each.chat):
            tried = list(group)
            try:
                async with asyncio.timeout(CALL_S):
                    left, seconds = await remove_all(self.bot, chat, [each.message for each in tried])
            except TimeoutError:
                left, seconds = [each.message for each in tried], 1.0
            late = [each for each in tried if each.message in left]
            # The pauses grow with the age: each is as long as all that went before it.
            pauses = {each: max(seconds, min(each.age_s, LONGEST_S)) for each in late}
            again = [each for each in late if each.age_s + pauses[each] <= ALLOWED_S]
            if len(again) < len(late):
                log.error("sweep.given_up", count=len(late) - len(again))
            await self.leftovers.gone([each for each in tried if each not in again])
            for each in again:
                await self.leftovers.again([each], pauses[each])


async def remove_all(bot: Bot, chat: int, messages: Sequence[int]) -> tuple[list[int], float]:
    """Remove messages of a chat. Return those to be tried again, and after how many seconds at the earliest."""
    left: list[int] = []
    seconds = 1.0
    for start in range(0, len(messages), MOST):
        batch = list(messages[start : start + MOST])
        try:
            if len(batch) > 1:
                await bot.delete_messages(chat, batch)
                continue
        except TelegramBadRequest:
            # One of several is refused (48 hours, gone): the others go one by one.
            pass
        except AiogramError as fault:
            left, seconds = left + batch, max(seconds, _asked(fault))
            continue
        for message in batch:
            try:
                await _remove(bot, chat, message)
            except AiogramError as fault:
                left, seconds = [*left, message], max(seconds, _asked(fault))
    return left, seconds


async def remove_later(bot: Bot, chat: int, message: int, *, typed: bool = False) -> None:
    """Remove a message after the answer; at once where no update is being handled. `typed`: a person wrote it."""
    sweep = SWEEP.get()
    if sweep is None or sweep.chat != chat:
        sweep = Sweep(bot, chat)
        sweep.add(message, typed=typed)
        await sweep.finish()
    else:
        sweep.add(message, typed=typed)


async def _remove(bot: Bot, chat: int, message: int) -> None:
    """Remove one. Telegram may refuse: one that is too old loses its buttons at least. Raises what may pass."""
    try:
        await bot.delete_message(chat, message)
    except TelegramBadRequest as refusal:
        if "can't be deleted" in refusal.message:
            log.warning("sweep.refused")
            await _take_buttons(bot, chat, message)


async def _take_buttons(bot: Bot, chat: int, message: int) -> None:
    try:
        await bot.edit_message_reply_markup(chat_id=chat, message_id=message)
    except TelegramBadRequest:
        return


def _asked(fault: AiogramError) -> float:
    return float(fault.retry_after) if isinstance(fault, TelegramRetryAfter) else 1.0
