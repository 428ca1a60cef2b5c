"""Would a storm notice? One citizen and a bot that dies between effect and answer: the product as it is, and broken on purpose."""

import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx
import pytest

from tests.faults.citizen import Citizen
from tests.faults.crew import Crew, Member
from tests.faults.evidence import Walk
from tests.faults.gathering import walk_of
from tests.faults.ground import Ground
from tests.faults.post import Post
from tests.faults.promises import walk_stored_once
from tests.faults.run import settings_of
from tests.faults.wire import Wire
from tests.journeys.person import hang_up
from tests.ports import free_ports

PATIENCE_S = 120
HELD_MS = 60_000


@dataclass
class Brief(Citizen):
    """Answers one question, and goes when the next one is asked; `typing` is set when the answer is typed."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.typing = threading.Event()
        self.absences, self.early = 0, False

    def answer(self, name: str) -> None:
        """Have Telegram hold back what the bot says to it."""
        if self.typed:
            self.over.set()
            return
        rule = {"method": "sendMessage", "delay_ms": HELD_MS}
        self.person.http.post("/faults", json=rule).raise_for_status()
        self.typing.set()
        super().answer(name)


def died_between_effect_and_answer(folder: Path, keys: Path, nursery: str) -> Walk:
    """Have the bot killed over the answer to what is typed, and return what is stored of it."""
    with ExitStack() as stack:
        stack.callback(hang_up)
        ground = stack.enter_context(Ground())
        world, smtp, desk = free_ports(3)
        settings = settings_of(folder, keys, ground, f"http://127.0.0.1:{desk}", world, smtp)
        members = [Member(name, name, {"API_PORT": str(desk)}) for name in ("playground", "api", "bot")]
        crew = stack.enter_context(Crew(folder, settings, members, nursery))
        code, words = crew.run("migrate")
        assert not code, words
        for name in ("playground", "api", "bot"):
            crew.start(name)
        playground = f"http://127.0.0.1:{world}"
        answering(f"{playground}/healthz", crew)
        answering(f"{settings['PUBLIC_URL']}/readyz", crew)
        wire, post = stack.enter_context(Wire(playground)), stack.enter_context(Post(crew.settings))
        citizen = Brief(playground, 1, "once", threading.Event(), threading.Event())
        citizen.calm.set()
        with ThreadPoolExecutor(1) as pool:
            stack.callback(citizen.over.set)
            living = pool.submit(citizen.live)
            strike(crew, citizen)
            living.result(PATIENCE_S)
        wire.read()

        async def look() -> Walk:
            connection = await asyncpg.connect(ground.database_url)
            try:
                return await walk_of(citizen, connection, wire, post)
            finally:
                await connection.close()

        return post.run(look())


def strike(crew: Crew, citizen: Brief) -> None:
    """Kill the bot once it has stored what was typed and is about to say so, and start it again."""
    assert citizen.typing.wait(PATIENCE_S), crew.tail()
    end = time.monotonic() + PATIENCE_S
    with httpx.Client(base_url=citizen.playground, timeout=PATIENCE_S, trust_env=False) as world:
        while world.get("/faults").json():
            assert time.monotonic() < end, crew.tail()
    crew.kill("bot")
    crew.start("bot")


def answering(url: str, crew: Crew) -> None:
    """Wait until it answers."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(url, timeout=5, trust_env=False).status_code == 200:
                return
    raise AssertionError(crew.tail())


@pytest.mark.needs_servers
@pytest.mark.parametrize(("nursery", "kept"), [("tests.faults.nursery", True), ("tests.faults.unmarked", False)])
def test_without_the_done_mark_the_promise_of_once_is_seen_to_break(
    tmp_path: Path, keyring_folder: Path, nursery: str, kept: bool
) -> None:
    walk = died_between_effect_and_answer(tmp_path, keyring_folder, nursery)
    assert [each.taken for each in walk.typed] == [True]
    breaches = list(walk_stored_once(walk))
    assert bool(breaches) is not kept, breaches
