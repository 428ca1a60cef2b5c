"""Articles at the desk: the list, and the editor with both languages side by side."""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.errors import detail, told
from api.rendering import render
from api.sessions import Colleague, form_signed
from api.words import words_for
from core.domain.ids import ArticleId
from core.domain.knowledge import (
    DOORS,
    LANGUAGES,
    ArticleChanged,
    ArticleState,
    BadArticle,
    Content,
    OwnWords,
    SlugTaken,
    Text,
    WrongArticleMove,
)
from core.domain.knowledge.article import LONGEST_BODY, LONGEST_SLUG, LONGEST_TITLE
from core.domain.staff import Session
from core.domain.support import SupportTopic
from core.services.knowledge import (
    AddArticle,
    ArticleAtDesk,
    DropProposal,
    EditArticle,
    ListArticles,
    PublishArticle,
    RetireArticle,
    ViewArticle,
)
from core.services.knowledge.editing import EDITORS

pages = APIRouter(prefix="/desk/articles", route_class=DishkaRoute, include_in_schema=False)
IN_THE_WAY = (ArticleChanged, BadArticle, OwnWords, SlugTaken, WrongArticleMove)
DONE = frozenset({"saved", "proposed", "published", "retired", "dropped"})
Field = Annotated[str, Form()]
NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the editor's fields."""

    slug: str = ""
    topic: str = SupportTopic.OTHER.value
    place: str = ""
    ru: Text = NOTHING
    en: Text = NOTHING
    version: int = 0

    def read(self) -> Content:
        """Return it as the use cases take it. Raises BadArticle."""
        try:
            topic = SupportTopic(self.topic)
        except ValueError:
            raise BadArticle("topic") from None
        if any("\0" in each for text in (self.ru, self.en) for each in (text.title, text.body, *text.askings)):
            raise BadArticle("ru.body")  # PostgreSQL takes no such text
        return Content(topic, self.place, self.ru, self.en)


def typed_form(
    slug: Field = "",
    topic: Field = "",
    place: Field = "",
    ru_title: Field = "",
    ru_body: Field = "",
    ru_askings: Field = "",
    en_title: Field = "",
    en_body: Field = "",
    en_askings: Field = "",
    version: Field = "0",
) -> Typed:
    """Read the editor's form."""
    seen = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    ru = Text(ru_title, ru_body, tuple(ru_askings.splitlines()))
    return Typed(slug, topic, place, ru, Text(en_title, en_body, tuple(en_askings.splitlines())), seen)


FormOf = Annotated[Typed, Depends(typed_form)]


def typed_of(found: ArticleAtDesk) -> Typed:
    """Return what the editor begins with."""
    content = found.content
    return Typed(found.article.slug, content.topic.value, content.place, content.ru, content.en, found.article.version)


@pages.get("")
async def listed(request: Request, session: Colleague, view: FromDishka[ListArticles], state: str = "") -> Response:
    """All of them, or those in one state; `waiting`: those with a change that waits for a review."""
    every = await view(session.member.actor)
    chosen = [each for each in every if _is_of(each, state)]
    counts = {name: sum(_is_of(each, name) for each in every) for name in ("", "waiting", *ArticleState)}
    return await render(request, "articles.html", rows=chosen, state=state if state in counts else "", counts=counts)


def _is_of(found: ArticleAtDesk, state: str) -> bool:
    if state == "waiting":
        return found.proposal is not None or found.article.state is ArticleState.DRAFT
    return found.article.state.value == state if state in set(ArticleState) else True


@pages.get("/new")
async def blank(request: Request, session: Colleague) -> Response:
    """An empty editor."""
    return await _editor(request, session, Typed())


@pages.post("/new", dependencies=[Depends(form_signed)])
async def create(request: Request, session: Colleague, use_case: FromDishka[AddArticle], typed: FormOf) -> Response:
    """Keep the draft; what is wrong is said above the form, with everything still in it."""
    try:
        made = await use_case(session.member.actor, typed.slug, typed.read())
    except IN_THE_WAY as error:
        return await _editor(request, session, typed, error=error)
    return RedirectResponse(f"/desk/articles/{made}?done=saved", 303)


@pages.get("/{article_id}")
async def page(
    request: Request, article_id: UUID, session: Colleague, view: FromDishka[ViewArticle], done: str = ""
) -> Response:
    """The editor with the article in it."""
    found = await view(session.member.actor, ArticleId(article_id))
    return await _editor(request, session, typed_of(found), found, done=done if done in DONE else "")


@pages.post("/{article_id}", dependencies=[Depends(form_signed)])
async def change(
    request: Request,
    article_id: UUID,
    session: Colleague,
    use_case: FromDishka[EditArticle],
    view: FromDishka[ViewArticle],
    typed: FormOf,
) -> Response:
    """Keep what was written."""
    actor, subject = session.member.actor, ArticleId(article_id)
    try:
        await use_case(actor, subject, typed.read(), typed.version)
    except IN_THE_WAY as error:
        return await _editor(request, session, typed, await view(actor, subject), error=error)
    found = await view(actor, subject)
    return RedirectResponse(f"/desk/articles/{article_id}?done={'proposed' if found.proposal else 'saved'}", 303)


@pages.post("/{article_id}/{what}", dependencies=[Depends(form_signed)])
async def steer(
    request: Request,
    article_id: UUID,
    what: Literal["publish", "retire", "drop"],
    session: Colleague,
    publish: FromDishka[PublishArticle],
    retire: FromDishka[RetireArticle],
    drop: FromDishka[DropProposal],
    view: FromDishka[ViewArticle],
    typed: FormOf,
) -> Response:
    """Publish it, take it away from citizens, or let the proposal go; the use cases say who may."""
    use_case, done = {
        "publish": (publish, "published"),
        "retire": (retire, "retired"),
        "drop": (drop, "dropped"),
    }[what]
    actor, subject = session.member.actor, ArticleId(article_id)
    try:
        await use_case(actor, subject, typed.version)
    except IN_THE_WAY as error:
        found = await view(actor, subject)
        return await _editor(request, session, typed_of(found), found, error=error)
    return RedirectResponse(f"/desk/articles/{article_id}?done={done}", 303)


async def _editor(
    request: Request,
    session: Session,
    typed: Typed,
    found: ArticleAtDesk | None = None,
    *,
    done: str = "",
    error: Exception | None = None,
) -> Response:
    words = await words_for(request)
    editor = session.member.role in EDITORS
    own = editor and found is not None and found.unreviewed == session.member.id
    return await render(
        request,
        "article.html",
        told(error)[0] if error else 200,
        typed=typed,
        found=found,
        editor=editor,
        own=own,
        may_publish=editor and (not own or (found is not None and found.alone)),
        may_drop=found is not None
        and found.proposal is not None
        and (editor or found.proposal.by == session.member.id),
        texts={each: getattr(typed, each) for each in LANGUAGES},
        topics=list(SupportTopic),
        doors=DOORS,
        longest={"slug": LONGEST_SLUG, "title": LONGEST_TITLE, "body": LONGEST_BODY},
        wrong=error.field if isinstance(error, BadArticle) else "",
        done=done,
        error=detail(error, words) if error else None,
    )
