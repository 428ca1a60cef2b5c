"""How near each article is to a question, and how likely the nearest one answers it: signs, weighed by what was learned."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from core.gateways.finder.index import FIELDS, LIKE, LONGEST, Index
from core.gateways.finder.typed import as_meant
from core.gateways.finder.words import elsewhere, split

SENTENCE = re.compile(r"[.!?;\n]+")
LONGEST_TEXT = 2_000
"""Letters of a question that are looked at sentence by sentence."""
STORY, STRANGE = 0.7, 0.4
"""What words weigh that stand in a sentence before the last: those of the articles, and others."""
SIGNS = (*FIELDS, *(f"{name}{more}" for name in LIKE for more in ("", " together")))
"""What is known of an article beside a question, each 0 to 1: what its fields say, how like its ways of asking are."""
DOUBTS = (
    "constant",
    "ahead",
    "score",
    "covered",
    "words covered",
    "strange",
    "any strange",
    "elsewhere",
    "letters",
    "pairs",
    "short",
)
"""What tells whether the nearest article answers."""
NAMED = 3
"""So many bare words with commas between them ask nothing."""
SHORT = 3
"""Terms of a question that say little by themselves."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was understood, and each article's signs in the order of SIGNS."""

    wanted: Mapping[str, float]
    signs: Sequence[Sequence[float]]


@cache
def learned() -> Mapping[str, float]:
    """Return the weights by name: `sign <name>`, `doubt <name>`, `sure`."""
    lines = (files("core.gateways.finder") / "weights.txt").read_text("utf-8").splitlines()
    return {name: float(value) for line in lines if line for name, value in [line.split(": ")]}


def asked(index: Index, words: str) -> Asked:
    """Read a question. A story before it says less of it than the question, and words of it that no article has say least."""
    plain = as_meant(words[:LONGEST_TEXT], index.rarity.keys())
    parts = [part for each in SENTENCE.split(plain) if (part := _meant(index, each))]
    wanted = index.wanted(parts[-1]) if parts else {}
    for part in parts[:-1]:
        for term, weight in index.wanted(part).items():
            wanted[term] = max(wanted.get(term, 0.0), weight * (STORY if term in index.rarity else STRANGE))
    many, whole = len(index.ids), [word for part in parts for word in part]
    signs = [index.said[name].scores(wanted, many) for name in FIELDS]
    for lines in index.likenesses:
        nearest, together = lines.nearest(whole, many)
        signs += [nearest, together]
    return Asked(wanted, [list(each) for each in zip(*signs, strict=True)])


def _meant(index: Index, sentence: str) -> list[str]:
    """Return the words of a sentence; a phrase ends where a comma stands."""
    return [word for clause in sentence.split(",") for word in index.meant(split(clause))][:LONGEST]


def scored(found: Asked) -> list[float]:
    """Return a score for each article, without bounds; 0 is nothing in common."""
    weights = [learned()[f"sign {name}"] for name in SIGNS]
    return [sum(weight * sign for weight, sign in zip(weights, each, strict=True)) for each in found.signs]


def doubts(index: Index, found: Asked, scores: Sequence[float]) -> list[float]:
    """Return what tells whether the article with the highest score answers, in the order of DOUBTS."""
    place = max(range(len(scores)), key=lambda each: (scores[each], -each))
    top = scores[place]
    ahead = 1 / sum(math.exp(each - top) for each in scores)
    signs = dict(zip(SIGNS, found.signs[place], strict=True))
    words = [term for term in found.wanted if not term.startswith("~")]
    covered = sum(word in index.known[place] for word in words) / max(len(words), 1)
    strange = sum(word not in index.rarity for word in words)
    return [
        1.0,
        ahead,
        top / 10,
        index.covered(found.wanted, place),
        covered,
        strange / max(len(words), 1),
        float(strange > 0),
        float(any(word in elsewhere() and word not in index.known[place] for word in words)),
        signs["letters"],
        signs["pairs"],
        max(0, SHORT - len(words)) / SHORT,
    ]


def is_list(words: str) -> bool:
    """Whether it only names several things, a word each: «карта, прививка, запись». Nobody knows what is asked of them."""
    several = [split(each) for each in words.split(",")]
    return len(several) >= NAMED and all(len(each) == 1 for each in several)


def chance(found: Sequence[float]) -> float:
    """Return how likely the nearest article answers, by its doubts: 0 to 1."""
    told = sum(learned()[f"doubt {name}"] * each for name, each in zip(DOUBTS, found, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, told))))
