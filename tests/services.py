"""The services that some tests want: where each is looked for, and whether it answers."""

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

POSTGRESQL = os.environ.get("MEDKARTA_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("MEDKARTA_TEST_REDIS", "redis://127.0.0.1:6379/15")
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 30
EMPTIED_BY = (
    "bot.processes",
    "bot.sweep",
    "journeys.leaks",
    "journeys.pushes_out",
    "ops.line",
    "ops.lock",
    "ops.positions",
    "ops.redis",
)
BROWSER_MS = 60_000
"""So long a browser is waited for: everything that it does takes its time on a machine that is busy with other things."""


@dataclass(frozen=True)
class Service:
    """`name` as MEDKARTA_REQUIRE has it, `title` as people say it, `missing` tells what is wrong or returns None."""

    name: str
    title: str
    missing: Callable[[], str | None]

    @property
    def marker(self) -> str:
        return f"needs_{self.name}"


def own_redis(whose: str) -> str:
    """Return a database of Redis for one file of tests that empties it: another file may run at the same time."""
    return f"{REDIS.rsplit('/', 1)[0]}/{EMPTIED_BY.index(whose) + 1}"


def chromium() -> str:
    """Return the path of the browser; FileNotFoundError when there is none."""
    wanted = os.environ.get("MEDKARTA_TEST_CHROMIUM")
    found = wanted if wanted and Path(wanted).exists() else next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        raise FileNotFoundError("chromium")
    return found


def postgresql_programs() -> Path:
    """Return the folder of the newest PostgreSQL's own programs; FileNotFoundError when there is none."""
    known = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    on_path = [Path(found).resolve().parent for found in (shutil.which("initdb"), shutil.which("pg_ctl")) if found]
    for folder in (*reversed(known), *on_path):
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise FileNotFoundError("initdb")


def _no_servers() -> str | None:
    try:
        postgresql_programs()
    except FileNotFoundError:
        return "initdb and pg_ctl are not found"
    return None if shutil.which("redis-server") else "redis-server is not on the path"


def _no_postgresql() -> str | None:
    import asyncpg

    async def ask() -> None:
        await (await asyncpg.connect(POSTGRESQL, timeout=SECONDS)).close()

    return _answers(ask, POSTGRESQL)


def _no_redis() -> str | None:
    from redis.asyncio import Redis

    async def ask() -> None:
        async with Redis.from_url(REDIS, socket_timeout=SECONDS, socket_connect_timeout=SECONDS) as redis:
            await redis.ping()

    return _answers(ask, REDIS)


def _no_chromium() -> str | None:
    try:
        chromium()
    except FileNotFoundError:
        return f"none of {', '.join(CHROMIUM_NAMES)} is on the path"
    return None


def _answers(ask: Callable[[], Awaitable[None]], url: str) -> str | None:
    async def work() -> None:
        await ask()

    try:
        asyncio.run(work())
    except Exception as fault:  # every driver has exceptions of its own, and all of them mean the same here
        return f"not found at {url.rsplit('@', 1)[-1].removeprefix('redis://')} ({type(fault).__name__})"
    return None


SERVICES = (
    Service("postgresql", "PostgreSQL", _no_postgresql),
    Service("redis", "Redis", _no_redis),
    Service("chromium", "Chromium", _no_chromium),
    Service("servers", "PostgreSQL and Redis servers of its own", _no_servers),
)
