"""Writing what became of claimed rows: many at once, and nothing in what another worker has taken since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Executable, bindparam, case, delete, select, update

from core.domain.notification import MOVES, NotificationState, Outcome, Settlement
from core.storage.base import table_of
from core.storage.notification.rows import ENDS, WIPED, AttemptRow, NotificationRow
from core.storage.notification.writing import ROWS, WrittenOutbox
from core.storage.transaction import Stored

WAITING, SENDING = NotificationState.WAITING.value, NotificationState.SENDING.value
ATTEMPTS = table_of(AttemptRow)
_MINE = (ROWS.c.id == bindparam("of"), ROWS.c.tries == bindparam("which"), ROWS.c.state == SENDING)
# What has ended stays as it ended: an attempt that was counted as uncertain is not made certain by whoever comes late.
_ITS_ATTEMPT = (
    ATTEMPTS.c.notification == bindparam("of"),
    ATTEMPTS.c.number == bindparam("which"),
    ATTEMPTS.c.ended_at.is_(None),
)
TO_SENT = (
    update(ROWS)
    .where(*_MINE)
    .values(
        state=NotificationState.SENT.value,
        lease_until=None,
        settled_at=bindparam("at", type_=ROWS.c.settled_at.type),
        reason=None,
        address=None,
        told=None,
    )
)
TO_WAITING = (
    update(ROWS)
    .where(*_MINE)
    .values(
        state=WAITING,
        lease_until=None,
        settled_at=None,
        reason=None,
        due_at=bindparam("due", type_=ROWS.c.due_at.type),
        placed_at=case(
            (bindparam("anew"), bindparam("due_anew", type_=ROWS.c.due_at.type)),
            else_=ROWS.c.placed_at,
        ),
    )
)
ENDED = (
    update(ATTEMPTS)
    .where(*_ITS_ATTEMPT)
    .values(
        ended_at=bindparam("at", type_=ATTEMPTS.c.ended_at.type),
        outcome=bindparam("how"),
        message=bindparam("id_there"),
    )
)
STRUCK_OUT = delete(ATTEMPTS).where(*_ITS_ATTEMPT)


@dataclass(frozen=True, slots=True)
class SettledOutbox(WrittenOutbox):
    """The part of `core.domain.notification.Outbox` that writes down how calls ended."""

    async def settle(self, settlements: Sequence[Settlement], now: datetime) -> None:
        """Write what became of claimed rows and end their attempts; what ended for good loses its personal values.

        Nothing happens to a row where MOVES has no such way, or that another worker has taken since.
        """
        sent = [each for each in settlements if each.to is NotificationState.SENT]
        back = [each for each in settlements if _is_plainly_back(each)]
        await self._many(TO_SENT, [{**_named(each), "at": now} for each in sent])
        again: list[Mapping[str, Stored]] = [
            {**_named(each), "due": each.due_at, "due_anew": each.due_at, "anew": each.anew} for each in back
        ]
        await self._many(TO_WAITING, again)
        for each in settlements:
            if each.to is not NotificationState.SENT and not _is_plainly_back(each):
                await self._settle_one(each, now)
        await self._many(STRUCK_OUT, [_named(each) for each in settlements if each.free])
        ended: list[Mapping[str, Stored]] = [
            {**_named(each), "at": now, "how": each.outcome.value, "id_there": each.message}
            for each in settlements
            if not each.free
        ]
        await self._many(ENDED, ended)
        for each in settlements:
            if each.outcome is Outcome.BLOCKED:
                # Passed over without a call, it has no attempt yet; reports tell a block from a failure by it.
                tried: dict[str, Stored] = {
                    "notification": each.notification,
                    "number": each.tries,
                    "started_at": now,
                    "ended_at": now,
                }
                await self.transaction.insert(AttemptRow, {**tried, "outcome": each.outcome.value, "message": None})

    async def _many(self, statement: Executable, rows: Sequence[Mapping[str, Stored]]) -> None:
        # Over the connection: the ORM has its own idea of a statement with many parameters.
        if len(rows) == 1:
            await self.transaction.alter(statement, **rows[0])
        elif rows:
            connection = await self.transaction.session.connection()
            await connection.execute(statement, rows)

    async def _settle_one(self, told: Settlement, now: datetime) -> None:
        asked = select(ROWS.c.account).where(ROWS.c.id == told.notification)
        found = (await self.transaction.session.execute(asked)).one_or_none()
        if found is None:
            return
        seal = await self._seal(found.account, told.notification) if told.reason else None
        values: dict[str, Stored] = {
            "state": told.to.value,
            "lease_until": None,
            "reason": seal.shut_known("reason", told.reason) if seal else None,
            "settled_at": now if told.to.value in ENDS else None,
        }
        if told.due_at is not None:
            values["due_at"] = told.due_at
        if told.anew and told.due_at is not None:
            values["placed_at"] = told.due_at
        if told.outcome is Outcome.UNCERTAIN:
            values["doubtful"] = True
        if told.to in WIPED:
            values |= {"address": None, "told": None}
        movable = [state.value for state, ways in MOVES.items() if told.to in ways]
        here = update(NotificationRow).where(
            NotificationRow.id == told.notification,
            NotificationRow.tries == told.tries,
            NotificationRow.state.in_(movable),
        )
        await self.transaction.change(here.values(values))


def _named(told: Settlement) -> dict[str, Stored]:
    return {"of": told.notification, "which": told.tries}


def _is_plainly_back(told: Settlement) -> bool:
    """No call was made and it waits again: rows of a whole claim may go this way at once."""
    waits = told.free and told.to is NotificationState.WAITING
    return waits and told.reason is None and told.due_at is not None and told.outcome is Outcome.NOT_MADE
