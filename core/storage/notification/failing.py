"""What was not delivered, for whoever looks after it; and what is forgotten."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, func, or_, select, update

from core.domain.ids import NotificationId
from core.domain.notification import Channel, Failure, Lane, NotificationState, NotSendable, Outcome, Topic
from core.security.envelope import Tampered
from core.storage.notification.claiming import BROADCASTS, HALTED
from core.storage.notification.rows import ENDS, KEPT, AttemptRow, NotificationRow
from core.storage.notification.steering import HELD, WAITING, SteeredOutbox


@dataclass(frozen=True, slots=True)
class SqlOutbox(SteeredOutbox):
    """`core.domain.notification.Outbox`."""

    async def counts(self) -> Mapping[NotificationState, int]:
        """How many rows stand in each state, the empty ones included."""
        return await self._count()

    async def uncertain(self) -> Mapping[Lane, int]:
        """How many attempts ended with nobody knowing."""
        asked = (
            select(NotificationRow.lane, func.count())
            .join(AttemptRow, AttemptRow.notification == NotificationRow.id)
            .where(AttemptRow.outcome == Outcome.UNCERTAIN.value)
            .group_by(NotificationRow.lane)
        )
        found = {Lane(lane): count for lane, count in await self.transaction.session.execute(asked)}
        return {lane: found.get(lane, 0) for lane in Lane}

    async def failures(self, state: NotificationState | None, limit: int) -> list[Failure]:
        """What was refused, is uncertain or is held for a person who blocked the bot, the newest first."""
        states = [state.value] if state else [*KEPT, HELD]
        asked = (
            select(NotificationRow)
            .where(NotificationRow.state.in_(states))
            .order_by(NotificationRow.id.desc())
            .limit(limit)
        )
        rows = (await self.transaction.session.scalars(asked)).all()
        calls = await self._calls([row.id for row in rows])
        return [await self._failure(row, calls.get(row.id, (0, 0))[0]) for row in rows]

    async def send_again(self, notification: NotificationId, now: datetime) -> None:
        """Let a refused or uncertain row be sent again, unless its broadcast was halted. Raises NotSendable."""
        again = update(NotificationRow).where(
            NotificationRow.id == notification,
            NotificationRow.state.in_(KEPT),
            or_(NotificationRow.valid_until.is_(None), NotificationRow.valid_until > now),
            NotificationRow.wiped.is_(False),
            ~exists().where(BROADCASTS.c.id == NotificationRow.broadcast, BROADCASTS.c.state.in_(HALTED)),
        )
        if not await self.transaction.change(
            again.values(state=WAITING, due_at=now, placed_at=now, settled_at=None, reason=None)
        ):
            raise NotSendable
        self.wake()

    async def wipe_before(self, moment: datetime) -> int:
        """Wipe the values and the reason of what was refused or uncertain before that; returns how many."""
        old = update(NotificationRow).where(
            NotificationRow.state.in_(KEPT), NotificationRow.settled_at < moment, NotificationRow.wiped.is_(False)
        )
        return await self.transaction.change(old.values(address=None, told=None, reason=None, wiped=True))

    async def let_go_before(self, moment: datetime, now: datetime) -> int:
        """End what has been held since before that for people who blocked the bot and never came back; how many."""
        held = (NotificationRow.state == HELD, NotificationRow.broadcast.is_(None), NotificationRow.placed_at < moment)
        over = NotificationState.EXPIRED.value
        return await self._change(*held, state=over, settled_at=now, address=None, told=None, reason=None)

    async def forget_before(self, moment: datetime, limit: int) -> int:
        """Remove rows that were settled before that, `limit` at most; returns how many."""
        old = (NotificationRow.state.in_(ENDS), NotificationRow.settled_at < moment)
        some = select(NotificationRow.id).where(*old).limit(limit).scalar_subquery()
        return await self.transaction.change(delete(NotificationRow).where(NotificationRow.id.in_(some)))

    async def _failure(self, row: NotificationRow, calls: int) -> Failure:
        try:
            reason = (await self._seal(row.account, row.id)).open_known("reason", row.reason) if row.reason else None
        except Tampered:
            reason = None
        return Failure(
            id=row.id,
            channel=Channel(row.channel),
            lane=Lane(row.lane),
            key=row.key,
            topic=Topic(row.topic) if row.topic else None,
            state=NotificationState(row.state),
            reason=reason,
            tries=calls,
            made_at=row.placed_at,
            settled_at=row.settled_at,
            valid_until=row.valid_until,
            wiped=row.wiped,
        )
