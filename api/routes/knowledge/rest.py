"""Articles for programs."""

from typing import Annotated
from uuid import UUID

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends, Query

from api.cursors import Cursor, opened, wrapped
from api.idempotency import MaybeKey, OnceRoute
from api.openapi import READ, WRITE, problems
from api.routes.knowledge.bodies import (
    PLAIN,
    ArticleChange,
    ArticleShown,
    ArticlesPage,
    Changed,
    FoundList,
    NewArticle,
    ReadShown,
    Seen,
    found_shown,
    shown,
)
from api.sessions import Colleague, Senior, call_signed
from core.domain.ids import ArticleId
from core.domain.knowledge import LONGEST_QUESTION, ArticleState
from core.services.knowledge import (
    AddArticle,
    DropProposal,
    EditArticle,
    ListArticles,
    PublishArticle,
    ReadArticle,
    RetireArticle,
    SearchArticles,
    ViewArticle,
)

rest = APIRouter(prefix="/api/v1/articles", route_class=OnceRoute, tags=["knowledge"])
SIGNED = [Depends(call_signed)]
Language = Annotated[str, Query(pattern="^(ru|en)$")]


@rest.get("", responses=problems(400, 401, 403, 422))
async def latest(
    session: Colleague,
    view: FromDishka[ListArticles],
    state: ArticleState | None = None,
    after: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> ArticlesPage:
    """All articles by short name, or those in one state."""
    begins = opened(after) or ""
    rest_of = [each for each in await view(session.member.actor, state) if each.article.slug > begins]
    some = rest_of[:limit]
    following = wrapped(some[-1].article.slug) if len(rest_of) > limit else None
    return ArticlesPage(articles=[shown(each) for each in some], next=following)


@rest.get("/search", responses=problems(401, 403, 422))
async def search(
    session: Colleague,
    use_case: FromDishka[SearchArticles],
    words: Annotated[str, Query(max_length=LONGEST_QUESTION, pattern=PLAIN)] = "",
    language: Language = "ru",
) -> FoundList:
    """Articles to insert into an answer, by any words: the nearest first, ten at most; without words all of them."""
    found = await use_case(session.member.actor, language, words)
    return FoundList(articles=[found_shown(each) for each in found])


@rest.post("", status_code=201, responses=WRITE, dependencies=SIGNED)
async def create(
    session: Colleague,
    use_case: FromDishka[AddArticle],
    view: FromDishka[ViewArticle],
    body: NewArticle,
    _key: MaybeKey = None,
) -> ArticleShown:
    """Write a new one: a draft until a senior publishes it."""
    made = await use_case(session.member.actor, body.slug, body.read())
    return shown(await view(session.member.actor, made))


@rest.get("/{article_id}", responses=READ)
async def read(article_id: UUID, session: Colleague, view: FromDishka[ViewArticle]) -> ArticleShown:
    """One article in both languages, with what is proposed."""
    return shown(await view(session.member.actor, ArticleId(article_id)))


@rest.get("/{article_id}/text", responses=READ)
async def text(
    article_id: UUID, _session: Colleague, use_case: FromDishka[ReadArticle], language: Language = "ru"
) -> ReadShown:
    """One article as a citizen reads it; drafts and retired ones are not there."""
    found = await use_case(ArticleId(article_id), language)
    return ReadShown(id=found.article, title=found.title, body=found.body, place=found.place)


@rest.put("/{article_id}", responses=WRITE, dependencies=SIGNED)
async def change(
    article_id: UUID, session: Colleague, use_case: FromDishka[EditArticle], body: ArticleChange
) -> Changed:
    """Write into a draft, or beside what is shown: citizens see it once it is published."""
    version = await use_case(session.member.actor, ArticleId(article_id), body.read(), body.version)
    return Changed(version=version)


@rest.post("/{article_id}/publish", responses=WRITE, dependencies=SIGNED)
async def publish(article_id: UUID, session: Senior, use_case: FromDishka[PublishArticle], seen: Seen) -> Changed:
    """Show it to citizens as it was seen, with what was proposed. Who wrote the last change leaves that to somebody else."""
    return Changed(version=await use_case(session.member.actor, ArticleId(article_id), seen.version))


@rest.post("/{article_id}/retire", responses=WRITE, dependencies=SIGNED)
async def retire(article_id: UUID, session: Senior, use_case: FromDishka[RetireArticle], seen: Seen) -> Changed:
    """Take it away from citizens."""
    return Changed(version=await use_case(session.member.actor, ArticleId(article_id), seen.version))


@rest.post("/{article_id}/drop", responses=WRITE, dependencies=SIGNED)
async def drop(article_id: UUID, session: Colleague, use_case: FromDishka[DropProposal], seen: Seen) -> Changed:
    """Let go what is proposed."""
    return Changed(version=await use_case(session.member.actor, ArticleId(article_id), seen.version))
