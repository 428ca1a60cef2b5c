"""How long people wait, at half of full load: turns begin when they begin, whether or not the last ones were answered."""

import asyncio
import random
from time import perf_counter

from bench.readings import Spread, share
from bench.subjects import Kind, Subject
from bench.turns import AT_ONCE
from bench.walk import Ledger, full_load

WALKING = 200
"""People under way at any time, so that hardly ever somebody's next turn is due before their last answer."""


async def full_rate(subject: Subject, walks: int) -> float:
    """Return the turns a second that the bot manages at most."""
    await subject.applicants.begin_again()
    return (await full_load(subject.phones, await subject.applicants.make(walks), AT_ONCE)).rate


async def one_round(subject: Subject, walks: int, rate: float) -> dict[str, float]:
    """Walk at this rate of turns a second, at random moments; returns percentiles in milliseconds."""
    await subject.applicants.begin_again()
    walkers = await subject.applicants.make(walks)
    phones, chance = subject.phones, random.Random(1)
    phones.ledger = Ledger()
    ready = [(person, iter(steps)) for person, steps in walkers]
    due, late, began = perf_counter(), 0, perf_counter()
    under_way: set[asyncio.Task[float]] = set()
    busy: set[int] = set()
    async with asyncio.TaskGroup() as group:
        while ready:
            due += chance.expovariate(rate)
            if (pause := due - perf_counter()) > 0:
                await asyncio.sleep(pause)
            place = next((at for at, (person, _) in enumerate(ready[:WALKING]) if person.id not in busy), None)
            if place is None:
                late += 1
                continue
            person, steps = ready.pop(place)
            step = next(steps, None)
            if step is None:
                continue
            ready.insert(min(WALKING, len(ready)), (person, steps))
            busy.add(person.id)
            task = group.create_task(phones.turn(person, step))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
            task.add_done_callback(lambda _, chat=person.id: busy.discard(chat))  # type: ignore[misc]
    took = [each * 1000 for each in phones.ledger.took]
    return {
        "asked": rate,
        "reached": len(took) / (perf_counter() - began),
        "p50": share(took, 0.5),
        "p95": share(took, 0.95),
        "p99": share(took, 0.99),
        "late": float(late),
    }


async def in_turn(subjects: dict[Kind, Subject], rounds: int, walks: int) -> dict[Kind, dict[str, Spread]]:
    """Measure each at half of its own full load, one after another in every round."""
    rates = {kind: await full_rate(subject, walks) / 2 for kind, subject in subjects.items()}
    found: dict[Kind, list[dict[str, float]]] = {kind: [] for kind in subjects}
    for _ in range(rounds):
        for kind, subject in subjects.items():
            found[kind].append(await one_round(subject, walks, rates[kind]))
    return {
        kind: {name: Spread.of([each[name] for each in every]) for name in every[0]} for kind, every in found.items()
    }
