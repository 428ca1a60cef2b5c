"""A chat comes, and says which language it speaks."""

from dataclasses import dataclass

from core.domain.chat import LANGUAGES, Chat, Chats, language_for
from core.domain.ids import ChatId
from core.ports import Clock, Transaction


@dataclass(frozen=True, slots=True)
class MeetChat:
    """Whoever writes is met: a new chat is stored with the language of its Telegram, a known one is read."""

    transaction: Transaction
    chats: Chats
    clock: Clock

    async def __call__(self, chat: ChatId, language_code: str | None) -> Chat:
        async with self.transaction.looking():
            return await self.chats.meet(chat, language_for(language_code), self.clock.now())


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    """The person says in which language to speak; anything that is not offered changes nothing."""

    transaction: Transaction
    chats: Chats

    async def __call__(self, chat: ChatId, language: str) -> None:
        if language not in LANGUAGES:
            return
        async with self.transaction:
            await self.chats.speak(chat, language)


@dataclass(frozen=True, slots=True)
class NoteBlocked:
    """The person blocked the bot: nothing is pushed until they write again."""

    transaction: Transaction
    chats: Chats
    clock: Clock

    async def __call__(self, chat: ChatId) -> None:
        async with self.transaction:
            await self.chats.block(chat, self.clock.now())
