"""What was set last to be reminded of, for each subject: which one in a row, and for when."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.notification import WallTime
from core.domain.reminder import Reminder
from core.storage.base import Base, table_of
from core.storage.transaction import SqlTransaction


class ReminderRow(Base):
    """One subject. `wall_at` is a naive local time in ISO form, `wall_zone` an IANA name. Nothing here is personal."""

    __tablename__ = "reminders"

    subject: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int]
    wall_at: Mapped[str]
    wall_zone: Mapped[str]


REMINDERS = table_of(ReminderRow)
LAST = select(REMINDERS).where(REMINDERS.c.subject == bindparam("subject"))


def _putting(insert: postgresql.Insert | sqlite.Insert) -> postgresql.Insert | sqlite.Insert:
    """Return the one statement that stores a reminder in place of the last one."""
    changed = {name: insert.excluded[name] for name in ("number", "wall_at", "wall_zone")}
    return insert.on_conflict_do_update(index_elements=[REMINDERS.c.subject], set_=changed)


PUT_ON_POSTGRESQL, PUT_ON_SQLITE = _putting(postgresql.insert(REMINDERS)), _putting(sqlite.insert(REMINDERS))


@dataclass(frozen=True, slots=True)
class SqlReminders:
    """`core.domain.reminder.Reminders`."""

    transaction: SqlTransaction

    async def of(self, subject: UUID) -> Reminder | None:
        """Return what was set last."""
        rows = await self.transaction.ask(LAST, subject=subject)
        if not rows:
            return None
        (row,) = rows
        return Reminder(subject, WallTime(datetime.fromisoformat(row.wall_at), row.wall_zone), row.number)

    async def put(self, reminder: Reminder) -> None:
        """Store it in place of what was set before."""
        await self.transaction.alter(
            PUT_ON_POSTGRESQL if self.transaction.on_postgresql else PUT_ON_SQLITE,
            subject=reminder.subject,
            number=reminder.number,
            wall_at=reminder.wall.at.isoformat(),
            wall_zone=reminder.wall.zone,
        )
