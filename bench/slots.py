"""Free slots by speciality, region and day, and the days that have some, against the bare SQL of the same answer.

Bare is a prepared statement on the driver and its rows. The collection answers in an open transaction, as in a use case; what
the transaction and its scope cost besides stands in a row of its own.
"""

import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from time import perf_counter
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # it comes without types
from dishka import AsyncContainer
from sqlalchemy import Executable
from sqlalchemy.dialects.postgresql import asyncpg as driver
from sqlalchemy.ext.asyncio import AsyncEngine

from bench.readings import share
from bench.size import insert
from core.domain.region import REGIONS
from core.domain.schedule import Slots, Wanted
from core.domain.speciality import SPECIALITIES
from core.ports import Transaction
from core.storage.schedule.free import days_with_free, free_ones
from core.storage.straight import ready

OF_A_DOCTOR = 333
DAYS = 30
DOCTORS_THERE = 15
MOST = 200
AT_A_TIME = 250_000
WARM = 20
PLACES = [*["77"] * 5, *[code for code in REGIONS if code != "77"][:15]]
"""A quarter of the buildings stand in one large region."""
CODES = list(SPECIALITIES)
COLUMNS = (
    "s.id, s.doctor, s.facility, s.speciality, s.region, s.day, s.starts_at, s.ends_at, s.seen_at, s.remote, s.version"
)
FREE = (
    "s.open AND s.starts_at > {now} AND NOT EXISTS (SELECT 1 FROM bookings b WHERE b.slot = s.id"
    " AND b.state IN ('held', 'asked', 'booked') AND (b.state <> 'held' OR b.held_until > {now}))"
)
BARE_FREE = (
    f"SELECT {COLUMNS} FROM slots s WHERE s.speciality = $1 AND s.region = $2 AND s.day = $3"  # noqa: S608
    f" AND s.starts_at >= $5 AND s.starts_at < $6 AND {FREE.format(now='$4')} ORDER BY s.starts_at, s.id LIMIT {MOST}"
)
BARE_DAYS = (
    "SELECT s.day, count(*) AS many FROM slots s WHERE s.speciality = $1 AND s.region = $2 AND"  # noqa: S608
    f" {FREE.format(now='$3')} GROUP BY s.day ORDER BY s.day"
)


@dataclass(frozen=True, slots=True)
class Read:
    """The 95th percentile in milliseconds, bare, of the collection, and of it with its transaction; rows an answer, on average."""

    bare: float
    ours: float
    whole: float
    rows: float


def url_of(engine: AsyncEngine) -> str:
    return engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


