"""The statements of bookings, made once. Whatever decides a race is one of them."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Executable, Integer, Select, bindparam, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from core.domain.booking import LIVING, STANDING, BookingState
from core.storage.base import UtcDateTime
from core.storage.booking.rows import BOOKINGS, IS_ASKED, IS_HELD, IS_LIVING
from core.storage.chat import CHATS
from core.storage.schedule.facility import DOCTORS, FACILITIES
from core.storage.schedule.slot import OPEN, SLOTS

NOW = bindparam("now", type_=UtcDateTime())
MOST, SKIPPED = bindparam("most", type_=Integer()), bindparam("skipped", type_=Integer())


def _words(states: Iterable[str]) -> str:
    return ", ".join(f"'{state}'" for state in sorted(states))


HELD, ASKED, BOOKED = (f"bookings.state = '{each.value}'" for each in (
    BookingState.HELD, BookingState.ASKED, BookingState.BOOKED,
))  # fmt: skip
STANDS = text(f"bookings.state IN ({_words(STANDING)})")
LIVES = text(f"bookings.state IN ({_words(LIVING)})")
ENDED = text(
    f"(bookings.state IN ({_words(frozenset({BookingState.CANCELLED, BookingState.CALLED_OFF}))})"
    f" OR ({BOOKED} AND slots.ends_at <= :now))"
).bindparams(NOW)

WHOLE: Select[Any] = select(
    *(each.label(f"booked_{each.name}") for each in BOOKINGS.columns), *SLOTS.columns
).join_from(BOOKINGS, SLOTS, BOOKINGS.c.slot == SLOTS.c.id)
ITS_OWN = BOOKINGS.c.account == bindparam("account")
SPEAKS = select(CHATS.c.id).where(CHATS.c.id == bindparam("chat"), CHATS.c.account == bindparam("account")).exists()
SOONEST = (SLOTS.c.starts_at, BOOKINGS.c.id)

BY_ID = WHOLE.where(BOOKINGS.c.id == bindparam("booking"))
OWN_BY_ID = BY_ID.where(ITS_OWN, SPEAKS)
BY_NUMBER = WHOLE.where(BOOKINGS.c.number == bindparam("number"))
BY_TOKEN = WHOLE.where(BOOKINGS.c.token_hash == bindparam("token_hash"))
HELD_BY = WHOLE.where(ITS_OWN, SPEAKS, text(HELD), BOOKINGS.c.wait.is_(None), BOOKINGS.c.held_until > NOW)
COMING = WHOLE.where(ITS_OWN, STANDS, SLOTS.c.ends_at > NOW).order_by(*SOONEST)
PAST = WHOLE.where(ITS_OWN, ENDED).order_by(SLOTS.c.starts_at.desc(), BOOKINGS.c.id.desc()).limit(MOST).offset(SKIPPED)
COUNT_PAST = (
    select(func.count().label("many"))
    .select_from(BOOKINGS.join(SLOTS, BOOKINGS.c.slot == SLOTS.c.id))
    .where(ITS_OWN, ENDED)
)
LAST_MADE = (
    WHOLE.where(ITS_OWN, BOOKINGS.c.number.is_not(None), text("bookings.state NOT IN ('asked', 'refused')"))
    .order_by(BOOKINGS.c.made_at.desc(), BOOKINGS.c.id.desc())
    .limit(1)
)
LAPSED = WHOLE.where(IS_HELD, BOOKINGS.c.held_until <= NOW).order_by(BOOKINGS.c.held_until).limit(MOST)
LONG_ASKED = WHOLE.where(IS_ASKED, BOOKINGS.c.asked_at < NOW).order_by(BOOKINGS.c.asked_at).limit(MOST)
UNTOLD = WHOLE.where(text("untold"), BOOKINGS.c.asked_at < NOW).order_by(BOOKINGS.c.asked_at).limit(MOST)
OF_SLOT = WHOLE.where(BOOKINGS.c.slot == bindparam("of_slot"), LIVES)
AT = WHOLE.where(
    SLOTS.c.doctor.in_(select(DOCTORS.c.id).where(DOCTORS.c.facility == bindparam("facility"))),
    SLOTS.c.day.between(bindparam("first"), bindparam("last")),
    SLOTS.c.starts_at >= bindparam("since"),
    SLOTS.c.starts_at < bindparam("until"),
    STANDS,
).order_by(*SOONEST)

BOUNDS: Mapping[str, ColumnElement[bool]] = {
    "since": SLOTS.c.starts_at >= bindparam("since"),
    "until": SLOTS.c.starts_at < bindparam("until"),
    "changed": BOOKINGS.c.changed_at >= bindparam("changed"),
    "changed_until": BOOKINGS.c.changed_at < bindparam("changed_until"),
}


@cache
def told_to(*names: str) -> Select[Any]:
    """Return the question for what ever stood where a clinic receives, as `names` of BOUNDS narrow it, by start."""
    theirs = select(FACILITIES.c.id).where(
        FACILITIES.c.clinic == bindparam("clinic"), text("facilities.source = 'own'")
    )
    stood = (BOOKINGS.c.number.is_not(None), text("bookings.state NOT IN ('asked', 'refused')"))
    asked = WHOLE.where(SLOTS.c.facility.in_(theirs), *stood, *(BOUNDS[name] for name in names))
    return asked.order_by(*SOONEST).limit(MOST).offset(SKIPPED)


def _hold(insert: Any) -> Executable:  # noqa: ANN401 - a function of one of two dialects
    """Return the statement that takes a slot: if it is open and has not begun, and nobody's living booking has it."""
    names = [each.name for each in BOOKINGS.columns]
    given = select(*(bindparam(f"to_{each.name}", type_=each.type) for each in BOOKINGS.columns))
    free = given.select_from(SLOTS).where(SLOTS.c.id == bindparam("of_slot"), OPEN, SLOTS.c.starts_at > NOW)
    held: Executable = (
        insert(BOOKINGS)
        .from_select(names, free, include_defaults=False)
        .on_conflict_do_nothing(index_elements=[BOOKINGS.c.slot], index_where=IS_LIVING)
    )
    return held


@cache
def changed_from(*states: str) -> Executable:
    """Return the statement that writes a booking back, of the version that it was read as and in one of these states."""
    fresh = {each.name: bindparam(f"to_{each.name}", type_=each.type) for each in BOOKINGS.columns}
    unchanged = (BOOKINGS.c.id == bindparam("of"), BOOKINGS.c.version == bindparam("was"))
    still = text(f"bookings.state IN ({_words(states)})")
    return update(BOOKINGS).where(*unchanged, still).values(fresh)


HOLD_ON_POSTGRESQL, HOLD_ON_SQLITE = _hold(postgresql.insert), _hold(sqlite.insert)
