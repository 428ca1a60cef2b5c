"""The people that a broadcast may be written to: chats bound to accounts, walked through in the order of the accounts."""

import json
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select

from core.domain.broadcast import LeftOut, Person, Segment
from core.domain.ids import AccountId, ChatId
from core.security.envelope import Tampered
from core.storage.account import TABLE, AccountRow
from core.storage.chat import ChatRow
from core.storage.key import Seals
from core.storage.transaction import SqlTransaction

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SqlAudience:
    """`core.domain.broadcast.Audience`."""

    transaction: SqlTransaction
    seals: Seals

    async def page(self, segment: Segment, after: AccountId | None, limit: int) -> list[Person]:
        """Return people of the segment's languages and regions past `after` who have not blocked the bot."""
        asked = select(ChatRow).where(*_spoken(segment), ChatRow.blocked_at.is_(None))
        if segment.regions:
            asked = asked.where(ChatRow.region.in_(segment.regions))
        if after is not None:
            asked = asked.where(ChatRow.account > after)
        rows = await self.transaction.session.scalars(asked.order_by(ChatRow.account).limit(limit))
        return [Person(row.account, ChatId(row.id), row.language, row.region) for row in rows if row.account]

    async def left_out(self, segment: Segment) -> LeftOut:
        """Count those whom `page` passes over."""
        meant = (ChatRow.region.in_(segment.regions) | ChatRow.region.is_(None),) if segment.regions else ()
        blocked = await self._count(*_spoken(segment), *meant, ChatRow.blocked_at.is_not(None))
        if not segment.regions:
            return LeftOut(blocked, 0)
        nowhere = await self._count(*_spoken(segment), ChatRow.region.is_(None), ChatRow.blocked_at.is_(None))
        return LeftOut(blocked, nowhere)

    async def birth_dates(self, accounts: Collection[AccountId]) -> Mapping[AccountId, date | None]:
        """Open the dates of birth of those accounts, and look at nothing else of them."""
        asked = select(AccountRow.id, AccountRow.known, AccountRow.version).where(AccountRow.id.in_(accounts))
        rows = (await self.transaction.session.execute(asked)).all()
        # All keys of a page in one query; each is asked for again below and is there.
        await self.seals.of_accounts([account for account, _, _ in rows])
        found: dict[AccountId, date | None] = {}
        for account, known, version in rows:
            seal = await self.seals.row_of(account, TABLE, account, version)
            try:
                born = json.loads(seal.open("known", known))["birth_date"]
            except Tampered:
                # One row that was meddled with must not hold up a message to everybody: the age is unknown then.
                log.exception("account_tampered", extra={"account": str(account)})
                born = None
            found[account] = date.fromisoformat(born) if born else None
        return found

    async def _count(self, *conditions: ColumnElement[bool]) -> int:
        return (
            await self.transaction.session.scalar(select(func.count()).select_from(ChatRow).where(*conditions))
        ) or 0


def _spoken(segment: Segment) -> tuple[ColumnElement[bool], ...]:
    bound = ChatRow.account.is_not(None)
    return (bound, ChatRow.language.in_(segment.languages)) if segment.languages else (bound,)
