"""Broadcasts as rows, counted by the notifications that they made."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import JSON, Index, Select, and_, exists, func, literal, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.actor import NotAllowed
from core.domain.broadcast import Broadcast, BroadcastMoved, BroadcastState, Counts, Segment, ages_of, html_of
from core.domain.broadcast.progress import Baseline
from core.domain.ids import AccountId, BroadcastId
from core.domain.notification import Lane, NotificationState, Outcome, Topic
from core.storage.base import Base
from core.storage.notification.rows import AttemptRow, NotificationRow
from core.storage.transaction import SqlTransaction, Stored

OF_BROADCASTS = text("broadcast IS NOT NULL")
UNDER_WAY = (NotificationState.WAITING.value, NotificationState.SENDING.value)
ENDS_AS: Mapping[NotificationState, str] = {
    NotificationState.WAITING: "waiting",
    NotificationState.SENDING: "waiting",
    NotificationState.HELD: "held",
    NotificationState.SENT: "sent",
    NotificationState.REFUSED: "failed",
    NotificationState.EXPIRED: "expired",
    NotificationState.UNCERTAIN: "uncertain",
    NotificationState.UNWANTED: "skipped",
    NotificationState.CANCELLED: "cancelled",
}

Index(
    "ix_notifications_broadcast_state",
    NotificationRow.broadcast,
    NotificationRow.state,
    sqlite_where=OF_BROADCASTS,
    postgresql_where=OF_BROADCASTS,
)


class BroadcastRow(Base):
    """A broadcast. Nothing here is anybody's secret: staff wrote it, and it says how many, never who."""

    __tablename__ = "broadcasts"
    __table_args__ = (Index("uq_broadcasts_key", "key", unique=True),)

    id: Mapped[BroadcastId] = mapped_column(primary_key=True)
    key: Mapped[str]
    title: Mapped[str]
    texts: Mapped[dict[str, str]] = mapped_column(JSON)
    segment: Mapped[dict[str, str]] = mapped_column(JSON)
    topic: Mapped[str]
    urgent: Mapped[bool]
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    state: Mapped[str]
    scheduled_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    expanded_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    visit_at: Mapped[datetime | None] = mapped_column(index=True)
    counted_at: Mapped[datetime | None]
    cursor: Mapped[AccountId | None]
    made: Mapped[int]
    left_out: Mapped[int]
    sent: Mapped[int]
    blocked: Mapped[int]
    failed: Mapped[int]
    skipped: Mapped[int]
    uncertain: Mapped[int]
    expired: Mapped[int]
    cancelled: Mapped[int]
    waiting: Mapped[int]
    held: Mapped[int]
    judged: Mapped[int]
    judged_failed: Mapped[int]
    version: Mapped[int]


COUNTED = tuple(each.name for each in fields(Counts))


