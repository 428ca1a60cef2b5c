"""The times at which a doctor of a clinic receives, made from the weekly hours whenever somebody asks."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from playground.outside import numbers
from playground.outside.schedules.doctors import Doctor, doctor_of
from playground.outside.schedules.towns import Town

DAYS = 30
"""So far ahead a clinic gives times out, today included."""
HOLIDAYS = frozenset({*((1, day) for day in range(1, 9)), (2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)})
TAKEN_BEFORE = 450
"""Of a thousand times so many are somebody's from the start."""
DAYS_KEPT = 2_000


@dataclass(frozen=True, slots=True)
class Time:
    """A time of a doctor: its id says whose and when (`d07-20261201-0815`). Aware, by the clinic's clock.

    `taken`: somebody had it before the playground was started.
    """

    id: str
    doctor: Doctor
    start: datetime
    end: datetime
    taken: bool


def today(town: Town, now: datetime) -> date:
    """The clinic's date."""
    return now.astimezone(town.clock).date()


def window(town: Town, now: datetime) -> tuple[date, date]:
    """The first and the last day that the clinic gives out."""
    first = today(town, now)
    return first, first + timedelta(days=DAYS - 1)


@lru_cache(maxsize=DAYS_KEPT)
def times_of(town: Town, doctor: Doctor, day: date) -> tuple[Time, ...]:
    """What the weekly hours make of a day."""
    if (day.month, day.day) in HOLIDAYS:
        return ()
    found = []
    for hours in doctor.hours:
        if hours.weekday != day.weekday():
            continue
        step = timedelta(minutes=hours.minutes)
        wall, end = datetime.combine(day, hours.start), datetime.combine(day, hours.end)
        while wall + step <= end:
            id_ = f"{doctor.id}-{wall:%Y%m%d-%H%M}"
            taken = int(numbers.digits(f"{town.code} {id_} taken", 3)) < TAKEN_BEFORE
            found.append(Time(id_, doctor, _aware(wall, town), _aware(wall + step, town), taken))
            wall += step
    return tuple(found)


def time_of(town: Town, id_: str) -> Time | None:
    """The time of an id, if the clinic has such a one, on whatever day."""
    name, _, rest = id_.partition("-")
    doctor = doctor_of(town, name)
    try:
        day = datetime.strptime(rest, "%Y%m%d-%H%M").replace(tzinfo=UTC).date()
    except ValueError:
        return None
    return next((time for time in times_of(town, doctor, day) if time.id == id_), None) if doctor else None


def _aware(wall: datetime, town: Town) -> datetime:
    # Through UTC and back, so that an hour which a clock change leaves out is told by the clock that follows it.
    return wall.replace(tzinfo=town.clock).astimezone(UTC).astimezone(town.clock)
