"""Lines on their way to Telegram: what leaves, what became of it, and what is taken back before it left."""

import logging
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select, update

from core.domain.actor import NotAllowed
from core.domain.conversation import (
    Attached,
    Delivery,
    DeskEvent,
    DeskEvents,
    Happening,
    Outgoing,
    Relayed,
    Relays,
    Side,
    called,
)
from core.domain.ids import ChatId, ConversationId, LineId, StaffId
from core.domain.notification import Lane, NotificationState
from core.domain.staff import StaffMembers
from core.ports import Files
from core.security.envelope import Tampered
from core.storage.base import Big, table_of
from core.storage.conversation.rows import CONVERSATIONS, LINE_ROWS
from core.storage.conversation.showing import seal_of, unsealed
from core.storage.key import Seals
from core.storage.notification import NotificationRow
from core.storage.notification.rows import IS_UNSENT
from core.storage.transaction import SqlTransaction, Stored

log = logging.getLogger(__name__)
ROWS, OUTBOX = LINE_ROWS, table_of(NotificationRow)
OTHER = ROWS.alias()
WAITING = NotificationState.WAITING.value
LINE = "conversation.line"
BEHIND = timedelta(microseconds=1)
"""The outbox sends a chat's rows in the order of their times; clocks of two machines are never quite the same."""
UNSAID = (Delivery.STALE.value, Delivery.FAILED.value)
BEFORE = (
    select(OTHER.c.author)
    .where(
        OTHER.c.conversation == ROWS.c.conversation,
        OTHER.c.number < ROWS.c.number,
        OTHER.c.side == Side.OPERATOR.value,
        OTHER.c.delivery.not_in(UNSAID),
        OTHER.c.gone_at.is_(None),
    )
    .order_by(OTHER.c.number.desc())
    .limit(1)
    .scalar_subquery()
)
ANSWERED = (
    select(OTHER.c.message)
    .where(OTHER.c.conversation == ROWS.c.conversation, OTHER.c.number == ROWS.c.reply_to)
    .scalar_subquery()
)

LEAVING = (
    select(
        *ROWS.c,
        CONVERSATIONS.c.account.label("whose"),
        CONVERSATIONS.c.epoch.label("epoch_now"),
        BEFORE.label("spoke_before"),
        ANSWERED.label("answered"),
    )
    .join(CONVERSATIONS, CONVERSATIONS.c.id == ROWS.c.conversation)
    .where(ROWS.c.id.in_(bindparam("lines", expanding=True)))
)
WHOSE = select(CONVERSATIONS.c.owner).where(CONVERSATIONS.c.id == ROWS.c.conversation).correlate(ROWS)
GROUP = select(CONVERSATIONS.c.team).where(CONVERSATIONS.c.id == ROWS.c.conversation).correlate(ROWS)
SETTLED = (
    update(ROWS)
    .where(ROWS.c.id == bindparam("of"))
    .values(
        delivery=bindparam("how"),
        message=func.coalesce(bindparam("message", type_=Big), ROWS.c.message),
        reason=bindparam("reason"),
    )
    .returning(
        ROWS.c.conversation,
        ROWS.c.number,
        WHOSE.scalar_subquery().label("owner"),
        GROUP.scalar_subquery().label("team"),
    )
)
# The states stand in the SQL itself: a plan for any parameter cannot use a partial index.
BEHIND_ALL = select(func.max(OUTBOX.c.placed_at).label("last")).where(
    OUTBOX.c.chat == bindparam("chat"), OUTBOX.c.lane == Lane.ANSWER.value, IS_UNSENT
)


