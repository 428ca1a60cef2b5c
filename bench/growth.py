"""Whether taking a bundle in and reading fifty results cost the same however much other people's data lies beside.

Two databases side by side, in turn, so that both meet the same machine: one small, the other filled by SQL with rows as
clinics' deliveries leave them: hundreds of one person together, ids of one person beside each other, bodies of real length.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # it comes without types
from dishka import AsyncContainer
from sqlalchemy import Select
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect

from bench import records
from bench.intake import Door, bundle, taken_in
from bench.readings import Spread, cpu_of, cpu_of_database
from bench.size import insert
from bench.subjects import settings_from
from core.domain.ids import AccountId, RecordId, new_id
from core.storage import resource
from core.storage.record import result, shelf
from core.storage.record.rows import ResultRow
from ops.container import make_container

STEPS = (100_000, 1_000_000)
"""Where it is measured on the way."""
OF_ONE = 200
"""Rows of resources, and of results, a person."""
AT_A_TIME = 500_000
BODY, RESULT = 480, 330
"""Bytes of a sealed Observation, and of the result that is made of it, as bundles of the intake's part leave them."""
PERSON = f"(n / {OF_ONE})"
ACCOUNT = f"('00000000-0000-7000-8000-' || lpad(to_hex({PERSON}), 12, '0'))::uuid"
RECORD = f"(substr(md5('person ' || {PERSON}), 1, 12) || substr(md5('record ' || n), 13, 20))::uuid"
REPORT = f"(substr(md5('person ' || {PERSON}), 1, 12) || substr(md5('report ' || n / 10), 13, 20))::uuid"
CLINIC = f"('00030000-0000-7000-8000-' || lpad(to_hex({PERSON} % 50), 12, '0'))::uuid"
TAKEN = f"timestamptz '2015-01-01' + (n % {OF_ONE}) * interval '19 days' + n % 86400 * interval '1 second'"


def filler(length: int) -> str:
    """Return SQL for bytes that no other row has; the rest of them is of no matter, since rows this short stay as they are."""
    return f"sha256(n::text::bytea) || decode(repeat('5a', {length - 32}), 'hex')"


TABLES: dict[str, tuple[int, dict[str, str]]] = {
    "accounts": (OF_ONE, {
        "id": "('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid",
        "subject_index": "sha256(n::text::bytea)", "verification": "'verified'", "known": filler(400),
        "version": "1", "created_at": "now()",
    }),
    "data_keys": (OF_ONE, {
        "owner": "'account:00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0')", "kek": "'0000000000000000'",
        "wrapped": "decode(repeat('00', 69), 'hex')",
    }),
    "resources": (1, {
        "id": RECORD, "account": ACCOUNT, "clinic": CLINIC,
        "type": "(ARRAY['Observation', 'Observation', 'Observation', 'Claim', 'Encounter'])[1 + n % 5]",
        "version": "''", "digest": "sha256(n::text::bytea)", "edition": "1",
        "part_of": f"CASE WHEN n % 5 = 0 THEN {REPORT} END", "shown": "n % 5 <> 3", "removed": "false",
        "received_at": "now()", "content": filler(BODY),
    }),
    "results": (1, {
        "id": RECORD, "account": ACCOUNT, "clinic": CLINIC, "category": "'laboratory'", "taken_at": TAKEN,
        "is_panel": "false", "panel": f"CASE WHEN n % 5 = 0 THEN {REPORT} END", "position": "n % 10",
        "code_index": f"sha256(({PERSON} || ' ' || n % 40)::bytea)", "content": filler(RESULT), "version": "1",
    }),
}  # fmt: skip
"""For so many rows one is made, and of what."""


@dataclass(slots=True)
class Side:
    """One of the two databases, its `api`, and somebody with five thousand results."""

    door: Door
    container: AsyncContainer
    whose: records.Patient

    @classmethod
    async def of(cls, door: Door) -> "Side":
        """Make the person."""
        container = make_container(settings_from(door.told))
        return cls(door, container, await records.patient(container))

    @property
    def spent(self) -> float:
        """CPU seconds of `api` and of PostgreSQL for it so far."""
        return cpu_of(self.door.pid) + cpu_of_database(self.door.database.rsplit("/", 1)[-1])


async def connected(side: Side) -> asyncpg.Connection:
    """Return a connection to a side's database."""
    return await asyncpg.connect(side.door.database.replace("postgresql+asyncpg://", "postgresql://"))


