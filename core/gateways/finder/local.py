"""The nearest articles: BM25 over all that an article says, and the likeness to each known way of asking for it."""

import asyncio
import math
import re
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA

from core.domain.ids import ArticleId
from core.domain.knowledge import Article, Text
from core.gateways.finder.words import (
    CYRILLIC,
    EMPTY,
    forms,
    is_known,
    kin_of,
    plain_forms,
    prepare,
    sound,
    split,
    terms,
)
from core.ports import Hit, Hits

K1, B = 1.2, 0.6
"""BM25's own."""
WEIGHTS = (("askings", 3.0), ("title", 3.0), ("body", 1.0))
KIN_WEIGHT = 0.35
"""A kin word says a third of what the word itself would."""
ASKED, SAID = 0.5, 0.5
"""How much the likeness to a way of asking counts, and how much BM25 does."""
SURE, MARGIN, COVERED = 0.45, 0.12, 0.45
"""Sure is who has such a score, is so far ahead of the next for what it lacks of a full one, and knows such a share of what
was said. From the tuning questions."""
SENTENCE = re.compile(r"[.!?;\n]+")
LONGEST_TEXT = 2_000
"""Letters of a question that are looked at sentence by sentence."""
STORY, STRANGE = 0.7, 0.4
"""What words weigh that stand in a sentence before the last: those of the articles, and others."""
APART, BEFORE = 0.3, 0.6
"""How much of a score the best sentence has by itself, where there are several; how much one counts that is not the last."""
NEAREST = 8
"""Words that a typing error is compared with by their sound too, when they are equally near."""
LONGEST = 60
"""Words of a question that are looked at."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way of asking for an article: its terms, and how much they weigh together."""

    article: int
    terms: frozenset[str]
    weight: float


