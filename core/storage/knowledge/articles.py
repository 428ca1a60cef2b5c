"""Articles and proposals."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update

from core.domain.ids import ArticleId
from core.domain.knowledge import (
    Article,
    ArticleChanged,
    ArticleNotThere,
    ArticleState,
    Content,
    Proposal,
    SlugTaken,
    Text,
)
from core.domain.support import SupportTopic
from core.storage.knowledge.rows import ArticleRow, ProposalRow
from core.storage.transaction import SqlTransaction, Stored

STAMP = select(func.count(), func.coalesce(func.sum(ArticleRow.version), 0))
"""Both only grow: no article is ever removed."""


@dataclass(frozen=True, slots=True)
class SqlArticles:
    """`core.domain.knowledge.Articles`."""

    transaction: SqlTransaction

    async def stamp(self) -> int:
        """Return a number that is another one after every change."""
        many, versions = (await self.transaction.session.execute(STAMP)).one()
        return int(many) + int(versions)

    async def all(self) -> Sequence[Article]:
        """Return every one, by its short name."""
        rows = await self.transaction.session.scalars(select(ArticleRow).order_by(ArticleRow.slug))
        return [_article(row) for row in rows]

    async def get(self, article: ArticleId) -> Article:
        """Return one. Raises ArticleNotThere."""
        row = await self.transaction.session.scalar(select(ArticleRow).where(ArticleRow.id == article))
        if row is None:
            raise ArticleNotThere
        return _article(row)

    async def add(self, article: Article) -> None:
        """Store a new one. Raises SlugTaken."""
        fixed: dict[str, Stored] = {"id": article.id, "slug": article.slug, "helped": 0, "unhelped": 0}
        if not await self.transaction.insert(ArticleRow, {**fixed, "version": article.version, **_values(article)}):
            raise SlugTaken

    async def change(self, article: Article) -> Article:
        """Store it with its next version. Raises ArticleChanged."""
        as_read = (ArticleRow.id == article.id, ArticleRow.version == article.version)
        values = {**_values(article), "version": article.version + 1}
        if not await self.transaction.change(update(ArticleRow).where(*as_read).values(values)):
            raise ArticleChanged
        return await self.get(article.id)

    async def proposals(self) -> Mapping[ArticleId, Proposal]:
        """Return what waits."""
        rows = await self.transaction.session.scalars(select(ProposalRow))
        return {row.article: _proposal(row) for row in rows}

    async def proposal(self, article: ArticleId) -> Proposal | None:
        """Return what waits beside an article."""
        row = await self.transaction.session.scalar(select(ProposalRow).where(ProposalRow.article == article))
        return None if row is None else _proposal(row)

    async def propose(self, proposal: Proposal) -> None:
        """Keep it in place of one that waits already."""
        await self.drop_proposal(proposal.article)
        values: dict[str, Stored] = {"article": proposal.article, "by": proposal.by, "at": proposal.at}
        if not await self.transaction.insert(ProposalRow, {**values, **_content_values(proposal.content)}):
            raise ArticleChanged

    async def drop_proposal(self, article: ArticleId) -> bool:
        """Remove what waits."""
        return bool(await self.transaction.change(delete(ProposalRow).where(ProposalRow.article == article)))

    async def rate(self, article: ArticleId, *, helped: bool) -> None:
        """Count one more."""
        column = ArticleRow.helped if helped else ArticleRow.unhelped
        await self.transaction.change(
            update(ArticleRow).where(ArticleRow.id == article).values({column.key: column + 1})
        )


def _values(article: Article) -> dict[str, Stored]:
    return {
        **_content_values(article.content),
        "state": article.state.value,
        "edited_at": article.edited_at,
        "edited_by": article.edited_by,
        "reviewed_at": article.reviewed_at,
        "reviewed_by": article.reviewed_by,
        "seeded": article.seeded,
    }


def _content_values(content: Content) -> dict[str, Stored]:
    return {"topic": content.topic.value, "place": content.place, "ru": _told(content.ru), "en": _told(content.en)}


def _told(text: Text) -> str:
    return json.dumps({"title": text.title, "body": text.body, "askings": text.askings}, ensure_ascii=False)


def _text(told: str) -> Text:
    read = json.loads(told)
    return Text(read["title"], read["body"], tuple(read["askings"]))


def _content(row: ArticleRow | ProposalRow) -> Content:
    return Content(SupportTopic(row.topic), row.place, _text(row.ru), _text(row.en))


def _proposal(row: ProposalRow) -> Proposal:
    return Proposal(row.article, _content(row), row.by, row.at)


def _article(row: ArticleRow) -> Article:
    return Article(
        row.id,
        row.slug,
        _content(row),
        ArticleState(row.state),
        row.version,
        row.edited_at,
        row.edited_by,
        row.reviewed_at,
        row.reviewed_by,
        row.seeded,
        row.helped,
        row.unhelped,
    )
