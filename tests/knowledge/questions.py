"""Questions as people ask them, each with the article that answers it. The search is tuned on some; nobody looks at the rest."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from core.domain.ids import ArticleId
from core.domain.knowledge import Article, ArticleState, seeds
from core.gateways.finder import LocalFinder

HERE = Path(__file__).resolve().parent


NOBODY = "none"
"""What stands for the article of a question that none answers."""


@dataclass(frozen=True)
class Question:
    """`slug` names the article that answers, NOBODY where none does."""

    slug: str
    words: str


@dataclass(frozen=True)
class Score:
    """Shares of the questions: whose first article is the right one, whose answer was shown at once and right, and wrong.

    Those that no article answers are not among them; `strange_shown` of `strange` were answered nevertheless.
    """

    first: float
    shown_right: float
    shown_wrong: float
    strange_shown: int = 0
    strange: int = 0


def questions(name: str) -> list[Question]:
    """Read a set by its file's name: `tuning`, `held_out`, `fresh`, `english` and the like; docs/performance.md tells of each."""
    lines = (HERE / f"{name}.tsv").read_text("utf-8").splitlines()
    return [Question(*line.split("\t")) for line in lines]


def elsewhere(name: str = "elsewhere") -> list[str]:
    """Read what is about other things, or about nothing: `elsewhere`, or `elsewhere_tuning`."""
    return (HERE / f"{name}.txt").read_text("utf-8").splitlines()


def articles() -> list[Article]:
    """Return the product's own articles, as they stand at the first start."""
    return [
        Article(ArticleId(UUID(int=number)), seed.slug, seed.content, ArticleState.REVIEWED)
        for number, seed in enumerate(seeds(), 1)
    ]


def score(asked: list[Question], finder: LocalFinder | None = None) -> Score:
    """Ask them all."""
    finder, every = finder or LocalFinder(), articles()
    slugs = {each.id: each.slug for each in every}
    first = right = wrong = strange_shown = 0
    answerable = [each for each in asked if each.slug != NOBODY]
    for question in asked:
        found = finder.found(question.words, 1, every)
        if question.slug == NOBODY:
            strange_shown += found.sure
            continue
        is_right = bool(found.hits) and slugs[found.hits[0].article] == question.slug
        first += is_right
        right += is_right and found.sure
        wrong += found.sure and not is_right
    many = len(answerable)
    return Score(first / many, right / many, wrong / many, strange_shown, len(asked) - many)