@dataclass(slots=True)
class Index:
    """What was read of the articles that a stamp stands for."""

    stamp: int
    ids: list[ArticleId] = field(default_factory=list)
    counts: list[dict[str, float]] = field(default_factory=list)
    lengths: list[float] = field(default_factory=list)
    holding: dict[str, list[int]] = field(default_factory=dict)
    rarity: dict[str, float] = field(default_factory=dict)
    ways: list[Way] = field(default_factory=list)
    forms: frozenset[str] = frozenset()
    written: dict[int, list[str]] = field(default_factory=dict)
    """Words as they are written, by length: what a typing error is compared with."""

    @classmethod
    def of(cls, stamp: int, articles: Sequence[Article]) -> "Index":
        """Read the articles that are shown."""
        index = cls(stamp)
        shown = [each for each in articles if each.is_shown]
        written: set[str] = set()
        ways: list[tuple[int, list[str]]] = []
        for place, article in enumerate(shown):
            index.ids.append(article.id)
            counts: dict[str, float] = defaultdict(float)
            for text in (article.content.ru, article.content.en):
                ways += [(place, terms(split(line))) for line in (text.title, *text.askings)]
                for name, weight in WEIGHTS:
                    words = split(_part(text, name))
                    if name != "body":
                        written.update(words)
                    for term in terms(words):
                        counts[term] += weight * (KIN_WEIGHT if term.startswith("~") else 1.0)
            index.counts.append(dict(counts))
            index.lengths.append(sum(counts.values()))
            for term in counts:
                index.holding.setdefault(term, []).append(place)
        many = len(shown)
        for term, places in index.holding.items():
            rarity = math.log(1 + (many - len(places) + 0.5) / (len(places) + 0.5))
            index.rarity[term] = rarity * (KIN_WEIGHT if term.startswith("~") else 1.0)
        index.ways = [Way(place, frozenset(found), index.weigh(set(found))) for place, found in ways]
        index.forms = frozenset(form for word in written for form in forms(word)[:1])
        for word in written:
            index.written.setdefault(len(word), []).append(word)
        return index

    def weigh(self, found: Iterable[str]) -> float:
        """Return how much terms say together."""
        return sum(self.rarity.get(term, 0.0) for term in found)

    def wanted(self, words: str) -> dict[str, float]:
        """Return the terms of a question, and how much each of them weighs in it.

        A word that no article has weighs as much as the rarest, unless it has kin: then its kin speak for it in full.
        """
        unknown = math.log(1 + len(self.ids) + 0.5)
        found: dict[str, float] = {}
        for form in plain_forms(self.meant(split(words)[:LONGEST]), self.forms):
            kin = [term for term in kin_of(form) if term in self.rarity]
            speaks = form not in self.rarity and any(not term.startswith("~^") for term in kin)
            for term in kin:
                weight = self.rarity[term] * (1 / KIN_WEIGHT if speaks and not term.startswith("~^") else 1.0)
                found[term] = max(found.get(term, 0.0), weight)
            if not speaks:
                found[form] = self.rarity.get(form, unknown)
        return found

    def meant(self, words: Sequence[str]) -> list[str]:
        """Return the words with typing errors put right, where one of the articles' own words is near."""
        return [self._meant(word) for word in words]

    def _meant(self, word: str) -> str:
        known = is_known(word)
        if (
            len(word) < 4
            or word.isdigit()
            or any(form in EMPTY for form in forms(word))
            or any(form in self.forms for form in forms(word))
        ):
            return word
        most = 1 if known or len(word) < 7 else 2
        span = 0 if known else most
        near = [
            each for length in range(len(word) - span, len(word) + span + 1) for each in self.written.get(length, ())
        ]
        found = process.extract(word, near, scorer=OSA.distance, score_cutoff=most, limit=NEAREST)
        alike = [each for each, far, _ in found if far == found[0][1] and sound(each) == sound(word)]
        if alike or len(word) < (5 if known else 4 if CYRILLIC.search(word) else 6):
            return alike[0] if alike else word
        return found[0][0] if found else word

    def told(self, words: str) -> tuple[dict[str, float], list[tuple[int, float]]]:
        """Return what was asked, and the places of articles with their scores, the nearest first.

        A story before the question says less of it than the question, and words of it that no article has say least.
        """
        parts = [part for each in SENTENCE.split(words[:LONGEST_TEXT]) if (part := self.wanted(each))]
        wanted = dict(parts[-1]) if parts else {}
        for part in parts[:-1]:
            for term, weight in part.items():
                wanted[term] = max(wanted.get(term, 0.0), weight * (STORY if term in self.rarity else STRANGE))
        scores = self.scores(wanted)
        if len(parts) > 1:
            apart = [[BEFORE * each for each in self.scores(part)] for part in parts[:-1]]
            best = [max(several) for several in zip(*apart, self.scores(parts[-1]), strict=True)]
            scores = [(1 - APART) * whole + APART * part for whole, part in zip(scores, best, strict=True)]
        order = sorted(range(len(scores)), key=lambda place: (-scores[place], place))
        return wanted, [(place, scores[place]) for place in order if scores[place] > 0]

    def scores(self, wanted: Mapping[str, float]) -> list[float]:
        """Return each article's score."""
        weight = sum(wanted.values())
        if not weight or not self.ids:
            return [0.0] * len(self.ids)
        likeness = [0.0] * len(self.ids)
        for way in self.ways:
            shared = way.terms & wanted.keys()
            if shared:
                alike = 2 * sum(wanted[term] for term in shared) / (weight + way.weight)
                likeness[way.article] = max(likeness[way.article], min(alike, 1.0))
        told = self._bm25(wanted)
        return [ASKED * alike + SAID * said for alike, said in zip(likeness, told, strict=True)]

    def covered(self, wanted: Mapping[str, float], place: int) -> float:
        """Return how much of what was asked an article speaks of at all, as a share of its weight."""
        known = self.counts[place]
        return sum(weight for term, weight in wanted.items() if term in known) / sum(wanted.values())

    def _bm25(self, wanted: Mapping[str, float]) -> list[float]:
        """Return BM25 as a share of what an article would have that says each of the terms without end."""
        most = sum(wanted.values()) * (K1 + 1)
        middle = sum(self.lengths) / len(self.lengths)
        found = [0.0] * len(self.ids)
        for term, weight in wanted.items():
            for place in self.holding.get(term, ()):
                count = self.counts[place][term]
                norm = K1 * (1 - B + B * self.lengths[place] / middle)
                found[place] += weight * count * (K1 + 1) / (count + norm) / most
        return found


def _part(text: Text, name: str) -> str:
    if name == "askings":
        return "\n".join(text.askings)
    return text.title if name == "title" else text.body


class LocalFinder:
    """`core.ports.Finder`. One index a process, made anew when the articles are others than last time; off the event loop."""

    def __init__(self) -> None:
        self._index: Index | None = None
        self._making = threading.Lock()

    async def prepare(self) -> None:
        """Read the dictionaries."""
        await asyncio.to_thread(prepare)

    async def find(self, words: str, stamp: int, articles: Sequence[Article], limit: int = 3) -> Hits:
        """Look in a thread: reading all articles takes some hundred milliseconds, a question a few."""
        return await asyncio.to_thread(self.found, words, stamp, articles, limit)

    def found(self, words: str, stamp: int, articles: Sequence[Article], limit: int = 3) -> Hits:
        """The same, here and now."""
        index = self._indexed(stamp, articles)
        wanted, ranked = index.told(words)
        best = ranked[0][1] if ranked else 0.0
        second = ranked[1][1] if len(ranked) > 1 else 0.0
        sure = best >= SURE and best - second >= MARGIN * (1 - best) and index.covered(wanted, ranked[0][0]) >= COVERED
        return Hits(sure, [Hit(index.ids[place], min(score, 1.0)) for place, score in ranked[:limit]])

    def _indexed(self, stamp: int, articles: Sequence[Article]) -> Index:
        with self._making:
            if self._index is None or self._index.stamp != stamp:
                self._index = Index.of(stamp, articles)
            return self._index
