"""The bot's own answers keep to Telegram's budget too: each message takes a slot before all pushes."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

from core.domain.notification import Lane
from core.ports import Congested, Pace, Slot

MESSAGES = ("send", "copy", "forward")
NO_MESSAGES = frozenset({"sendChatAction"})
SHORT_PAUSE_SECONDS = 5
LONGEST_SECONDS = 20.0


class Pacing(BaseRequestMiddleware):
    """Takes a slot for every call that makes a message; obeys a short 429 by waiting, and lets a long one be known.

    `pause` is how to wait. Nothing goes without a slot: who gets none within LONGEST_SECONDS is told what Telegram would say
    to one message too many, and whoever answers people does the same about it.
    """

    def __init__(self, pace: Pace, pause: Callable[[float], Awaitable[object]]) -> None:
        self._pace, self._pause = pace, pause

    async def __call__(
        self, make_request: NextRequestMiddlewareType[TelegramType], bot: Bot, method: TelegramMethod[TelegramType]
    ) -> Response[TelegramType]:
        """Make the call in its turn."""
        name = method.__api_method__
        chat = getattr(method, "chat_id", None)
        chat = chat if isinstance(chat, int) else None
        if not name.startswith(MESSAGES) or name in NO_MESSAGES:
            return await self._made(make_request, bot, method, chat)
        slots = await self._slots(method, chat)
        try:
            return await self._made(make_request, bot, method, chat)
        except TelegramRetryAfter as refusal:
            if refusal.retry_after > SHORT_PAUSE_SECONDS:
                raise
            wait = refusal.retry_after
        finally:
            self._pace.give_back(slots)
        await self._pause(wait)
        slots = await self._slots(method, chat)
        try:
            return await self._made(make_request, bot, method, chat)
        finally:
            self._pace.give_back(slots)

    async def _made(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
        chat: int | None,
    ) -> Response[TelegramType]:
        """Make the call; a pause that Telegram asks for is told to everybody."""
        try:
            return await make_request(bot, method)
        except TelegramRetryAfter as refusal:
            await self._pace.pause(chat or 0, refusal.retry_after)
            raise

    async def _slots(self, method: TelegramMethod[TelegramType], chat: int | None) -> Sequence[Slot]:
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                return await self._pace.take(Lane.ANSWER, 1, chat)
        except Congested as congested:
            wait = max(SHORT_PAUSE_SECONDS + 1, math.ceil(congested.seconds))
        except TimeoutError:
            wait = SHORT_PAUSE_SECONDS + 1
        raise TelegramRetryAfter(method, "no slot of the budget came free", wait)
