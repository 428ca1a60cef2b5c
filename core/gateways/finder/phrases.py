"""Several words that stand for others: «пройти врачей» is to book one. `phrases.txt` is read and reviewed by people.

A line of it names the words that are meant, then the phrases, in any form of their words; small words count.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from core.gateways.finder.words import EMPTY, forms, split

BETWEEN = 2
"""Small words that may stand within a phrase without being of it: «попасть бы мне к врачу»."""
JOINING = frozenset({"и", "или", "а", "но"})
"""Small words that part one thing from another: «карта и прививка» is not a card of vaccinations."""
WITHIN = EMPTY - JOINING
Phrase = tuple[tuple[str, ...], tuple[str, ...]]


@cache
def _phrases() -> dict[str, list[Phrase]]:
    """Return phrases by their first word's dictionary form: the other forms, and the words they stand for."""
    found: dict[str, list[Phrase]] = {}
    for line in (files("core.gateways.finder") / "phrases.txt").read_text("utf-8").splitlines():
        heads, several = line.split(": ", 1)
        for phrase in several.split("; "):
            first, *rest = _forms(split(phrase))
            found.setdefault(first, []).append((tuple(rest), tuple(split(heads))))
    return found


def with_heads(words: Sequence[str]) -> list[str]:
    """Return the words, and after them those that their phrases stand for."""
    found, heads = _forms(words), dict[str, None]()
    for at, form in enumerate(found):
        for rest, stands_for in _phrases().get(form, ()):
            if _follows(found[at + 1 :], rest):
                heads |= dict.fromkeys(stands_for)
    return [*words, *(head for head in heads if head not in words)]


def _follows(found: Sequence[str], rest: Sequence[str]) -> bool:
    left, between = list(rest), 0
    for form in found:
        if not left:
            break
        if form == left[0]:
            left.pop(0)
        elif form in WITHIN and between < BETWEEN:
            between += 1
        else:
            break
    return not left


def _forms(words: Sequence[str]) -> list[str]:
    return [forms(word)[0] for word in words]
