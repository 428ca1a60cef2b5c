"""A question in a person's own words: what answers it, and whether that helped."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.domain.actor import Citizen, Visitor
from core.domain.ids import ArticleId, new_id
from core.domain.knowledge import (
    ASKED_KEPT,
    LONGEST_QUESTION,
    ArticleNotThere,
    Articles,
    Asked,
    AskedId,
    Questions,
)
from core.domain.knowledge.asked import PATIENCE, TOLD_OVER, out_of_patience
from core.ports import Clock, Finder, Transaction


@dataclass(frozen=True, slots=True)
class Found:
    """An article that is near a question; `score` is between 0 and 1."""

    article: ArticleId
    title: str
    score: float


@dataclass(frozen=True, slots=True)
class Answers:
    """The nearest first, three at most. `sure`: the first one answers. `asked` names the question, if anybody asked it.

    `operator`: one is to be offered unasked, since nothing has helped for a while.
    """

    sure: bool
    articles: tuple[Found, ...]
    asked: AskedId | None = None
    operator: bool = False


@dataclass(frozen=True, slots=True)
class FindAnswers:
    """A question is asked in any words. With an `actor` it is kept sealed for a day, for the operator who may take over."""

    transaction: Transaction
    articles: Articles
    questions: Questions
    finder: Finder
    clock: Clock

    async def __call__(self, language: str, words: str, actor: Visitor | Citizen | None = None) -> Answers:
        words, now = words[:LONGEST_QUESTION], self.clock.now()
        await self.finder.prepare()
        async with self.transaction.looking():
            every = await self.articles.all()
            found = await self.finder.find(words, await self.articles.stamp(), every)
            titles = {each.id: each.content.text(language).title for each in every}
            nearest = tuple(Found(hit.article, titles[hit.article], hit.score) for hit in found.hits)
            if actor is None:
                return Answers(found.sure, nearest)
            asked = Asked(AskedId(new_id(now)), words, nearest[0].article if found.sure else None, now)
            await self.questions.note(actor, asked)
            recent = await self.questions.recent(actor, now - ASKED_KEPT, PATIENCE)
        return Answers(found.sure, nearest, asked.id, out_of_patience(recent))


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article to be read. `place` is where its button leads, empty without one."""

    article: ArticleId
    title: str
    body: str = field(repr=False)
    place: str


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """Somebody reads an article. Raises ArticleNotThere, also for one that is not shown."""

    transaction: Transaction
    articles: Articles

    async def __call__(self, article: ArticleId, language: str) -> ArticleView:
        async with self.transaction.looking():
            found = await self.articles.get(article)
        if not found.is_shown:
            raise ArticleNotThere
        text = found.content.text(language)
        return ArticleView(found.id, text.title, text.body, found.content.place)


@dataclass(frozen=True, slots=True)
class ChooseAnswer:
    """The bot was not sure, and the person took one of the nearest."""

    transaction: Transaction
    questions: Questions

    async def __call__(self, actor: Visitor | Citizen, asked: AskedId, article: ArticleId) -> None:
        async with self.transaction:
            await self.questions.answer(actor, asked, article)


@dataclass(frozen=True, slots=True)
class RateAnswer:
    """The person says whether an answer helped: counted for the article once a question, and for nobody by name.

    Returns whether an operator is to be offered, since nothing has helped for a while.
    """

    transaction: Transaction
    articles: Articles
    questions: Questions
    clock: Clock

    async def __call__(self, actor: Visitor | Citizen, asked: AskedId, *, helped: bool) -> bool:
        async with self.transaction:
            article = await self.questions.rate(actor, asked, helped=helped)
            if article is not None:
                await self.articles.rate(article, helped=helped)
            recent = await self.questions.recent(actor, self.clock.now() - ASKED_KEPT, PATIENCE)
        return out_of_patience(recent)


@dataclass(frozen=True, slots=True)
class RecentAsked:
    """What was asked in the chat within a day, the oldest first: each question, and the title of what answered it."""

    transaction: Transaction
    articles: Articles
    questions: Questions
    clock: Clock

    async def __call__(self, actor: Visitor | Citizen, language: str = "ru") -> Sequence[tuple[str, str]]:
        async with self.transaction.looking():
            recent = await self.questions.recent(actor, self.clock.now() - ASKED_KEPT, TOLD_OVER)
            titles = {each.id: each.content.text(language).title for each in await self.articles.all()}
        return [(each.words, titles.get(each.article, "") if each.article else "") for each in recent]


@dataclass(frozen=True, slots=True)
class ForgetAsked:
    """Questions are forgotten after a day; returns how many."""

    transaction: Transaction
    questions: Questions
    clock: Clock

    async def __call__(self) -> int:
        async with self.transaction:
            return await self.questions.forget_before(self.clock.now() - ASKED_KEPT)
