"""Rows moved, held, let go and taken back: reminders, broadcasts, people who come back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, exists, func, literal_column, select, update

from core.domain.ids import AccountId, BroadcastId, ChatId
from core.domain.notification import NotificationState, WallTime
from core.domain.reminder import instant
from core.storage.base import table_of
from core.storage.chat import ChatRow
from core.storage.notification.claiming import ClaimedOutbox
from core.storage.notification.rows import TABLE, NotificationRow

WAITING, SENDING, HELD = (
    state.value for state in (NotificationState.WAITING, NotificationState.SENDING, NotificationState.HELD)
)


ROWS = table_of(NotificationRow)
# Asked at every answer of a form, whose reminder moves: made once.
TAKE_BACK = (
    update(ROWS)
    .where(ROWS.c.subject == bindparam("of"), ROWS.c.state == WAITING)
    .values(
        state=NotificationState.CANCELLED.value,
        settled_at=bindparam("at", type_=ROWS.c.settled_at.type),
        address=None,
        told=None,
    )
)
WAITS = ROWS.c.state == literal_column(f"'{WAITING}'")
WAITING_OF = select(ROWS.c.id).where(ROWS.c.subject == bindparam("subject"), WAITS)
RETELL = (
    update(ROWS).where(ROWS.c.id == bindparam("of"), WAITS).values(key=bindparam("to_key"), told=bindparam("to_told"))
)


@dataclass(frozen=True, slots=True)
class SteeredOutbox(ClaimedOutbox):
    """The part of `core.domain.notification.Outbox` that reminders and broadcasts use."""

    async def move(self, subject: UUID, due_at: datetime, wall: WallTime | None = None) -> int:
        """Move the waiting rows of a subject to another time; returns how many."""
        moved = await self._change(
            NotificationRow.subject == subject,
            NotificationRow.state == WAITING,
            due_at=due_at,
            placed_at=due_at,
            wall_at=wall.at.isoformat() if wall else None,
            wall_zone=wall.zone if wall else None,
        )
        if moved:
            self.wake()
        return moved

    async def retell(self, subject: UUID, account: AccountId, key: str, values: Mapping[str, str]) -> int:
        """Give the waiting row of a subject other words; their time stays. Returns how many."""
        for row in await self.transaction.ask(WAITING_OF, subject=subject):
            seal = await self.seals.row_of(account, TABLE, row.id)
            told = seal.shut("told", json.dumps(dict(values), ensure_ascii=False)) if values else None
            return await self.transaction.alter(RETELL, of=row.id, to_key=key, to_told=told)
        return 0

    async def cancel(self, subject: UUID, now: datetime) -> int:
        """Take back the rows of a subject that have not left; returns how many."""
        return await self.transaction.alter(TAKE_BACK, of=subject, at=now)

    async def follow(self, account: AccountId, old: ChatId, new: ChatId, language: str) -> int:
        """Let what waits for an account in its old chat, and can be turned off, go to its new one; returns how many.

        What has no topic stays: it concerns the old chat itself. A broadcast stays as well, written for who was there.
        """
        return await self._change(
            NotificationRow.chat == old,
            NotificationRow.account == account,
            NotificationRow.state.in_((WAITING, HELD)),
            NotificationRow.topic.is_not(None),
            NotificationRow.broadcast.is_(None),
            chat=new,
            language=language,
            state=WAITING,
        )

    async def reckon(self, now: datetime) -> int:
        """Work the due times of waiting rows with a wall time out anew by today's law of their zones; how many moved."""
        waiting = (
            NotificationRow.state == WAITING,
            NotificationRow.wall_zone.is_not(None),
            NotificationRow.due_at > now,
        )
        walls = select(NotificationRow.wall_at, NotificationRow.wall_zone, NotificationRow.due_at).where(*waiting)
        moved = 0
        for wall_at, wall_zone, due_at in (await self.transaction.session.execute(walls.distinct())).all():
            if wall_at is None or wall_zone is None:
                continue
            right = instant(WallTime(datetime.fromisoformat(wall_at), wall_zone))
            if right != due_at:
                same = (
                    NotificationRow.wall_at == wall_at,
                    NotificationRow.wall_zone == wall_zone,
                    NotificationRow.due_at == due_at,
                )
                moved += await self._change(*waiting, *same, due_at=right, placed_at=right)
        if moved:
            self.wake()
        return moved

    async def hold(self, broadcast: BroadcastId) -> int:
        """Pause what has not left of a broadcast; returns how many."""
        return await self._change(NotificationRow.broadcast == broadcast, NotificationRow.state == WAITING, state=HELD)

    async def release(self, broadcast: BroadcastId) -> int:
        """Let it go on; returns how many."""
        released = await self._change(
            NotificationRow.broadcast == broadcast, NotificationRow.state == HELD, state=WAITING
        )
        if released:
            self.wake()
        return released

    async def cancel_broadcast(self, broadcast: BroadcastId, now: datetime) -> int:
        """Take back what has not left of a broadcast; returns how many."""
        return await self._change(
            NotificationRow.broadcast == broadcast,
            NotificationRow.state.in_((WAITING, HELD)),
            state=NotificationState.CANCELLED.value,
            settled_at=now,
            address=None,
            told=None,
        )

    async def tally(self, broadcast: BroadcastId) -> Mapping[NotificationState, int]:
        """How many rows of a broadcast stand in each state, the empty ones included."""
        return await self._count(NotificationRow.broadcast == broadcast)

    async def waiting(self, broadcast: BroadcastId) -> int:
        """How many rows of a broadcast have not left: waiting, under way or held."""
        asked = select(func.count()).where(
            NotificationRow.broadcast == broadcast, NotificationRow.state.in_((WAITING, SENDING, HELD))
        )
        return await self.transaction.session.scalar(asked) or 0

    async def release_returned(self, now: datetime) -> int:
        """Let rows go on whose person blocked the bot and came back; what ran out meanwhile is EXPIRED."""
        held = (NotificationRow.state == HELD, NotificationRow.broadcast.is_(None))
        await self._change(
            *held,
            NotificationRow.valid_until <= now,
            state=NotificationState.EXPIRED.value,
            settled_at=now,
            address=None,
            told=None,
        )
        blocked = exists().where(ChatRow.id == NotificationRow.chat, ChatRow.blocked_at.is_not(None))
        returned = await self._change(*held, ~blocked, state=WAITING, reason=None)
        if returned:
            self.wake()
        return returned

    async def _change(self, *conditions: ColumnElement[bool], **values: object) -> int:
        return await self.transaction.change(update(NotificationRow).where(*conditions).values(**values))

    async def _count(self, *conditions: ColumnElement[bool]) -> Mapping[NotificationState, int]:
        asked = select(NotificationRow.state, func.count()).where(*conditions).group_by(NotificationRow.state)
        found = {NotificationState(state): count for state, count in await self.transaction.session.execute(asked)}
        return {state: found.get(state, 0) for state in NotificationState}
