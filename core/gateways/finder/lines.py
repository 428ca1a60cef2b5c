"""Likeness to each known way of asking, by what both share: letters in a row, pairs of words, meanings."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import pairwise

from core.gateways.finder.words import forms, terms

LENGTHS = (3, 4, 5)
"""Letters in a row that are looked at together, across words: «не могу» is more than its words."""
EVERYWHERE = 0.12
"""What more than this share of all lines have tells nothing and is left out."""
FEW = 40
"""With fewer lines nothing is left out."""
TOGETHER = 8
"""How many of an article's nearest ways of asking are taken together: one alone may be like by chance."""
LONGEST = 400
"""Letters of a question that are looked at, from its end: a story comes before what is asked."""


def letters(words: Sequence[str]) -> set[str]:
    """Return all rows of letters, spaces among them."""
    row = f" {' '.join(words)} "[-LONGEST:]
    return {row[at : at + length] for length in LENGTHS for at in range(len(row) - length + 1)}


def pairs(words: Sequence[str]) -> set[str]:
    """Return dictionary forms, empty words too, and which of them stand together, or with one between."""
    found = ["^", *(forms(word)[0] for word in words), "$"]
    near = {f"{one} {other}" for one, other in pairwise(found)}
    return near | {f"{one} {other}" for one, other in zip(found, found[2:], strict=False)} | set(found[1:-1])


def meanings(words: Sequence[str]) -> set[str]:
    """Return dictionary forms and their kin, without empty words."""
    return set(terms(words))


class Lines:
    """Lines of articles, each as a set of what it is made of: cosine by how rare each part is."""

    def __init__(
        self, made_of: Callable[[Sequence[str]], set[str]], lines: Iterable[tuple[int, Sequence[str]]]
    ) -> None:
        self._made_of = made_of
        read = [(article, made_of(words)) for article, words in lines]
        holding = Counter(part for _, parts in read for part in parts)
        self._unknown = math.log(1 + len(read)) ** 2
        self._weights = {part: math.log(1 + len(read) / many) ** 2 for part, many in holding.items()}
        self._articles = [article for article, _ in read]
        self._norms = [math.sqrt(sum(self._weights[part] for part in parts)) or 1.0 for _, parts in read]
        most = max(FEW, EVERYWHERE * len(read))
        self._where: dict[str, list[int]] = defaultdict(list)
        for place, (_, parts) in enumerate(read):
            for part in parts:
                if holding[part] <= most:
                    self._where[part].append(place)

    def nearest(self, words: Sequence[str], many: int) -> tuple[list[float], list[float]]:
        """Return for each of `many` articles how like its nearest line is, and its nearest ones together; 0 to 1."""
        parts = self._made_of(words)
        shared = [0.0] * len(self._articles)
        for part in parts:
            if places := self._where.get(part):
                weight = self._weights[part]
                for place in places:
                    shared[place] += weight
        norm = math.sqrt(sum(self._weights.get(part, self._unknown) for part in parts)) or 1.0
        alike: list[list[float]] = [[] for _ in range(many)]
        for place, told in enumerate(shared):
            if told:
                alike[self._articles[place]].append(told / self._norms[place] / norm)
        return [max(each, default=0.0) for each in alike], [_together(each) for each in alike]


def _together(alike: Collection[float]) -> float:
    return sum(sorted(alike, reverse=True)[:TOGETHER]) / TOGETHER
