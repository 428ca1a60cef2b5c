"""A Telegram chat: its language, its zone, and the account bound to it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.domain.actor import Citizen, Visitor
from core.domain.ids import AccountId, ChatId, ConversationId

LANGUAGES = ("ru", "en")
DEFAULT_ZONE = "Europe/Moscow"


@dataclass(frozen=True, slots=True)
class Chat:
    """What is known of a chat. `zone` is an IANA time zone name, Moscow's until a `region` (two digits) is told.

    `talk` is the open conversation with an operator: while there is one, what is said goes there and the bot keeps silent.
    """

    id: ChatId
    language: str
    account: AccountId | None = None
    zone: str = DEFAULT_ZONE
    blocked_at: datetime | None = None
    region: str | None = None
    talk: ConversationId | None = None

    @property
    def actor(self) -> Citizen | Visitor:
        """Who acts when this chat acts."""
        return Citizen(self.account, self.id) if self.account else Visitor(self.id)


def language_for(code: str | None) -> str:
    """Return the product's language for Telegram's `language_code` (IETF tag or None): Russian unless it is English-like.

    People whose phone speaks another language of the country are more likely to read Russian than English.
    """
    if code is None:
        return "ru"
    tag = code.lower().split("-")[0]
    neighbours = {"ru", "be", "uk", "kk", "ky", "uz", "tg", "az", "hy", "tt", "ba", "cv"}
    return "ru" if tag in neighbours else "en"


class Chats(Protocol):
    """The chats. One account is bound to one chat at most: the database refuses a second."""

    async def meet(self, chat: ChatId, language: str, now: datetime, *, back: bool = True) -> Chat:
        """Return the chat, storing it with that language when it is new. `back`: whoever blocked the bot no longer does."""
        ...

    async def get(self, chat: ChatId) -> Chat | None: ...

    async def bound_to(self, account: AccountId) -> Chat | None: ...

    async def bind(self, chat: ChatId, account: AccountId, now: datetime) -> None:
        """Bind the account to this chat and to no other."""
        ...

    async def unbind(self, chat: ChatId) -> None: ...

    async def speak(self, chat: ChatId, language: str) -> None:
        """Remember the language that the person chose."""
        ...

    async def live_in(self, chat: ChatId, region: str | None, zone: str) -> None:
        """Remember the region and its zone, by whose clock the person's times are meant; None: not told."""
        ...

    async def blocked(self, chats: Collection[ChatId]) -> frozenset[ChatId]:
        """Return those of the chats whose person blocked the bot."""
        ...

    async def block(self, chat: ChatId, now: datetime, *, unless_heard_since: datetime | None = None) -> None:
        """The person blocked the bot: nothing is pushed until they come back; as they may have since a given moment."""
        ...

    async def hear(self, chat: ChatId, now: datetime) -> None:
        """The person has come back."""
        ...
