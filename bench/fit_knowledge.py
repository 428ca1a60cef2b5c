"""`python -m bench.fit_knowledge`: learn how much each sign of an article counts, from the questions that are tuned on alone.

Every known way of asking is a question too, asked of the articles without it and some others. What comes out is written to
core/gateways/finder/weights.txt; the same sets give the same file.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.domain.knowledge import Article, Text
from core.gateways.finder import ranking
from core.gateways.finder.index import Index
from tests.knowledge.questions import articles, elsewhere, questions

FILE = Path(ranking.__file__).with_name("weights.txt")
PARTS = 8
"""The ways of asking are left out an eighth at a time."""
EXACT = 4
"""One of so many is asked of articles that have it, too."""
TUNED_ON = ("tuning", "tuning_second", "strangers_tuning", "voices_tuning", "english_voices_tuning")
ELSEWHERE = ("elsewhere", "elsewhere_tuning")
STEPS, RATE, KEEP_SMALL = 400, 0.1, 1e-3
MOST_ELSEWHERE = 0.07
"""So many questions of other things may be said to be answered: the bar for being sure is the lowest that keeps it."""
OFTEN = 4
"""People's questions count so many times, beside ways of asking that were left out."""
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """A question with what was found: `right` is an article's place, -1 where none answers; `asked`: by people."""

    words: str
    right: int
    found: ranking.Asked
    index: Index
    asked: bool = True


def cases() -> Iterator[Case]:
    """Ask everything that may be learned from."""
    every = articles()
    places = {each.slug: place for place, each in enumerate(every)}
    chosen = random.Random(1)  # nosec: the same parts every time
    parts: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for place, article in enumerate(every):
        for text in (article.content.ru, article.content.en):
            for line in text.askings:
                parts[chosen.randrange(PARTS)].append((place, line))
    for number, left_out in sorted(parts.items()):
        index = Index.of(1, _without(every, left_out))
        for place, line in left_out:
            yield Case(line, place, ranking.asked(index, line), index, asked=False)
        for place, line in parts[(number + 1) % PARTS][::EXACT]:
            yield Case(line, place, ranking.asked(index, line), index, asked=False)
    index = Index.of(1, every)
    for name in TUNED_ON:
        for each in questions(name):
            yield Case(each.words, places.get(each.slug, -1), ranking.asked(index, each.words), index)
    for name in ELSEWHERE:
        for words in elsewhere(name):
            yield Case(words, -1, ranking.asked(index, words), index)


def _without(every: Sequence[Article], left_out: Sequence[tuple[int, str]]) -> list[Article]:
    dropped = set(left_out)
    return [
        replace(
            each,
            content=replace(
                each.content,
                ru=_less(each.content.ru, place, dropped),
                en=_less(each.content.en, place, dropped),
            ),
        )
        for place, each in enumerate(every)
    ]


def _less(text: Text, place: int, dropped: Collection[tuple[int, str]]) -> Text:
    return replace(text, askings=tuple(line for line in text.askings if (place, line) not in dropped))


def fitted_signs(signs: Numbers, right: NDArray[np.int64]) -> Numbers:
    """Return the weights under which the right article is the likeliest of all, by gradient descent (Adam)."""
    scale = signs.std(axis=(0, 1)) + 1e-9
    scaled, at = signs / scale, np.arange(len(right))

    def slope(weights: Numbers) -> Numbers:
        scores = scaled @ weights
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        shares[at, right] -= 1
        return np.asarray(np.einsum("nc,nck->k", shares, scaled) / len(right) + KEEP_SMALL * weights)

    return _descended(slope, signs.shape[2]) / scale


def fitted_doubts(doubts: Numbers, answered: Numbers) -> Numbers:
    """Return the weights of a logistic regression: how likely the nearest article is right."""

    def slope(weights: Numbers) -> Numbers:
        likely = 1 / (1 + np.exp(-(doubts @ weights)))
        return np.asarray((likely - answered) @ doubts / len(answered) + KEEP_SMALL * weights)

    return _descended(slope, doubts.shape[1], 2_000)


def _descended(slope: Callable[[Numbers], Numbers], many: int, steps: int = STEPS) -> Numbers:
    weights, speed, spread = np.zeros(many), np.zeros(many), np.zeros(many)
    for step in range(1, steps + 1):
        down = slope(weights)
        speed = 0.9 * speed + 0.1 * down
        spread = 0.99 * spread + 0.01 * down * down
        rate = RATE * (1.0 if step < steps / 2 else 0.2)
        weights -= rate * (speed / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.99**step)) + 1e-8)
    return weights


def learned() -> dict[str, float]:
    """Return all weights by their names."""
    every = list(cases())
    signs = np.array([case.found.signs for case in every], dtype=np.float64)
    right = np.array([case.right for case in every])
    times = np.array([OFTEN if case.asked else 1 for case in every])
    answerable = np.repeat(np.arange(len(every)), np.where(right >= 0, times, 0))
    by_sign = fitted_signs(signs[answerable], right[answerable])
    scores = signs @ by_sign
    answered = (scores.argmax(axis=1) == right).astype(np.float64)
    doubts = np.array(
        [ranking.doubts(case.index, case.found, list(each)) for case, each in zip(every, scores, strict=True)]
    )
    often = np.repeat(np.arange(len(every)), np.where(right >= 0, 1, OFTEN))
    by_doubt = fitted_doubts(doubts[often], answered[often])
    likely = 1 / (1 + np.exp(-(doubts @ by_doubt)))
    sure = float(np.quantile(likely[right < 0], 1 - MOST_ELSEWHERE))
    told = {f"sign {name}": value for name, value in zip(ranking.SIGNS, by_sign.tolist(), strict=True)}
    told |= {f"doubt {name}": value for name, value in zip(ranking.DOUBTS, by_doubt.tolist(), strict=True)}
    return told | {"sure": sure}


def main() -> None:
    """Learn, and write what was learned."""
    FILE.write_text("".join(f"{name}: {value:.4f}\n" for name, value in learned().items()), "utf-8")
    print(f"Written: {FILE}")


if __name__ == "__main__":
    main()
