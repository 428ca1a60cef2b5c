"""Three hundred people get a message while workers are killed, it is paused and resumed: each once, or counted as uncertain."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import httpx
import pytest
from dishka import AsyncContainer

from core.domain.account import Account, Accounts, Verification
from core.domain.broadcast import Broadcast, Broadcasts, BroadcastState
from core.domain.chat import Chats
from core.domain.ids import AccountId, BroadcastId, ChatId, new_id
from core.domain.notification import Channel, Topic
from core.domain.subscription import Subscriptions
from core.ports import Clock, Transaction
from ops.container import make_container
from ops.settings import Settings
from tests.core.services.outside import ANNA
from tests.journeys.desk import Desk
from tests.journeys.house import House, standing
from tests.journeys.test_updates_in import OwnRedis, database

PEOPLE = 300
TEXT = "В субботу поликлиника открыта до 20:00."
PATIENCE_S = 180
T = TypeVar("T")


@dataclass
class Crowd:
    """A house with its people: the first blocked the bot just now, the second wants no news."""

    house: House
    runner: asyncio.Runner
    container: AsyncContainer
    people: list[int]
    world: httpx.Client
    desk: Desk

    def ask(self, question: Callable[[AsyncContainer], Awaitable[T]]) -> T:
        """Ask the database, in one transaction."""

        async def asking() -> T:
            async with self.container() as scope, await scope.get(Transaction):
                return await question(scope)

        return self.runner.run(asking())

    def settle(self) -> None:
        """Give each person an account that their chat speaks for."""

        async def settling(scope: AsyncContainer) -> None:
            accounts, chats, clock = await scope.get(Accounts), await scope.get(Chats), await scope.get(Clock)
            for person in self.people:
                now = clock.now()
                known = replace(ANNA, subject=f"person {person}")
                account = Account(AccountId(new_id(now)), Verification.VERIFIED, known, None, None, 1)
                await accounts.add(account, now)
                await chats.meet(ChatId(person), "ru", now)
                await chats.bind(ChatId(person), account.id, now)
                if person == self.people[1]:
                    subscriptions = await scope.get(Subscriptions)
                    chosen = (await subscriptions.of(account.id)).chosen(Topic.NEWS, Channel.TELEGRAM, wanted=False)
                    await subscriptions.save(chosen, now)

        self.ask(settling)

    def of(self, broadcast: BroadcastId) -> Broadcast:
        """Return how it stands, counted now."""

        async def counting(scope: AsyncContainer) -> Broadcast:
            broadcasts = await scope.get(Broadcasts)
            found = await broadcasts.get(broadcast)
            return replace(found, counts=await broadcasts.counts(found))

        return self.ask(counting)

    def until(self, broadcast: BroadcastId, so: Callable[[Broadcast], bool]) -> Broadcast:
        """Wait until it is so."""
        end = time.monotonic() + PATIENCE_S
        while not so(found := self.of(broadcast)):
            assert time.monotonic() < end, (found.state, found.counts, self.house.log_tail())
        return found

    def press(self, broadcast: BroadcastId, what: str) -> None:
        """Pause or resume it at the desk: the command takes as long to start as a few hundred messages to leave."""
        self.desk.http.post(f"/broadcasts/{broadcast}/{what}").raise_for_status()

    def got(self) -> dict[int, int]:
        """Return how often each chat has the text."""

        def count(person: int) -> int:
            return sum(each.get("text") == TEXT for each in self.world.get(f"/people/{person}/chat").json()["messages"])

        with ThreadPoolExecutor(4) as pool:
            return dict(zip(self.people, pool.map(count, self.people), strict=True))

    def command(self, *arguments: str) -> str:
        """Run `medkarta broadcast`."""
        done = self.house.command("broadcast", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout


PRODUCTION = pytest.param("production", marks=[pytest.mark.needs_postgresql, pytest.mark.needs_redis])


@pytest.fixture(params=["embedded", PRODUCTION])
def crowd(request: pytest.FixtureRequest, tmp_path: Path, keys: Path) -> Iterator[Crowd]:
    """Two workers on PostgreSQL and Redis; one on SQLite."""
    with ExitStack() as stack:
        settings = {"DATABASE_URL": f"sqlite:///{tmp_path / 'medkarta.sqlite'}"}
        parts: tuple[str, ...] = ("playground", "api", "worker")
        if request.param == "production":
            redis = OwnRedis()
            redis.start()
            stack.callback(redis.kill)
            url = stack.enter_context(database(tmp_path))
            settings = {"DATABASE_URL": url, "REDIS_URL": f"redis://127.0.0.1:{redis.port}/0"}
            parts = (*parts, "worker:2")
        house = stack.enter_context(standing(tmp_path, keys, parts, **settings))
        world = stack.enter_context(httpx.Client(base_url=house.playground, timeout=60, trust_env=False))
        runner = stack.enter_context(asyncio.Runner())
        told = Settings(
            _env_file=None,  # type: ignore[call-arg]
            database_url=settings["DATABASE_URL"],  # type: ignore[arg-type]
            state_dir=Path(house.settings["STATE_DIR"]),
            database_connections=2,
        )
        container = make_container(told)
        stack.callback(lambda: runner.run(container.close()))

        def arrive(number: int) -> int:
            person: int = world.post("/people", json={"name": f"Человек {number}", "language": "ru"}).json()["id"]
            # A bot may write to those alone who wrote to it.
            world.post(f"/people/{person}/say", json={"text": "/start"}).raise_for_status()
            return person

        with ThreadPoolExecutor(4) as pool:
            people = sorted(pool.map(arrive, range(PEOPLE)))
        crowd = Crowd(house, runner, container, people, world, Desk.of(house, "administrator"))
        crowd.settle()
        world.post(f"/people/{people[0]}/block").raise_for_status()
        yield crowd


def test_everybody_once_through_kills_and_a_pause(crowd: Crowd, tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text(TEXT, "utf-8")
    shown = crowd.command("new", "--text-ru", str(tmp_path / "text.txt"), "--urgent", "--yes")
    broadcast = BroadcastId(UUID(shown.split(" leaves")[0].split()[-1]))

    # Killed in the middle; where there is a second worker, it goes on alone.
    crowd.until(broadcast, lambda found: found.counts.sent >= 70)
    crowd.house.stop("worker", kill=True)
    if "worker:2" in crowd.house.processes:
        alone = crowd.of(broadcast).counts.sent
        crowd.until(broadcast, lambda found: found.counts.sent >= min(alone + 20, 200))
    crowd.house.start("worker")

    # A pause: what was under way arrives, and then nothing does, for as many looks of the workers as there are.
    crowd.press(broadcast, "pause")
    halted = crowd.until(broadcast, lambda found: not found.counts.waiting and found.counts.held > 0)
    assert halted.state is BroadcastState.PAUSED
    before = sum(crowd.got().values())
    looked = halted.visit_at
    crowd.until(broadcast, lambda found: found.visit_at != looked)
    assert sum(crowd.got().values()) == before
    assert "held" in crowd.command("progress", str(broadcast))

    # Killed again, with everything that there is.
    crowd.press(broadcast, "resume")
    crowd.until(broadcast, lambda found: found.counts.sent >= halted.counts.sent + 20)
    workers = [part for part in crowd.house.processes if part.startswith("worker")]
    crowd.house.stop(*workers, kill=True)
    crowd.house.start(*workers)

    done = crowd.until(broadcast, lambda found: found.state is BroadcastState.DONE)
    counts, got = done.counts, crowd.got()
    assert max(got.values()) == 1, "somebody got it twice"
    assert (got[crowd.people[0]], got[crowd.people[1]]) == (0, 0)
    assert (counts.blocked, counts.skipped, counts.failed, counts.expired) == (1, 1, 0, 0)
    assert counts.sent + counts.uncertain == PEOPLE - 2
    assert counts.sent <= sum(got.values()) <= counts.sent + counts.uncertain
    assert f'"sent": {counts.sent}' in crowd.command("report", str(broadcast), "--json")
