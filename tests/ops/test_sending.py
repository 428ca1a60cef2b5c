"""Who sends what is due: a tap is one look on one road, whatever else could be sent and however many could carry it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import product
from pathlib import Path

import pytest
from dishka import AsyncContainer, Provider, Scope
from sqlalchemy import event as hook
from sqlalchemy.ext.asyncio import AsyncEngine

from core.domain.ids import ChatId, NotificationId, new_id
from core.domain.notification import Channel, Lane, Notification, NotificationState, Outbox, road
from core.ports import Clock, Messenger, Push, Transaction
from core.services.notification import STREAMS
from ops import sending
from ops.container import make_container
from ops.sending import Sending
from ops.settings import Settings
from tests.databases import fresh_database

PATIENCE_S = 60
ROUNDS = 4


class Post:
    """A messenger whose first call lasts until it is let go."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.held, self.let_go = asyncio.Event(), asyncio.Event()

    async def send(self, _chat: int, push: Push) -> int:
        self.told.append(push.text)
        if len(self.told) == 1:
            self.held.set()
            await self.let_go.wait()
        return len(self.told)


@asynccontextmanager
async def sending_all(tmp_path: Path, keyring: Path, post: Post) -> AsyncIterator[AsyncContainer]:
    """All streams of one process, which look when they are tapped and at no time of their own."""
    provider, stop = Provider(scope=Scope.APP), asyncio.Event()
    provider.provide(lambda: post, provides=Messenger)
    faults: list[Exception] = []
    async with fresh_database("sqlite", tmp_path) as url:
        settings = Settings(_env_file=None, database_url=url, state_dir=tmp_path, keyring_path=keyring)
        container = make_container(settings, provider)
        try:
            async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
                for stream in STREAMS:
                    heard = {"went": lambda _: None, "failed": lambda _, fault: faults.append(fault)}
                    group.create_task(Sending(container, stream, 50, ROUNDS, **heard).run(stop))  # type: ignore[arg-type]
                yield container
                stop.set()
        finally:
            await container.close()
    assert faults == []


async def write(container: AsyncContainer, key: str, chat: int) -> None:
    async with container() as scope:
        outbox, now = await scope.get(Outbox), (await scope.get(Clock)).now()
        async with await scope.get(Transaction):
            await outbox.add(
                Notification(
                    NotificationId(new_id(now)), Channel.TELEGRAM, Lane.ANSWER, key, "ru", now, chat=ChatId(chat)
                )
            )


async def sent(container: AsyncContainer, count: int) -> None:
    """Wait until so many are settled."""
    while True:
        async with container() as scope, (await scope.get(Transaction)).looking():
            counts = await (await scope.get(Outbox)).counts()
        if counts.get(NotificationState.SENT) == count:
            return
        await asyncio.wait([asyncio.ensure_future(asyncio.to_thread(str))])


@pytest.fixture(autouse=True)
def tapped_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks by themselves: whatever is sent was found because of a tap."""
    monkeypatch.setattr(sending, "LOOK_EVERY_S", 10 * PATIENCE_S)


def test_every_message_wakes_the_senders_of_its_own_stream() -> None:
    for channel, lane in product(Channel, Lane):
        (stream,) = [each for each in STREAMS if channel in each.channels and lane in each.lanes]
        assert stream.road == road(channel, lane)
    assert len({stream.road for stream in STREAMS}) == len(STREAMS)


async def test_a_message_is_looked_for_by_one(tmp_path: Path, keyring_folder: Path) -> None:
    post, asked = Post(), Counter[str]()
    async with sending_all(tmp_path, keyring_folder, post) as container:
        engine = await container.get(AsyncEngine)

        @hook.listens_for(engine.sync_engine, "before_cursor_execute")
        def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            asked["claims"] += "tries=(notifications.tries +" in statement

        await write(container, "menu.failed", 1)
        await post.held.wait()
        post.let_go.set()
        await sent(container, 1)
    # At the start each stream looks once; then one looks for the message, and once more when it has gone.
    assert len(STREAMS) <= asked["claims"] <= len(STREAMS) + 2


async def test_a_slow_call_holds_up_no_other_chat_and_what_stands_behind_it_goes_once_it_ended(
    tmp_path: Path, keyring_folder: Path
) -> None:
    post = Post()
    async with sending_all(tmp_path, keyring_folder, post) as container:
        await write(container, "menu.failed", 1)
        await post.held.wait()
        await write(container, "menu.failed", 1)
        await write(container, "menu.failed", 2)
        await sent(container, 1)
        assert len(post.told) == 2, "the second of the first chat waits for the first"
        post.let_go.set()
        await sent(container, 3)
    assert len(post.told) == 3
