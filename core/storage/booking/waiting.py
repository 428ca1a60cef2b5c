"""The waiting list: whose turn it is, is asked of the database, and nobody waits there for anybody else's row."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Executable, Integer, Row, and_, bindparam, exists, func, not_, or_, select, update

from core.domain.actor import Citizen
from core.domain.booking import NoBooking, Wait, WaitState, waitable
from core.domain.ids import BookingId, WaitId
from core.domain.schedule import Slot, Wanted
from core.storage.base import UtcDateTime
from core.storage.booking.rows import BOOKINGS, WAITING, WaitRow
from core.storage.chat import speaks_for
from core.storage.schedule import SLOTS, slot_of
from core.storage.schedule.free import FREE
from core.storage.transaction import SqlTransaction, Stored

NOW = bindparam("now", type_=UtcDateTime())
IN_TURN = (WAITING.c.since, WAITING.c.id)
LIVES = WAITING.c.state.in_((WaitState.WAITING.value, WaitState.OFFERED.value))
IS_WAITING = WAITING.c.state == WaitState.WAITING.value
OF = select(WAITING).where(WAITING.c.account == bindparam("account"), speaks_for(), LIVES).order_by(*IN_TURN)
BY_ID = select(WAITING).where(WAITING.c.id == bindparam("wait"))
OF_BOOKING = select(WAITING).where(WAITING.c.booking == bindparam("of"), LIVES)
OVER = select(WAITING).where(IS_WAITING, WAITING.c.before <= NOW).order_by(*IN_TURN).limit(
    bindparam("most", type_=Integer())
)  # fmt: skip


def _like(slot: Any) -> ColumnElement[bool]:  # noqa: ANN401 - the columns of slots, or one slot's values
    """The condition that a place in the list wants this slot, and was not offered it before."""
    offered = exists().where(BOOKINGS.c.slot == slot.id, BOOKINGS.c.wait == WAITING.c.id)
    return and_(
        IS_WAITING,
        WAITING.c.speciality == slot.speciality,
        WAITING.c.before > slot.starts_at,
        *(or_(WAITING.c[each].is_(None), WAITING.c[each] == getattr(slot, each)) for each in NARROWING),
        not_(offered),
    )


NARROWING = ("region", "facility", "doctor")
WISHED = select(SLOTS).join_from(WAITING, SLOTS, _like(SLOTS.c)).where(*FREE).limit(bindparam("most", type_=Integer()))
IN_ORDER, BY_LOT = WISHED.order_by(*IN_TURN, SLOTS.c.starts_at), WISHED.order_by(func.random())


@dataclass(frozen=True, slots=True)
class SqlWaits:
    """`core.domain.booking.Waits`."""

    transaction: SqlTransaction

    async def join(self, wait: Wait) -> bool:
        """Store it; False when the person waits for the same already: the unique index sees to it."""
        return await self.transaction.insert(
            WaitRow,
            {
                "id": wait.id,
                "account": wait.account,
                "speciality": wait.wanted.speciality,
                "region": wait.wanted.region,
                "facility": wait.wanted.facility,
                "doctor": wait.wanted.doctor,
                "since": wait.since,
                "before": wait.before,
                "state": wait.state.value,
                "booking": wait.booking,
                "offered": wait.offered,
                "offered_until": wait.offered_until,
            },
        )

    async def of(self, citizen: Citizen) -> Sequence[Wait]:
        """Return the person's, WAITING and OFFERED."""
        return await self._all(OF, account=citizen.account, chat=citizen.chat)

    async def one(self, wait: WaitId) -> Wait:
        """Raises NoBooking."""
        found = await self._all(BY_ID, wait=wait)
        if not found:
            raise NoBooking
        return found[0]

    async def of_booking(self, booking: BookingId) -> Wait | None:
        """Return the living one that waits for something earlier than this booking."""
        found = await self._all(OF_BOOKING, of=booking)
        return found[0] if found else None

    async def next_for(self, slot: Slot, now: datetime, *, passing: Collection[WaitId] = ()) -> Wait | None:
        """Return whose turn it is; on PostgreSQL a place that another transaction is changing is passed over, not waited for.

        Two that end their own places and offer what they freed to one another would wait for each other for ever.
        """
        wants = select(WAITING).where(_like(slot), WAITING.c.before > now, WAITING.c.id.not_in(passing))
        first = wants.order_by(*IN_TURN).limit(1).with_for_update(skip_locked=True)
        row = (await self.transaction.session.execute(first)).first()
        return None if row is None else _wait(row)

    async def wished(self, now: datetime, limit: int, *, by_lot: bool = False) -> Sequence[Slot]:
        """Return free slots that somebody waits for and was not offered yet, for the longest waiting first, or by lot."""
        rows = await self.transaction.ask(BY_LOT if by_lot else IN_ORDER, now=now, most=limit)
        return list({row.id: slot_of(row) for row in rows}.values())

    async def move(self, wait: Wait, to: WaitState) -> bool:
        """Store it in state `to` with what it is offered, if it is in a state that may; False otherwise."""
        here = (WAITING.c.id == wait.id, WAITING.c.state.in_(waitable(to)))
        offer: dict[str, Stored] = {"offered": wait.offered, "offered_until": wait.offered_until}
        return bool(await self.transaction.change(update(WAITING).where(*here).values(state=to.value, **offer)))

    async def leave(self, booking: BookingId) -> None:
        """End those that wait for something earlier than this booking."""
        ending = update(WAITING).where(WAITING.c.booking == booking, LIVES)
        await self.transaction.change(ending.values(state=WaitState.LEFT.value, offered=None, offered_until=None))

    async def over(self, now: datetime, limit: int) -> Sequence[Wait]:
        """Return WAITING ones whose `before` has come."""
        return await self._all(OVER, now=now, most=limit)

    async def _all(self, statement: Executable, **values: Stored) -> list[Wait]:
        return [_wait(row) for row in await self.transaction.ask(statement, **values)]


def _wait(row: Row[Any]) -> Wait:
    return Wait(
        id=row.id,
        account=row.account,
        wanted=Wanted(row.speciality, row.region, row.facility, row.doctor),
        since=row.since,
        before=row.before,
        state=WaitState(row.state),
        booking=row.booking,
        offered=row.offered,
        offered_until=row.offered_until,
    )
