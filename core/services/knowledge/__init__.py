"""Answers from reviewed articles, and the articles' own life at the desk."""

from core.services.knowledge.asking import (
    Answers,
    ArticleView,
    ChooseAnswer,
    FindAnswers,
    ForgetAsked,
    Found,
    RateAnswer,
    ReadArticle,
    RecentAsked,
)
from core.services.knowledge.editing import (
    AddArticle,
    ArticleAtDesk,
    DropProposal,
    EditArticle,
    ListArticles,
    PublishArticle,
    RetireArticle,
    SearchArticles,
    ViewArticle,
)
from core.services.knowledge.seeding import SeedArticles

__all__ = [
    "AddArticle",
    "Answers",
    "ArticleAtDesk",
    "ArticleView",
    "ChooseAnswer",
    "DropProposal",
    "EditArticle",
    "FindAnswers",
    "ForgetAsked",
    "Found",
    "ListArticles",
    "PublishArticle",
    "RateAnswer",
    "ReadArticle",
    "RecentAsked",
    "RetireArticle",
    "SearchArticles",
    "SeedArticles",
    "ViewArticle",
]
