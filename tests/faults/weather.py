"""The storm: what breaks, and when, all drawn from one seed before it begins."""

import heapq
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.faults.crew import Crew
from tests.faults.evidence import Outage
from tests.faults.ground import Ground
from tests.faults.plan import AFTER_THE_STORM_S, Plan

BOOT_S = 6.0
"""How long a started process may need before it serves."""
MENDING_S = 4.0
"""How long the product may need to find its way back to a server that came back."""
LINGER_S = 60.0
"""How long at most the storm waits at its end for calls to meet the faults that nobody has met yet."""
WEIGHTS = {"bot": 5, "worker": 4, "api": 2}
AMBUSH_DELAY_MS = 1500

FAULTS: tuple[tuple[str, int, dict[str, Any]], ...] = (
    ("dropped after the effect", 4, {"method": "sendMessage", "drop": True}),
    ("dropped in mid-answer", 4, {"method": "sendMessage", "drop": "middle"}),
    ("dropped in mid-answer", 2, {"method": "*", "drop": "middle"}),
    ("dropped before the effect", 3, {"method": "*", "drop": "before"}),
    ("429", 4, {"method": "sendMessage", "retry_after": 1}),
    ("429", 1, {"method": "*", "retry_after": 2, "times": 2}),
    ("500", 3, {"method": "*", "status": 500}),
    ("502", 3, {"method": "*", "status": 502, "times": 2}),
    ("delay of 10 s", 1, {"method": "sendMessage", "delay_ms": 10_000}),
    ("delay of 1 s", 3, {"method": "*", "delay_ms": 1_000}),
)
"""Name of the outage, weight, rule for the playground. Each happens once at least, then by weight."""

BOXES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("/sms/faults", {"service": "send", "mode": "lost", "times": 1}),
    ("/mail/faults", {"mode": "lost", "times": 1}),
    ("/sms/faults", {"service": "send", "mode": "drop", "times": 1}),
    ("/mail/faults", {"mode": "drop", "times": 1}),
    ("/sms/faults", {"service": "send", "mode": "error", "times": 2}),
    ("/mail/faults", {"mode": "error", "times": 1}),
    ("/sms/faults", {"service": "send", "mode": "slow", "delay_ms": 2000, "times": 1}),
)
"""What goes wrong with the gateways of SMS and mail; `lost`: it was taken, and the answer never came."""

PARTS = {"bot": "a bot", "worker": "a worker", "api": "a desk"}


def part_of(name: str) -> str:
    """Return which part of the product a member is: `worker-2` is a worker."""
    return name.partition("-")[0]


@dataclass(order=True)
class Due:
    at: float
    number: int
    what: str = field(compare=False)
    do: Callable[[], None] = field(compare=False)


