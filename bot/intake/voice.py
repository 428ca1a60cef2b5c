"""What a person is told about an update that is not simply answered. It reaches them without the database and without Redis."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.intake.arrival import Arrival
from bot.places import OPERATOR, pressed
from bot.tongues import Tongues
from bot.words import say
from core.domain.chat import language_for
from core.ports import ChatNotes

SAID_S = 60.0
"""For how long another bot does not say the same of a flood."""

log = structlog.get_logger()


class Voice:
    """Speaks to the person behind an arrival; who cannot be reached is left alone.

    In the language that they chose, where a bot has met them; else in that of their Telegram. What is true of everything that
    a person sends now is said by one of the bots.
    """

    def __init__(self, bot: Bot, tongues: Tongues | None = None, notes: ChatNotes | None = None) -> None:
        """`notes` tell what other bots have said."""
        self.bot, self.tongues, self._notes = bot, tongues or Tongues(), notes

    async def failed(self, arrival: Arrival) -> None:
        """We give it up; a person can be called."""
        await self._say(arrival, "menu.failed", call=True)

    async def away(self, arrival: Arrival) -> None:
        """We cannot store anything now, and will answer by ourselves.

        In the chat, a press of a button too: that press may have been answered before the database went.
        """
        if arrival.kind == "callback_query":
            await self._answered(arrival)
        await self._say(arrival, "update.away", below=True)

    async def slow(self, arrival: Arrival) -> None:
        """Too much at once: it is read in its order."""
        await self._say_once(arrival, "update.slow")

    async def dropped(self, arrival: Arrival) -> None:
        """Far too much at once: the latest was not read."""
        await self._say_once(arrival, "update.dropped")

    async def crowded(self, arrival: Arrival) -> None:
        """Too much from everybody: it is read later."""
        await self._say_once(arrival, "update.crowded")

    async def urgent(self, arrival: Arrival) -> None:
        """Whom to call, before anything is read."""
        await self._say(arrival, "help.emergency")

    async def _answered(self, arrival: Arrival) -> None:
        """Take the waiting sign off a button."""
        with suppress(TelegramAPIError):
            await self.bot.answer_callback_query(str(arrival.raw[arrival.kind]["id"]))

    async def _say_once(self, arrival: Arrival, key: str) -> None:
        if self._notes is None or await self._notes.first(arrival.chat, key, SAID_S):
            await self._say(arrival, key)

    async def _say(self, arrival: Arrival, key: str, *, below: bool = False, call: bool = False) -> None:
        event = arrival.raw.get(arrival.kind)
        if arrival.kind not in {"message", "callback_query"} or not isinstance(event, Mapping):
            return
        language = await self.tongues.of(arrival.chat) or language_of(arrival)
        words = say(key, language).strip()
        try:
            if arrival.kind == "callback_query" and not below:
                await self.bot.answer_callback_query(str(event["id"]), words, show_alert=True)
            else:
                label = InlineKeyboardButton(text=say("talk.call", language), callback_data=pressed(OPERATOR))
                calling = InlineKeyboardMarkup(inline_keyboard=[[label]]) if call else None
                await self.bot.send_message(arrival.chat, words, reply_markup=calling)
        except Exception as fault:
            log.info("update.not_told", update=arrival.id, fault=type(fault).__name__)


def language_of(arrival: Arrival) -> str:
    """Return the product's language for the person's Telegram."""
    event: Any = arrival.raw.get(arrival.kind)
    person = event.get("from") if isinstance(event, Mapping) else None
    code = person.get("language_code") if isinstance(person, Mapping) else None
    return language_for(code if isinstance(code, str) else None)
