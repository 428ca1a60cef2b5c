"""The judgement on a run, as a table: what was counted, and which promises broke."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tests.faults.evidence import Evidence, Mailed
from tests.faults.measuring import fullest_second, longest_silence
from tests.faults.promises import FAULTS, PROMISES, RATE
from tests.faults.windows import TITLES


@dataclass(frozen=True)
class Verdict:
    """`counts` are the lines of the table; `broken` the breaches of each promise, each in a sentence."""

    seed: int
    counts: Sequence[tuple[str, object]]
    broken: Mapping[str, Sequence[str]]

    @property
    def breaches(self) -> list[str]:
        """Everything that must not be."""
        return [each for breaches in self.broken.values() for each in breaches]

    def __str__(self) -> str:
        rows = [
            *self.counts,
            *((name, f"BROKEN {len(each)}" if each else "kept") for name, each in self.broken.items()),
        ]
        width = max(len(name) for name, _ in rows)
        lines = [f"  {name:<{width}}  {value}" for name, value in rows]
        broken = [f"  broken: {each}" for each in self.breaches] or ["  every promise was kept"]
        return "\n".join([*lines, "", *broken, "", f"  seed {self.seed} (FAULTS_SEED={self.seed} replays it)"])


def judge(evidence: Evidence) -> Verdict:
    """Count everything, and look for what must not be."""
    broken = {name: list(check(evidence)) for name, check in PROMISES.items()}
    return Verdict(evidence.seed, list(_counts(evidence)), broken)


def _counts(evidence: Evidence) -> Iterable[tuple[str, object]]:
    walks, pushes, codes = evidence.walks, evidence.pushes, evidence.codes
    typed = [each for walk in walks for each in walk.typed]
    yield "updates by", evidence.by
    yield "took", ", ".join(f"{name} {seconds:.0f} s" for name, seconds in evidence.phases.items())
    for name in FAULTS:
        yield name, evidence.happened.get(name, 0)
    yield from sorted((name, times) for name, times in evidence.besides.items() if times)
    yield "people", f"{len(walks)}, with a card {sum(1 for each in walks if each.done)}"
    yield "fields typed", len(typed)
    yield "  taken at once", sum(1 for each in typed if each.taken)
    yield "  turned away in words, typed again", sum(1 for each in typed if each.taken is False)
    yield "  stored", sum(times for walk in walks for name, times in walk.answered.items() if name in TITLES)
    yield "double taps", sum(each.double_taps for each in walks)
    yield "drafts left, and resumed", f"{sum(each.left for each in walks)}, {sum(each.resumed for each in walks)}"
    yield "/card pressed into silence", sum(each.nudges for each in walks)
    yield "pushes written", len(pushes)
    yield "  arrived once", sum(1 for each in pushes if each.arrived == 1)
    yield "  arrived more than once", sum(1 for each in pushes if each.arrived > 1)
    yield "  never arrived", sum(1 for each in pushes if each.arrived == 0)
    yield "  with an unknown outcome", sum(1 for each in pushes if each.unknown)
    yield "  in the end", _tally(each.state for each in pushes)
    yield "letters", _tally(each.state for each in evidence.letters)
    yield "decisions of the desk", _tally(each.state for each in evidence.decisions)
    yield (
        "  answers that never came",
        sum(1 for each in evidence.decisions for heard in each.heard.values() for status in heard if status == 0),
    )
    for mailed in evidence.mailings:
        yield mailed.name, _mailed(mailed)
    yield "codes made", _tally(each.channel for each in codes)
    yield "  in the end", _tally(f"{each.channel} {each.state}" for each in codes)
    yield "fullest second to Telegram", f"{fullest_second(evidence.sends)[0]} of {RATE}"
    yield "longest silence outside outages", f"{longest_silence(walks, evidence.outages):.1f} s"
    yield "lines of the journal", evidence.lines


def _mailed(mailed: Mailed) -> str:
    names = ("sent", "blocked", "failed", "skipped", "uncertain")
    return f"{mailed.report.get('found', 0)}: " + ", ".join(f"{name} {mailed.report.get(name, 0)}" for name in names)


def _tally(states: Iterable[str]) -> str:
    return ", ".join(f"{state} {number}" for state, number in sorted(Counter(states).items()))
