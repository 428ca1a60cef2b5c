"""One run: everything is started, people walk, the desk works, the storm blows, everything is counted and stopped."""

import contextlib
import itertools
import random
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import asyncpg
import httpx

from core.domain.notification import Lane
from tests.faults.citizen import Citizen
from tests.faults.crew import PATIENCE_S, Crew, Member
from tests.faults.desk import Desk
from tests.faults.front import Front
from tests.faults.ground import Ground
from tests.faults.plan import Plan
from tests.faults.post import Post
from tests.faults.story import Story
from tests.faults.town import arrive, settle
from tests.faults.weather import Storm
from tests.faults.wire import Wire
from tests.journeys.person import hang_up
from tests.ports import free_ports

UNSENT = (
    "SELECT (SELECT count(*) FROM notifications WHERE state IN ('waiting', 'sending')"
    " AND due_at <= now() + interval '1 minute') + (SELECT count(*) FROM broadcasts WHERE visit_at IS NOT NULL)"
)
PUSH_EVERY_S = 0.25
WALKERS_SHARE = 0.2
MOVE_EVERY = 4
"""One push in so many is followed by somebody who changes their address."""
TELL_EVERY_S = 20.0
PLAYGROUND = "playground"
T = TypeVar("T")


class Run:
    """Everything that a run needs, started together and ended together. `tell` hears a line now and then."""

    def __init__(self, plan: Plan, folder: Path, keys: Path, tell: Callable[[str], object] = bool) -> None:
        self.plan, self.folder, self.keys, self.tell = plan, folder, keys, tell
        self.over, self.calm = threading.Event(), threading.Event()
        self.began, self.phases = time.time(), dict[str, float]()
        self.people: list[Citizen] = []
        self.numbers = itertools.count(1)

    def __call__(self, judge: Callable[[Story], T]) -> T:
        """Run it all, and have it judged while everything can still be asked."""
        with contextlib.ExitStack() as stack:
            stack.callback(hang_up)
            stack.callback(self.over.set)
            ground = Ground()
            crew = self._crew(ground, stack)
            with ThreadPoolExecutor(1) as pool:
                # The servers come up while the product is read.
                standing = pool.submit(stack.enter_context, ground)
                stack.push(crew)
                crew.__enter__()
                standing.result()
            self._reached("servers")
            code, words = crew.run("migrate")
            if code:
                raise RuntimeError(words)
            for name in (PLAYGROUND, *self.targets):
                crew.start(name)
            playground = f"http://127.0.0.1:{crew.settings['PLAYGROUND_PORT']}"
            self._wait_for(f"{playground}/healthz", crew)
            chats = arrive(playground, self.plan.subscribers)
            self._reached("playground")
            wire = stack.enter_context(Wire(playground))
            post = stack.enter_context(Post(crew.settings))
            self._wait_for(f"{self.api}/readyz", crew)
            self._reached("processes")
            town = post.run(settle(post.container, chats, self.plan.petitions))
            desk = Desk.staffed(self.api, post, town, self.plan.seed, self.over, self.calm)
            stack.callback(desk.close)
            storm = Storm(self.plan, ground, crew, playground, self.targets, lambda: self._push(story))
            stack.callback(storm.http.close)
            story = Story(self.plan, self.people, town, desk, storm, post, wire, crew, ground.database_url, self.began)
            story.phases = self.phases
            self._reached("staff")
            self._walk(playground, story)
            self._end(story)
            return judge(story)

    def _reached(self, phase: str) -> None:
        """Note how many seconds a phase took that ends now."""
        self.phases[phase] = time.time() - self.began - sum(self.phases.values())

    def _crew(self, ground: Ground, stack: contextlib.ExitStack) -> Crew:
        world, smtp, *apis = free_ports(4)
        hooks = free_ports(2)
        door, hook = stack.enter_context(Front(apis)), stack.enter_context(Front(hooks))
        self.api = f"http://127.0.0.1:{door.port}"
        settings = settings_of(self.folder, self.keys, ground, self.api, world, smtp)
        members = [Member(PLAYGROUND, "playground", {})]
        members += [Member(f"api-{port}", "api", {"API_PORT": str(port)}) for port in apis]
        members += [Member(f"worker-{number}", "worker", {}) for number in (1, 2)]
        if self.plan.webhook:
            secret = f"hook-{self.plan.seed:016}"
            for port in hooks:
                pushed = {"WEBHOOK_URL": f"http://127.0.0.1:{hook.port}/webhook", "WEBHOOK_SECRET": secret}
                members.append(Member(f"bot-{port}", "bot", {**pushed, "WEBHOOK_PORT": str(port)}))
        else:
            members.append(Member("bot", "bot", {}))
        self.targets = [each.name for each in members[1:]]
        return Crew(self.folder, settings, members)

    def _wait_for(self, url: str, crew: Crew) -> int:
        end, status = time.monotonic() + PATIENCE_S, 0
        while status != 200:
            with contextlib.suppress(httpx.HTTPError):
                status = httpx.get(url, timeout=5, trust_env=False).status_code
            if status != 200 and (time.monotonic() > end or self.over.wait(0.1)):
                raise RuntimeError(f"{url} did not answer:\n{crew.tail()}")
        return status

    def _walk(self, playground: str, story: Story) -> None:
        """People walk, the desk works, pushes are made, the storm blows; then everybody comes to an end in peace."""
        dice = random.Random(f"people {self.plan.seed}")
        with ThreadPoolExecutor(self.plan.people + 6) as crowd:
            walks = [crowd.submit(self._live, playground, dice.randrange(10**9)) for _ in range(self.plan.people)]
            others: list[Future[None]] = []
            try:
                self._wait_until_walking(walks)
                self._reached("walking")
                desk, busy = story.desk, 0.8 * self.plan.storm_s
                fickle = [each for each in story.town if each.fickle]
                others = [
                    crowd.submit(self._blow, story.storm),
                    crowd.submit(self._keep_pushing, story),
                    *(crowd.submit(desk.review, place, busy) for place in range(len(desk.reviewers))),
                    crowd.submit(desk.write_to_all, playground, fickle, self.plan.broadcasts, busy),
                ]
                crowd.submit(self._keep_telling, story)
                self.calm.wait()
                self._reached("storm")
                end = time.monotonic() + self.plan.patience_s
                while time.monotonic() < end and not all(each.done() for each in (*walks, *others)):
                    self.over.wait(0.2)
            finally:
                self.calm.set()
                self.over.set()
            for each in (*others, *walks):
                each.result()
        self._reached("coming home")
        story.unsent = self._drain(story)
        self._reached("last pushes")

    def _wait_until_walking(self, walks: Sequence[Future[None]]) -> None:
        """A storm over people who have not come out yet would meet nobody."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end and sum(1 for each in self.people if each.typed) < self.plan.people:
            for walk in walks:
                if walk.done():
                    walk.result()
            self.over.wait(0.1)

    def _blow(self, storm: Storm) -> None:
        try:
            storm.blow(self.over)
        finally:
            self.calm.set()

    def _live(self, playground: str, seed: int) -> None:
        """One life after another until the storm is over; there is always one at least."""
        dice = random.Random(seed)
        while not self.over.is_set():
            citizen = Citizen(playground, next(self.numbers), f"citizen {dice.random()}", self.over, self.calm)
            self.people.append(citizen)
            citizen.live()
            if self.calm.is_set():
                return

    def _keep_pushing(self, story: Story) -> None:
        movers = iter(each for each in story.town if each.petition is None)
        for number in itertools.count():
            self._push(story)
            mover = next(movers, None) if number % MOVE_EVERY == 0 else None
            if mover is not None:
                story.post.move(mover)
            if self.calm.wait(PUSH_EVERY_S):
                return

    def _keep_telling(self, story: Story) -> None:
        while not self.over.wait(TELL_EVERY_S):
            self.tell(story.so_far())

    def _push(self, story: Story) -> None:
        """To somebody who fills in the form, or to a subscriber: a chat takes one message a second."""
        dice = random.Random(f"push {self.plan.seed} {len(story.post.sent)}")
        walking = [each.person.id for each in self.people if each.typed]
        waiting = [each.chat for each in story.town if not each.fickle]
        chat = dice.choice(walking if walking and dice.random() < WALKERS_SHARE else waiting)
        story.post.push(chat, dice.choice([Lane.NOTICE, Lane.NOTICE, Lane.BULK]))

    def _stop(self, crew: Crew, names: Sequence[str]) -> dict[str, tuple[int, float]]:
        with ThreadPoolExecutor(len(names)) as pool:
            return dict(zip(names, pool.map(crew.stop, names), strict=True))

    def _drain(self, story: Story) -> int:
        """Wait until nothing due is unsent and every broadcast is over; returns what is left of it."""
        end, left, pause = time.monotonic() + self.plan.patience_s, 1, threading.Event()
        while left and time.monotonic() < end:
            left = story.post.run(count(story.database, UNSENT))
            pause.wait(0.2)
        return left

    def _end(self, story: Story) -> None:
        """Look at what stands, then stop every part in good order."""
        with contextlib.suppress(httpx.HTTPError):
            story.ready = httpx.get(f"{self.api}/readyz", timeout=10, trust_env=False).status_code
        self.over.clear()
        story.desk.look()
        self.over.set()
        story.wire.read()
        story.stops.update(self._stop(story.crew, self.targets))
        story.journal = story.crew.run("audit verify")
        story.wire.read()
        self._reached("stopping")


def settings_of(folder: Path, keys: Path, ground: Ground, desk: str, world: int, smtp: int) -> dict[str, str]:
    """Return what all parts are told: the ground, the address of the desk, the playground's ports. Copies the keys."""
    state = folder / "var"
    state.mkdir(mode=0o700)
    shutil.copytree(keys, state / "keys")
    (state / "keys").chmod(0o700)
    return {
        "PYTHONUNBUFFERED": "1",
        "PLAYGROUND_PORT": str(world),
        "PLAYGROUND_SMTP_PORT": str(smtp),
        "BOT_API_URL": f"http://127.0.0.1:{world}",
        "PUBLIC_URL": desk,
        "STATE_DIR": str(state),
        "DATABASE_URL": ground.database_url,
        "REDIS_URL": ground.redis_url,
        "LOG_LEVEL": "INFO",
        # A storm at night must not wait for the morning.
        "QUIET_HOURS": "off",
    }


async def count(url: str, question: str) -> int:
    """Ask the database for one number."""
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval(question))
    finally:
        await connection.close()
