"""Pins as the database keeps them: a row beside the notification that wants one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, bindparam, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.ids import ChatId, NotificationId
from core.domain.notification import NotificationState, Pin, PinState
from core.storage.base import Base, table_of
from core.storage.notification.rows import AttemptRow, NotificationRow
from core.storage.transaction import SqlTransaction

IS_OPEN = text("state IN ('wanted', 'pinned')")


class PinRow(Base):
    """`until` is when it is taken down; `due_at` when somebody may look at it next."""

    __tablename__ = "pins"
    __table_args__ = (
        Index("ix_pins_due", "due_at", sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
        Index("ix_pins_subject", "subject"),
    )

    notification: Mapped[NotificationId] = mapped_column(
        ForeignKey("notifications.id", ondelete="CASCADE"), primary_key=True
    )
    subject: Mapped[UUID | None]
    until: Mapped[datetime]
    due_at: Mapped[datetime]
    state: Mapped[str]
    tries: Mapped[int]


PINS, SENT, TRIED = table_of(PinRow), table_of(NotificationRow), table_of(AttemptRow)
WANTED, PINNED, GONE = (state.value for state in (PinState.WANTED, PinState.PINNED, PinState.GONE))
NOW = bindparam("now", type_=PINS.c.due_at.type)
MISSED = update(PINS).where(PINS.c.state == WANTED, PINS.c.until <= NOW).values(state=GONE)
DUE = (
    select(PINS.c.notification, SENT.c.chat, TRIED.c.message, PINS.c.state, PINS.c.tries)
    .join(SENT, SENT.c.id == PINS.c.notification)
    .join(TRIED, TRIED.c.notification == PINS.c.notification)
    .where(
        PINS.c.due_at <= NOW,
        SENT.c.state == NotificationState.SENT.value,
        TRIED.c.message.is_not(None),
        ((PINS.c.state == WANTED) & (PINS.c.until > NOW)) | ((PINS.c.state == PINNED) & (PINS.c.until <= NOW)),
    )
    .order_by(PINS.c.due_at)
    .limit(bindparam("most"))
)
# Two workers that saw the same row: the second one's number is not its number any more.
CLAIMED = (
    update(PINS)
    .where(PINS.c.notification == bindparam("of"), PINS.c.tries == bindparam("which"))
    .values(tries=PINS.c.tries + 1, due_at=bindparam("till", type_=PINS.c.due_at.type))
)
OVER = update(PINS).where(PINS.c.state.in_((WANTED, PINNED)), PINS.c.until > NOW).values(until=NOW, due_at=NOW)
TAKEN_DOWN = OVER.where(PINS.c.subject == bindparam("of"))
LEFT = OVER.where(select(SENT.c.id).where(SENT.c.id == PINS.c.notification, SENT.c.chat == bindparam("of")).exists())


@dataclass(frozen=True, slots=True)
class SqlPins:
    """`core.domain.notification.Pins`."""

    transaction: SqlTransaction

    async def claim(self, now: datetime, lease: datetime, limit: int) -> Sequence[Pin]:
        """Take what is to be pinned or taken down now, that nobody else can take before `lease`."""
        await self.transaction.alter(MISSED, now=now)
        due = await self.transaction.ask(DUE, now=now, most=limit)
        mine = [each for each in due if await self._taken(each.notification, each.tries, lease)]
        return [Pin(each.notification, each.chat, each.message, PinState(each.state), each.tries + 1) for each in mine]

    async def _taken(self, notification: NotificationId, tries: int, lease: datetime) -> bool:
        return bool(await self.transaction.alter(CLAIMED, of=notification, which=tries, till=lease))

    async def settle(self, pin: Pin, to: PinState, due_at: datetime | None = None) -> None:
        """Write what became of a claimed one; one that was claimed anew since stays as it is."""
        values = {"state": to.value, **({} if due_at is None else {"due_at": due_at})}
        mine = (PinRow.notification == pin.notification, PinRow.tries == pin.tries)
        await self.transaction.change(update(PinRow).where(*mine).values(values))

    async def take_down(self, subject: UUID, now: datetime) -> int:
        """Let whatever is pinned of a subject be taken down at once; what is not pinned yet never is."""
        return await self.transaction.alter(TAKEN_DOWN, of=subject, now=now)

    async def leave(self, chat: ChatId, now: datetime) -> int:
        """The same of whatever is pinned in a chat: whose it was speaks there no more."""
        return await self.transaction.alter(LEFT, of=chat, now=now)
