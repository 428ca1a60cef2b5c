"""What each account wants to be told, and the chat that speaks for it now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import JSON, ForeignKey, Row, bindparam, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.account import WrongMove
from core.domain.ids import AccountId, ChatId
from core.domain.notification import Channel, Topic
from core.domain.subscription import NIGHT, NOWHERE, QuietHours, Subscription
from core.storage.base import Base, table_of
from core.storage.chat import CHAT_OF, ChatRow
from core.storage.transaction import SqlTransaction, Stored


class SubscriptionRow(Base):
    """The choices of one account; no row, no choice. `channels`: topic to the names of its channels, empty for none.

    `quiet_from` and `quiet_to` are local times as HH:MM, both or neither.
    """

    __tablename__ = "subscriptions"

    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    channels: Mapped[dict[str, str]] = mapped_column(JSON)
    quiet_from: Mapped[str | None]
    quiet_to: Mapped[str | None]
    digest: Mapped[int | None]
    stopped: Mapped[bool]
    region: Mapped[str | None]
    version: Mapped[int]
    changed_at: Mapped[datetime]


SUBSCRIPTIONS = table_of(SubscriptionRow)
CHOSEN = select(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.account == bindparam("account"))


@dataclass(frozen=True, slots=True)
class SqlSubscriptions:
    """`core.domain.subscription.Subscriptions`."""

    transaction: SqlTransaction
    night: QuietHours | None = NIGHT
    """The quiet hours of whoever chose nothing yet."""

    async def of(self, account: AccountId) -> Subscription:
        """Return what the account chose, or the default."""
        chats = await self.transaction.ask(CHAT_OF, account=account)
        chosen = await self.transaction.ask(CHOSEN, account=account)
        return self._read(account, chosen[0] if chosen else None, ChatId(chats[0].id) if chats else NOWHERE)

    async def of_many(self, accounts: Collection[AccountId]) -> Mapping[AccountId, Subscription]:
        """Return one for each account asked for, with the chat that speaks for it now."""
        wanted = set(accounts)
        if not wanted:
            return {}
        asked = select(ChatRow.account, ChatRow.id).where(ChatRow.account.in_(wanted))
        chats = {account: ChatId(chat) for account, chat in await self.transaction.session.execute(asked)}
        chosen = select(SubscriptionRow).where(SubscriptionRow.account.in_(wanted))
        rows = {row.account: row for row in await self.transaction.session.scalars(chosen)}
        return {account: self._read(account, rows.get(account), chats.get(account, NOWHERE)) for account in wanted}

    async def save(self, subscription: Subscription, now: datetime) -> None:
        """Store it; WrongMove when it changed since it was read."""
        quiet = subscription.quiet
        values: dict[str, Stored] = {
            "channels": {
                topic.value: " ".join(sorted(each.value for each in chosen))
                for topic, chosen in subscription.channels.items()
            },
            "quiet_from": quiet.start.isoformat("minutes") if quiet else None,
            "quiet_to": quiet.end.isoformat("minutes") if quiet else None,
            "digest": subscription.digest,
            "stopped": subscription.stopped,
            "region": subscription.region,
            "version": subscription.version + 1,
            "changed_at": now,
        }
        if subscription.version == 0:
            stored = await self.transaction.insert(SubscriptionRow, {"account": subscription.account, **values})
        else:
            unchanged = (
                SubscriptionRow.account == subscription.account,
                SubscriptionRow.version == subscription.version,
            )
            stored = bool(await self.transaction.change(update(SubscriptionRow).where(*unchanged).values(values)))
        if not stored:
            raise WrongMove

    def _read(self, account: AccountId, row: SubscriptionRow | Row[Any] | None, chat: ChatId) -> Subscription:
        if row is None:
            return Subscription(account, quiet=self.night, chat=chat)
        return Subscription(
            account=account,
            channels={
                Topic(topic): frozenset(Channel(channel) for channel in channels.split())
                for topic, channels in row.channels.items()
            },
            quiet=QuietHours(time.fromisoformat(row.quiet_from), time.fromisoformat(row.quiet_to))
            if row.quiet_from and row.quiet_to
            else None,
            digest=row.digest,
            stopped=row.stopped,
            region=row.region,
            chat=chat,
            version=row.version,
        )
