"""The hours of those who answer: one row, until an administrator set them there is none. Nothing here is personal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.worktime import FACTS, Interval, Worktime
from core.storage.base import Base
from core.storage.transaction import SqlTransaction

ONLY = 1
Written = list[list[str]]


class WorktimeRow(Base):
    """Intervals as pairs of wall times: of weekdays by their number (0 is Monday), of single days by their date."""

    __tablename__ = "worktimes"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    zone: Mapped[str]
    week: Mapped[dict[str, Any]] = mapped_column(JSON)
    days: Mapped[dict[str, Any]] = mapped_column(JSON)
    holidays: Mapped[bool]
    changed_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class SqlWorktimes:
    """`core.domain.worktime.Worktimes`."""

    transaction: SqlTransaction

    async def current(self) -> Worktime:
        """Return them; FACTS until somebody set others."""
        row = await self.transaction.session.scalar(select(WorktimeRow))
        if row is None:
            return FACTS
        week = {int(day): _read(told) for day, told in row.week.items()}
        days = {date.fromisoformat(day): _read(told) for day, told in row.days.items()}
        return Worktime(row.zone, week, days, row.holidays)

    async def put(self, hours: Worktime) -> None:
        """Store them in place of those before."""
        values: dict[str, Any] = {
            "zone": hours.zone,
            "week": _written(hours.week),
            "days": _written({day.isoformat(): told for day, told in hours.days.items()}),
            "holidays": hours.holidays,
            "changed_at": self.transaction.now(),
        }
        if not await self.transaction.change(update(WorktimeRow).where(WorktimeRow.id == ONLY).values(values)):
            await self.transaction.insert(WorktimeRow, {"id": ONLY, **values})


def _written(hours: Mapping[Any, Sequence[Interval]]) -> dict[str, Written]:
    return {str(day): [[f"{each.begins:%H:%M}", f"{each.ends:%H:%M}"] for each in told] for day, told in hours.items()}


def _read(told: Written) -> tuple[Interval, ...]:
    return tuple(Interval(time.fromisoformat(begins), time.fromisoformat(ends)) for begins, ends in told)