async def fill(container: AsyncContainer, slots: int) -> None:
    """Add doctors with a month of slots each, made by SQL alone: every tenth booked, some held once or cancelled."""
    connection = await asyncpg.connect(url_of(await container.get(AsyncEngine)))
    doctors = max(1, slots // OF_A_DOCTOR)
    identity = "('{kind}0000-0000-7000-8000-' || lpad(to_hex({n}), 12, '0'))::uuid"
    doctor, facility = f"n % {doctors}", f"n % {doctors} / {DOCTORS_THERE}"
    speciality = f"(ARRAY{CODES})[1 + {doctor} % {len(CODES)}]"
    region = f"(ARRAY{PLACES})[1 + {facility} % {len(PLACES)}]"
    turn = f"n / {doctors}"
    # From tomorrow on: nothing begins while it is measured.
    starts = f"date_trunc('day', now()) + (1 + {turn} % {DAYS}) * interval '1 day'"
    starts += f" + interval '5 hours' + {turn} / {DAYS} * interval '20 minutes'"
    try:
        # The rows are right by themselves; looking each foreign key up would take long.
        await connection.execute(
            "SET session_replication_role = replica; SET synchronous_commit = off; SET timezone = 'UTC'"
        )
        for start in range(0, slots, AT_A_TIME):
            series = f"generate_series({start}, {min(start + AT_A_TIME, slots) - 1}) AS n"
            await insert(connection, "slots", series, {
                "id": identity.format(kind="0001", n="n"), "doctor": identity.format(kind="0002", n=doctor),
                "facility": identity.format(kind="0003", n=facility), "speciality": speciality, "region": region,
                "day": f"({starts})::date", "starts_at": starts, "ends_at": f"{starts} + interval '15 minutes'",
                "seen_at": "now()", "remote": "''", "version": "''", "open": "true",
            })  # fmt: skip
            await insert(connection, "bookings", f"{series} WHERE n % 10 = 3 OR n % 50 = 9 OR n % 100 = 7", {
                "id": identity.format(kind="0004", n="n"), "account": identity.format(kind="0005", n="n"),
                "patient": identity.format(kind="0005", n="n"), "slot": identity.format(kind="0001", n="n"),
                "state": "CASE WHEN n % 10 = 3 THEN 'booked' WHEN n % 50 = 9 THEN 'cancelled' ELSE 'held' END",
                "made_at": "now() - interval '1 hour'", "held_until": "now() - interval '55 minutes'",
                "wall_at": "'2026-12-01T08:00:00'", "wall_zone": "'Europe/Moscow'", "reminders": "'1440,120'",
                "coming": "false", "remote": "''", "untold": "false", "version": "1",
            })  # fmt: skip
        await connection.execute("VACUUM ANALYZE", timeout=900)
    finally:
        await connection.close()


def bounds(day: date) -> tuple[datetime, datetime]:
    """Return between which moments a local day lies, whatever its clock."""
    midnight = datetime.combine(day, time.min, UTC)
    return midnight - timedelta(hours=14), midnight + timedelta(hours=36)


def questions(many: int) -> list[tuple[Wanted, date]]:
    """Return what is asked: a speciality and a region, as people are spread, and one of the days."""
    drawn = random.Random(7)
    first = datetime.now(UTC).date() + timedelta(days=1)
    return [
        (Wanted(drawn.choice(CODES), drawn.choice(PLACES)), first + timedelta(days=drawn.randrange(DAYS)))
        for _ in range(many)
    ]


async def compared(container: AsyncContainer, many: int) -> dict[str, Read]:
    """Ask each question in the three ways, in turn, so that all meet the same machine; the answers must be the same."""
    connection = await asyncpg.connect(url_of(await container.get(AsyncEngine)))
    try:
        free, days = await connection.prepare(BARE_FREE), await connection.prepare(BARE_DAYS)
        now = datetime.now(UTC)

        async def bare_free(wanted: Wanted, day: date) -> list[Any]:
            rows = await free.fetch(wanted.speciality, wanted.region, day, now, *bounds(day))
            return [row["id"] for row in rows]

        async def our_free(slots: Slots, wanted: Wanted, day: date) -> list[Any]:
            return [each.id for each in await slots.free(wanted, now, day=day, limit=MOST)]

        async def bare_days(wanted: Wanted, _day: date) -> list[Any]:
            return [(row["day"], row["many"]) for row in await days.fetch(wanted.speciality, wanted.region, now)]

        async def our_days(slots: Slots, wanted: Wanted, _day: date) -> list[Any]:
            return [*(await slots.days(wanted, now)).items()]

        return {
            "free": await _asked(container, questions(many + WARM), bare_free, our_free),
            "days": await _asked(container, questions(many + WARM), bare_days, our_days),
        }
    finally:
        await connection.close()


async def _asked(
    container: AsyncContainer,
    every: list[tuple[Wanted, date]],
    bare: Callable[[Wanted, date], Awaitable[list[Any]]],
    ours: Callable[[Slots, Wanted, date], Awaitable[list[Any]]],
) -> Read:
    spent: dict[str, list[float]] = {"bare": [], "ours": [], "whole": []}
    rows = 0
    for number, (wanted, day) in enumerate(every):
        began = perf_counter()
        async with container() as scope:
            slots = await scope.get(Slots)
            async with (await scope.get(Transaction)).looking():
                opened = perf_counter()
                answer = await ours(slots, wanted, day)
                answered = perf_counter()
        over = perf_counter()
        asked = await bare(wanted, day)
        bare_took = perf_counter() - over
        if answer != asked:
            raise ValueError(f"another answer to {wanted} on {day}: {len(answer)} and {len(asked)}")
        if number >= WARM:
            rows += len(answer)
            for name, took in (("bare", bare_took), ("ours", answered - opened), ("whole", over - began)):
                spent[name].append(took * 1000)
    p95 = {name: share(some, 0.95) for name, some in spent.items()}
    return Read(p95["bare"], p95["ours"], p95["whole"], rows / max(1, len(every) - WARM))


async def plans(container: AsyncContainer) -> str:
    """Return how PostgreSQL answers the product's own statements, as it tells itself."""
    wanted, day = Wanted("therapist", "77"), datetime.now(UTC).date() + timedelta(days=9)
    narrowed: dict[str, Any] = {"speciality": wanted.speciality, "region": wanted.region, "now": datetime.now(UTC)}
    earliest, latest = bounds(day)
    of_day = narrowed | {"day": day, "earliest": earliest, "latest": latest, "most": MOST}
    connection = await asyncpg.connect(url_of(await container.get(AsyncEngine)))
    try:
        return "\n\n".join(
            [
                await _plan(connection, free_ones("speciality", "region", "day"), of_day),
                await _plan(connection, days_with_free("speciality", "region"), narrowed),
            ]
        )
    finally:
        await connection.close()


async def _plan(connection: asyncpg.Connection, statement: Executable, values: Mapping[str, Any]) -> str:
    made = ready(statement, values, driver.dialect())
    if made is None:
        raise ValueError("the statement does not go the straight way")
    await connection.fetch(made.text, *made.values(values))
    told = await connection.fetch(f"EXPLAIN (ANALYZE, BUFFERS) {made.text}", *made.values(values))
    return "\n".join(line for (line,) in told)
