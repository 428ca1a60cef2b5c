"""Chats and the accounts bound to them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Executable, ForeignKey, Index, bindparam, exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.account import WrongMove
from core.domain.actor import Citizen, NotAllowed
from core.domain.chat import DEFAULT_ZONE, Chat
from core.domain.ids import AccountId, ChatId, ConversationId
from core.storage.base import Base, Big, table_of
from core.storage.transaction import SqlTransaction, Stored


class ChatRow(Base):
    """A chat; `account` is whose person speaks in it, `region` a subject of the Federation (two digits).

    `heard_at` is when something of theirs took effect last, or they came back; that they blocked the bot does not count.
    `fence` is the newest token under which an update of the chat took effect: an older one is refused.
    """

    __tablename__ = "chats"
    __table_args__ = (Index("uq_chats_account", "account", unique=True),)

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=False)
    account: Mapped[AccountId | None] = mapped_column(ForeignKey("accounts.id"))
    language: Mapped[str]
    zone: Mapped[str] = mapped_column(default=DEFAULT_ZONE)
    met_at: Mapped[datetime]
    bound_at: Mapped[datetime | None]
    blocked_at: Mapped[datetime | None]
    region: Mapped[str | None]
    talk: Mapped[ConversationId | None]
    heard_at: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(Big, default=0)


def is_bound(citizen: Citizen) -> ColumnElement[bool]:
    """The condition that the chat still speaks for the account: whoever signed in elsewhere since sees nothing more here."""
    return exists().where(ChatRow.id == citizen.chat, ChatRow.account == citizen.account)


def speaks_for() -> ColumnElement[bool]:
    """The same for a statement that is made once: its parameters are `chat` and `account`."""
    return exists().where(CHATS.c.id == bindparam("chat"), CHATS.c.account == bindparam("account"))


CHATS = table_of(ChatRow)
KNOWN = (CHATS.c.id, CHATS.c.language, CHATS.c.account, CHATS.c.zone, CHATS.c.blocked_at, CHATS.c.region, CHATS.c.talk)
CHAT_BY_ID = select(*KNOWN).where(CHATS.c.id == bindparam("chat"))
CHAT_OF = select(*KNOWN).where(CHATS.c.account == bindparam("account"))
BLOCKED = select(CHATS.c.id).where(CHATS.c.id.in_(bindparam("chats", expanding=True)), CHATS.c.blocked_at.is_not(None))


@dataclass(frozen=True, slots=True)
class SqlChats:
    """`core.domain.chat.Chats`."""

    transaction: SqlTransaction

    async def meet(self, chat: ChatId, language: str, now: datetime, *, back: bool = True) -> Chat:
        """Return the chat, storing it with that language when it is new. `back` clears `blocked_at`."""
        found = await self._find(CHAT_BY_ID, chat=chat)
        if found is None:
            fresh = Chat(chat, language)
            if await self.transaction.insert(
                ChatRow, {"id": chat, "language": language, "zone": fresh.zone, "met_at": now}
            ):
                return fresh
            found = await self._find(CHAT_BY_ID, chat=chat)
        if back and (found is None or found.blocked_at is not None):
            await self.hear(chat, now)
            found = await self._find(CHAT_BY_ID, chat=chat)
        return found or Chat(chat, language)

    async def get(self, chat: ChatId) -> Chat | None:
        """Return what is known of a chat."""
        return await self._find(CHAT_BY_ID, chat=chat)

    async def bound_to(self, account: AccountId) -> Chat | None:
        """Return the chat that speaks for the account."""
        return await self._find(CHAT_OF, account=account)

    async def bind(self, chat: ChatId, account: AccountId, now: datetime) -> None:
        """Bind the account to this chat and to no other.

        WrongMove when another chat takes it at the same moment, NotAllowed for a chat that was never met.
        """
        elsewhere = update(ChatRow).where(ChatRow.account == account, ChatRow.id != chat)
        await self.transaction.change(elsewhere.values(account=None, bound_at=None))
        here = update(ChatRow).where(ChatRow.id == chat).values(account=account, bound_at=now)
        try:
            async with self.transaction.session.begin_nested():
                bound = await self.transaction.change(here)
        except IntegrityError:
            raise WrongMove from None
        if not bound:
            raise NotAllowed

    async def unbind(self, chat: ChatId) -> None:
        """Let the chat speak for nobody."""
        await self.transaction.change(update(ChatRow).where(ChatRow.id == chat).values(account=None, bound_at=None))

    async def speak(self, chat: ChatId, language: str) -> None:
        """Remember the language that the person chose."""
        await self.transaction.change(update(ChatRow).where(ChatRow.id == chat).values(language=language))

    async def live_in(self, chat: ChatId, region: str | None, zone: str) -> None:
        """Remember the region and its zone, by whose clock the person's times are meant; None: not told."""
        await self.transaction.change(update(ChatRow).where(ChatRow.id == chat).values(region=region, zone=zone))

    async def blocked(self, chats: Collection[ChatId]) -> frozenset[ChatId]:
        """Return those of the chats whose person blocked the bot."""
        return frozenset(ChatId(row.id) for row in await self.transaction.ask(BLOCKED, chats=list(chats)))

    async def block(self, chat: ChatId, now: datetime, *, unless_heard_since: datetime | None = None) -> None:
        """The person blocked the bot: nothing is pushed until they come back; as they may have since a given moment."""
        blocking = update(ChatRow).where(ChatRow.id == chat)
        if unless_heard_since is not None:
            # In the one statement that blocks: they may come back at this very moment.
            blocking = blocking.where(or_(ChatRow.heard_at.is_(None), ChatRow.heard_at < unless_heard_since))
        await self.transaction.change(blocking.values(blocked_at=now))

    async def hear(self, chat: ChatId, now: datetime) -> None:
        """The person has come back."""
        await self.transaction.change(update(ChatRow).where(ChatRow.id == chat).values(blocked_at=None, heard_at=now))

    async def _find(self, statement: Executable, **values: Stored) -> Chat | None:
        for row in await self.transaction.ask(statement, **values):
            return Chat(ChatId(row.id), row.language, row.account, row.zone, row.blocked_at, row.region, row.talk)
        return None
