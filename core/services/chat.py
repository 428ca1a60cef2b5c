"""A chat comes, and says which language it speaks."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.chat import LANGUAGES, Chat, Chats, language_for
from core.domain.conversation import Conversations, DeskEvent, DeskEvents, Happening
from core.domain.ids import ChatId
from core.domain.update import Incoming, Updates, UpdateState
from core.ports import Clock, Glance, Transaction


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
class MeetArrival:
    """An update comes in from a chat: was it seen through before, and who speaks there? Both in one look."""

    transaction: Transaction
    glance: Glance
    updates: Updates
    chats: Chats
    incoming: Incoming
    clock: Clock

    async def __call__(
        self, update: int, chat: ChatId, language_code: str | None, *, speaks: bool = True
    ) -> tuple[UpdateState, Chat]:
        """`speaks`: it is something that the person said or did, and not the news that they blocked the bot.

        Whoever blocked it is back once they speak; what is only brought again was said before.
        """
        self.incoming.id = update
        async with self.transaction.looking():
            await self.glance.at_arrival(update, chat)
            state = await self.updates.state(update)
            back = speaks and state is UpdateState.NEW
            return state, await self.chats.meet(chat, language_for(language_code), self.clock.now(), back=back)


@dataclass(frozen=True, slots=True)
class NoteReturned:
    """The person let the bot write again. What Telegram refused before, and is settled only now, blocks them no more."""

    transaction: Transaction
    chats: Chats
    conversations: Conversations
    events: DeskEvents
    clock: Clock

    async def __call__(self, chat: ChatId) -> None:
        async with self.transaction.looking():
            await self.chats.hear(chat, self.clock.now())
            await _tell_desk(self.conversations, self.events, chat, self.clock.now())


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
    """The person blocked the bot: nothing is pushed until they write again.

    Noted as often as it is heard, and no effect of the update that told it: that may have had one of its own.
    """

    transaction: Transaction
    chats: Chats
    conversations: Conversations
    events: DeskEvents
    clock: Clock

    async def __call__(self, chat: ChatId) -> None:
        async with self.transaction.looking():
            await self.chats.block(chat, self.clock.now())
            await _tell_desk(self.conversations, self.events, chat, self.clock.now())


async def _tell_desk(conversations: Conversations, events: DeskEvents, chat: ChatId, now: datetime) -> None:
    """Whoever talks with them sees whether an answer can reach them."""
    found = await conversations.of_chat(chat)
    if found is not None:
        events.tell(DeskEvent(0, Happening.CHANGED, now, found.id, None, found.ticket, found.owner, found.team))
