"""Answers that stand ready: nothing personal, so nothing is sealed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import JSON, Index, delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.account import WrongMove
from core.domain.canned import Canned, ShortcutTaken
from core.domain.conversation import Sight
from core.domain.ids import CannedId, TeamId
from core.storage.base import Base
from core.storage.transaction import SqlTransaction

EVERYBODY = "all"


class CannedRow(Base):
    """One answer. `group_of` is its group, or everybody: a shortcut is one answer there."""

    __tablename__ = "canned"
    __table_args__ = (Index("uq_canned_shortcut", "group_of", "shortcut", unique=True),)

    id: Mapped[CannedId] = mapped_column(primary_key=True)
    shortcut: Mapped[str]
    title: Mapped[str]
    texts: Mapped[dict[str, str]] = mapped_column(JSON)
    team: Mapped[TeamId | None]
    group_of: Mapped[str]
    version: Mapped[int]


@dataclass(frozen=True, slots=True)
class SqlCannedAnswers:
    """`core.domain.canned.CannedAnswers`."""

    transaction: SqlTransaction

    async def all(self, sight: Sight) -> Sequence[Canned]:
        """Return everybody's and those of the member's group; all of them to whoever sees everything."""
        asked = select(CannedRow).order_by(CannedRow.shortcut, CannedRow.id)
        if not sight.everything:
            asked = asked.where(or_(CannedRow.team.is_(None), CannedRow.team == sight.team))
        rows = await self.transaction.session.scalars(asked)
        return [Canned(row.id, row.shortcut, row.title, row.texts, row.team, row.version) for row in rows]

    async def put(self, canned: Canned) -> Canned:
        """Store it, new or changed. Raises ShortcutTaken; `account.WrongMove` when it changed since it was read."""
        values = {
            "shortcut": canned.shortcut,
            "title": canned.title,
            "texts": dict(canned.texts),
            "team": canned.team,
            "group_of": str(canned.team or EVERYBODY),
            "version": canned.version + 1,
        }
        if canned.version == 0:
            if not await self.transaction.insert(CannedRow, {"id": canned.id, **values}):
                raise ShortcutTaken
            return replace(canned, version=1)
        same = (CannedRow.id == canned.id, CannedRow.version == canned.version)
        try:
            async with self.transaction.session.begin_nested():
                changed = await self.transaction.change(update(CannedRow).where(*same).values(values))
        except IntegrityError:
            raise ShortcutTaken from None
        if not changed:
            raise WrongMove
        return replace(canned, version=canned.version + 1)

    async def remove(self, canned: CannedId) -> bool:
        """Remove it; False where there is none."""
        return bool(await self.transaction.change(delete(CannedRow).where(CannedRow.id == canned)))
