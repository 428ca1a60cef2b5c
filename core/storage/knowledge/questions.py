"""What was asked in chats: sealed under the account's key, or under the product's for who had not signed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from core.domain.actor import Citizen, Visitor
from core.domain.ids import ArticleId
from core.domain.knowledge import Asked, AskedId
from core.storage.key import RowSeal, Seals
from core.storage.knowledge.rows import AskedRow
from core.storage.transaction import SqlTransaction

TABLE = "asked"


@dataclass(frozen=True, slots=True)
class SqlQuestions:
    """`core.domain.knowledge.Questions`."""

    transaction: SqlTransaction
    seals: Seals

    async def note(self, actor: Visitor | Citizen, asked: Asked) -> None:
        """Keep a question."""
        account = actor.account if isinstance(actor, Citizen) else None
        if account is None:
            seal = await self.seals.system_row(TABLE, asked.id)
        else:
            seal = await self.seals.row_of(account, TABLE, asked.id)
        await self.transaction.insert(
            AskedRow,
            {
                "id": asked.id,
                "chat": actor.chat,
                "account": account,
                "at": asked.at,
                "words": seal.shut("words", asked.words),
                "article": asked.article,
                "helped": asked.helped,
            },
        )

    async def answer(self, actor: Visitor | Citizen, asked: AskedId, article: ArticleId) -> None:
        """Note which of the nearest was taken; what the person said of another one before does not hold for it."""
        taken = update(AskedRow).where(AskedRow.id == asked, _seen_by(actor))
        await self.transaction.change(taken.values(article=article, helped=None))

    async def rate(self, actor: Visitor | Citizen, asked: AskedId, *, helped: bool) -> ArticleId | None:
        """Note it once; return the article that was rated."""
        unrated = (AskedRow.id == asked, AskedRow.helped.is_(None), AskedRow.article.is_not(None), _seen_by(actor))
        if not await self.transaction.change(update(AskedRow).where(*unrated).values(helped=helped)):
            return None
        return await self.transaction.session.scalar(select(AskedRow.article).where(AskedRow.id == asked))

    async def recent(self, actor: Visitor | Citizen, since: datetime, limit: int) -> Sequence[Asked]:
        """Return the last ones, the oldest of them first."""
        mine = select(AskedRow).where(_seen_by(actor), AskedRow.at >= since)
        newest = await self.transaction.session.scalars(
            mine.order_by(AskedRow.at.desc(), AskedRow.id.desc()).limit(limit)
        )
        found = [
            Asked(AskedId(row.id), (await self._seal(row)).open("words", row.words), row.article, row.at, row.helped)
            for row in newest
        ]
        return found[::-1]

    async def forget_before(self, moment: datetime) -> int:
        """Remove what is older."""
        return await self.transaction.change(delete(AskedRow).where(AskedRow.at < moment))

    async def _seal(self, row: AskedRow) -> RowSeal:
        if row.account is None:
            return await self.seals.system_row(TABLE, row.id)
        return await self.seals.row_of(row.account, TABLE, row.id)


def _seen_by(actor: Visitor | Citizen) -> ColumnElement[bool]:
    """What was asked in this chat by this person, signed in or not yet."""
    unsigned = AskedRow.account.is_(None)
    whose = or_(unsigned, AskedRow.account == actor.account) if isinstance(actor, Citizen) else unsigned
    return and_(AskedRow.chat == actor.chat, whose)
