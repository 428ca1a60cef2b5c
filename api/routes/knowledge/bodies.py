"""Articles as programs see and send them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.domain.knowledge import ArticleState, Content, Text
from core.domain.knowledge.article import LONGEST_ASKING, LONGEST_BODY, LONGEST_SLUG, LONGEST_TITLE, MOST_ASKINGS
from core.domain.support import SupportTopic
from core.services.knowledge import ArticleAtDesk, Found

PLAIN = r"^[^\u0000]*$"
"""PostgreSQL takes no such character."""


class TextBody(BaseModel):
    """One language. `askings` are how people ask for it in their own words: the search learns from them."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Field(min_length=1, max_length=LONGEST_TITLE, pattern=PLAIN)]
    body: Annotated[str, Field(min_length=1, max_length=LONGEST_BODY, pattern=PLAIN)]
    askings: Annotated[
        list[Annotated[str, Field(max_length=LONGEST_ASKING, pattern=PLAIN)]], Field(max_length=MOST_ASKINGS)
    ] = []


class ContentBody(BaseModel):
    """What is written. `place` is where the button leads, empty for none."""

    model_config = ConfigDict(extra="forbid")

    topic: SupportTopic
    place: Annotated[str, Field(max_length=40, pattern=PLAIN)] = ""
    ru: TextBody
    en: TextBody

    def read(self) -> Content:
        """Return it as the use cases take it."""
        return Content(self.topic, self.place, _read(self.ru), _read(self.en))


class NewArticle(ContentBody):
    """A new one under a short name of Latin letters, digits and hyphens."""

    slug: Annotated[str, Field(min_length=1, max_length=LONGEST_SLUG, pattern=PLAIN)]


Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class Seen(BaseModel):
    """What was read: 409 when somebody changed it since."""

    model_config = ConfigDict(extra="forbid")

    version: Version


class ArticleChange(ContentBody):
    """An article as it shall be, seen at `version`."""

    version: Version


class Changed(BaseModel):
    """The version from now on."""

    version: int


class ArticleShown(BaseModel):
    """An article as the desk has it; `proposal` is what waits beside what is shown to citizens.

    `alone`: who wrote it has published it, since nobody else could.
    """

    id: UUID
    slug: str
    state: ArticleState
    version: int
    content: ContentBody
    proposal: ContentBody | None
    edited_at: datetime | None
    edited_by: str | None
    reviewed_at: datetime | None
    reviewed_by: str | None
    alone: bool
    helped: int
    unhelped: int


class ArticlesPage(BaseModel):
    """By short name. `next` is where to go on, null at the end."""

    articles: list[ArticleShown]
    next: str | None


class FoundShown(BaseModel):
    """An article that is near. `score` is between 0 and 1."""

    id: UUID
    title: str
    score: float


class FoundList(BaseModel):
    """The nearest first."""

    articles: list[FoundShown]


class ReadShown(BaseModel):
    """An article as a citizen reads it, to be inserted into an answer."""

    id: UUID
    title: str
    body: str
    place: str


def _read(body: TextBody) -> Text:
    return Text(body.title, body.body, tuple(body.askings))


def shown(found: ArticleAtDesk) -> ArticleShown:
    """Return an article as it is told."""
    article, names = found.article, found.names
    return ArticleShown(
        id=article.id,
        slug=article.slug,
        state=article.state,
        version=article.version,
        content=_content(article.content),
        proposal=_content(found.proposal.content) if found.proposal else None,
        edited_at=article.edited_at,
        edited_by=names.get(article.edited_by) if article.edited_by else None,
        reviewed_at=article.reviewed_at,
        reviewed_by=names.get(article.reviewed_by) if article.reviewed_by else None,
        alone=article.alone,
        helped=article.helped,
        unhelped=article.unhelped,
    )


def found_shown(found: Found) -> FoundShown:
    """Return what was found as it is told."""
    return FoundShown(id=found.article, title=found.title, score=round(found.score, 3))


def _content(content: Content) -> ContentBody:
    texts = [
        TextBody.model_construct(title=each.title, body=each.body, askings=list(each.askings))
        for each in (content.ru, content.en)
    ]
    return ContentBody.model_construct(topic=content.topic, place=content.place, ru=texts[0], en=texts[1])
