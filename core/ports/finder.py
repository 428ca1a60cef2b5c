"""Finding among articles by a person's own words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.domain.ids import ArticleId
from core.domain.knowledge import Article


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that is near. `score`, 0 to 1, is how likely it answers; of those after the first, as far as they are behind."""

    article: ArticleId
    score: float


@dataclass(frozen=True, slots=True)
class Hits:
    """The nearest first. `sure`: the first may be shown as the answer."""

    sure: bool
    hits: Sequence[Hit]


class Finder(Protocol):
    """Understands word forms and typing errors, in Russian and English, on this machine alone."""

    async def prepare(self) -> None:
        """Have the dictionaries at hand: the first time it takes a second."""
        ...

    async def find(self, words: str, stamp: int, articles: Sequence[Article], limit: int = 3) -> Hits:
        """Look among the articles that `stamp` stands for; they are read anew when it is another one than last time.

        Articles that are not shown are not found. Words are read in the language that they are in, whatever the person's own.
        """
        ...
