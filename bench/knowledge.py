"""How many everyday questions are answered right at first, against plain BM25 on the words as they are written."""

import math
from collections import Counter
from collections.abc import Sequence
from statistics import quantiles
from time import perf_counter, process_time

from bench.readings import Row
from core.domain.knowledge import Article
from core.gateways.finder import LocalFinder
from core.gateways.finder.words import prepare, split
from tests.knowledge.questions import NOBODY, Question, articles, elsewhere, questions, score

K1, B = 1.5, 0.75
"""The usual ones."""


class PlainBm25:
    """The peer: the same articles, the words as they are written, nothing else."""

    def __init__(self, every: Sequence[Article]) -> None:
        self.slugs = [each.slug for each in every]
        self.counts = [Counter(split(_all_of(each))) for each in every]
        self.lengths = [sum(each.values()) for each in self.counts]
        self.middle = sum(self.lengths) / len(self.lengths)
        self.holding = Counter(word for each in self.counts for word in each)

    def first(self, words: str) -> str:
        scores = [self._score(split(words), place) for place in range(len(self.slugs))]
        return self.slugs[scores.index(max(scores))] if any(scores) else ""

    def _score(self, words: Sequence[str], place: int) -> float:
        told, norm = 0.0, K1 * (1 - B + B * self.lengths[place] / self.middle)
        for word in words:
            count, many = self.counts[place][word], self.holding[word]
            if count:
                told += math.log(1 + (len(self.slugs) - many + 0.5) / (many + 0.5)) * count * (K1 + 1) / (count + norm)
        return told


def _all_of(article: Article) -> str:
    texts = (article.content.ru, article.content.en)
    return "\n".join(part for text in texts for part in (text.title, text.body, *text.askings))


def _share(peer: PlainBm25, asked: Sequence[Question]) -> float:
    return sum(peer.first(each.words) == each.slug for each in asked) / len(asked)


async def run(_up: object, _sizes: object) -> list[Row]:
    """Ask everything, and time it."""
    begun = perf_counter()
    prepare()
    read = perf_counter() - begun
    every, finder = articles(), LocalFinder()
    begun = perf_counter()
    finder.found("карта", 1, every)
    indexed = perf_counter() - begun
    peer, lines = PlainBm25(every), []
    names = {
        "held_out": "Russian, nobody tuned on them",
        "held_out_second": "Russian, nobody tuned on them, the second set",
        "held_out_third": "Russian, nobody tuned on them, the third set",
        "strangers_held_out": "Russian, as strangers ask, the half nobody tuned on",
        "voices_held_out": "Russian, of other voices, the half nobody tuned on",
        "fresh": "Russian, another voice, written after all was tuned",
        "fresh_second": "Russian, one more voice, written after all was tuned again",
        "strangers_tuning": "Russian, as strangers ask, the half that is tuned on",
        "voices_tuning": "Russian, of other voices, the half that is tuned on",
        "tuning": "Russian, tuned on",
        "tuning_second": "Russian, tuned on, the second set",
        "english": "English",
        "english_voices_held_out": "English, of other voices, the half nobody tuned on",
        "english_fresh": "English, one more voice, written after all was tuned",
        "english_voices_tuning": "English, of other voices, the half that is tuned on",
    }
    for name, kind in names.items():
        asked = questions(name)
        found = score(asked, finder)
        answerable = [each for each in asked if each.slug != NOBODY]
        aim = "at least 0.85" if "held_out" in name or "fresh" in name else ""
        of = f"{len(answerable)} questions, {kind}"
        lines.append(Row("answered right at first", of, f"{found.first:.3f}", f"{_share(peer, answerable):.3f}", aim))
        lines.append(Row("shown as the answer: right, wrong", of, f"{found.shown_right:.3f}, {found.shown_wrong:.3f}"))
        if found.strange:
            of = f"{found.strange} of the same set that no article answers"
            lines.append(Row("said to be sure", of, f"{found.strange_shown}"))
    strange = elsewhere()
    sure = sum(finder.found(each, 1, every).sure for each in strange)
    lines.append(Row("said to be sure", f"{len(strange)} questions of other things", f"{sure}"))
    again, times, used = [each.words for each in questions("held_out")] * 5, [], []
    for words in again:
        begun, busy = perf_counter(), process_time()
        finder.found(words, 1, every)
        times.append((perf_counter() - begun) * 1_000)
        used.append((process_time() - busy) * 1_000)
    of = f"{len(every)} articles"
    lines.append(Row("p95 of a question, ms", of, f"{quantiles(times, n=20)[-1]:.1f}"))
    lines.append(Row("p95 of a question, ms of CPU", of, f"{quantiles(used, n=20)[-1]:.1f}"))
    lines.append(Row("once a process: dictionaries, s", of, f"{read:.2f}"))
    lines.append(Row("once a change of the articles: the index, s", of, f"{indexed:.2f}"))
    return lines
