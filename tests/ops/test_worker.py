"""The worker as whoever runs it meets it: it ends when told, and outlives Redis and the database."""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from dishka import AsyncContainer, Provider, Scope
from sqlalchemy import select

from core.domain.ids import ChatId, NotificationId, new_id
from core.domain.notification import Channel, Lane, Notification, Outbox
from core.ports import Clock, Messenger, Push, Transaction
from core.storage.notification import AttemptRow, NotificationRow
from core.storage.transaction import SqlTransaction
from ops.container import make_container
from ops.settings import Settings
from ops.worker import Worker
from tests.databases import fresh_database
from tests.ops.gate import Gate, gated
from tests.services import REDIS

PATIENCE_S = 60
ROOT = Path(__file__).resolve().parents[2]


async def write(container: AsyncContainer, *chats: int) -> None:
    """Put a push for each chat into the outbox."""
    async with container() as scope:
        outbox, now = await scope.get(Outbox), (await scope.get(Clock)).now()
        async with await scope.get(Transaction):
            await outbox.add_many(
                [
                    Notification(
                        NotificationId(new_id(now)),
                        Channel.TELEGRAM,
                        Lane.NOTICE,
                        "menu.failed",
                        "ru",
                        now,
                        chat=ChatId(chat),
                    )
                    for chat in chats
                ]
            )


class Post:
    """A messenger that notes what it is given."""

    def __init__(self) -> None:
        self.told: list[int] = []
        self.news = asyncio.Event()

    async def send(self, chat: int, push: Push) -> int:
        self.told.append(chat)
        self.news.set()
        return len(self.told)

    async def until(self, arrived: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not arrived():
                self.news.clear()
                await self.news.wait()


@asynccontextmanager
async def working(settings: Settings, post: Post) -> AsyncIterator[AsyncContainer]:
    """A worker of this process on these settings; it must still be at work at the end."""
    provider = Provider(scope=Scope.APP)
    provider.provide(lambda: post, provides=Messenger)
    container, stop = make_container(settings, provider), asyncio.Event()
    task = asyncio.ensure_future(Worker(container).run(stop))
    try:
        yield container
        assert not task.done(), "it went on without a restart"
    finally:
        stop.set()
        await task
        await container.close()


@asynccontextmanager
async def behind_gates(tmp_path: Path, keyring_folder: Path) -> AsyncIterator[tuple[Gate, Gate, Settings, Settings]]:
    """Gates before the database and before Redis; the settings of who goes through them, and of who goes past."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(fresh_database("postgresql", tmp_path))
        database, through = await stack.enter_async_context(gated(url))
        redis, redis_url = await stack.enter_async_context(gated(REDIS))
        more = {"state_dir": tmp_path / "state", "keyring_path": keyring_folder, "quiet_hours": "off"}
        gated_settings = Settings.model_validate({"database_url": through, "redis_url": redis_url, **more})
        yield database, redis, gated_settings, Settings.model_validate({"database_url": url, **more})


@asynccontextmanager
async def outbox_past_the_gates(settings: Settings) -> AsyncIterator[AsyncContainer]:
    provider = Provider(scope=Scope.APP)
    provider.provide(Post, provides=Messenger)
    container = make_container(settings, provider)
    try:
        yield container
    finally:
        await container.close()


@pytest.mark.needs_postgresql
@pytest.mark.needs_redis
@pytest.mark.parametrize("what", ["database", "redis"])
async def test_what_was_written_while_a_part_was_away_goes_out_once_it_is_back(
    what: str, tmp_path: Path, keyring_folder: Path
) -> None:
    post = Post()
    async with behind_gates(tmp_path, keyring_folder) as (database, redis, settings, past):
        gate = {"database": database, "redis": redis}[what]
        async with working(settings, post), outbox_past_the_gates(past) as outside:
            await write(outside, 1)
            await post.until(lambda: post.told == [1])
            await gate.shut()
            await write(outside, 2, 3)
            await gate.open()
            await post.until(lambda: len(post.told) == 3)
    assert Counter(post.told) == Counter([1, 2, 3])


class SlowTelegram:
    """Takes messages and keeps its answers until it is told to give them."""

    def __init__(self) -> None:
        self.asked = 0
        self.first, self.answers = asyncio.Event(), asyncio.Event()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                await reader.readexactly(length)
                self.asked += 1
                self.first.set()
                await self.answers.wait()
                body = b'{"ok":true,"result":{"message_id":%d}}' % self.asked
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


async def test_a_worker_that_is_told_to_stop_finishes_its_calls_and_hands_the_rest_over(
    tmp_path: Path, keyring_folder: Path
) -> None:
    telegram = SlowTelegram()
    server = await asyncio.start_server(telegram.talk, "127.0.0.1", 0)
    async with server, fresh_database("sqlite", tmp_path) as url:
        values = {
            "DATABASE_URL": url,
            "STATE_DIR": str(tmp_path / "state"),
            "KEYRING_PATH": str(keyring_folder),
            "BOT_TOKEN": "1:a",
            "BOT_API_URL": f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}",
            "LOG_LEVEL": "WARNING",
        }
        (tmp_path / "state").mkdir()
        settings = Settings.model_validate({name.lower(): value for name, value in values.items()})
        async with outbox_past_the_gates(settings) as outside:
            await write(outside, *range(1, 101))
            worker = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "ops", "worker", cwd=ROOT, env={"PATH": os.environ["PATH"], **values}
            )
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await telegram.first.wait()
                worker.send_signal(signal.SIGTERM)
                telegram.answers.set()
                async with asyncio.timeout(PATIENCE_S):
                    assert await worker.wait() == 0
            finally:
                if worker.returncode is None:
                    worker.kill()
                    await worker.wait()
            async with outside() as scope:
                transaction = await scope.get(SqlTransaction)
                async with transaction.looking():
                    states = Counter((await transaction.session.scalars(select(NotificationRow.state))).all())
                    attempts = (await transaction.session.scalars(select(AttemptRow.outcome))).all()
    assert states == {"sent": telegram.asked, "waiting": 100 - telegram.asked}
    assert attempts == ["sent"] * telegram.asked, "nothing is in doubt"
    assert 0 < telegram.asked < 100
