"""Whole bots side by side on one database and one Redis, behind a Telegram of a few lines: each with its own lines and door."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.fsm.storage.memory import DisabledEventIsolation
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteMessage,
    DeleteMessages,
    EditMessageText,
    SendMessage,
    TelegramMethod,
)
from aiogram.types import Chat, InlineKeyboardButton, InlineKeyboardMarkup, Message
from dishka import AsyncContainer
from redis.asyncio import Redis

from bot.app import make_dispatcher
from bot.intake.running import Intake
from bot.intake.webhook import Door
from core.ports import ChatLocks, ChatNotes, Leftovers
from ops.container import make_container
from ops.positions import RedisPositions
from ops.ready import is_outage
from ops.settings import Settings
from tests.bot.street import Telegram, a_moment

SECRET = {"X-Telegram-Bot-Api-Secret-Token": "s-1_A"}
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


class Phones(Telegram):
    """What people see: messages by chat and number. `slow` holds up calls until it is set; who is `gone` blocked the bot.

    `faults` are what the next calls that make or change a message meet, one each.
    """

    def __init__(self) -> None:
        super().__init__()
        self.seen: dict[tuple[int, int], Message] = {}
        self.slow = asyncio.Event()
        self.slow.set()
        self.gone: set[int] = set()
        self.faults: list[Exception] = []
        self._last = 1000

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:
        self.calls.append(method)
        await self.slow.wait()
        await a_moment()
        if self.faults and isinstance(method, SendMessage | EditMessageText):
            raise self.faults.pop(0)
        if isinstance(method, SendMessage) and method.chat_id in self.gone:
            raise TelegramForbiddenError(method=method, message="Forbidden: bot was blocked by the user")
        if isinstance(method, SendMessage):
            self._last += 1
            return self._shown(bot, int(method.chat_id), self._last, method.text, method.reply_markup)
        if isinstance(method, EditMessageText):
            place = int(method.chat_id or 0), int(method.message_id or 0)
            if place not in self.seen:
                raise TelegramBadRequest(method=method, message="Bad Request: message to edit not found")
            return self._shown(bot, *place, method.text, method.reply_markup)
        if isinstance(method, DeleteMessage | DeleteMessages):
            numbers = method.message_ids if isinstance(method, DeleteMessages) else [method.message_id]
            for each in numbers:
                self.seen.pop((int(method.chat_id), each), None)
        return True

    def _shown(self, bot: Bot, chat: int, number: int, text: str | None, markup: Any) -> Message:
        keyboard = markup if isinstance(markup, InlineKeyboardMarkup) else None
        message = Message(
            message_id=number, date=NOW, chat=Chat(id=chat, type="private"), text=text, reply_markup=keyboard
        ).as_(bot)
        self.seen[chat, number] = message
        return message

    def window(self, chat: int) -> Message:
        """Return the message that the chat shows last."""
        return self.seen[max(each for each in self.seen if each[0] == chat)]

    def windows(self, chat: int) -> list[Message]:
        return [each for place, each in self.seen.items() if place[0] == chat]

    def calls_of(self, *kinds: type[TelegramMethod[Any]]) -> list[Any]:
        return [each for each in self.calls if isinstance(each, kinds)]

    def toasts(self) -> list[str]:
        return [each.text for each in self.calls_of(AnswerCallbackQuery) if each.text]


@dataclass
class Process:
    """One bot."""

    container: AsyncContainer
    intake: Intake
    dispatcher: Any
    telegram: httpx.AsyncClient

    async def takes(self, update: dict[str, Any]) -> httpx.Response:
        """Take an update in at the door."""
        return await self.telegram.post("/hook", json=update)


@dataclass
class Quarter:
    """The bots, and the phones of the people they serve."""

    phones: Phones
    bots: list[Process] = field(default_factory=list)

    async def takes(self, update: dict[str, Any]) -> httpx.Response:
        """Bring an update to the first of the bots."""
        return await self.bots[0].takes(update)


def says(number: int, text: str, chat: int = 5) -> dict[str, Any]:
    sent = {"message_id": number, "date": 1764000000, "chat": {"id": chat, "type": "private"}, "from": who(chat)}
    return {"update_id": number, "message": {**sent, "text": text}}


def taps(number: int, message: Message, data: str, chat: int = 5) -> dict[str, Any]:
    shown = {
        "message_id": message.message_id, "date": 1764000000, "chat": {"id": chat, "type": "private"}, "text": "x",
        "from": {"id": 42, "is_bot": True, "first_name": "Медкарта"},
    }  # fmt: skip
    pressed = {"id": str(number), "from": who(chat), "chat_instance": "1", "message": shown, "data": data}
    return {"update_id": number, "callback_query": pressed}


def who(chat: int) -> dict[str, Any]:
    return {"id": chat, "is_bot": False, "first_name": "Анна", "language_code": "ru"}


def button(message: Message, label: str) -> str:
    """Return the data of a button with such words in its label."""
    rows: list[list[InlineKeyboardButton]] = message.reply_markup.inline_keyboard if message.reply_markup else []
    (found,) = [each.callback_data for row in rows for each in row if label in each.text]
    assert found is not None
    return found


async def pause(_seconds: float) -> None:
    await a_moment()


@asynccontextmanager
async def quarter(
    count: int, database: str, redis: str | None, tmp_path: Path, keys: Path, rate: float = 100
) -> AsyncIterator[Quarter]:
    """Run so many bots; `rate` is the pace of a chat."""
    phones = Phones()
    async with AsyncExitStack() as stack:
        found = Quarter(phones)
        for _ in range(count):
            settings = Settings(
                _env_file=None,
                database_url=database,
                redis_url=redis,
                state_dir=tmp_path,
                keyring_path=keys,
                chat_rate=rate,
            )
            container = make_container(settings)
            stack.push_async_callback(container.close)
            # Each has a session of its own, as processes have: it is where the middlewares stand.
            session = Telegram()
            session.make_request = phones.make_request  # type: ignore[method-assign]
            bot = Bot("42:abcdefgh", session=session, default=DefaultBotProperties(parse_mode="HTML"))
            dispatcher = make_dispatcher(
                container, RedisPositions(await container.get(Redis)), DisabledEventIsolation()
            )
            dispatcher["public_url"] = "http://127.0.0.1"
            dispatcher["hotline"] = dispatcher["support_mail"] = None
            locks, leftovers = await container.get(ChatLocks), await container.get(Leftovers)
            notes = await container.get(ChatNotes)
            intake = Intake(bot, dispatcher, container, locks, is_outage, pause, leftovers, notes, rate=rate)
            await stack.enter_async_context(intake.lines.open())
            transport = httpx.ASGITransport(app=Door(intake.lines, "/hook", "s-1_A"))
            telegram = httpx.AsyncClient(transport=transport, base_url="http://bot.example.org", headers=SECRET)
            await stack.enter_async_context(telegram)
            found.bots.append(Process(container, intake, dispatcher, telegram))
        yield found
