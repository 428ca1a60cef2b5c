"""The nearest articles, by all that they say and by each known way of asking for them."""

import asyncio
import math
import threading
from collections.abc import Sequence

from core.domain.knowledge import Article
from core.gateways.finder.index import Index
from core.gateways.finder.ranking import asked, chance, doubts, is_list, learned, scored
from core.gateways.finder.words import prepare
from core.ports import Hit, Hits


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
        question = asked(index, words)
        scores = scored(question)
        order = sorted(
            (place for place, score in enumerate(scores) if score > 0), key=lambda place: (-scores[place], place)
        )
        if not order:
            return Hits(sure=False, hits=[])
        likely = chance(doubts(index, question, scores))
        best = scores[order[0]]
        hits = [Hit(index.ids[place], likely * math.exp(scores[place] - best)) for place in order[:limit]]
        return Hits(likely >= learned()["sure"] and not is_list(words), hits)

    def _indexed(self, stamp: int, articles: Sequence[Article]) -> Index:
        with self._making:
            if self._index is None or self._index.stamp != stamp:
                self._index = Index.of(stamp, articles)
                _ = self._index.likenesses
            return self._index