@dataclass
class Storm:
    """What the plan asks for. `push` makes a push for an ambush to wait for."""

    plan: Plan
    ground: Ground
    crew: Crew
    playground: str
    targets: Sequence[str]
    push: Callable[[], None]
    killed: Counter[str] = field(default_factory=Counter)
    did: Counter[str] = field(default_factory=Counter)
    outages: list[Outage] = field(default_factory=list)

    def __post_init__(self) -> None:
        plan = self.plan
        self.dice = random.Random(f"storm {plan.seed}")
        self.http = httpx.Client(base_url=self.playground, timeout=40, trust_env=False)
        self._due: list[Due] = []
        self._count = 0
        length = plan.storm_s
        doomed = [self._one_of(part) for part in WEIGHTS] + [self._target() for _ in range(plan.kills)]
        for name in doomed[: plan.kills]:
            self._at(self.dice.uniform(0, length), "kill", self._kill(name))
        for mode in [self.dice.choice(["fast", "immediate"]) for _ in range(plan.postgres)]:
            self._at(self.dice.uniform(0.1, 0.9) * length, "postgres", lambda mode=mode: self._shake_postgres(mode))
        for away in [self.dice.uniform(0.0, 2.0) for _ in range(plan.redis)]:
            self._at(self.dice.uniform(0.1, 0.9) * length, "redis", lambda away=away: self._shake_redis(away))
        more = max(0, int(plan.kills * 1.5) - len(FAULTS))
        for name, _, rule in (*FAULTS, *self.dice.choices(FAULTS, [weight for _, weight, _ in FAULTS], k=more)):
            self._at(self.dice.uniform(0, 0.9) * length, name, lambda name=name, rule=rule: self._fault(name, rule))
        for path, rule in BOXES * max(1, plan.kills // 10):
            self._at(self.dice.uniform(0, 0.9) * length, "box", lambda path=path, rule=rule: self._box(path, rule))
        disorders = max(3, plan.kills // 4)
        for number in range(disorders):
            self._at(number / disorders * length, "disorder", self._disorder)
        for _ in range(max(1, plan.kills // 20)):
            self._at(self.dice.uniform(0.1, 0.9) * length, "ambush", self._ambush)

    def blow(self, over: threading.Event) -> None:
        """Let everything happen at its time; at the end nothing is broken on purpose any more, and everybody is up."""
        began = time.monotonic()
        longest = self.plan.storm_s + AFTER_THE_STORM_S
        while self._due and not over.is_set() and time.monotonic() < began + longest:
            due = heapq.heappop(self._due)
            self._now = due.at
            late = began + due.at - time.monotonic()
            if late > 0 and over.wait(late):
                break
            due.do()
        self._linger(over)
        for path in ("/faults", "/sms/faults", "/mail/faults"):
            self.http.delete(path)
        self.http.post("/updates/disorder", json={})
        for name in self.targets:
            if not self.crew.members[name].pid:
                self.crew.start(name)

    def happened(self) -> tuple[Counter[str], Counter[str]]:
        """Return how often each fault that is promised happened, and what else did: as those tell whom it happened to."""
        met, order = self._ask("/faults/suffered"), self._ask("/updates/disorder")
        promised = Counter({f"kill -9 of {PARTS[part]}": times for part, times in self.killed.items()})
        promised["Redis restarted"] = self.did["Redis restarted"]
        promised["PostgreSQL restarted"] = self.did["PostgreSQL crashed"] + self.did["PostgreSQL stopped and started"]
        promised["connection dropped in mid-answer"] = met["drop middle"]
        promised["429 with retry_after"] = met["429"]
        promised += Counter({status: met[status] for status in ("500", "502")})
        promised["delay of 10 s"] = met["delay 10000"]
        promised["delivered twice"], promised["delivered out of order"] = order["twice"], order["out_of_order"]
        besides = Counter(self.did)
        del besides["Redis restarted"]
        besides["connection dropped before the effect"] = met["drop before"]
        besides["connection dropped after it"] = met["drop after"]
        besides["delay of 1 s"] = met["delay 1000"]
        for box in ("sms", "mail"):
            besides += Counter({f"{box}: {mode}": n for mode, n in self._ask(f"/{box}/faults/suffered").items()})
        return promised, besides

    def _ask(self, path: str) -> Counter[str]:
        return Counter(self.http.get(path).raise_for_status().json())

    def _linger(self, over: threading.Event) -> None:
        """What was asked for and not met yet is still to come; people and pushes go on."""
        end = time.monotonic() + LINGER_S
        while time.monotonic() < end and not over.wait(0.3):
            order = self._ask("/updates/disorder")
            mixed = order["twice"] and order["out_of_order"]
            if mixed and not self.http.get("/faults").json():
                return
            if not mixed and not order["deliveries"]:
                self._disorder()

    def _at(self, at: float, what: str, do: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._due, Due(at, self._count, what, do))

    def _one_of(self, part: str) -> str:
        return self.dice.choice([name for name in self.targets if part_of(name) == part])

    def _target(self) -> str:
        weights = [WEIGHTS[part_of(name)] / self._copies(name) for name in self.targets]
        return self.dice.choices(self.targets, weights)[0]

    def _copies(self, name: str) -> int:
        return sum(1 for each in self.targets if part_of(each) == part_of(name))

    def _kill(self, name: str) -> Callable[[], None]:
        rest = self.dice.choice([0.0, 0.1, 0.5, 1.5])

        def strike() -> None:
            if not self.crew.kill(name):
                self._at(self._now + 0.3, "kill", strike)
                return
            self.killed[part_of(name)] += 1
            self._note(rest + BOOT_S, f"{name} killed")
            self._at(self._now + rest, "start", lambda: self.crew.start(name))

        return strike

    def _shake_postgres(self, mode: Any) -> None:
        began = time.time()
        self.ground.restart_postgres(mode)
        self.did["PostgreSQL crashed" if mode == "immediate" else "PostgreSQL stopped and started"] += 1
        self.outages.append(Outage(began, time.time() + MENDING_S, "PostgreSQL"))

    def _shake_redis(self, away: float) -> None:
        self.ground.stop_redis()
        self.did["Redis restarted"] += 1
        self._note(away + MENDING_S, "Redis")
        self._at(self._now + away, "redis", self.ground.start_redis)

    def _fault(self, name: str, rule: dict[str, Any]) -> None:
        self.http.post("/faults", json=rule).raise_for_status()
        self._note(rule.get("delay_ms", 0) / 1000 + rule.get("retry_after", 0) + MENDING_S, name)

    def _box(self, path: str, rule: dict[str, Any]) -> None:
        self.http.post(path, json=rule).raise_for_status()
        self._note(2 * MENDING_S, path)

    def _disorder(self) -> None:
        rule = {"deliveries": 30, "twice": 0.4, "hold_ms": 400, "seed": self.dice.randrange(10**6)}
        self.http.post("/updates/disorder", json=rule).raise_for_status()

    def _ambush(self) -> None:
        """Kill every worker while Telegram has a push of theirs in hand: between the call and the mark."""
        self.http.post("/faults", json={"method": "sendMessage", "delay_ms": AMBUSH_DELAY_MS}).raise_for_status()
        self.push()
        self.did["ambushes between call and mark"] += 1
        workers = [name for name in self.targets if name.startswith("worker")]
        self._note(AMBUSH_DELAY_MS / 1000 + 1 + BOOT_S, "ambush")
        for name in workers:
            self._at(self._now + 0.7, "kill", self._kill(name))

    def _note(self, seconds: float, why: str) -> None:
        self.outages.append(Outage(time.time(), time.time() + seconds, why))
