"""What is measured: our bot in its ways of running, and the peer; each before a playground of its own."""

import asyncio
import secrets
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from bench.applicants import Applicants
from bench.readings import cpu_of, cpu_of_database, memory_of
from bench.services import CORES, free_port, fresh_database, redis_server, running
from bench.walk import Phones
from ops.serve import serving
from ops.settings import Settings
from playground.app import create_app
from playground.settings import DEFAULT_TOKEN, PlaygroundSettings
from playground.telegram.server import Telegram

SECRET = secrets.token_hex(16)
COMES_UP_S = 120.0


@dataclass(frozen=True, slots=True)
class Kind:
    """A way of running: whose bot, on which database, how updates come."""

    name: str
    ours: bool
    database: str
    intake: str


PEER_POLLING = Kind("peer, polling", ours=False, database="", intake="polling")
PEER_WEBHOOK = Kind("peer, webhook", ours=False, database="", intake="webhook")
POSTGRES_POLLING = Kind("PostgreSQL + Redis, polling", ours=True, database="postgresql", intake="polling")
POSTGRES_WEBHOOK = Kind("PostgreSQL + Redis, webhook", ours=True, database="postgresql", intake="webhook")
SQLITE_POLLING = Kind("SQLite, in-process store, polling", ours=True, database="sqlite", intake="polling")
SQLITE_WEBHOOK = Kind("SQLite, in-process store, webhook", ours=True, database="sqlite", intake="webhook")
PEERS = (PEER_POLLING, PEER_WEBHOOK)
OURS = (POSTGRES_POLLING, POSTGRES_WEBHOOK, SQLITE_POLLING, SQLITE_WEBHOOK)


def peer_of(kind: Kind) -> Kind:
    """Return the peer that a way of running is compared with: updates come to it the same way."""
    return PEER_POLLING if kind.intake == "polling" else PEER_WEBHOOK


class NotStarted(Exception):
    """A bot did not come up: says what it wrote."""


@dataclass
class Subject:
    """A bot that runs: its process, its people, what it costs."""

    kind: Kind
    phones: Phones
    applicants: Applicants
    bot: subprocess.Popen[bytes]
    environment: dict[str, str]
    place: Path
    redis_pid: int | None

    @property
    def database(self) -> str:
        """The URL of its database; empty for the peer."""
        return self.environment.get("DATABASE_URL", "")

    @property
    def cpu(self) -> float:
        """CPU seconds of the bot itself so far."""
        return cpu_of(self.bot.pid)

    @property
    def memory(self) -> float:
        """Resident memory of the bot, MB."""
        return memory_of(self.bot.pid)

    @property
    def cpu_behind(self) -> float:
        """CPU seconds of PostgreSQL and Redis on the bot's behalf so far."""
        on_postgresql = self.kind.database == "postgresql"
        served = cpu_of_database(self.database.rsplit("/", 1)[-1]) if on_postgresql else 0.0
        return served + (cpu_of(self.redis_pid) if self.redis_pid else 0.0)


@asynccontextmanager
async def standing(kind: Kind, folder: Path, keys: Path) -> AsyncIterator[Subject]:
    """Start a bot with everything it needs, and end it and remove its database at the end of the block."""
    async with AsyncExitStack() as stack:
        place = folder / secrets.token_hex(4)
        place.mkdir(mode=0o700)
        port = free_port()
        world = PlaygroundSettings(port=port, smtp_port=free_port(), public_url=f"http://127.0.0.1:{port}")
        app = create_app(world)
        await stack.enter_async_context(serving(app, world.host, world.port))
        values = {
            "BOT_API_URL": world.public_url,
            "PLAYGROUND_PORT": str(world.port),
            "PLAYGROUND_SMTP_PORT": str(world.smtp_port),
            "LOG_LEVEL": "WARNING",
        }
        redis_pid = None
        if kind.database != "sqlite":
            values["REDIS_URL"], redis_pid = await stack.enter_async_context(redis_server(place))
        if kind.ours:
            values["DATABASE_URL"] = await stack.enter_async_context(fresh_database(kind.database, place))
            values |= settings_of(place, keys, kind.intake)
            command = [sys.executable, "-m", "ops", "bot"]
        else:
            values |= {"BOT_TOKEN": DEFAULT_TOKEN, "WEBHOOK_SECRET": SECRET}
            webhook = [] if kind.intake == "polling" else ["--port", str(free_port())]
            command = [sys.executable, "-m", "bench.peer", *webhook]
        phones = Phones(app.telegram)
        applicants = Applicants(phones, world.public_url, settings_from(values) if kind.ours else None)
        stack.push_async_callback(applicants.close)
        # The last core is the bot's; PostgreSQL and Redis run where the system puts them.
        bot = await stack.enter_async_context(
            running(command, place / "bot.txt", environment=values, cores=frozenset({max(CORES)}))
        )
        await comes_up(kind, bot, app.telegram, place / "bot.txt")
        yield Subject(kind, phones, applicants, bot, values, place, redis_pid)


def settings_of(place: Path, keys: Path, intake: str) -> dict[str, str]:
    """Return what our bot is told beside its database and its Redis."""
    state = place / "var"
    state.mkdir(mode=0o700)
    shutil.copytree(keys, state / "keys")
    (state / "keys").chmod(0o700)
    # At 30 messages a second, which is what Telegram allows for nothing, the budget would be measured and not the bot.
    values = {"STATE_DIR": str(state), "API_PORT": str(free_port()), "PAID_BROADCAST_RATE": "1000"}
    if intake == "webhook":
        port = str(free_port())
        values |= {"WEBHOOK_URL": f"http://127.0.0.1:{port}", "WEBHOOK_SECRET": SECRET, "WEBHOOK_PORT": port}
    return values


def settings_from(values: dict[str, str]) -> Settings:
    """Return the bot's settings as this process needs them, to prepare people in its database."""
    return Settings.model_validate({name.lower(): value for name, value in values.items()})


async def comes_up(kind: Kind, bot: subprocess.Popen[bytes], telegram: Telegram, log: Path) -> None:
    """Wait until the bot polls or has set its webhook. Raises NotStarted."""
    end = monotonic() + COMES_UP_S
    while True:
        polls = telegram.updates._poll is not None  # noqa: SLF001 - the playground tells nobody who polls
        if telegram.webhook.target is not None if kind.intake == "webhook" else polls:
            return
        if bot.poll() is not None or monotonic() > end:
            wrote = log.read_text("utf-8", "replace")[-2000:]  # noqa: ASYNC240 - nothing runs beside it
            raise NotStarted(f"{kind.name}:\n{wrote}")
        await asyncio.sleep(0.1)
