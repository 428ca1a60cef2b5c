"""Chats and the accounts bound to them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.account import WrongMove
from core.domain.actor import Citizen, NotAllowed
from core.domain.chat import DEFAULT_ZONE, Chat
from core.domain.ids import AccountId, ChatId
from core.storage.base import Base, Big
from core.storage.transaction import SqlTransaction


class ChatRow(Base):
    """A chat; `account` is whose person speaks in it, `region` a subject of the Federation (two digits).

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
    fence: Mapped[int] = mapped_column(Big, default=0)


def is_bound(citizen: Citizen) -> ColumnElement[bool]:
    """The condition that the chat still speaks for the account: whoever signed in elsewhere since sees nothing more here."""
    return exists().where(ChatRow.id == citizen.chat, ChatRow.account == citizen.account)


@dataclass(frozen=True, slots=True)
class SqlChats:
    """`core.domain.chat.Chats`."""

    transaction: SqlTransaction

    async def meet(self, chat: ChatId, language: str, now: datetime) -> Chat:
        """Return the chat, storing it with that language when it is new. Clears `blocked_at`."""
        found = await self._find(ChatRow.id == chat)
        if found is None:
            fresh = Chat(chat, language)
            if await self.transaction.insert(
                ChatRow, {"id": chat, "language": language, "zone": fresh.zone, "met_at": now}
            ):
                return fresh
            found = await self._find(ChatRow.id == chat)
        if found is None or found.blocked_at is not None:
            await self.transaction.change(update(ChatRow).where(ChatRow.id == chat).values(blocked_at=None))
            found = await self._find(ChatRow.id == chat)
        return found or Chat(chat, language)

    async def bound_to(self, account: AccountId) -> Chat | None:
        """Return the chat that speaks for the account."""
        return await self._find(ChatRow.account == account)

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

    async def block(self, chat: ChatId, now: datetime) -> None:
        """The person blocked the bot: nothing is pushed until they come back."""
        await self.transaction.change(update(ChatRow).where(ChatRow.id == chat).values(blocked_at=now))

    async def _find(self, condition: ColumnElement[bool]) -> Chat | None:
        row = await self.transaction.session.scalar(select(ChatRow).where(condition))
        return None if row is None else Chat(ChatId(row.id), row.language, row.account, row.zone, row.blocked_at)
