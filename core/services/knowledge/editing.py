"""Articles at the desk: looked through, written, proposed, published, retired."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from core.domain.actor import Actor, Role, Staff
from core.domain.audit import AuditLog, Operation
from core.domain.ids import ArticleId, StaffId, new_id
from core.domain.knowledge import (
    Article,
    ArticleChanged,
    ArticleNotThere,
    Articles,
    ArticleState,
    Content,
    OwnWords,
    Proposal,
    slug_of,
)
from core.domain.staff import StaffMembers, require_role
from core.ports import Clock, Finder, Transaction
from core.services.audit import Sparing
from core.services.knowledge.asking import Found

READERS = (Role.OPERATOR, Role.SENIOR, Role.ADMINISTRATOR)
EDITORS = (Role.SENIOR, Role.ADMINISTRATOR)
MOST_FOUND = 10
SEARCHED_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class ArticleAtDesk:
    """An article as the desk sees it, with the change that waits beside it; logins of those who had a hand in it."""

    article: Article
    proposal: Proposal | None
    names: Mapping[StaffId, str]
    alone: bool = False
    """Whoever looks is the only one who publishes."""

    @property
    def unreviewed(self) -> StaffId | None:
        """Who wrote what would be published now, while nobody else has looked at it."""
        return self.article.unreviewed(self.proposal)

    @property
    def content(self) -> Content:
        """What the editor begins with: the proposed text where there is one."""
        return self.proposal.content if self.proposal else self.article.content


@dataclass(frozen=True, slots=True)
class ListArticles:
    """A member of the desk looks at all of them, or those in one state. Raises NotAllowed."""

    transaction: Transaction
    articles: Articles
    members: StaffMembers
    audit: AuditLog

    async def __call__(self, staff: Actor, state: ArticleState | None = None) -> Sequence[ArticleAtDesk]:
        require_role(staff, *READERS)
        async with self.transaction.looking():
            self.audit.record(staff, Operation.ARTICLES_VIEWED)
            proposals = await self.articles.proposals()
            every = [each for each in await self.articles.all() if state in {None, each.state}]
            names = await _names(self.members, every, proposals.values())
        return [ArticleAtDesk(each, proposals.get(each.id), names) for each in every]


@dataclass(frozen=True, slots=True)
class ViewArticle:
    """A member of the desk looks at one in both languages. Raises NotAllowed, ArticleNotThere."""

    transaction: Transaction
    articles: Articles
    members: StaffMembers
    audit: AuditLog

    async def __call__(self, staff: Actor, article: ArticleId) -> ArticleAtDesk:
        who = require_role(staff, *READERS)
        async with self.transaction.looking():
            found = await self.articles.get(article)
            proposal = await self.articles.proposal(article)
            self.audit.record(staff, Operation.ARTICLE_VIEWED, None, article=found.slug)
            names = await _names(self.members, [found], [proposal] if proposal else [])
            return ArticleAtDesk(found, proposal, names, await _alone(self.members, who))


async def _alone(members: StaffMembers, who: Staff) -> bool:
    """Whether nobody else publishes: everybody who might is away for good."""
    return not any(each.role in EDITORS and not each.disabled and each.id != who.staff for each in await members.all())


async def _names(
    members: StaffMembers, articles: Iterable[Article], proposals: Iterable[Proposal]
) -> Mapping[StaffId, str]:
    ids = {each.by for each in proposals}
    ids |= {who for each in articles for who in (each.edited_by, each.reviewed_by) if who}
    return await members.names(ids)


@dataclass(frozen=True, slots=True)
class SearchArticles:
    """An operator looks for an article to insert, by any words; by none: all that are shown. Raises NotAllowed.

    The page asks while the operator types: the journal keeps it once in ten minutes.
    """

    transaction: Transaction
    articles: Articles
    finder: Finder
    sparing: Sparing

    async def __call__(self, staff: Actor, language: str, words: str) -> Sequence[Found]:
        require_role(staff, *READERS)
        await self.finder.prepare()
        async with self.transaction.looking():
            await self.sparing.once(SEARCHED_EVERY, staff, Operation.ARTICLES_SEARCHED)
            every = await self.articles.all()
            shown = {each.id: each.content.text(language).title for each in every if each.is_shown}
            if not words.strip():
                return [Found(id_, title, 0.0) for id_, title in sorted(shown.items(), key=lambda each: each[1])]
            stamp = await self.articles.stamp()
            found = await self.finder.find(words, stamp, every, MOST_FOUND)
        return [Found(hit.article, shown[hit.article], hit.score) for hit in found.hits]


@dataclass(frozen=True, slots=True)
class AddArticle:
    """A member of the desk writes a new one: a draft, until a senior publishes it. Raises NotAllowed, BadArticle, SlugTaken."""

    transaction: Transaction
    articles: Articles
    audit: AuditLog
    clock: Clock

    async def __call__(self, staff: Actor, slug: str, content: Content) -> ArticleId:
        who = require_role(staff, *READERS)
        now = self.clock.now()
        article = Article(ArticleId(new_id(now)), slug_of(slug), content.checked(), edited_at=now, edited_by=who.staff)
        async with self.transaction:
            await self.articles.add(article)
            self.audit.record(who, Operation.ARTICLE_ADDED, None, article=article.slug)
        return article.id


@dataclass(frozen=True, slots=True)
class EditArticle:
    """A member of the desk writes: into a draft itself, beside what is shown otherwise. Citizens see it once it is published.

    `version` is that of what was read. Returns the next one. Raises NotAllowed, ArticleNotThere, BadArticle, ArticleChanged.
    """

    transaction: Transaction
    articles: Articles
    audit: AuditLog
    clock: Clock

    async def __call__(self, staff: Actor, article: ArticleId, content: Content, version: int) -> int:
        who, now = require_role(staff, *READERS), self.clock.now()
        content = content.checked()
        async with self.transaction:
            found = await _as_read(self.articles, article, version)
            if found.state is ArticleState.DRAFT:
                operation = Operation.ARTICLE_EDITED
                found = replace(found, content=content, edited_at=now, edited_by=who.staff, seeded=None)
            else:
                operation = Operation.ARTICLE_PROPOSED
                await self.articles.propose(Proposal(article, content, who.staff, now))
            changed = await self.articles.change(found)
            self.audit.record(who, operation, None, article=found.slug)
        return changed.version


@dataclass(frozen=True, slots=True)
class PublishArticle:
    """A senior or an administrator publishes it: what was proposed is shown from now on, a retired one again.

    Whoever wrote the last change does so only where nobody else may, which the journal and the page say. Raises NotAllowed,
    ArticleNotThere, ArticleChanged, OwnWords.
    """

    transaction: Transaction
    articles: Articles
    members: StaffMembers
    audit: AuditLog
    clock: Clock

    async def __call__(self, staff: Actor, article: ArticleId, version: int) -> int:
        who, now = require_role(staff, *EDITORS), self.clock.now()
        async with self.transaction:
            found = await _as_read(self.articles, article, version)
            proposal = await self.articles.proposal(article)
            own = found.unreviewed(proposal) == who.staff
            if own and not await _alone(self.members, who):
                raise OwnWords
            if proposal is not None:
                found = _taken(found, proposal)
                await self.articles.drop_proposal(article)
            shown = replace(found.moved(ArticleState.REVIEWED), reviewed_at=now, reviewed_by=who.staff)
            changed = await self.articles.change(shown)
            unseen = {"review": "none"} if own else {}
            self.audit.record(who, Operation.ARTICLE_PUBLISHED, None, article=found.slug, **unseen)
        return changed.version


def _taken(article: Article, proposal: Proposal) -> Article:
    return replace(article, content=proposal.content, edited_at=proposal.at, edited_by=proposal.by, seeded=None)


@dataclass(frozen=True, slots=True)
class RetireArticle:
    """A senior or an administrator takes it away from citizens; what is proposed beside it stays.

    Raises NotAllowed, ArticleNotThere, ArticleChanged, WrongArticleMove.
    """

    transaction: Transaction
    articles: Articles
    audit: AuditLog

    async def __call__(self, staff: Actor, article: ArticleId, version: int) -> int:
        who = require_role(staff, *EDITORS)
        async with self.transaction:
            found = await _as_read(self.articles, article, version)
            changed = await self.articles.change(replace(found.moved(ArticleState.RETIRED), seeded=None))
            self.audit.record(who, Operation.ARTICLE_RETIRED, None, article=found.slug)
        return changed.version


@dataclass(frozen=True, slots=True)
class DropProposal:
    """A change that waits is let go: by whoever proposed it, or by a senior or an administrator.

    Raises NotAllowed, ArticleNotThere, ArticleChanged.
    """

    transaction: Transaction
    articles: Articles
    audit: AuditLog

    async def __call__(self, staff: Actor, article: ArticleId, version: int) -> int:
        who = require_role(staff, *READERS)
        async with self.transaction:
            found = await _as_read(self.articles, article, version)
            proposal = await self.articles.proposal(article)
            if proposal is None or not _may_drop(who, proposal):
                raise ArticleNotThere
            await self.articles.drop_proposal(article)
            changed = await self.articles.change(found)
            self.audit.record(who, Operation.ARTICLE_PROPOSAL_DROPPED, None, article=found.slug)
        return changed.version


def _may_drop(who: Staff, proposal: Proposal) -> bool:
    return proposal.by == who.staff or who.role in EDITORS


async def _as_read(articles: Articles, article: ArticleId, version: int) -> Article:
    found = await articles.get(article)
    if found.version != version:
        raise ArticleChanged
    return found
