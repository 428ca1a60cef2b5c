"""Pushes out, on the real product: a worker killed between the call and its mark; and whoever writes is answered before news."""

import asyncio
import os
import secrets
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import redis

from ops.sending import LOOK_EVERY_S
from ops.worker import RECOVER_EVERY_S
from tests.journeys.house import PATIENCE_S, House, standing
from tests.services import POSTGRESQL, own_redis

pytestmark = [pytest.mark.needs_postgresql, pytest.mark.needs_redis]
OWN_REDIS = own_redis("journeys.pushes_out")
ANNA = 100001
WORDS = "Повторно"
LOOKS = 5
"""So many looks after a lease has run out its row is somebody else's, on a machine that is busy with other things."""
CROWD, NEWS_EACH, RATE = 80, 6, 30
PUSH = """
    INSERT INTO notifications (id, channel, lane, key, language, chat, buttons, placed_at, due_at, state, tries,
        urgent, in_digest, doubtful, wiped)
    VALUES (gen_random_uuid(), 'telegram', $1, 'notification.digest', 'ru', $2, '[]', now(), now(), 'waiting', 0,
        false, false, false, false)
"""


def ask(url: str, statement: str, *values: object) -> list[asyncpg.Record]:
    """Run a statement in the house's database."""

    async def run() -> list[asyncpg.Record]:
        connection = await asyncpg.connect(url)
        try:
            return list(await connection.fetch(statement, *values))
        finally:
            await connection.close()

    return asyncio.run(run())


def until(there: Callable[[], bool]) -> None:
    """Wait for something to become so."""
    end = time.monotonic() + PATIENCE_S
    while not there():
        assert time.monotonic() < end, "it did not come about"


@pytest.fixture
def built(tmp_path: Path, keys: Path) -> Iterator[tuple[House, str]]:
    """A house in separate processes on PostgreSQL and Redis, and the address of its database."""
    name = f"medkarta_test_{secrets.token_hex(6)}"
    url = f"{POSTGRESQL.rsplit('/', 1)[0]}/{name}"
    ask(POSTGRESQL, f"CREATE DATABASE {name} TEMPLATE template0")
    with redis.Redis.from_url(OWN_REDIS) as store:
        store.flushdb()
    try:
        parts = ("playground", "api", "bot", "worker", "worker:2")
        with standing(tmp_path, keys, parts, DATABASE_URL=url, REDIS_URL=OWN_REDIS) as house:
            # The second one stands still until it is needed.
            second = house.processes["worker:2"]
            os.kill(second.pid, signal.SIGSTOP)
            try:
                yield house, url
            finally:
                os.kill(second.pid, signal.SIGCONT)
    finally:
        ask(POSTGRESQL, f"DROP DATABASE {name} WITH (FORCE)")


def test_a_notice_of_a_killed_worker_comes_again_and_says_so_while_news_do_not(built: tuple[House, str]) -> None:
    house, url = built
    with httpx.Client(base_url=house.playground, timeout=60, trust_env=False) as world:
        for person in (ANNA, ANNA + 1):
            world.post(f"/people/{person}/say", json={"text": "/start"})

        def said(person: int) -> list[str]:
            told = [call for call in world.get("/calls").json() if call["method"].lower() == "sendmessage"]
            return [call["parameters"]["text"] for call in told if call["parameters"]["chat_id"] == person]

        until(lambda: bool(said(ANNA)) and bool(said(ANNA + 1)))
        before = {person: len(said(person)) for person in (ANNA, ANNA + 1)}
        world.post("/faults", json={"method": "sendMessage", "delay_ms": 13000, "times": 2})
        ask(url, PUSH, "2_notice", ANNA)
        ask(url, PUSH, "3_bulk", ANNA + 1)
        until(lambda: ask(url, "SELECT count(*) FROM attempts WHERE ended_at IS NULL")[0][0] == 2)
        until(lambda: world.get("/faults").json() == [])
        house.stop("worker", kill=True)
        (notice,) = ask(url, "SELECT id, lease_until FROM notifications WHERE lane = '2_notice'")
        os.kill(house.processes["worker:2"].pid, signal.SIGCONT)
        until(lambda: any(WORDS in text for text in said(ANNA)))
        asked = "SELECT started_at FROM attempts WHERE notification = $1 ORDER BY number"
        _, again = [row["started_at"] for row in ask(url, asked, notice["id"])]
        late = again - notice["lease_until"]
        assert timedelta(0) <= late <= timedelta(seconds=LOOKS * (RECOVER_EVERY_S + LOOK_EVERY_S))
        until(lambda: not ask(url, "SELECT 1 FROM notifications WHERE state IN ('waiting', 'sending')"))
        assert ask(url, "SELECT state FROM notifications WHERE lane = '3_bulk'")[0][0] == "uncertain"
        assert len(said(ANNA + 1)) - before[ANNA + 1] <= 1
        outcomes = [row[0] for row in ask(url, "SELECT outcome FROM attempts ORDER BY notification, number")]
        assert sorted(outcomes) == ["sent", "uncertain", "uncertain"]


def test_whoever_writes_during_a_broadcast_is_answered_before_news_that_were_due_earlier(
    built: tuple[House, str],
) -> None:
    house, url = built
    with httpx.Client(base_url=house.playground, timeout=60, trust_env=False) as world:

        def arrive(number: int) -> int:
            person: int = world.post("/people", json={"name": f"Человек {number}", "language": "ru"}).json()["id"]
            world.post(f"/people/{person}/say", json={"text": "/start"}).raise_for_status()
            return person

        def sent(after: int) -> list[dict[str, Any]]:
            told = world.get("/calls", params={"after": after}).json()
            return [each for each in told if each["method"].lower() == "sendmessage" and each["status"] == 200]

        with ThreadPoolExecutor(4) as pool:
            people = list(pool.map(arrive, range(CROWD)))
        anna = arrive(CROWD)
        until(lambda: {each["parameters"]["chat_id"] for each in sent(0)} >= {anna, *people})
        mark = sent(0)[-1]["seq"]
        for _ in range(NEWS_EACH):
            push = PUSH.replace("VALUES (gen", "SELECT gen").replace(
                "false)", "false FROM unnest($2::bigint[]) AS chat"
            )
            ask(url, push.replace("'ru', $2", "'ru', chat"), "3_bulk", people)
        until(lambda: len(sent(mark)) >= RATE)
        world.post(f"/people/{anna}/say", json={"text": "/help"}).raise_for_status()
        until(lambda: len(sent(mark)) == CROWD * NEWS_EACH + 1)
        chats = [each["parameters"]["chat_id"] for each in sent(mark)]
    # All news were due before she wrote; those that came after her answer waited for it.
    assert chats.count(anna) == 1
    assert len(chats) - chats.index(anna) > RATE