@dataclass(frozen=True, slots=True)
class SqlBroadcasts:
    """`core.domain.broadcast.Broadcasts`."""

    transaction: SqlTransaction

    async def texts(self, ids: Collection[BroadcastId]) -> Mapping[BroadcastId, Mapping[str, str]]:
        """Return the texts of those broadcasts per language, safe for Telegram's HTML; `ru` is always there."""
        if not ids:
            return {}
        asked = select(BroadcastRow.id, BroadcastRow.texts).where(BroadcastRow.id.in_(set(ids)))
        rows = await self.transaction.session.execute(asked)
        return {id_: {language: html_of(said) for language, said in texts.items()} for id_, texts in rows}

    async def add(self, broadcast: Broadcast, key: str) -> Broadcast:
        """Store it; whoever repeats the key gets what the key made the first time."""
        if await self.transaction.insert(BroadcastRow, {"id": broadcast.id, "key": key, **_values(broadcast)}):
            return broadcast
        return await self._one(select(BroadcastRow).where(BroadcastRow.key == key))

    async def get(self, broadcast: BroadcastId) -> Broadcast:
        """Return it as it stands; NotAllowed where there is none."""
        return await self._one(select(BroadcastRow).where(BroadcastRow.id == broadcast))

    async def take(self, broadcast: BroadcastId) -> Broadcast:
        """Return it and let nobody else change it until the transaction ends; NotAllowed where there is none."""
        return await self._one(select(BroadcastRow).where(BroadcastRow.id == broadcast).with_for_update())

    async def take_due(self, now: datetime) -> Broadcast | None:
        """Return one whose `visit_at` has come, the longest waiting first, passing over those that somebody else holds."""
        due = select(BroadcastRow).where(BroadcastRow.visit_at <= now).order_by(BroadcastRow.visit_at).limit(1)
        row = await self.transaction.session.scalar(due.with_for_update(skip_locked=True))
        return None if row is None else _read(row)

    async def save(self, broadcast: Broadcast) -> Broadcast:
        """Store a changed one; BroadcastMoved when somebody else changed it since it was read."""
        unchanged = (BroadcastRow.id == broadcast.id, BroadcastRow.version == broadcast.version)
        values = {**_values(broadcast), "version": broadcast.version + 1}
        if not await self.transaction.change(update(BroadcastRow).where(*unchanged).values(values)):
            raise BroadcastMoved
        return await self.get(broadcast.id)

    async def recent(self, limit: int) -> list[Broadcast]:
        """Return the newest first."""
        asked = select(BroadcastRow).order_by(BroadcastRow.created_at.desc(), BroadcastRow.id.desc()).limit(limit)
        return [_read(row) for row in await self.transaction.session.scalars(asked)]

    async def counts(self, broadcast: Broadcast) -> Counts:
        """Count what became of its messages, by the messages themselves: dear where there are many."""
        mine = NotificationRow.broadcast == broadcast.id
        asked = select(NotificationRow.state, func.count()).where(mine).group_by(NotificationRow.state)
        found = dict.fromkeys(COUNTED, 0)
        for state, number in await self.transaction.session.execute(asked):
            found[ENDS_AS[NotificationState(state)]] += number
        told = exists().where(
            AttemptRow.notification == NotificationRow.id, AttemptRow.outcome == Outcome.BLOCKED.value
        )
        refused = and_(mine, NotificationRow.state == NotificationState.REFUSED.value, told)
        asked_apart = select(func.count()).select_from(NotificationRow).where(refused)
        blocked = (await self.transaction.session.scalar(asked_apart)) or 0
        found["failed"] -= blocked
        found["blocked"] = blocked
        found["skipped"] += broadcast.left_out
        return Counts(**found)

    async def due(self, broadcast: BroadcastId, now: datetime, limit: int) -> int:
        """Return how many of its messages are to leave now, counted up to `limit`."""
        mine = (NotificationRow.broadcast == broadcast, NotificationRow.state.in_(UNDER_WAY))
        leaving = (NotificationRow.lane == Lane.BULK.value, NotificationRow.due_at <= now)
        some = select(literal(1).label("one")).where(*mine, *leaving).limit(limit).subquery()
        return await self.transaction.session.scalar(select(func.count(some.c.one))) or 0

    async def _one(self, asked: Select[BroadcastRow]) -> Broadcast:
        row = await self.transaction.session.scalar(asked)
        if row is None:
            raise NotAllowed
        return _read(row)


def _values(broadcast: Broadcast) -> dict[str, Stored]:
    return {
        "title": broadcast.title,
        "texts": broadcast.texts,
        "segment": _written(broadcast.segment),
        "topic": broadcast.topic.value,
        "urgent": broadcast.urgent,
        "created_by": broadcast.created_by,
        "created_at": broadcast.created_at,
        "state": broadcast.state.value,
        "scheduled_at": broadcast.scheduled_at,
        "started_at": broadcast.started_at,
        "expanded_at": broadcast.expanded_at,
        "ended_at": broadcast.ended_at,
        "visit_at": broadcast.visit_at,
        "counted_at": broadcast.counted_at,
        "cursor": broadcast.cursor,
        "made": broadcast.made,
        "left_out": broadcast.left_out,
        **{name: getattr(broadcast.counts, name) for name in COUNTED},
        "judged": broadcast.baseline.judged,
        "judged_failed": broadcast.baseline.failed,
        "version": broadcast.version,
    }


def _read(row: BroadcastRow) -> Broadcast:
    return Broadcast(
        id=row.id,
        title=row.title,
        texts=row.texts,
        segment=_segment(row.segment),
        topic=Topic(row.topic),
        urgent=row.urgent,
        created_by=row.created_by,
        created_at=row.created_at,
        state=BroadcastState(row.state),
        scheduled_at=row.scheduled_at,
        started_at=row.started_at,
        expanded_at=row.expanded_at,
        ended_at=row.ended_at,
        visit_at=row.visit_at,
        cursor=row.cursor,
        made=row.made,
        left_out=row.left_out,
        counts=Counts(**{name: getattr(row, name) for name in COUNTED}),
        counted_at=row.counted_at,
        baseline=Baseline(row.judged, row.judged_failed),
        version=row.version,
    )


def _written(segment: Segment) -> dict[str, str]:
    ends = ("" if age is None else str(age) for age in (segment.youngest, segment.oldest))
    return {
        "languages": " ".join(sorted(segment.languages)),
        "regions": " ".join(sorted(segment.regions)),
        "ages": "-".join(ends) if segment.asks_age else "",
        "topics": " ".join(sorted(segment.topics)),
    }


def _segment(kept: Mapping[str, str]) -> Segment:
    youngest, oldest = ages_of(kept["ages"])
    return Segment(
        languages=frozenset(kept["languages"].split()),
        regions=frozenset(kept["regions"].split()),
        youngest=youngest,
        oldest=oldest,
        topics=frozenset(map(Topic, kept["topics"].split())),
    )
