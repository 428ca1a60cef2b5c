"""The outbox: rows written with the fact they tell, claimed by workers under a lease, wiped once told."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    Index,
    and_,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column

from core.domain.ids import AccountId, BroadcastId, ChatId, NotificationId
from core.domain.notification import MOVES, Button, Channel, Lane, Notification, NotificationState, Topic, WallTime
from core.security.envelope import Tampered
from core.storage.base import Base, Big
from core.storage.key import RowSeal, Seals
from core.storage.transaction import SqlTransaction, Stored

log = logging.getLogger(__name__)

TABLE = "notifications"
WIPED = frozenset(
    {
        NotificationState.SENT,
        NotificationState.REFUSED,
        NotificationState.EXPIRED,
        NotificationState.UNWANTED,
        NotificationState.CANCELLED,
    }
)
ENDS = tuple(state.value for state in (*WIPED, NotificationState.UNCERTAIN))
UNSENT = (NotificationState.WAITING.value, NotificationState.SENDING.value)
IS_UNSENT = text("state IN ('sending', 'waiting')")


class NotificationRow(Base):
    """One thing to tell. `placed_at` is the first due time and gives a chat its order; `reason` may quote an address."""

    __tablename__ = TABLE
    __table_args__ = (
        Index("ix_notifications_due", "lane", "due_at", sqlite_where=IS_UNSENT, postgresql_where=IS_UNSENT),
        Index("ix_notifications_chat", "chat", "lane", "placed_at", sqlite_where=IS_UNSENT, postgresql_where=IS_UNSENT),
        Index("ix_notifications_state_settled_at", "state", "settled_at"),
        Index("ix_notifications_subject", "subject", sqlite_where=IS_UNSENT, postgresql_where=IS_UNSENT),
        # Nobody gets a broadcast twice.
        Index("uq_notifications_broadcast_account", "broadcast", "account", unique=True),
    )

    id: Mapped[NotificationId] = mapped_column(primary_key=True)
    channel: Mapped[str]
    lane: Mapped[str]
    key: Mapped[str]
    language: Mapped[str]
    account: Mapped[AccountId | None] = mapped_column(ForeignKey("accounts.id"))
    chat: Mapped[int | None] = mapped_column(Big)
    address: Mapped[bytes | None]
    told: Mapped[bytes | None]
    buttons: Mapped[list[list[str]]] = mapped_column(JSON)
    placed_at: Mapped[datetime]
    due_at: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    state: Mapped[str]
    tries: Mapped[int]
    lease_until: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    reason: Mapped[bytes | None]
    topic: Mapped[str | None]
    urgent: Mapped[bool] = mapped_column(default=False)
    in_digest: Mapped[bool] = mapped_column(default=False)
    subject: Mapped[UUID | None]
    wall_at: Mapped[str | None]
    wall_zone: Mapped[str | None]
    broadcast: Mapped[BroadcastId | None]


@dataclass(frozen=True, slots=True)
class SqlOutbox:
    """`core.domain.notification.Outbox`."""

    transaction: SqlTransaction
    seals: Seals

    async def add(self, notification: Notification) -> None:
        """Store it; the same one twice is one."""
        seal = await self._seal(notification.account, notification.id)
        await self.transaction.insert(
            NotificationRow,
            {
                "id": notification.id,
                "channel": notification.channel.value,
                "lane": notification.lane.value,
                "key": notification.key,
                "language": notification.language,
                "account": notification.account,
                "chat": notification.chat,
                "address": seal.shut_known("address", notification.address),
                "told": seal.shut("told", json.dumps(dict(notification.values), ensure_ascii=False)),
                "buttons": [[button.label_key, button.place] for button in notification.buttons],
                "placed_at": notification.due_at,
                "due_at": notification.due_at,
                "valid_until": notification.valid_until,
                "state": notification.state.value,
                "tries": notification.tries,
                "topic": notification.topic.value if notification.topic else None,
                "urgent": notification.urgent,
                "in_digest": notification.in_digest,
                "subject": notification.subject,
                "wall_at": notification.wall.at.isoformat() if notification.wall else None,
                "wall_zone": notification.wall.zone if notification.wall else None,
                "broadcast": notification.broadcast,
            },
        )

    async def claim(self, now: datetime, lease: datetime, limit: int) -> list[Notification]:
        """Take due rows, best lane first, that nobody else can take before `lease`; rows whose lease ran out are taken again.

        Each claim counts as a try. Within a chat and lane the first placed goes first, and the next only once it is settled.
        """
        due = or_(
            and_(NotificationRow.state == NotificationState.WAITING.value, NotificationRow.due_at <= now),
            and_(NotificationRow.state == NotificationState.SENDING.value, NotificationRow.lease_until <= now),
        )
        order = (NotificationRow.lane, NotificationRow.due_at, NotificationRow.id)
        chosen = select(NotificationRow.id).where(due, _is_first()).order_by(*order).limit(limit)
        taken = chosen.with_for_update(skip_locked=True).cte("taken")
        claimed = (
            update(NotificationRow)
            .where(NotificationRow.id.in_(select(taken.c.id)))
            .values(state=NotificationState.SENDING.value, lease_until=lease, tries=NotificationRow.tries + 1)
            .returning(NotificationRow)
        )
        rows = (await self.transaction.session.scalars(claimed)).all()
        await self.seals.of_accounts([row.account for row in rows if row.account])
        opened = [await self._opened(row, now) for row in sorted(rows, key=lambda row: (row.lane, row.due_at, row.id))]
        return [notification for notification in opened if notification]

    async def settle(
        self,
        notification: NotificationId,
        to: NotificationState,
        now: datetime,
        *,
        due_at: datetime | None = None,
        reason: str | None = None,
    ) -> None:
        """Write what became of a claimed row; sent, refused and expired ones lose their personal values.

        Nothing happens where MOVES has no such way: another worker settled it after this one's lease.
        """
        asked = select(NotificationRow).where(NotificationRow.id == notification)
        row = await self.transaction.session.scalar(asked)
        if row is None:
            return
        seal = await self._seal(row.account, row.id)
        values: dict[str, Stored] = {
            "state": to.value,
            "lease_until": None,
            "reason": seal.shut_known("reason", reason),
            "settled_at": now if to.value in ENDS else None,
        }
        if due_at is not None:
            values["due_at"] = due_at
        if to in WIPED:
            values |= {"address": None, "told": None}
        movable = [state.value for state, ways in MOVES.items() if to in ways]
        here = update(NotificationRow).where(NotificationRow.id == notification, NotificationRow.state.in_(movable))
        await self.transaction.change(here.values(values))

    async def next_due(self) -> datetime | None:
        """When `claim` will next find something: the earliest due time, or end of a lease, of what is not held back."""
        waiting = NotificationRow.state == NotificationState.WAITING.value
        moment = case((waiting, NotificationRow.due_at), else_=NotificationRow.lease_until)
        asked = select(func.min(moment)).where(NotificationRow.state.in_(UNSENT), _is_first())
        earliest: datetime | None = await self.transaction.session.scalar(asked)
        return earliest

    async def counts(self) -> Mapping[NotificationState, int]:
        """How many rows stand in each state, the empty ones included."""
        asked = select(NotificationRow.state, func.count()).group_by(NotificationRow.state)
        found = {NotificationState(state): count for state, count in await self.transaction.session.execute(asked)}
        return {state: found.get(state, 0) for state in NotificationState}

    async def forget_before(self, moment: datetime) -> int:
        """Remove rows that were settled before that; returns how many."""
        old = delete(NotificationRow).where(NotificationRow.state.in_(ENDS), NotificationRow.settled_at < moment)
        return await self.transaction.change(old)

    async def _opened(self, row: NotificationRow, now: datetime) -> Notification | None:
        try:
            seal = await self._seal(row.account, row.id)
            address = seal.open_known("address", row.address)
            values = json.loads(seal.open_known("told", row.told) or "{}")
        except Tampered:
            # One row that was meddled with must not hold up everybody's messages.
            log.exception("notification_tampered", extra={"notification": str(row.id)})
            await self.settle(row.id, NotificationState.REFUSED, now, reason="its sealed values do not open")
            return None
        return Notification(
            id=row.id,
            channel=Channel(row.channel),
            lane=Lane(row.lane),
            key=row.key,
            language=row.language,
            due_at=row.due_at,
            account=row.account,
            chat=None if row.chat is None else ChatId(row.chat),
            address=address,
            values=values,
            buttons=tuple(Button(label_key, place) for label_key, place in row.buttons),
            valid_until=row.valid_until,
            topic=Topic(row.topic) if row.topic else None,
            urgent=row.urgent,
            in_digest=row.in_digest,
            subject=row.subject,
            wall=WallTime(datetime.fromisoformat(row.wall_at), row.wall_zone)
            if row.wall_at and row.wall_zone
            else None,
            broadcast=row.broadcast,
            state=NotificationState(row.state),
            tries=row.tries,
        )

    async def _seal(self, account: AccountId | None, notification: NotificationId) -> RowSeal:
        if account is None:
            return await self.seals.system_row(TABLE, notification)
        return await self.seals.row_of(account, TABLE, notification)


def _is_first() -> ColumnElement[bool]:
    earlier = aliased(NotificationRow)
    before = exists().where(
        earlier.chat == NotificationRow.chat,
        earlier.channel == NotificationRow.channel,
        earlier.lane == NotificationRow.lane,
        earlier.state.in_(UNSENT),
        tuple_(earlier.placed_at, earlier.id) < tuple_(NotificationRow.placed_at, NotificationRow.id),
    )
    return ~before
