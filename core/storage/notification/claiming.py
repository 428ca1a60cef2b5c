"""Taking what is due: many workers, one row each; an attempt on record just before each call."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Executable,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    column,
    func,
    insert,
    literal_column,
    or_,
    select,
    table,
    update,
)

from core.domain.ids import NotificationId
from core.domain.notification import Channel, Lane, Notification, NotificationState, Outcome, Settlement, goes_again
from core.storage.notification.rows import UNSENT, AttemptRow, NotificationRow
from core.storage.notification.settling import ATTEMPTS, SENDING, WAITING, SettledOutbox
from core.storage.notification.writing import ROWS
from core.storage.transaction import Stored

LAPSED_AT_ONCE = 1000
# Not by its class: the storage of broadcasts stands above this one.
BROADCASTS = table("broadcasts", column("id", Uuid()), column("state", Text()))
LINES = table("lines", column("id", Uuid()), column("conversation", Uuid()), column("epoch", Integer()))
CONVERSATIONS = table("conversations", column("id", Uuid()), column("epoch", Integer()))
SAID = "conversation.line"
HALTED = tuple(literal_column(f"'{state}'", Text()) for state in ("paused", "stopped", "cancelled"))
SURE = timedelta(seconds=2)
"""A call is not begun on a lease with less than this left: as far as the clocks of two machines may be apart."""
RENEWED = (
    update(ROWS)
    .where(ROWS.c.id == bindparam("of"), ROWS.c.tries == bindparam("which"), ROWS.c.state == SENDING)
    .values(lease_until=bindparam("till", type_=ROWS.c.lease_until.type))
)


def _literal(state: str) -> ColumnElement[str]:
    return literal_column(f"'{state}'", Text())


# Both are asked row by row, of the index: a NOT EXISTS is made into a join, and a table that has just grown by a
# broadcast has no statistics yet, so PostgreSQL compared every row with every other. The states stand in the SQL itself,
# since a plan for any parameter cannot use a partial index.
def _is_first() -> ColumnElement[bool]:
    other = ROWS.alias()
    first = (
        select(other.c.id)
        .where(
            other.c.chat == ROWS.c.chat,
            # Not by the index of lanes: without statistics it looks as good as that of chats, and reads a whole broadcast.
            other.c.lane.concat("") == ROWS.c.lane,
            other.c.channel == ROWS.c.channel,
            other.c.state.in_((_literal(SENDING), _literal(WAITING))),
        )
        .order_by(other.c.placed_at, other.c.id)
        .limit(1)
        .scalar_subquery()
    )
    return or_(ROWS.c.chat.is_(None), first == ROWS.c.id)


def _is_quiet(besides: BindParameter[Any] | None = None) -> ColumnElement[bool]:
    """Nothing else is under way to the chat on that channel, rows `besides` not counted."""
    other = ROWS.alias()
    under_way = (
        select(other.c.id)
        .where(
            other.c.chat == ROWS.c.chat,
            other.c.channel == ROWS.c.channel,
            other.c.state == _literal(SENDING),
            *(() if besides is None else (other.c.id.not_in(besides) if besides.expanding else other.c.id != besides,)),
        )
        .limit(1)
        .scalar_subquery()
    )
    return under_way.is_(None)


def _taken(*conditions: ColumnElement[bool]) -> Executable:
    """Return the statement that claims due rows; made once, since making it costs more than running it."""
    due = (
        ROWS.c.state == _literal(WAITING),
        ROWS.c.due_at <= bindparam("now", type_=ROWS.c.due_at.type),
        ROWS.c.channel.in_(bindparam("channels", expanding=True)),
        ROWS.c.lane.in_(bindparam("lanes", expanding=True)),
    )
    # The order of the index and no more: what is due at the same moment must not be sorted whole for every claim.
    order = (ROWS.c.lane, ROWS.c.due_at)
    chosen = select(ROWS.c.id).where(*due, *conditions).order_by(*order).limit(bindparam("most", type_=Integer()))
    taken = chosen.with_for_update(skip_locked=True).cte("taken")
    return (
        update(ROWS)
        .where(ROWS.c.id.in_(select(taken.c.id)))
        .values(
            state=SENDING,
            lease_until=bindparam("till", type_=ROWS.c.lease_until.type),
            tries=ROWS.c.tries + 1,
        )
        .returning(*ROWS.c)
    )


def _halted() -> ColumnElement[bool]:
    """Its broadcast was paused, stopped or taken back: what was claimed before that does not leave either."""
    halted = select(BROADCASTS.c.id).where(BROADCASTS.c.id == ROWS.c.broadcast, BROADCASTS.c.state.in_(HALTED))
    return halted.exists()


def _outdated() -> ColumnElement[bool]:
    """It is what an operator said, and the conversation has had another owner since, or is over."""
    moved_on = (
        select(LINES.c.id)
        .join(CONVERSATIONS, CONVERSATIONS.c.id == LINES.c.conversation)
        .where(LINES.c.id == ROWS.c.line, LINES.c.epoch != CONVERSATIONS.c.epoch)
    )
    return and_(ROWS.c.line.is_not(None), ROWS.c.key == SAID, moved_on.exists())


@cache
def _next(lanes: frozenset[Lane]) -> Executable:
    """Return the statement that looks when something is due; made once for each choice of lanes."""
    now = bindparam("now", type_=ROWS.c.due_at.type)
    unsent = ROWS.c.state.in_([_literal(state) for state in UNSENT])
    moments = [
        select(func.min(ROWS.c.due_at)).where(unsent, ROWS.c.lane == _literal(lane.value), ROWS.c.due_at > now)
        for lane in sorted(lanes)
    ]
    lease = select(func.min(ROWS.c.lease_until)).where(ROWS.c.state == _literal(SENDING), ROWS.c.lease_until > now)
    return select(*(each.scalar_subquery().label(f"at_{place}") for place, each in enumerate([*moments, lease])))


TAKEN = _taken(_is_first(), _is_quiet())
GATHERED = _taken(ROWS.c.in_digest, ROWS.c.chat.in_(bindparam("chats", expanding=True)))
MAY_GO = (
    ROWS.c.state == _literal(SENDING),
    ROWS.c.lease_until >= bindparam("sure", type_=ROWS.c.lease_until.type),
    ~_halted(),
    ~_outdated(),
)
BEGUN = insert(ATTEMPTS)
MINE = (
    select(ROWS.c.id, ROWS.c.tries)
    .where(
        ROWS.c.id.in_(bindparam("wanted", expanding=True)),
        *MAY_GO,
        _is_quiet(besides=bindparam("wanted", expanding=True)),
    )
    .with_for_update()
)
# By far the most often it is one, and then all of it is one statement.
BEGUN_ALONE = insert(ATTEMPTS).from_select(
    ["notification", "number", "started_at"],
    select(ROWS.c.id, ROWS.c.tries, bindparam("at", type_=ATTEMPTS.c.started_at.type))
    .where(
        ROWS.c.id == bindparam("of"),
        ROWS.c.tries == bindparam("which"),
        *MAY_GO,
        _is_quiet(besides=bindparam("of")),
    )
    .with_for_update(),
)


@dataclass(frozen=True, slots=True)
class ClaimedOutbox(SettledOutbox):
    """The part of `core.domain.notification.Outbox` that workers use."""

    async def claim(
        self,
        now: datetime,
        lease: datetime,
        limit: int,
        channels: Collection[Channel] = tuple(Channel),
        lanes: Collection[Lane] = tuple(Lane),
    ) -> list[Notification]:
        """Take due rows, best lane first, that nobody else can take before `lease`.

        Within a chat and lane the first placed goes first, and the next only once it is settled. With a row of a digest
        come all others of that chat's digest that are due.
        """
        asked: dict[str, Stored] = {
            "now": now,
            "till": lease,
            "most": limit,
            "channels": [channel.value for channel in channels],
            "lanes": [lane.value for lane in lanes],
        }
        rows = list(await self.transaction.altered(TAKEN, **asked))
        gathering = {row.chat for row in rows if row.in_digest and row.chat is not None}
        if gathering:
            rows += await self.transaction.altered(GATHERED, **asked, chats=sorted(gathering))
        read, tampered = await self._read(rows, await self._calls([row.id for row in rows if row.tries > 1]))
        word = "its sealed values do not open"
        spoilt = [
            Settlement(row.id, row.tries, NotificationState.REFUSED, Outcome.NOT_MADE, reason=word) for row in tampered
        ]
        await self.settle(spoilt, now)
        return read

    async def begin(self, notifications: Sequence[Notification], now: datetime) -> frozenset[NotificationId]:
        """Put an attempt on record for each claimed row that may be sent now, just before the call.

        Left out are rows whose lease ran out or nearly did, those of a broadcast that was halted meanwhile, what was said
        in a conversation that has another owner since, and those of a chat to which something else is under way: two
        claims at the same moment cannot see one another, but whoever begins sees every claim that stands by then.
        """
        if len(notifications) == 1:
            (one,) = notifications
            asked: dict[str, Stored] = {"of": one.id, "which": one.tries, "at": now, "sure": now + SURE}
            return frozenset({one.id} if await self.transaction.alter_alone(BEGUN_ALONE, **asked) else ())
        wanted = {each.id: each.tries for each in notifications}
        found = await self.transaction.altered(MINE, wanted=list(wanted), sure=now + SURE)
        begun = [row for row in found if wanted[row.id] == row.tries]
        rows = [{"notification": row.id, "number": row.tries, "started_at": now} for row in begun]
        await self._many(BEGUN, rows)
        return frozenset(row.id for row in begun)

    async def renew(self, notifications: Sequence[Notification], lease: datetime) -> None:
        """Keep claimed rows until `lease`; what another has taken since stays with the other."""
        await self._many(RENEWED, [{"of": each.id, "which": each.tries, "till": lease} for each in notifications])

    async def recover(self, now: datetime) -> int:
        """Take rows whose lease ran out from holders that died; returns how many.

        Those that were not begun wait again; of the others nobody knows whether the call was made, and UNKNOWN decides.
        """
        called = (
            select(AttemptRow.number)
            .where(
                AttemptRow.notification == NotificationRow.id,
                AttemptRow.number == NotificationRow.tries,
                AttemptRow.ended_at.is_(None),
            )
            .exists()
        )
        late = (
            select(NotificationRow.id, NotificationRow.lane, NotificationRow.channel, called.label("called"))
            .where(NotificationRow.state == _literal(SENDING), NotificationRow.lease_until <= now)
            .limit(LAPSED_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        lapsed = (await self.transaction.session.execute(late)).all()
        untouched = [row.id for row in lapsed if not row.called]
        again = [row.id for row in lapsed if row.called and goes_again(Lane(row.lane), Channel(row.channel))]
        left = [row.id for row in lapsed if row.called and row.id not in set(again)]
        # `tries` stays as it is: should the holder wake after all, its next word finds another claim.
        await self._lapse(untouched, state=WAITING)
        await self._lapse(again, state=WAITING, doubtful=True)
        await self._lapse(left, state=NotificationState.UNCERTAIN.value, settled_at=now)
        if again or left:
            open_still = update(AttemptRow).where(
                AttemptRow.notification.in_([*again, *left]), AttemptRow.ended_at.is_(None)
            )
            await self.transaction.change(open_still.values(ended_at=now, outcome=Outcome.UNCERTAIN.value))
        if untouched or again:
            self.wake()
        return len(lapsed)

    async def next_due(self, now: datetime, lanes: Collection[Lane] = tuple(Lane)) -> datetime | None:
        """When something of these lanes becomes due after `now`: a waiting row, or the end of a lease of any lane."""
        (found,) = await self.transaction.ask(_next(frozenset(lanes)), now=now)
        return min((moment for moment in found if moment is not None), default=None)

    async def _calls(self, ids: Sequence[NotificationId]) -> Mapping[NotificationId, tuple[int, int]]:
        """How many calls were begun for each, and how many of these ended with nobody knowing."""
        if not ids:
            return {}
        unknown = func.count().filter(AttemptRow.outcome == Outcome.UNCERTAIN.value)
        asked = (
            select(AttemptRow.notification, func.count(), unknown)
            .where(AttemptRow.notification.in_(ids))
            .group_by(AttemptRow.notification)
        )
        return {row[0]: (row[1], row[2]) for row in await self.transaction.session.execute(asked)}

    async def _lapse(self, ids: Sequence[NotificationId], **values: object) -> None:
        if ids:
            change = update(NotificationRow).where(NotificationRow.id.in_(ids))
            await self.transaction.change(change.values(lease_until=None, **values))
