"""What happens at the desk: numbered by one counter, as the last thing of a transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Row, Text, Uuid, bindparam, delete, insert, or_, select, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import ARRAY

from core.domain.conversation import DeskEvent, Happening, Sight
from core.ports import Bell
from core.storage.base import UtcDateTime
from core.storage.conversation.rows import COUNTER, EVENTS, DeskEventRow
from core.storage.transaction import SqlTransaction, Stored

WORD = "event"
# The row is locked from its change to the commit: numbers have no gaps and stand in the order of commits. Hence one statement.
WRITE = text("""
    WITH counted AS (
        INSERT INTO desk_counter (id, last) VALUES (1, cardinality(:happenings))
        ON CONFLICT (id) DO UPDATE SET last = desk_counter.last + cardinality(:happenings)
        RETURNING last - cardinality(:happenings) AS before)
    INSERT INTO desk_events (number, happening, at, conversation, line, ticket, staff, team)
    SELECT counted.before + told.place, (:happenings)[told.place], (:moments)[told.place], (:conversations)[told.place],
           (:lines)[told.place], (:tickets)[told.place], (:staff)[told.place], (:teams)[told.place]
    FROM counted, generate_series(1, cardinality(:happenings)) AS told (place)
""").bindparams(
    bindparam("happenings", type_=ARRAY(Text)),
    bindparam("moments", type_=ARRAY(UtcDateTime())),
    bindparam("lines", type_=ARRAY(Integer)),
    *(bindparam(name, type_=ARRAY(Uuid())) for name in ("conversations", "tickets", "staff", "teams")),
)
COUNT = (
    sqlite.insert(COUNTER)
    .values(id=1, last=bindparam("more"))
    .on_conflict_do_update(index_elements=["id"], set_={"last": COUNTER.c.last + bindparam("more")})
    .returning(COUNTER.c.last)
)
WRITE_ONE = insert(EVENTS)
AFTER = (
    select(EVENTS)
    .where(EVENTS.c.number > bindparam("after"))
    .order_by(EVENTS.c.number)
    .limit(bindparam("most", type_=Integer()))
)
AFTER_SEEN = AFTER.where(
    or_(EVENTS.c.team.is_(None), EVENTS.c.team == bindparam("ours"), EVENTS.c.staff == bindparam("mine"))
)
LAST = select(COUNTER.c.last).where(COUNTER.c.id == 1)


class SqlDeskEvents:
    """`core.domain.conversation.DeskEvents`. One object a request, beside its transaction."""

    def __init__(self, transaction: SqlTransaction, bell: Bell) -> None:
        self.transaction = transaction
        self.bell = bell
        self._told: list[DeskEvent] = []
        self._within: object = None

    def tell(self, event: DeskEvent) -> None:
        """Write it with the open transaction, whose last act it is; its number is given then."""
        if self._within is not self.transaction.block:
            # What a block that was rolled back had to tell is forgotten.
            self._within, self._told = self.transaction.block, []
            self.transaction.at_the_end(self._last)
            self.transaction.after_commit(self._ring)
        self._told.append(event)

    async def after(self, sight: Sight, number: int, limit: int) -> Sequence[DeskEvent]:
        """Return what came after a number, as far as the member may see it."""
        if sight.everything:
            return [_read(row) for row in await self.transaction.ask(AFTER, after=number, most=limit)]
        asked: dict[str, Stored] = {"after": number, "most": limit, "mine": sight.staff, "ours": sight.team}
        return [_read(row) for row in await self.transaction.ask(AFTER_SEEN, **asked)]

    async def last(self) -> int:
        """Return the number of the last one; 0 when there is none."""
        rows = await self.transaction.ask(LAST)
        return rows[0].last if rows else 0

    async def forget_before(self, moment: datetime, limit: int) -> int:
        """Remove old ones; returns how many."""
        old = select(EVENTS.c.number).where(EVENTS.c.at < moment).order_by(EVENTS.c.number).limit(limit)
        return await self.transaction.change(delete(DeskEventRow).where(DeskEventRow.number.in_(old)))

    async def _last(self) -> None:
        # After everything else that comes at the end: the counter is locked until the commit.
        self.transaction.at_the_end(self._write)

    async def _write(self) -> None:
        told, self._told = self._told, []
        if self.transaction.on_postgresql:
            await self.transaction.alter(
                WRITE,
                happenings=[event.happening.value for event in told],
                moments=[event.at for event in told],
                conversations=[event.conversation for event in told],
                lines=[event.line for event in told],
                tickets=[event.ticket for event in told],
                staff=[event.staff for event in told],
                teams=[event.team for event in told],
            )
            return
        connection = await self.transaction.session.connection()
        last = (await connection.execute(COUNT, {"more": len(told)})).scalar_one()
        numbered = enumerate(told, last - len(told) + 1)
        await connection.execute(WRITE_ONE, [_written(number, event) for number, event in numbered])

    async def _ring(self) -> None:
        await self.bell.ring(WORD)


def _written(number: int, event: DeskEvent) -> dict[str, Stored]:
    return {
        "number": number,
        "happening": event.happening.value,
        "at": event.at,
        "conversation": event.conversation,
        "line": event.line,
        "ticket": event.ticket,
        "staff": event.staff,
        "team": event.team,
    }


def _read(row: Row[Any]) -> DeskEvent:
    return DeskEvent(
        row.number, Happening(row.happening), row.at, row.conversation, row.line, row.ticket, row.staff, row.team
    )
