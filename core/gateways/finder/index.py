"""What is read of the articles once: their terms by field, their ways of asking, and the words typing errors are put right by."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from core.domain.ids import ArticleId
from core.domain.knowledge import Article, Text
from core.gateways.finder.lines import Lines, letters, meanings, pairs
from core.gateways.finder.phrases import with_heads
from core.gateways.finder.words import (
    CYRILLIC,
    EMPTY,
    elsewhere,
    forms,
    is_known,
    kin_of,
    plain_forms,
    sound,
    split,
    terms,
)

K1, B = 1.2, 0.6
"""BM25's own."""
FIELDS = ("askings", "title", "body")
WEIGHTS = {"askings": 3.0, "title": 3.0, "body": 1.0}
"""How much a term of a field says of how rare it is, and whether an article has it; what each tells of the answer is learned."""
LIKE = {"letters": letters, "pairs": pairs, "meanings": meanings}
"""What a question and a way of asking are compared by."""
KIN_WEIGHT = 0.35
"""A kin word says a third of what the word itself would."""
NEAREST = 8
"""Words that a typing error is compared with by their sound too, when they are equally near."""
TWO_ERRORS, TWO_ERRORS_LATIN = 7, 9
"""Letters of a word that may have two errors; no dictionary tells which English words are right, so fewer are put right."""
LONGEST = 60
"""Words of a question that are looked at."""


@dataclass(slots=True)
class Said:
    """One field of all articles: where each term stands, and how much it says there, 0 to 1."""

    where: dict[str, list[tuple[int, float]]] = field(default_factory=dict)

    @classmethod
    def of(cls, counts: Sequence[Mapping[str, float]]) -> "Said":
        """Read what BM25 needs of the counts of each article."""
        said, lengths = cls(), [sum(each.values()) for each in counts]
        middle = sum(lengths) / len(lengths) or 1.0 if lengths else 1.0
        for place, each in enumerate(counts):
            norm = K1 * (1 - B + B * lengths[place] / middle)
            for term, count in each.items():
                said.where.setdefault(term, []).append((place, count / (count + norm)))
        return said

    def scores(self, wanted: Mapping[str, float], many: int) -> list[float]:
        """Return for each of `many` articles what it says of the terms, as a share of saying each without end."""
        found, most = [0.0] * many, sum(wanted.values()) or 1.0
        for term, weight in wanted.items():
            for place, share in self.where.get(term, ()):
                found[place] += weight * share / most
        return found


@dataclass
class Index:
    """What was read of the articles that a stamp stands for."""

    stamp: int
    ids: list[ArticleId] = field(default_factory=list)
    known: list[frozenset[str]] = field(default_factory=list)
    said: dict[str, Said] = field(default_factory=dict)
    rarity: dict[str, float] = field(default_factory=dict)
    lines: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    forms: frozenset[str] = frozenset()
    written: dict[int, list[str]] = field(default_factory=dict)
    """Words as they are written, by length: what a typing error is compared with."""

    @classmethod
    def of(cls, stamp: int, articles: Sequence[Article]) -> "Index":
        """Read the articles that are shown."""
        index = cls(stamp)
        shown = [each for each in articles if each.is_shown]
        written: Counter[str] = Counter()
        counts: dict[str, list[dict[str, float]]] = {name: [defaultdict(float) for _ in shown] for name in FIELDS}
        holding: dict[str, set[int]] = defaultdict(set)
        for place, article in enumerate(shown):
            index.ids.append(article.id)
            for text in (article.content.ru, article.content.en):
                index.lines += [(place, tuple(with_heads(split(line)))) for line in (text.title, *text.askings)]
                for name in FIELDS:
                    for line in _part(text, name):
                        words = split(line)
                        if name != "body":
                            written.update(set(words))
                        for term in terms(with_heads(words)):
                            counts[name][place][term] += KIN_WEIGHT if term.startswith("~") else 1.0
                            holding[term].add(place)
            index.known.append(frozenset(term for name in FIELDS for term in counts[name][place]))
        index.said = {name: Said.of(counts[name]) for name in FIELDS}
        many = len(shown)
        for term, places in holding.items():
            rarity = math.log(1 + (many - len(places) + 0.5) / (len(places) + 0.5))
            index.rarity[term] = rarity * (KIN_WEIGHT if term.startswith("~") else 1.0)
        right = [word for word, many in written.items() if many > 1 or is_known(word) or not CYRILLIC.search(word)]
        index.forms = frozenset(form for word in right for form in forms(word)[:1])
        for word in right:
            index.written.setdefault(len(word), []).append(word)
        return index

    @cached_property
    def likenesses(self) -> tuple[Lines, ...]:
        """Ways of asking, in the order of LIKE."""
        return _likenesses(tuple(self.lines))

    def wanted(self, words: Sequence[str]) -> dict[str, float]:
        """Return the terms of words, and how much each of them weighs.

        A word that no article has weighs as much as the rarest, unless it has kin: then its kin speak for it in full.
        """
        unknown = math.log(1 + len(self.ids) + 0.5)
        found: dict[str, float] = {}
        for form in plain_forms(words, self.forms):
            kin = [term for term in kin_of(form) if term in self.rarity]
            speaks = form not in self.rarity and any(not term.startswith("~^") for term in kin)
            for term in kin:
                weight = self.rarity[term] * (1 / KIN_WEIGHT if speaks and not term.startswith("~^") else 1.0)
                found[term] = max(found.get(term, 0.0), weight)
            if not speaks:
                found[form] = self.rarity.get(form, unknown)
        return found

    def meant(self, words: Sequence[str]) -> list[str]:
        """Return the words with typing errors put right, where one of the articles' own words is near, and their heads."""
        return with_heads([self._meant(word) for word in words[:LONGEST]])

    def _meant(self, word: str) -> str:
        known = is_known(word)
        if (
            len(word) < 4
            or word.isdigit()
            or any(form in EMPTY or form in elsewhere() or form in self.forms for form in forms(word))
        ):
            return word
        most = 1 if known or len(word) < (TWO_ERRORS if CYRILLIC.search(word) else TWO_ERRORS_LATIN) else 2
        span = 0 if known else most
        near = [
            each for length in range(len(word) - span, len(word) + span + 1) for each in self.written.get(length, ())
        ]
        found = process.extract(word, near, scorer=OSA.distance, score_cutoff=most, limit=NEAREST)
        alike = [each for each, far, _ in found if far == found[0][1] and sound(each) == sound(word)]
        if alike or len(word) < (5 if known else 4 if CYRILLIC.search(word) else 6):
            return alike[0] if alike else word
        return found[0][0] if found else word

    def covered(self, wanted: Mapping[str, float], place: int) -> float:
        """Return how much of what was asked an article speaks of at all, as a share of its weight."""
        known = self.known[place]
        return sum(weight for term, weight in wanted.items() if term in known) / (sum(wanted.values()) or 1.0)


@lru_cache(maxsize=2)
def _likenesses(lines: tuple[tuple[int, tuple[str, ...]], ...]) -> tuple[Lines, ...]:
    """Return what compares a question with these lines: the bot and the desk in one process share it."""
    return tuple(Lines(made_of, lines) for made_of in LIKE.values())


def _part(text: Text, name: str) -> Sequence[str]:
    if name == "askings":
        return text.askings
    return (text.title,) if name == "title" else (text.body,)
