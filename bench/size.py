"""The cost of a turn in a large database against an empty one: rows of people who do not speak, made by SQL alone."""

from contextlib import suppress
from time import perf_counter

import asyncpg

from bench.broadcast import fill_outbox, readers
from bench.readings import Spread
from bench.subjects import Subject
from bench.turns import one_round
from core.domain.notification import Lane, Outbox
from core.ports import Clock, Transaction
from core.services.notification import LEASE

AT_A_TIME = 500_000


def asyncpg_url(subject: Subject) -> str:
    """Return the address of the subject's database as asyncpg takes it."""
    return subject.database.replace("postgresql+asyncpg://", "postgresql://")


ID = "('{prefix}0000-0000-7000-8000-' || lpad(to_hex({n}), 12, '0'))::uuid"
ACCOUNT, NOTICE, APPLICATION = (
    ID.format(prefix="0000", n="n"),
    ID.format(prefix="0001", n="n"),
    ID.format(prefix="0002", n="n"),
)
SEALED = "decode(repeat('00', 400), 'hex')"
LINES, MARKS = 5, 2
"""Lines of the journal a citizen, and marks of updates, which are kept for two days."""
CHAINS, FIRST_LINE = 64, 1_000_000
CLAIMED, CLAIMS = 50, 20


async def fill(subject: Subject, citizens: int, notices: int) -> None:
    """Add citizens with all that they leave behind, and notices that were told, each by an attempt."""
    connection = await asyncpg.connect(asyncpg_url(subject))
    own = ACCOUNT.replace("to_hex(n)", f"to_hex(n % {max(1, citizens)})")
    tables: list[tuple[str, int, dict[str, str]]] = [
        ("accounts", citizens, {
            "id": ACCOUNT, "subject_index": "sha256(n::text::bytea)", "verification": "'verified'", "known": SEALED,
            "version": "1", "created_at": "now()",
        }),
        ("chats", citizens, {
            "id": "6000000000 + n", "account": ACCOUNT, "language": "'ru'", "zone": "'Europe/Moscow'",
            "met_at": "now()", "fence": "0",
        }),
        ("data_keys", citizens, {
            "owner": f"'account:' || {ACCOUNT}::text", "kek": "'0000000000000000'",
            "wrapped": "decode(repeat('00', 69), 'hex')",
        }),
        ("applications", citizens, {
            "id": APPLICATION, "account": ACCOUNT, "state": "'completed'", "benefits": "false", "reviewed": "true",
            "version": "13", "created_at": "now()", "touched_at": "now()",
        }),
        ("audit_lines", citizens * LINES, {
            "chain": f"n % {CHAINS}", "seq": f"{FIRST_LINE} + n / {CHAINS}", "at": "now()", "actor": "'system:bench'",
            "operation": "'application.viewed'", "subject": f"'account:' || {own}::text", "details": "'{}'",
            "channel": "'telegram'", "previous": "decode(repeat('00', 32), 'hex')",
            "hash": "sha256(n::text::bytea)",
        }),
        ("updates", citizens * MARKS, {"id": "-1 - n", "done_at": "now()", "answered_at": "now()"}),
        ("notifications", notices, {
            **await required(connection, "notifications"), "id": NOTICE, "account": own,
            "chat": f"6000000000 + n % {max(1, citizens)}", "channel": "'telegram'", "key": "'reminder.draft_left'",
            "language": "'ru'", "state": "'sent'", "buttons": "'[]'",
        }),
        ("attempts", notices, {
            "notification": NOTICE, "number": "1", "started_at": "now()", "ended_at": "now()", "outcome": "'sent'",
            "message": "n",
        }),
    ]  # fmt: skip
    try:
        # The rows are right by themselves; looking each foreign key up would take an hour.
        await connection.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        for table, rows, values in tables:
            for start in range(0, rows, AT_A_TIME):
                last = min(start + AT_A_TIME, rows) - 1
                await insert(connection, table, f"generate_series({start}, {last}) AS n", values)
        await connection.execute("VACUUM ANALYZE", timeout=900)
    finally:
        await connection.close()


async def claims(subject: Subject) -> Spread:
    """Return the milliseconds that a worker's claim of rows takes; each is given back."""
    container = subject.applicants.container
    if container is None:
        raise ValueError("the peer claims nothing")
    await fill_outbox(subject, readers(subject, CLAIMED))
    took = []
    for _ in range(CLAIMS):
        async with container() as scope:
            transaction, outbox = await scope.get(Transaction), await scope.get(Outbox)
            now = (await scope.get(Clock)).now()
            began = perf_counter()
            with suppress(GivenBack):
                async with transaction:
                    claimed = await outbox.claim(now, now + LEASE, CLAIMED, lanes=(Lane.BULK,))
                    took.append((perf_counter() - began) * 1000)
                    if len(claimed) != CLAIMED:
                        raise ValueError(f"{len(claimed)} rows were claimed")
                    raise GivenBack
    return Spread.of(took)


class GivenBack(Exception):
    """What was claimed is forgotten with its transaction."""


async def insert(connection: asyncpg.Connection, table: str, series: str, values: dict[str, str]) -> None:
    """Insert what the expressions give for each number of the series."""
    statement = f"INSERT INTO {table} ({', '.join(values)}) SELECT {', '.join(values.values())} FROM {series}"  # noqa: S608
    await connection.execute(statement, timeout=900)


async def required(connection: asyncpg.Connection, table: str) -> dict[str, str]:
    """Return a harmless value for each column that must not be empty and has no default."""
    rows = await connection.fetch(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_name = $1 AND table_schema = 'public' AND is_nullable = 'NO' AND column_default IS NULL",
        table,
    )
    harmless = {
        "timestamp with time zone": "now() - interval '30 days'", "boolean": "false", "integer": "0", "bigint": "0",
        "smallint": "0", "text": "''", "json": "'[]'", "jsonb": "'[]'",
    }  # fmt: skip
    return {row["column_name"]: harmless[row["data_type"]] for row in rows if row["data_type"] in harmless}


async def compared(empty: Subject, full: Subject, rounds: int, walks: int) -> tuple[Spread, Spread]:
    """Return CPU milliseconds a turn, the database's included, on the empty and on the full one, in turn."""
    costs: tuple[list[float], list[float]] = ([], [])
    for subject in (empty, full):
        await one_round(subject, max(40, walks // 4))
    for _ in range(rounds):
        for cost, subject in zip(costs, (empty, full), strict=True):
            read = await one_round(subject, walks)
            cost.append(read["cpu"] + read["behind"])
    return Spread.of(costs[0]), Spread.of(costs[1])
