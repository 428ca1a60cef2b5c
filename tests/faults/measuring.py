"""The two lengths of time that promises are about."""

from collections.abc import Iterable, Sequence

from tests.faults.evidence import Outage, Wait, Walk

WINDOW_S = 1.0


def fullest_second(times: Sequence[float]) -> tuple[int, float]:
    """Return the greatest number of moments within any one second, and when that second began."""
    times = sorted(times)
    first, most, began = 0, 0, 0.0
    for last, moment in enumerate(times):
        while moment - times[first] >= WINDOW_S:
            first += 1
        if last - first + 1 > most:
            most, began = last - first + 1, times[first]
    return most, began


def longest_silence(walks: Sequence[Walk], outages: Sequence[Outage]) -> float:
    """Return the longest time that somebody waited for any word, not counting the times when something was broken."""
    outages = sorted(outages, key=lambda outage: outage.began)
    return max((_lasted(each, outages) for walk in walks for each in _silences(walk.waits)), default=0.0)


def _silences(waits: Sequence[Wait]) -> Iterable[tuple[float, float]]:
    began: float | None = None
    for each in waits:
        began = each.began if began is None else began
        if each.heard:
            yield began, each.ended
            began = None
    if began is not None:
        yield began, waits[-1].ended


def _lasted(silence: tuple[float, float], outages: Sequence[Outage]) -> float:
    """Return the seconds of a silence that no outage covers."""
    began, ended = silence
    left, at = 0.0, began
    for each in outages:
        if each.ended <= at or each.began >= ended:
            continue
        left += max(0.0, each.began - at)
        at = max(at, each.ended)
    return left + max(0.0, ended - at)
