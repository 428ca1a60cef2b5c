"""Limits, clocks and promises of an answer. Who waits is read from conversations and tickets themselves."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.account import WrongMove
from core.domain.ids import AccountId, ChatId, StaffId, TeamId
from core.domain.sla import Clock, Limits, Promise, Work
from core.storage.base import Base
from core.storage.transaction import SqlTransaction, Stored

ONLY = 1


class LimitsRow(Base):
    """What an administrator set: one row."""

    __tablename__ = "sla_limits"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    conversation_s: Mapped[int]
    ticket_s: Mapped[int]
    working_tickets: Mapped[bool]
    warn_at: Mapped[list[int]] = mapped_column(JSON)
    staff: Mapped[StaffId | None]
    team: Mapped[TeamId | None]
    version: Mapped[int]
    changed_at: Mapped[datetime]


class ClockRow(Base):
    """One wait of a citizen."""

    __tablename__ = "sla_clocks"
    __table_args__ = (Index("ix_sla_clocks_running", "work", "stopped_at"),)

    work: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[UUID] = mapped_column(primary_key=True)
    began_at: Mapped[datetime] = mapped_column(primary_key=True)
    until: Mapped[datetime]
    warned: Mapped[int]
    escalated_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]


class PromiseRow(Base):
    """A time of answer that somebody was told."""

    __tablename__ = "promises"
    __table_args__ = (Index("ix_promises_told_at", "told_at"),)

    work: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[UUID] = mapped_column(primary_key=True)
    until: Mapped[datetime] = mapped_column(primary_key=True)
    told_at: Mapped[datetime]
    account: Mapped[AccountId | None]
    chat: Mapped[ChatId | None] = mapped_column(BigInteger)
    kept_at: Mapped[datetime | None]
    broken_at: Mapped[datetime | None]
    renewed_at: Mapped[datetime | None]


RUNNING = ClockRow.stopped_at.is_(None)
STANDS = (PromiseRow.kept_at.is_(None), PromiseRow.broken_at.is_(None), PromiseRow.renewed_at.is_(None))


@dataclass(frozen=True, slots=True)
class SqlSla:
    """`core.domain.sla.Sla`."""

    transaction: SqlTransaction

    async def limits(self) -> Limits:
        """Return what was set last; Limits() until somebody did."""
        row = await self.transaction.session.scalar(select(LimitsRow))
        if row is None:
            return Limits()
        return Limits(
            conversation=timedelta(seconds=row.conversation_s),
            ticket=timedelta(seconds=row.ticket_s),
            working_tickets=row.working_tickets,
            warn_at=tuple(row.warn_at),
            staff=row.staff,
            team=row.team,
            version=row.version,
        )

    async def set_limits(self, limits: Limits, now: datetime) -> None:
        """Store it; WrongMove when it changed since it was read."""
        values: dict[str, Any] = {
            "conversation_s": int(limits.conversation.total_seconds()),
            "ticket_s": int(limits.ticket.total_seconds()),
            "working_tickets": limits.working_tickets,
            "warn_at": list(limits.warn_at),
            "staff": limits.staff,
            "team": limits.team,
            "version": limits.version + 1,
            "changed_at": now,
        }
        if limits.version == 0:
            stored = await self.transaction.insert(LimitsRow, {"id": ONLY, **values})
        else:
            unchanged = update(LimitsRow).where(LimitsRow.version == limits.version)
            stored = bool(await self.transaction.change(unchanged.values(values)))
        if not stored:
            raise WrongMove

    async def clocks(self, work: Work) -> Mapping[UUID, Clock]:
        """Return the running ones by their subjects."""
        rows = await self.transaction.session.scalars(select(ClockRow).where(ClockRow.work == work, RUNNING))
        return {row.subject: _clock(row) for row in rows}

    async def late(self) -> frozenset[UUID]:
        """Return the conversations whose wait was escalated and still goes on."""
        asked = select(ClockRow.subject).where(ClockRow.work == Work.CONVERSATION, RUNNING)
        return frozenset(await self.transaction.session.scalars(asked.where(ClockRow.escalated_at.is_not(None))))

    async def start(self, clock: Clock) -> bool:
        """A wait began; False when it was known already, which stays as it is."""
        values: dict[str, Stored] = {
            "work": clock.work.value,
            "subject": clock.subject,
            "began_at": clock.began_at,
            "until": clock.until,
            "warned": 0,
        }
        return await self.transaction.insert(ClockRow, values)

    async def stop(self, clocks: Collection[Clock], now: datetime) -> None:
        """An answer was given, or we wait for the citizen."""
        for clock in clocks:
            await self.transaction.change(update(ClockRow).where(*_same(clock), RUNNING).values(stopped_at=now))

    async def warn(self, clock: Clock, percent: int) -> bool:
        """Note that it was warned of; False when somebody else did."""
        first = update(ClockRow).where(*_same(clock), RUNNING, ClockRow.warned < percent).values(warned=percent)
        return bool(await self.transaction.change(first))

    async def escalate(self, clock: Clock, now: datetime) -> bool:
        """Note that it was escalated; False when somebody else did."""
        first = update(ClockRow).where(*_same(clock), RUNNING, ClockRow.escalated_at.is_(None))
        return bool(await self.transaction.change(first.values(escalated_at=now, warned=100)))

    async def tell(self, promise: Promise) -> bool:
        """Write a promise down; one that stands for the same work is renewed by it. False when it is there already."""
        values: dict[str, Stored] = {
            "work": promise.work.value,
            "subject": promise.subject,
            "until": promise.until,
            "told_at": promise.told_at,
            "account": promise.account,
            "chat": promise.chat,
        }
        if not await self.transaction.insert(PromiseRow, values):
            return False
        former = update(PromiseRow).where(*_about(promise.work, promise.subject), PromiseRow.until != promise.until)
        await self.transaction.change(former.where(*STANDS).values(renewed_at=promise.told_at))
        return True

    async def standing(self, work: Work) -> Mapping[UUID, Promise]:
        """Return the promises that nothing has become of yet, by what they are about."""
        rows = await self.transaction.session.scalars(select(PromiseRow).where(PromiseRow.work == work, *STANDS))
        return {row.subject: _promise(row) for row in rows}

    async def settle(self, promises: Collection[Promise], now: datetime) -> None:
        """Nobody waits for these any more: they were kept, or their time was over before."""
        for each in promises:
            here = (*_about(each.work, each.subject), PromiseRow.until == each.until, *STANDS)
            ended = {"kept_at": now} if each.until >= now else {"broken_at": now}
            await self.transaction.change(update(PromiseRow).where(*here).values(ended))

    async def promises(self, work: Work, subject: UUID) -> Sequence[Promise]:
        """Return what was promised about it, first first."""
        told = select(PromiseRow).where(*_about(work, subject)).order_by(PromiseRow.told_at, PromiseRow.until)
        return [_promise(row) for row in await self.transaction.session.scalars(told)]


def _same(clock: Clock) -> tuple[Any, ...]:
    return (ClockRow.work == clock.work, ClockRow.subject == clock.subject, ClockRow.began_at == clock.began_at)


def _about(work: Work, subject: UUID) -> tuple[Any, ...]:
    return PromiseRow.work == work, PromiseRow.subject == subject


def _clock(row: ClockRow) -> Clock:
    work = Work(row.work)
    return Clock(work, row.subject, row.began_at, row.until, row.warned, row.escalated_at, row.stopped_at)


def _promise(row: PromiseRow) -> Promise:
    return Promise(
        Work(row.work), row.subject, row.until, row.told_at, row.account, row.chat,
        row.kept_at, row.broken_at, row.renewed_at,
    )  # fmt: skip
