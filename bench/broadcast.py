"""How much of the allowed rate workers reach, and whether a second ever holds more than is allowed.

Rows that stand in the outbox already show what sending costs; a real broadcast also has its people looked for, in the
same workers and the same database. What the playground takes from a bare loop is the limit of both.
"""

import asyncio
import sys
from bisect import bisect_left, bisect_right
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from time import monotonic

import asyncpg

from bench.services import CORES, running
from bench.subjects import Subject
from bench.walk import Ledger
from core.domain.actor import System
from core.domain.broadcast import CANARY
from core.domain.ids import AccountId, ChatId, NotificationId, new_id
from core.domain.notification import Channel, Lane, Notification, Outbox
from core.ports import Clock, Transaction
from core.security.envelope import Envelope, kek_of
from core.services.broadcast import CreateBroadcast, LaunchBroadcast, Wanted
from core.storage.key import owner_of

BATCH = 500
TEXT = "menu.failed"
"""Any words without values: the text of a broadcast's message is made once a batch."""
PATIENCE_S = 120.0
SPARE_S = 10
"""Seconds for which there are more messages than are measured."""
ADMINISTRATOR = System("bench")


async def at_rate(subject: Subject, rate: int, seconds: float) -> dict[str, float]:
    """Let one worker empty an outbox at `rate` messages a second; returns the share reached, the fullest second as a share."""
    await fill_outbox(subject, readers(subject, int(rate * (seconds + SPARE_S))))
    # From the second second on: a bucket starts empty on purpose.
    return await measured(subject, rate, seconds, workers=1, after=1)


async def really(subject: Subject, rate: int, seconds: float) -> dict[str, float]:
    """The same for a broadcast to people whom two workers have to look for, once the first few were told."""
    await settle_down(subject, readers(subject, int(rate * (seconds + SPARE_S)) + CANARY))
    container = subject.applicants.container
    assert container is not None  # noqa: S101 - `readers` has seen to it
    async with container() as scope:
        # Urgent, or at night it would wait for the morning.
        wanted = Wanted(texts={"ru": "Мы работаем.", "en": "We are open."}, urgent=True)
        made = await (await scope.get(CreateBroadcast))(ADMINISTRATOR, wanted)
    async with container() as scope:
        await (await scope.get(LaunchBroadcast))(ADMINISTRATOR, made.id)
    return await measured(subject, rate, seconds, workers=2, after=CANARY)


async def measured(subject: Subject, rate: int, seconds: float, *, workers: int, after: int) -> dict[str, float]:
    """Count what arrives in the `seconds` that begin a second after the message of that number."""
    subject.phones.ledger = Ledger()
    sent = subject.phones.ledger.sent
    async with working(subject, rate, workers):
        end = monotonic() + PATIENCE_S
        while len(sent) <= after:
            if monotonic() > end:
                raise TimeoutError(f"{len(sent)} messages within {PATIENCE_S:g} s")
            await asyncio.sleep(0.05)
        await asyncio.sleep(seconds + 2)
    begin = sent[after] + 1
    within = bisect_right(sent, begin + seconds) - bisect_right(sent, begin)
    fullest = max(bisect_left(sent, at + 1) - place for place, at in enumerate(sent))
    return {"share": within / (rate * seconds), "fullest": fullest / rate}


@asynccontextmanager
async def working(subject: Subject, rate: int, workers: int) -> AsyncIterator[None]:
    """Run workers on the last core."""
    values = subject.environment | {"PAID_BROADCAST_RATE": str(rate)}
    async with AsyncExitStack() as stack:
        for number in range(workers):
            log = subject.place / f"worker-{number}.txt"
            command = [sys.executable, "-m", "ops", "worker"]
            await stack.enter_async_context(running(command, log, environment=values, cores=frozenset({max(CORES)})))
        yield


async def ceiling(subject: Subject, seconds: float) -> float:
    """Return how many messages a second the playground takes from a loop that does nothing else, on the worker's core."""
    (reader,) = readers(subject, 1)
    subject.phones.ledger = Ledger()
    sent = subject.phones.ledger.sent
    values = subject.environment | {"BENCH_CHAT": str(reader)}
    command = [sys.executable, "-m", "bench.bare"]
    async with running(command, subject.place / "bare.txt", environment=values, cores=frozenset({max(CORES)})):
        end = monotonic() + PATIENCE_S
        while not sent:
            if monotonic() > end:
                raise TimeoutError("the bare loop sent nothing")
            await asyncio.sleep(0.05)
        await asyncio.sleep(seconds + 1)
    begin = sent[0] + 0.5
    return (bisect_right(sent, begin + seconds) - bisect_right(sent, begin)) / seconds


def readers(subject: Subject, number: int) -> list[int]:
    """Return the chats of that many new people who have spoken with the bot."""
    if subject.applicants.container is None:
        raise ValueError("the peer broadcasts nothing")
    chats = []
    for _ in range(number):
        person = subject.phones.new_person("Читатель")
        person.chat.opened = True
        chats.append(person.id)
    return chats


async def settle_down(subject: Subject, chats: list[int]) -> None:
    """Give each of these chats an account with its key, by SQL alone: what a broadcast does not open is left empty."""
    container = subject.applicants.container
    assert container is not None  # noqa: S101 - `readers` has seen to it
    envelope, now = await container.get(Envelope), datetime.now(UTC)
    accounts = [AccountId(new_id(now)) for _ in chats]
    keys = [(owner_of(each), envelope.new_key(owner_of(each))[1]) for each in accounts]
    connection = await asyncpg.connect(subject.database.replace("postgresql+asyncpg://", "postgresql://"))
    try:
        await connection.copy_records_to_table(
            "accounts",
            columns=["id", "subject_index", "verification", "known", "version", "created_at"],
            records=[(each, each.bytes * 2, "verified", bytes(400), 1, now) for each in accounts],
        )
        await connection.copy_records_to_table(
            "chats",
            columns=["id", "account", "language", "zone", "met_at", "fence"],
            records=[(chat, each, "ru", "Europe/Moscow", now, 0) for chat, each in zip(chats, accounts, strict=True)],
        )
        await connection.copy_records_to_table(
            "data_keys",
            columns=["owner", "kek", "wrapped"],
            records=[(owner, kek_of(key), bytes(key)) for owner, key in keys],
        )
    finally:
        await connection.close()


async def fill_outbox(subject: Subject, chats: list[int]) -> None:
    """Put a message into the outbox for each."""
    container = subject.applicants.container
    assert container is not None  # noqa: S101 - `readers` has seen to it
    for start in range(0, len(chats), BATCH):
        async with container() as scope:
            transaction, outbox = await scope.get(Transaction), await scope.get(Outbox)
            now = (await scope.get(Clock)).now()
            async with transaction:
                await outbox.add_many(
                    [
                        Notification(
                            id=NotificationId(new_id(now)),
                            channel=Channel.TELEGRAM,
                            lane=Lane.BULK,
                            key=TEXT,
                            language="ru",
                            due_at=now,
                            chat=ChatId(chat),
                        )
                        for chat in chats[start : start + BATCH]
                    ]
                )
