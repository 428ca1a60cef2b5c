"""Rows in and out of the outbox: what is personal is sealed on the way in and opened on the way out."""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Row
from sqlalchemy.dialects import postgresql, sqlite

from core.domain.ids import AccountId, ChatId, NotificationId
from core.domain.notification import (
    Button,
    Channel,
    Lane,
    Notification,
    NotificationState,
    PinState,
    Topic,
    WallTime,
    road,
)
from core.ports import Events
from core.security.envelope import Tampered
from core.storage.base import table_of
from core.storage.key import RowSeal, Seals
from core.storage.notification.pinning import PinRow
from core.storage.notification.rows import TABLE, NotificationRow
from core.storage.transaction import SqlTransaction, Stored

log = logging.getLogger(__name__)
ROWS = table_of(NotificationRow)
INTO_POSTGRESQL = postgresql.insert(ROWS).on_conflict_do_nothing().returning(ROWS.c.id)
INTO_SQLITE = sqlite.insert(ROWS).on_conflict_do_nothing().returning(ROWS.c.id)
EARLIER = timedelta(hours=3)
"""A new law of its zone lets a message come as much earlier, and its pin must not be late then."""
AT_ONCE = 500
"""Rows in one INSERT: SQLite takes 32,766 parameters in a statement, PostgreSQL as many."""


@dataclass(frozen=True, slots=True)
class WrittenOutbox:
    """The part of `core.domain.notification.Outbox` that stores and reads rows. Workers wake once the commit stands."""

    transaction: SqlTransaction
    seals: Seals
    events: Events

    async def add(self, notification: Notification) -> None:
        """Store it; the same one twice is one."""
        if _is_personal(notification) and notification.account:
            await self.seals.of_accounts([notification.account])
        if await self.transaction.insert(NotificationRow, await self._written(notification)):
            if notification.pinned_until is not None:
                await self.transaction.insert(PinRow, _pinned(notification, notification.pinned_until))
            self.wake(road(notification.channel, notification.lane))

    async def add_many(self, notifications: Sequence[Notification]) -> int:
        """Store them; one that is there already (its id; its broadcast and account) stays. Returns how many were new."""
        accounts = [each.account for each in notifications if each.account and _is_personal(each)]
        await self.seals.of_accounts(accounts)
        into = INTO_POSTGRESQL if self.transaction.on_postgresql else INTO_SQLITE
        connection = await self.transaction.session.connection()
        added = 0
        for start in range(0, len(notifications), AT_ONCE):
            rows = [await self._written(each) for each in notifications[start : start + AT_ONCE]]
            added += len((await connection.execute(into, rows)).all())
        if added:
            self.wake(*{road(each.channel, each.lane) for each in notifications})
        return added

    def wake(self, *roads: str) -> None:
        """Wake who sends on these roads once the open transaction is committed; everybody where none is named."""
        for each in roads or ("",):
            self.transaction.after_commit(partial(self.events.wake, each))

    async def _written(self, notification: Notification) -> dict[str, Stored]:
        # Nothing personal, no key: a broadcast's rows are many.
        seal = await self._seal(notification.account, notification.id) if _is_personal(notification) else None
        values = json.dumps(dict(notification.values), ensure_ascii=False)
        return {
            "id": notification.id,
            "channel": notification.channel.value,
            "lane": notification.lane.value,
            "key": notification.key,
            "language": notification.language,
            "account": notification.account,
            "chat": notification.chat,
            "address": seal.shut_known("address", notification.address) if seal else None,
            "told": seal.shut("told", values) if seal and notification.values else None,
            "buttons": [_kept(button) for button in notification.buttons],
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
            "attachment": notification.attachment,
            "line": notification.line,
            "doubtful": notification.doubtful,
            "pinned_until": notification.pinned_until,
        }

    async def _read(
        self, rows: Iterable[Row[Any]], calls: Mapping[NotificationId, tuple[int, int]]
    ) -> tuple[list[Notification], list[Row[Any]]]:
        """Return what opens, in the order of sending, and the rows that were meddled with."""
        ordered = sorted(rows, key=lambda row: (row.lane, row.due_at, row.id))
        await self.seals.of_accounts([row.account for row in ordered if row.account and (row.told or row.address)])
        read, tampered = [], []
        for row in ordered:
            try:
                read.append(await self._opened(row, *calls.get(row.id, (0, 0))))
            except Tampered:
                # One row that was meddled with must not hold up everybody's messages.
                log.exception("notification_tampered", extra={"notification": str(row.id)})
                tampered.append(row)
        return read, tampered

    async def _opened(self, row: Row[Any], calls: int, doubts: int) -> Notification:
        seal = await self._seal(row.account, row.id) if row.told or row.address else None
        wall = WallTime(datetime.fromisoformat(row.wall_at), row.wall_zone) if row.wall_at and row.wall_zone else None
        return Notification(
            id=row.id,
            channel=Channel(row.channel),
            lane=Lane(row.lane),
            key=row.key,
            language=row.language,
            due_at=row.due_at,
            account=row.account,
            chat=None if row.chat is None else ChatId(row.chat),
            address=seal.open_known("address", row.address) if seal else None,
            values=json.loads(seal.open_known("told", row.told) or "{}") if seal else {},
            buttons=tuple(Button(*each) for each in row.buttons),
            valid_until=row.valid_until,
            topic=Topic(row.topic) if row.topic else None,
            urgent=row.urgent,
            in_digest=row.in_digest,
            subject=row.subject,
            wall=wall,
            broadcast=row.broadcast,
            attachment=row.attachment,
            line=row.line,
            pinned_until=row.pinned_until,
            state=NotificationState(row.state),
            tries=row.tries,
            calls=calls,
            doubts=doubts,
            doubtful=row.doubtful,
        )

    async def _seal(self, account: AccountId | None, notification: NotificationId) -> RowSeal:
        if account is None:
            return await self.seals.system_row(TABLE, notification)
        return await self.seals.row_of(account, TABLE, notification)


def _pinned(notification: Notification, until: datetime) -> dict[str, Stored]:
    return {
        "notification": notification.id,
        "subject": notification.subject,
        "until": until,
        "due_at": notification.due_at - EARLIER,
        "state": PinState.WANTED.value,
        "tries": 0,
    }


def _kept(button: Button) -> list[str]:
    # As before where there is no argument: older processes read these rows too.
    return [button.label_key, button.place, *([button.arg] if button.arg else [])]


def _is_personal(notification: Notification) -> bool:
    return bool(notification.values) or notification.address is not None
