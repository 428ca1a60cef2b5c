"""Turns a second and CPU a turn at full load, walking the card's form."""

from bench.readings import Spread
from bench.subjects import Kind, Subject
from bench.walk import full_load

AT_ONCE = 32
"""How many people walk at any time."""


async def one_round(subject: Subject, walks: int) -> dict[str, float]:
    """Let so many people walk the form at full load; returns turns a second and milliseconds of CPU a turn."""
    await subject.applicants.begin_again()
    walkers = await subject.applicants.make(walks)
    cpu, behind = subject.cpu, subject.cpu_behind
    loaded = await full_load(subject.phones, walkers, AT_ONCE)
    ledger = subject.phones.ledger
    return {
        "rate": loaded.rate,
        "cpu": (subject.cpu - cpu) * 1000 / loaded.turns,
        "behind": (subject.cpu_behind - behind) * 1000 / loaded.turns,
        "waited": ledger.waited_calls / loaded.turns,
        "calls": sum(ledger.methods.values()) / loaded.turns,
    }


async def in_turn(subjects: dict[Kind, Subject], rounds: int, walks: int) -> dict[Kind, dict[str, Spread]]:
    """Measure every subject once a round, so that what else the machine does falls on all of them."""
    found: dict[Kind, list[dict[str, float]]] = {kind: [] for kind in subjects}
    for subject in subjects.values():
        await one_round(subject, max(40, walks // 4))
    for _ in range(rounds):
        for kind, subject in subjects.items():
            found[kind].append(await one_round(subject, walks))
    return {
        kind: {name: Spread.of([each[name] for each in every]) for name in every[0]} for kind, every in found.items()
    }
