"""A street for the intake: a Telegram of a few lines behind the bot's session, the real lines, the real inbox."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.client.session.base import BaseSession
from aiogram.methods import TelegramMethod
from dishka import AsyncContainer
from sqlalchemy.exc import OperationalError

from bot.intake.arrival import Arrival, Outcome
from bot.intake.inbox import Inbox
from bot.intake.lines import Lines
from bot.intake.reply import Replying
from bot.intake.seeing import Seer
from bot.intake.voice import Voice
from bot.middlewares.throttle import Throttle
from bot.tongues import Tongues
from core.ports import ChatLocks, ChatNotes
from ops.container import make_container
from ops.lock import LocalLocks
from ops.ready import is_outage
from ops.settings import Settings
from tests.databases import fresh_database

PATIENCE_S = 60


class Away(OperationalError):
    """A database that is away."""

    def __init__(self) -> None:
        super().__init__("", {}, ConnectionError())


class Telegram(BaseSession):
    """Keeps updates until they are confirmed, and remembers what it was asked to do."""

    def __init__(self) -> None:
        super().__init__()
        self.pending: dict[int, dict[str, Any]] = {}
        self.calls: list[TelegramMethod[Any]] = []
        self.offsets: list[int] = []
        self.came = asyncio.Event()

    def brings(self, *updates: dict[str, Any]) -> None:
        self.pending |= {each["update_id"]: each for each in updates}
        self.came.set()

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:
        if method.__api_method__ != "getUpdates":
            self.calls.append(method)
            return True
        offset = method.offset
        self.offsets.append(offset)
        self.pending = {number: each for number, each in self.pending.items() if number >= offset}
        if not self.pending and method.timeout:
            self.came.clear()
            await self.came.wait()
        await a_moment()
        return list(self.pending.values())[: method.limit]

    async def stream_content(self, *args: Any, **kwargs: Any) -> AsyncIterator[bytes]:
        yield b""

    async def close(self) -> None:
        return

    def said(self) -> list[str]:
        """Return the texts that were sent."""
        texts = [getattr(each, "text", None) for each in self.calls]
        return [each for each in texts if each]


class Street:
    """What a test needs of the intake. `handle` is what becomes of a message; time stands until it is moved."""

    def __init__(
        self,
        container: AsyncContainer,
        handle: Callable[[int, int], Awaitable[None]],
        locks: ChatLocks | None = None,
        notes: ChatNotes | None = None,
        **lines: Any,
    ) -> None:
        self.container, self.handle = container, handle
        self.telegram = Telegram()
        self.bot = Bot("42:abcdefgh", session=self.telegram)
        self.telegram.middleware(Replying())
        self.now = 1000.0
        self.waited = 0.0
        self.done: list[int] = []
        self.outcomes: dict[int, Outcome] = {}
        self.locks: ChatLocks = locks or LocalLocks()
        dispatcher = Dispatcher()
        dispatcher.message.register(self._message)
        self.tongues = Tongues(notes)
        self.inbox, voice = Inbox(container, is_outage, lambda: self.now), Voice(self.bot, self.tongues, notes)
        self.seer = Seer(self.bot, dispatcher, self.locks, self.inbox, voice, is_outage, notes)
        throttle = Throttle(1.5, lambda: self.now)
        self.lines = Lines(self.seer, self.inbox, voice, throttle, self._pause, **lines)

    async def _message(self, message: Any) -> None:
        await self.handle(message.chat.id, message.message_id)
        self.done.append(message.message_id)

    async def _pause(self, seconds: float) -> None:
        """Time passes at once: whoever waits has waited."""
        self.waited += seconds
        self.now += seconds
        await a_moment()

    def put(self, number: int, chat: int = 1, text: str = "x", **more: Any) -> None:
        arrival = Arrival.of(message(number, chat, text), **more)
        arrival.tell.append(lambda outcome: self.outcomes.setdefault(number, outcome))
        self.lines.put(arrival)


def message(number: int, chat: int = 1, text: str = "x") -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "Мэл", "language_code": "ru"}
    sent = {"message_id": number, "date": 1764000000, "chat": {"id": chat, "type": "private"}, "from": person}
    return {"update_id": number, "message": {**sent, "text": text}}


@asynccontextmanager
async def laid_out(tmp_path: Path, keyring: Path) -> AsyncIterator[AsyncContainer]:
    async with fresh_database("sqlite", tmp_path) as url:
        container = make_container(Settings(_env_file=None, database_url=url, state_dir=tmp_path, keyring_path=keyring))
        yield container
        await container.close()


async def a_moment() -> None:
    """Let everybody else go on first."""
    moment = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(0.001, moment.set_result, None)
    await moment


async def until(there: Callable[[], bool]) -> None:
    """Wait for a condition, however slow the machine."""
    async with asyncio.timeout(PATIENCE_S):
        while not there():
            await a_moment()
