"""Articles that answer what citizens ask: written in two languages, reviewed, found by a person's own words."""

from core.domain.knowledge.article import (
    DOORS,
    LANGUAGES,
    MOVES,
    Article,
    Articles,
    ArticleState,
    Content,
    Proposal,
    Text,
    slug_of,
)
from core.domain.knowledge.asked import ASKED_KEPT, LONGEST_QUESTION, Asked, AskedId, Questions
from core.domain.knowledge.errors import (
    ArticleChanged,
    ArticleNotThere,
    BadArticle,
    OwnWords,
    SlugTaken,
    WrongArticleMove,
)
from core.domain.knowledge.seed import Seed, seeds

__all__ = [
    "ASKED_KEPT",
    "DOORS",
    "LANGUAGES",
    "LONGEST_QUESTION",
    "MOVES",
    "Article",
    "ArticleChanged",
    "ArticleNotThere",
    "ArticleState",
    "Articles",
    "Asked",
    "AskedId",
    "BadArticle",
    "Content",
    "OwnWords",
    "Proposal",
    "Questions",
    "Seed",
    "SlugTaken",
    "Text",
    "WrongArticleMove",
    "seeds",
    "slug_of",
]
