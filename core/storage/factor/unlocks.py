"""Open sessions, and the numbers of the medical messages that go with their end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from core.domain.actor import Citizen
from core.domain.factor import Shown, Unlock
from core.domain.ids import ChatId
from core.storage.chat import is_bound
from core.storage.factor.rows import MedicalMessageRow, UnlockRow
from core.storage.transaction import SqlTransaction, Stored


@dataclass(frozen=True, slots=True)
class SqlUnlocks:
    """`core.domain.factor.Unlocks`."""

    transaction: SqlTransaction

    async def of(self, citizen: Citizen) -> Unlock | None:
        """Return the session of this account in this chat, open or run out; None when the chat speaks for it no more."""
        asked = select(UnlockRow).where(
            UnlockRow.chat == citizen.chat, UnlockRow.account == citizen.account, is_bound(citizen)
        )
        row = await self.transaction.session.scalar(asked)
        return None if row is None else _read(row)

    async def put(self, unlock: Unlock) -> None:
        """Store it in place of the former one of the chat."""
        values: dict[str, Stored] = {
            "account": unlock.account,
            "opened_at": unlock.opened_at,
            "until": unlock.until,
            "span": int(unlock.span.total_seconds()),
        }
        if not await self.transaction.insert(UnlockRow, {"chat": unlock.chat, **values}):
            await self.transaction.change(update(UnlockRow).where(UnlockRow.chat == unlock.chat).values(values))

    async def slide(self, unlock: Unlock, until: datetime) -> None:
        """Keep it open until then; nothing happens where it was ended meanwhile."""
        same = (UnlockRow.chat == unlock.chat, UnlockRow.opened_at == unlock.opened_at)
        await self.transaction.change(update(UnlockRow).where(*same).values(until=until))

    async def end(self, chat: ChatId, now: datetime) -> bool:
        """End it; its messages are to go from now on, whether or not there was one. False when there was none."""
        ended = await self.transaction.change(delete(UnlockRow).where(UnlockRow.chat == chat))
        await self.clear(chat, now)
        return bool(ended)

    async def run_out(self, now: datetime, limit: int) -> Sequence[Unlock]:
        """End the sessions whose time is over; one that was kept open meanwhile stays. Returns them, to be cleared."""
        over = select(UnlockRow.chat).where(UnlockRow.until <= now).order_by(UnlockRow.until).limit(limit)
        ending = delete(UnlockRow).where(UnlockRow.chat.in_(over), UnlockRow.until <= now).returning(UnlockRow)
        return [_read(row) for row in await self.transaction.session.scalars(ending)]

    async def note(self, chat: ChatId, message: int, now: datetime, stays: timedelta | None = None) -> None:
        """Remember that a message of this chat shows something medical. Its number alone."""
        opened = select(UnlockRow.chat).where(UnlockRow.chat == chat, UnlockRow.until > now)
        is_open = await self.transaction.session.scalar(opened) is not None
        due = now + stays if stays is not None else None if is_open else now
        values: dict[str, Stored] = {"noted_at": now, "due_at": due, "try_at": due}
        known = (MedicalMessageRow.chat == chat, MedicalMessageRow.message == message)
        if not await self.transaction.insert(MedicalMessageRow, {"chat": chat, "message": message, **values}):
            await self.transaction.change(update(MedicalMessageRow).where(*known).values(values))

    async def clear(self, chat: ChatId, now: datetime) -> int:
        """Let every noted message of the chat go from now on; returns how many there are."""
        waits = or_(MedicalMessageRow.due_at.is_(None), MedicalMessageRow.due_at > now)
        noted = update(MedicalMessageRow).where(MedicalMessageRow.chat == chat, waits)
        return await self.transaction.change(noted.values(due_at=now, try_at=now))

    async def heal(self, now: datetime) -> int:
        """Let messages go that were noted just when their session ended; returns how many."""
        lost = update(MedicalMessageRow).where(
            MedicalMessageRow.due_at.is_(None), MedicalMessageRow.chat.not_in(select(UnlockRow.chat))
        )
        return await self.transaction.change(lost.values(due_at=now, try_at=now))

    async def to_go(self, now: datetime, lease: timedelta, limit: int) -> Sequence[Shown]:
        """Return messages that are to be removed from their chats now; for `lease` nobody else gets them."""
        due = (
            select(MedicalMessageRow.chat, MedicalMessageRow.message, MedicalMessageRow.due_at)
            .where(MedicalMessageRow.try_at <= now)
            .order_by(MedicalMessageRow.try_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        found = (await self.transaction.session.execute(due)).all()
        shown = [Shown(ChatId(row.chat), row.message, row.due_at or now) for row in found]
        await self._move(shown, now + lease)
        return shown

    async def again(self, shown: Sequence[Shown], at: datetime) -> None:
        """Try these again then."""
        await self._move(shown, at)

    async def gone(self, shown: Sequence[Shown]) -> None:
        """Forget these: they are out of their chats."""
        if shown:
            await self.transaction.change(delete(MedicalMessageRow).where(_among(shown)))

    async def _move(self, shown: Sequence[Shown], at: datetime) -> None:
        if shown:
            await self.transaction.change(update(MedicalMessageRow).where(_among(shown)).values(try_at=at))


def _among(shown: Sequence[Shown]) -> ColumnElement[bool]:
    chats = {each.chat: [other.message for other in shown if other.chat == each.chat] for each in shown}
    return or_(
        *(
            and_(MedicalMessageRow.chat == chat, MedicalMessageRow.message.in_(messages))
            for chat, messages in chats.items()
        )
    )


def _read(row: UnlockRow) -> Unlock:
    return Unlock(row.account, ChatId(row.chat), row.opened_at, row.until, timedelta(seconds=row.span))
