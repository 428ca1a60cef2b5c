"""What a bot stands on while it is measured: a fresh database, a Redis server of its own, a process on its core."""

import asyncio
import os
import secrets
import signal
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from core.storage.schema import upgrade

ROOT = Path(__file__).resolve().parent.parent
POSTGRESQL = os.environ.get("MEDKARTA_BENCH_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
CORES = frozenset(os.sched_getaffinity(0))
ENDS_WITHIN_S = 25


def stay_on_first_core() -> None:
    """Keep this process, the playground's and its people's, to the first core."""
    os.sched_setaffinity(0, {min(CORES)})


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as each:
        each.bind(("127.0.0.1", 0))
        port: int = each.getsockname()[1]
        return port


@asynccontextmanager
async def running(
    command: list[str], log: Path, *, environment: dict[str, str] | None = None, cores: frozenset[int] = CORES
) -> AsyncIterator[subprocess.Popen[bytes]]:
    """Run a program on these cores while the block lasts; what it writes goes to `log`.

    The playground in this process goes on while the end is waited for: whoever stops has calls under way.
    """
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "VIRTUAL_ENV"}}
    with log.open("ab") as out:
        process = subprocess.Popen(  # noqa: ASYNC220, S603 - a moment; programs of ours and of this machine
            ["taskset", "--cpu-list", ",".join(map(str, sorted(cores))), *command],  # noqa: S607
            cwd=ROOT,
            env=kept | (environment or {}),
            stdout=out,
            stderr=out,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.to_thread(process.wait, timeout=ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@asynccontextmanager
async def redis_server(place: Path) -> AsyncIterator[tuple[str, int]]:
    """Run a Redis server as production has it, append-only every second; yields its URL and its process id."""
    port = free_port()
    command = ["redis-server", "--port", str(port), "--dir", str(place), "--appendonly", "yes", "--save", ""]
    async with running(command, place / "redis.txt") as process:
        yield f"redis://127.0.0.1:{port}/0", process.pid


@asynccontextmanager
async def fresh_database(kind: str, place: Path) -> AsyncIterator[str]:
    """Make a migrated database, `sqlite` or `postgresql`, and yield its URL; remove it afterwards."""
    if kind == "sqlite":
        await upgrade(f"sqlite:///{place / 'bench.sqlite'}")
        yield f"sqlite:///{place / 'bench.sqlite'}"
        return
    name = f"medkarta_bench_{secrets.token_hex(6)}"
    await as_admin(f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        url = f"{POSTGRESQL.rsplit('/', 1)[0]}/{name}"
        await upgrade(url)
        yield url
    finally:
        await as_admin(f"DROP DATABASE {name} WITH (FORCE)")


async def as_admin(statement: str) -> None:
    """Run a statement that makes or removes a database."""
    connection = await asyncpg.connect(POSTGRESQL)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