async def fill(side: Side, begins: int, ends: int) -> float:
    """Add other people's rows from one number to another; returns the gigabytes that the database has then."""
    connection = await connected(side)
    try:
        # The rows are right by themselves; looking each foreign key up would take an hour.
        await connection.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        await connection.execute("SET maintenance_work_mem = '512MB'")
        for table, (rows, values) in TABLES.items():
            of_table = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = $1 AND indexname LIKE 'ix%'"
            indexes = await connection.fetch(of_table, table)
            for index in indexes:
                await connection.execute(f"DROP INDEX {index['indexname']}")
            for start in range(begins // rows, ends // rows, AT_A_TIME):
                last = min(start + AT_A_TIME, ends // rows) - 1
                await insert(connection, table, f"generate_series({start}, {last}) AS n", values)
            for index in indexes:
                await connection.execute(index["indexdef"], timeout=900)
        for table in TABLES:
            await connection.execute(f"VACUUM ANALYZE {table}", timeout=900)
        return float(await connection.fetchval("SELECT pg_database_size(current_database())")) / 1e9
    finally:
        await connection.close()


async def taking(sides: tuple[Side, Side], rounds: int) -> list[dict[str, Spread]]:
    """Return for each side the milliseconds, and those of CPU, that a bundle of three hundred Observations takes; in turn."""
    spent: list[dict[str, list[float]]] = [{"wall": [], "cpu": []} for _ in sides]
    for side in sides:
        await side.door.sign_in()
        await taken_in(side.door.http, [bundle(side.door.snils)])
    for _ in range(rounds):
        for side, told in zip(sides, spent, strict=True):
            body, before, began = [bundle(side.door.snils)], side.spent, perf_counter()
            await taken_in(side.door.http, body)
            told["wall"].append((perf_counter() - began) * 1000)
            told["cpu"].append((side.spent - before) * 1000)
    return [{name: Spread.of(some) for name, some in told.items()} for told in spent]


async def reading(sides: tuple[Side, Side], rounds: int) -> list[Spread]:
    """Return for each side the milliseconds in which fifty results are counted, read and opened, gate and journal included."""
    spent: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 3):
        for side, told in zip(sides, spent, strict=True):
            took = await records.timed(records.looking(side.container, side.whose))
            if number >= 3:  # the first ones warm up
                told.append(took)
    return [Spread.of(told) for told in spent]


def asked(account: AccountId, ids: list[RecordId]) -> dict[str, Select[Any]]:
    """Return what an intake and a look ask of the two large tables."""
    page = {"account": account, "limit": records.SHOWN, "offset": 0, "category": "laboratory"}
    always = {"since": shelf.FIRST, "until": shelf.LAST}
    return {
        "resources by id": resource.MARKS.params(ids=ids),
        "resources of a visit or panel": resource.PARTS.params(ids=ids[:20]),
        "results by id": shelf._present(ResultRow).params(ids=ids),  # noqa: SLF001 - the very statement
        "results of a report": result.OF_PANELS.params(account=account, panels=ids[:20]),
        "a page of results": result._page(every=False).params(**page, **always),  # noqa: SLF001
        "results counted": result.CATEGORIES.params(account=account, **always),
    }


async def plans(side: Side) -> dict[str, str]:
    """Return by which indexes PostgreSQL answers; raises ValueError where it reads one of the large tables through."""
    connection = await connected(side)
    account = side.whose.citizen.account
    try:
        rows = await connection.fetch("SELECT id FROM results WHERE account = $1 LIMIT 300", account)
        ids = [RecordId(row["id"]) for row in rows] + [RecordId(new_id(datetime.now(UTC)))]
        found = {}
        for name, statement in asked(account, ids).items():
            made = statement.compile(dialect=asyncpg_dialect()).construct_expanded_state()
            told = made.positional_parameters
            plan = json.loads(await connection.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {made.statement}", *told))[0]
            nodes = list(walked(plan["Plan"]))
            through = {node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"}
            if through:
                raise ValueError(f"{name}: {', '.join(sorted(through))} read through")
            indexes = sorted({node["Index Name"] for node in nodes if "Index Name" in node})
            found[name] = f"{', '.join(indexes)}: {plan['Execution Time']:.2f} ms"
        return found
    finally:
        await connection.close()


def walked(node: dict[str, Any]) -> Any:  # noqa: ANN401 - an iterator of nodes
    """Yield a plan's nodes."""
    yield node
    for inner in node.get("Plans", ()):
        yield from walked(inner)
