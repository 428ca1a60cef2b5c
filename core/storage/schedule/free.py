"""Which slots are free: every question is a statement that was made once, for each way it is asked."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    TableClause,
    Uuid,
    bindparam,
    column,
    delete,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    table,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from core.storage.base import UtcDateTime
from core.storage.schedule.slot import OPEN, SLOTS

BOOKINGS: TableClause = table("bookings", column("slot", Uuid()), column("state"), column("held_until", UtcDateTime()))
"""As far as slots look: their own room (`core.storage.booking`) stands on this one."""
HAS_IT = (BOOKINGS.c.slot == SLOTS.c.id, text("bookings.state IN ('held', 'asked', 'booked')"))
"""In the words of the index that lets no slot have two living bookings, so that it is used."""
LIVING = exists().where(*HAS_IT)
TAKEN = exists().where(
    *HAS_IT, or_(text("bookings.state <> 'held'"), BOOKINGS.c.held_until > bindparam("now", type_=UtcDateTime()))
)
"""A hold past its time keeps nobody out, whether or not it was let go yet."""
FREE = (OPEN, SLOTS.c.starts_at > bindparam("now", type_=UtcDateTime()), not_(TAKEN))
SOON = (SLOTS.c.starts_at, SLOTS.c.id)

ONE = select(SLOTS).where(SLOTS.c.id == bindparam("slot"))
OF_DAYS = (
    SLOTS.c.doctor == bindparam("of"),
    SLOTS.c.day >= bindparam("first"),
    SLOTS.c.day <= bindparam("last"),
)
KNOWN = select(SLOTS).where(*OF_DAYS)
CLOSED_UNDER_LIVING = select(SLOTS.c.id).where(*OF_DAYS, not_(SLOTS.c.open), LIVING).order_by(*SOON)
CLOSE = update(SLOTS).where(SLOTS.c.id.in_(bindparam("ids", expanding=True))).values(open=False)
SEEN = update(SLOTS).where(*OF_DAYS, OPEN).values(seen_at=bindparam("now"))

NOBODYS = (
    select(SLOTS.c.id)
    .where(SLOTS.c.day < bindparam("before"), not_(exists().where(BOOKINGS.c.slot == SLOTS.c.id)))
    .limit(bindparam("most", type_=Integer()))
)
FORGET = delete(SLOTS).where(SLOTS.c.id.in_(NOBODYS))


def _narrowed(names: Iterable[str]) -> list[ColumnElement[bool]]:
    return [SLOTS.c[name] == bindparam(name) for name in names]


@cache
def free_ones(*names: str) -> Select[Any]:
    """Return the question for free ones of a day, before or after a moment, as `names` narrow it: the nearest first."""
    asked = select(SLOTS).where(*FREE, *_narrowed(name for name in names if name in SLOTS.c))
    if "day" in names:
        # No clock on earth is further from UTC: the index finds the day without looking at the others.
        asked = asked.where(SLOTS.c.starts_at >= bindparam("earliest"), SLOTS.c.starts_at < bindparam("latest"))
    if "before" in names:
        asked = asked.where(SLOTS.c.starts_at < bindparam("before"))
    return asked.order_by(*SOON).limit(bindparam("most", type_=Integer()))


@cache
def free_around(*names: str) -> CompoundSelect[Any]:
    """Return the question for free ones around a moment, so many of those from it on and of those before it."""
    asked = select(SLOTS).where(*FREE, *_narrowed(name for name in names if name in SLOTS.c))
    if "passing" in names:
        asked = asked.where(SLOTS.c.facility.not_in(bindparam("passing", expanding=True)))
    most, moment = bindparam("most", type_=Integer()), bindparam("moment", type_=UtcDateTime())
    later = asked.where(SLOTS.c.starts_at >= moment).order_by(*SOON).limit(most)
    earlier = asked.where(SLOTS.c.starts_at < moment).order_by(*(each.desc() for each in SOON)).limit(most)
    return select(later.subquery("later")).union_all(select(earlier.subquery("earlier")))


@cache
def days_with_free(*names: str) -> Select[Any]:
    """Return the question how many are free on which local days."""
    many = select(SLOTS.c.day, func.count().label("many")).where(*FREE, *_narrowed(names))
    return many.group_by(SLOTS.c.day).order_by(SLOTS.c.day)


@cache
def soonest_of_each(*names: str) -> Select[Any]:
    """Return the question for the soonest free one of each doctor."""
    place = func.row_number().over(partition_by=SLOTS.c.doctor, order_by=SOON).label("place")
    each = select(SLOTS, place).where(*FREE, *_narrowed(names)).subquery()
    return select(each).where(each.c.place == literal_column("1")).order_by(each.c.starts_at, each.c.id)


def _putting(insert: postgresql.Insert | sqlite.Insert) -> postgresql.Insert | sqlite.Insert:
    changed = {each.name: insert.excluded[each.name] for each in SLOTS.columns if each.name != "id"}
    return insert.on_conflict_do_update(index_elements=[SLOTS.c.id], set_=changed)


PUT_ON_POSTGRESQL, PUT_ON_SQLITE = _putting(postgresql.insert(SLOTS)), _putting(sqlite.insert(SLOTS))