@dataclass(frozen=True, slots=True)
class SqlRelays(Relays):
    """`core.domain.conversation.Relays`."""

    transaction: SqlTransaction
    seals: Seals
    files: Files
    members: StaffMembers
    events: DeskEvents

    async def of(self, lines: Collection[LineId]) -> Mapping[LineId, Relayed]:
        """Return what is to leave, as it stands now."""
        rows = await self.transaction.ask(LEAVING, lines=list(lines))
        with suppress(Tampered):  # each is asked for again, and one that does not open stops no other
            await self.seals.of_accounts({row.whose for row in rows if row.whose is not None})
        new = {StaffId(row.author) for row in rows if row.author is not None and row.author != row.spoke_before}
        names = {member.id: member.name or member.login for member in await self.members.some(new)} if new else {}
        return {row.id: await self._relayed(row, names) for row in rows}

    async def content(self, relayed: Relayed) -> bytes:
        """Return the bytes of its file; no transaction is needed. FileNotFoundError where there are none."""
        if relayed.handle is None:
            raise FileNotFoundError
        return await unsealed(self.seals, self.files, relayed.line, relayed.handle)

    async def settled(self, outcomes: Sequence[Outgoing], now: datetime) -> None:
        """Write what became of lines, and tell the desk."""
        for each in outcomes:
            ended: dict[str, Stored] = {"how": each.delivery.value, "message": each.message, "reason": each.reason}
            for row in await self.transaction.altered(SETTLED, of=each.line, **ended):
                told = (row.conversation, row.number, None, row.owner, row.team)
                self.events.tell(DeskEvent(0, Happening.DELIVERY, now, *told))

    async def turn(self, chat: ChatId, now: datetime) -> datetime:
        """Return when something is due that leaves behind everything that waits for the chat: now, or a moment later."""
        (row,) = await self.transaction.ask(BEHIND_ALL, chat=chat)
        return now if row.last is None else max(now, row.last + BEHIND)

    async def touch(self, line: LineId) -> bool:
        """Whether it has not left and nobody can take it before this transaction ends."""
        return await self._change(line, urgent=True)

    async def cancel(self, line: LineId, now: datetime) -> bool:
        """Take it back before it left; False when it is too late for that."""
        return await self._change(line, state=NotificationState.CANCELLED.value, settled_at=now, told=None)

    async def outdate(self, conversation: ConversationId, epoch: int, now: datetime) -> Sequence[int]:
        """Take back what waits of older epochs; returns the numbers of these lines, which are STALE now."""
        old = (ROWS.c.conversation == conversation, ROWS.c.epoch < epoch, ROWS.c.delivery == Delivery.WAITING.value)
        waits = select(ROWS.c.id).where(*old)
        cancelled = (
            update(NotificationRow)
            .where(NotificationRow.line.in_(waits), NotificationRow.key == LINE, NotificationRow.state == WAITING)
            .values(state=NotificationState.CANCELLED.value, settled_at=now, told=None)
            .returning(NotificationRow.line)
        )
        # One that is on its way is refused at the gate, or was there before: how it ended is told then.
        lines = (await self.transaction.session.scalars(cancelled)).all()
        if not lines:
            return ()
        stale = update(ROWS).where(ROWS.c.id.in_(lines)).values(delivery=Delivery.STALE.value)
        return list((await self.transaction.session.scalars(stale.returning(ROWS.c.number))).all())

    async def go_along(self, conversation: ConversationId, epoch: int) -> None:
        """Let what waits leave all the same, under the new epoch: nobody comes after who said it."""
        waits = (ROWS.c.conversation == conversation, ROWS.c.delivery == Delivery.WAITING.value)
        await self.transaction.change(update(ROWS).where(*waits, ROWS.c.epoch == epoch - 1).values(epoch=epoch))

    async def _change(self, line: LineId, **values: object) -> bool:
        waits: tuple[ColumnElement[bool], ...] = (
            NotificationRow.line == line,
            NotificationRow.key == LINE,
            NotificationRow.state == WAITING,
        )
        return bool(await self.transaction.change(update(NotificationRow).where(*waits).values(**values)))

    async def _relayed(self, row: Any, names: Mapping[StaffId, str]) -> Relayed:  # noqa: ANN401 - a row of many columns
        name, text, unreadable = None, None, False
        try:
            seal = await seal_of(self.seals, row.whose, row.id, row.version)
            name, text = seal.open_known("file_name", row.file_name), seal.open_known("text", row.text)
        except (Tampered, NotAllowed):
            log.exception("line_tampered", extra={"line": str(row.id)})
            unreadable = True
        speaker = names.get(row.author, "")
        return Relayed(
            line=row.id,
            conversation=row.conversation,
            number=row.number,
            text=text or "",
            speaker=called(speaker) or None,
            file=None if name is None else Attached(name, row.mime, row.size),
            message=row.message,
            answered=row.answered,
            stale=row.epoch != row.epoch_now,
            gone=row.gone_at is not None,
            handle=row.wrapped,
            unreadable=unreadable,
        )
