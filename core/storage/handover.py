"""Handovers: which visits and for whom is sealed, link and browser are known by SHA-256, the code by a keyed hash."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, and_, delete, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.handover import MOST, MOVES, TRIES, Handover, HandoverState, TooManyHandovers, Ways
from core.domain.ids import AccountId, HandoverId, RecordId
from core.ports import Codes
from core.storage.base import Base
from core.storage.key import Seals
from core.storage.token import hashed
from core.storage.transaction import SqlTransaction, Stored

TABLE = "handovers"
ENDED: dict[str, Stored] = {"code_name": None, "slot": None}
"""What a handover gives back when it ends: the name of its code, and one of its owner's ten places."""


class HandoverRow(Base):
    """A handover. `slot` is one of ten places of its owner: that there are no more is the database's to see to."""

    __tablename__ = TABLE
    __table_args__ = (
        Index("uq_handovers_token_hash", "token_hash", unique=True),
        Index("uq_handovers_code_name", "code_name", unique=True),
        Index("uq_handovers_reader_hash", "reader_hash", unique=True),
        Index("uq_handovers_account_slot", "account", "slot", unique=True),
        Index("ix_handovers_account_made_at", "account", "made_at"),
        Index("ix_handovers_made_at", "made_at"),
        CheckConstraint(f"slot BETWEEN 1 AND {MOST}", "slot"),
    )

    id: Mapped[HandoverId] = mapped_column(primary_key=True)
    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"))
    slot: Mapped[int | None]
    state: Mapped[str]
    token_hash: Mapped[bytes]
    code_name: Mapped[str | None]
    code_hash: Mapped[bytes]
    reader_hash: Mapped[bytes | None]
    content: Mapped[bytes]
    tries: Mapped[int]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    opened_at: Mapped[datetime | None]
    read_until: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class SqlHandovers:
    """`core.domain.handover.Handovers`."""

    transaction: SqlTransaction
    seals: Seals
    codes: Codes

    async def add(self, handover: Handover, ways: Ways, now: datetime) -> bool:
        """Store it; False when the name of its code is taken. Raises TooManyHandovers."""
        in_the_way = or_(HandoverRow.account == handover.account, HandoverRow.code_name == ways.code.name)
        over = update(HandoverRow).where(in_the_way, HandoverRow.expires_at <= now, HandoverRow.slot.is_not(None))
        await self.transaction.change(over.values(ENDED))
        seal = await self.seals.row_of(handover.account, TABLE, handover.id)
        content = {"visits": [str(each) for each in handover.visits], "recipient": handover.recipient}
        values: dict[str, Stored] = {
            "id": handover.id,
            "account": handover.account,
            "state": handover.state.value,
            "token_hash": hashed(ways.token),
            "code_name": ways.code.name,
            "code_hash": self.codes.digest(ways.code.secret, salt=handover.id.bytes),
            "content": seal.shut("content", json.dumps(content, ensure_ascii=False)),
            "tries": 0,
            "made_at": handover.made_at,
            "expires_at": handover.expires_at,
        }
        taken = select(HandoverRow.slot).where(HandoverRow.account == handover.account, HandoverRow.slot.is_not(None))
        free = set(range(1, MOST + 1)) - set((await self.transaction.session.scalars(taken)).all())
        for slot in sorted(free):
            if await self.transaction.insert(HandoverRow, {**values, "slot": slot}):
                return True
            named = select(HandoverRow.id).where(HandoverRow.code_name == ways.code.name)
            if await self.transaction.session.scalar(named) is not None:
                return False
        raise TooManyHandovers

    async def of(self, account: AccountId, since: datetime) -> Sequence[Handover]:
        """Return those made since then, the newest first."""
        mine = select(HandoverRow).where(HandoverRow.account == account, HandoverRow.made_at >= since)
        newest = mine.order_by(HandoverRow.made_at.desc(), HandoverRow.id.desc())
        return [await self._opened(row) for row in await self.transaction.session.scalars(newest)]

    async def by_token(self, token: str) -> Handover | None:
        """Return the one of this link."""
        return await self._one(HandoverRow.token_hash == hashed(token))

    async def by_name(self, name: str) -> Handover | None:
        """Return the one whose code begins so, while its code can open it."""
        return await self._one(HandoverRow.code_name == name)

    async def by_reader(self, reader: str) -> Handover | None:
        """Return the one that was opened in the browser with this name."""
        return await self._one(HandoverRow.reader_hash == hashed(reader))

    async def opens(self, handover: Handover, secret: str) -> bool:
        """Compare the secret of a code in constant time."""
        known = await self.transaction.session.scalar(
            select(HandoverRow.code_hash).where(HandoverRow.id == handover.id)
        )
        return known is not None and self.codes.matches(secret, known, salt=handover.id.bytes)

    async def spend(self, handover: Handover) -> int:
        """Take one of the tries of a code before it is compared; returns how many are taken, 0 when none was left."""
        here = HandoverRow.id == handover.id
        one_more = update(HandoverRow).where(here, HandoverRow.tries < TRIES).values(tries=HandoverRow.tries + 1)
        if not await self.transaction.change(one_more):
            return 0
        return await self.transaction.session.scalar(select(HandoverRow.tries).where(here)) or 0

    async def open(self, handover: Handover, reader: str, now: datetime) -> bool:
        """Burn link and code; False when somebody was first, or it stands no more."""
        values: dict[str, Stored] = {
            "reader_hash": hashed(reader),
            "opened_at": now,
            "read_until": handover.read_until_from(now),
        }
        here = (HandoverRow.id == handover.id, HandoverRow.expires_at > now)
        return await self._move(HandoverState.OPENED, values, *here)

    async def revoke(self, account: AccountId, handover: HandoverId, now: datetime) -> bool:
        """Take it back, opened or not; False when there was nothing to take back."""
        here = (HandoverRow.id == handover, HandoverRow.account == account)
        running = or_(
            and_(HandoverRow.state == HandoverState.OPENED.value, HandoverRow.read_until > now),
            and_(HandoverRow.state == HandoverState.STANDING.value, HandoverRow.expires_at > now),
        )
        return await self._move(HandoverState.REVOKED, {"revoked_at": now, "reader_hash": None}, *here, running)

    async def forget_before(self, moment: datetime) -> int:
        """Remove those made before that; returns how many."""
        return await self.transaction.change(delete(HandoverRow).where(HandoverRow.made_at < moment))

    async def _move(self, to: HandoverState, values: dict[str, Stored], *which: ColumnElement[bool]) -> bool:
        movable = [state.value for state, ways in MOVES.items() if to in ways]
        here = update(HandoverRow).where(*which, HandoverRow.state.in_(movable))
        return bool(await self.transaction.change(here.values(state=to.value, **ENDED, **values)))

    async def _one(self, which: ColumnElement[bool]) -> Handover | None:
        row = await self.transaction.session.scalar(select(HandoverRow).where(which))
        return None if row is None else await self._opened(row)

    async def _opened(self, row: HandoverRow) -> Handover:
        seal = await self.seals.row_of(row.account, TABLE, row.id)
        kept = json.loads(seal.open("content", row.content))
        return Handover(
            id=row.id,
            account=row.account,
            visits=tuple(RecordId(UUID(each)) for each in kept["visits"]),
            recipient=kept["recipient"],
            made_at=row.made_at,
            expires_at=row.expires_at,
            state=HandoverState(row.state),
            opened_at=row.opened_at,
            read_until=row.read_until,
            revoked_at=row.revoked_at,
            tries=row.tries,
        )
