"""An article: what it says in both languages, how people ask for it, where its button leads, and what became of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from core.domain.ids import ArticleId, StaffId
from core.domain.knowledge.errors import BadArticle, WrongArticleMove
from core.domain.support import SupportTopic

LANGUAGES = ("ru", "en")
LONGEST_TITLE = 120
LONGEST_BODY = 2_500
"""With its title it stays within one message of Telegram, whatever is escaped."""
LONGEST_ASKING = 200
MOST_ASKINGS = 80
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 60

DOORS = (
    "", "menu", "about", "language", "signin", "status", "card", "scans", "consent", "results", "visits", "vaccinations",
    "documents", "book", "appointments", "security", "activity", "notifications", "help", "operator", "support", "tickets",
)  # fmt: skip
"""Places of the bot that an article's button may lead to; none for an article without one."""


class ArticleState(StrEnum):
    """DRAFT: not shown yet. REVIEWED: published, by somebody who did not write it unless nobody else could. RETIRED: no longer."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    RETIRED = "retired"


MOVES: Mapping[ArticleState, frozenset[ArticleState]] = {
    ArticleState.DRAFT: frozenset({ArticleState.REVIEWED, ArticleState.RETIRED}),
    ArticleState.REVIEWED: frozenset({ArticleState.REVIEWED, ArticleState.RETIRED}),
    ArticleState.RETIRED: frozenset({ArticleState.REVIEWED}),
}
"""REVIEWED to itself: what was proposed takes the place of what was shown."""


@dataclass(frozen=True, slots=True)
class Text:
    """One language. `askings` are how people ask for it, one a line at the desk."""

    title: str
    body: str
    askings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """What is written, and what is reviewed as a whole. `place` is one of DOORS."""

    topic: SupportTopic
    place: str
    ru: Text
    en: Text

    def text(self, language: str) -> Text:
        """Return it in a language; Russian where there is no such."""
        return self.en if language == "en" else self.ru

    def checked(self) -> "Content":
        """Return it trimmed. Raises BadArticle naming the first field that will not do."""
        if self.place not in DOORS:
            raise BadArticle("place")
        return replace(self, ru=_checked("ru", self.ru), en=_checked("en", self.en))


def _checked(language: str, text: Text) -> Text:
    title, body = text.title.strip(), text.body.strip().replace("\r\n", "\n")
    askings = tuple(dict.fromkeys(each.strip() for each in text.askings if each.strip()))
    if not 1 <= len(title) <= LONGEST_TITLE:
        raise BadArticle(f"{language}.title")
    if not 1 <= len(body) <= LONGEST_BODY:
        raise BadArticle(f"{language}.body")
    if len(askings) > MOST_ASKINGS or any(len(each) > LONGEST_ASKING for each in askings):
        raise BadArticle(f"{language}.askings")
    return Text(title, body, askings)


def slug_of(raw: str) -> str:
    """Return the short name of an article, or raise BadArticle: Latin letters, digits, single hyphens."""
    slug = raw.strip().lower()
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        raise BadArticle("slug")
    return slug


@dataclass(frozen=True, slots=True)
class Article:
    """As it stands. `seeded` is the digest of the product's own text while nobody has edited it at the desk.

    `version` rises with every change, a proposal included. `helped` and `unhelped` count what citizens said.
    """

    id: ArticleId
    slug: str
    content: Content
    state: ArticleState = ArticleState.DRAFT
    version: int = 1
    edited_at: datetime | None = None
    edited_by: StaffId | None = None
    reviewed_at: datetime | None = None
    reviewed_by: StaffId | None = None
    seeded: str | None = None
    helped: int = 0
    unhelped: int = 0

    def moved(self, to: ArticleState) -> "Article":
        """Return it in another state. Raises WrongArticleMove."""
        if to not in MOVES[self.state]:
            raise WrongArticleMove
        return replace(self, state=to)

    def unreviewed(self, proposal: "Proposal | None") -> StaffId | None:
        """Return who wrote what would be published now, while nobody else has looked at it; None where somebody has."""
        if proposal is not None:
            return proposal.by
        return self.edited_by if self.reviewed_by in {None, self.edited_by} else None

    @property
    def alone(self) -> bool:
        """Whether who wrote it has published it, since nobody else could."""
        return self.reviewed_by is not None and self.reviewed_by == self.edited_by

    @property
    def is_shown(self) -> bool:
        """Whether citizens find it."""
        return self.state is ArticleState.REVIEWED


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that waits beside the published text until it is published or dropped."""

    article: ArticleId
    content: Content
    by: StaffId
    at: datetime


class Articles(Protocol):
    """The articles. Nobody's data: they stand in clear."""

    async def stamp(self) -> int:
        """A number that is another one after every change."""
        ...

    async def all(self) -> Sequence[Article]:
        """Every one, by its short name."""
        ...

    async def get(self, article: ArticleId) -> Article:
        """Raises ArticleNotThere."""
        ...

    async def add(self, article: Article) -> None:
        """Store a new one. Raises SlugTaken."""
        ...

    async def change(self, article: Article) -> Article:
        """Store it and return it with its next version; ArticleChanged when it changed since it was read."""
        ...

    async def proposals(self) -> Mapping[ArticleId, Proposal]: ...

    async def proposal(self, article: ArticleId) -> Proposal | None: ...

    async def propose(self, proposal: Proposal) -> None:
        """Keep it; one that waits already is replaced."""
        ...

    async def drop_proposal(self, article: ArticleId) -> bool:
        """Whether there was one."""
        ...

    async def rate(self, article: ArticleId, *, helped: bool) -> None:
        """Count one more; no version rises."""
        ...
