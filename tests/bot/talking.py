"""A bot over a town, for conversations with operators: what a person says and taps, and what they see."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.fsm.storage.memory import DisabledEventIsolation, MemoryStorage
from aiogram.methods import GetFile, TelegramMethod
from aiogram.types import File, Message, Update

from bot.app import make_dispatcher
from bot.dialogs.talking import Helplines
from bot.following import Following
from core.domain.actor import Citizen, Visitor
from core.domain.conversation import Conversation, ConversationNotThere, Conversations, Line, Lines
from core.domain.ids import ChatId
from core.ports import Transaction
from core.security.keyring import KeyRing
from ops.lock import LocalLocks
from tests.bot.processes import Phones, button, says, taps, who
from tests.core.services.patient import a_patient
from tests.core.services.town import Town, settle
from tests.databases import fresh_database

CHAT = 1
T = TypeVar("T")


class Files(Phones):
    """Gives the files that people have sent, each of these bytes."""

    def __init__(self) -> None:
        super().__init__()
        self.content = b"file"

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:
        if isinstance(method, GetFile):
            self.calls.append(method)
            return File(file_id=method.file_id, file_unique_id="u", file_path="a/b").as_(bot)
        return await super().make_request(bot, method, timeout)

    async def stream_content(self, *_args: Any, **_kwargs: Any) -> AsyncIterator[bytes]:
        yield self.content


@dataclass
class Room:
    """One bot, one person. `now` are the ticks by which the queue is looked at."""

    town: Town
    citizen: Citizen | Visitor
    phones: Files
    bot: Bot
    dispatcher: Dispatcher
    following: Following
    ticks: list[float] = field(default_factory=lambda: [1000.0])
    number: int = 100

    @property
    def window(self) -> Message:
        return self.phones.window(CHAT)

    @property
    def text(self) -> str:
        return self.window.text or ""

    def labels(self) -> list[str]:
        markup = self.window.reply_markup
        return [each.text for row in markup.inline_keyboard for each in row] if markup else []

    async def takes(self, update: dict[str, Any]) -> None:
        await self.dispatcher.feed_update(self.bot, Update.model_validate(update, context={"bot": self.bot}))

    async def says(self, text: str) -> int:
        self.number += 1
        await self.takes(says(self.number, text, CHAT))
        return self.number

    async def sends(self, kind: str = "message", **content: Any) -> int:
        self.number += 1
        sent = {"message_id": self.number, "date": 1764000000, "chat": {"id": CHAT, "type": "private"}}
        await self.takes({"update_id": self.number, kind: {**sent, "from": who(CHAT), **content}})
        return self.number

    async def taps(self, label: str, message: Message | None = None) -> None:
        self.number += 1
        shown = message or next(
            each for _, each in sorted(self.phones.seen.items(), reverse=True) if label in str(each.reply_markup)
        )
        await self.takes(taps(self.number, shown, button(shown, label), CHAT))

    async def presses(self, data: str) -> None:
        """Press a button of a push."""
        self.number += 1
        await self.takes(taps(self.number, self.window.model_copy(update={"message_id": 7}), data, CHAT))

    async def heard(self) -> list[Line]:
        """Return the lines of the person's latest conversation."""
        async with self.town.container() as scope:
            conversations, lines = await scope.get(Conversations), await scope.get(Lines)
            async with (await scope.get(Transaction)).looking():
                found = await conversations.latest_of(ChatId(CHAT))
                if found is None:
                    raise ConversationNotThere
                return list(await lines.of(found.id))

    async def talk(self) -> Conversation | None:
        """Return the open conversation."""
        async with self.town.container() as scope:
            conversations = await scope.get(Conversations)
            async with (await scope.get(Transaction)).looking():
                return await conversations.of_chat(ChatId(CHAT))


@asynccontextmanager
async def room(
    kind: str, tmp_path: Path, keyring: KeyRing, *, personal: bool = True, signed_in: bool = True
) -> AsyncIterator[Room]:
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(fresh_database(kind, tmp_path))
        town = await settle(stack, url, tmp_path, keyring)
        citizen = await a_patient(town) if signed_in else Visitor(ChatId(CHAT))
        phones, ticks = Files(), [1000.0]
        bot = Bot("42:abcdefgh", session=phones, default=DefaultBotProperties(parse_mode="HTML"))
        dispatcher = make_dispatcher(town.container, MemoryStorage(), DisabledEventIsolation(), personal=personal)
        dispatcher["public_url"] = "http://127.0.0.1"
        dispatcher["hotline"], dispatcher["support_mail"] = "+7 800 000-00-00", None
        dispatcher["helplines"] = Helplines("+7 495 000-00-00", "8 800 000-00-00")
        following = Following(bot, dispatcher, town.container, LocalLocks(), lambda: ticks[0], look=0.01)
        dispatcher["following"] = following
        yield Room(town, citizen, phones, bot, dispatcher, following, ticks)
