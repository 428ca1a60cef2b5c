"""Addresses of programs and what they are told: the secret is sealed under the product's own key."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, delete, func, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.hook import Due, Hook, HookEvent, HookNotThere, StillTrying, Telling, TellingState, told
from core.domain.ids import HookId, StaffId, new_id
from core.domain.ticket import Ticket
from core.security.envelope import Tampered
from core.storage.base import Base
from core.storage.key import Seals
from core.storage.transaction import SqlTransaction, Stored

log = logging.getLogger(__name__)
TABLE = "hooks"
WAITING = text("state = 'waiting'")


class HookRow(Base):
    """An address. Its row is small and there are few."""

    __tablename__ = TABLE

    id: Mapped[HookId] = mapped_column(primary_key=True)
    url: Mapped[str]
    events: Mapped[list[str]] = mapped_column(JSON)
    secret: Mapped[bytes]
    former: Mapped[bytes | None]
    former_until: Mapped[datetime | None]
    off: Mapped[bool]
    made_at: Mapped[datetime]
    made_by: Mapped[StaffId] = mapped_column(ForeignKey("staff.id"))


class TellingRow(Base):
    """One event for one address."""

    __tablename__ = "hook_tellings"
    __table_args__ = (
        Index("ix_hook_tellings_hook_id", "hook", "id"),
        Index("ix_hook_tellings_due_at", "due_at", sqlite_where=WAITING, postgresql_where=WAITING),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    hook: Mapped[HookId] = mapped_column(ForeignKey("hooks.id"))
    event: Mapped[str]
    body: Mapped[str]
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    state: Mapped[str]
    tries: Mapped[int]
    status: Mapped[int | None]
    settled_at: Mapped[datetime | None] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class SqlHooks:
    """`core.domain.hook.Hooks`."""

    transaction: SqlTransaction
    seals: Seals

    async def tell(self, event: HookEvent, ticket: Ticket) -> None:
        """Write a telling for every address that wants the event, in the transaction of the fact."""
        now = self.transaction.now()
        for hook in await self.all():
            if event in hook.events and not hook.off:
                values: dict[str, Stored] = {
                    "id": new_id(now),
                    "hook": hook.id,
                    "event": event.value,
                    "body": json.dumps(told(event, ticket, now), separators=(",", ":")),
                    "made_at": now,
                    "due_at": now,
                    "state": TellingState.WAITING.value,
                    "tries": 0,
                }
                await self.transaction.insert(TellingRow, values)

    async def all(self) -> Sequence[Hook]:
        """In the order in which they were made."""
        return [_hook(row) for row in await self.transaction.session.scalars(select(HookRow).order_by(HookRow.id))]

    async def add(self, hook: Hook, secret: str) -> None:
        """Store it with its secret, sealed."""
        seal = await self.seals.system_row(TABLE, hook.id)
        values: dict[str, Stored] = {
            "id": hook.id,
            "url": hook.url,
            "events": sorted(hook.events),
            "secret": seal.shut("secret", secret),
            "off": hook.off,
            "made_at": hook.made_at,
            "made_by": hook.made_by,
        }
        await self.transaction.insert(HookRow, values)

    async def rotate(self, hook: HookId, secret: str, until: datetime) -> Hook:
        """Put another secret in the place of its own, which signs as well until then. Raises HookNotThere."""
        row = await self.transaction.session.scalar(select(HookRow).where(HookRow.id == hook).with_for_update())
        if row is None:
            raise HookNotThere
        seal = await self.seals.system_row(TABLE, hook)
        before = await self._opened(row, "secret", row.secret)
        values: dict[str, Stored] = {
            "secret": seal.shut("secret", secret),
            # One that does not open signs nothing: there is none to go on with.
            "former": seal.shut("former", before) if before else None,
            "former_until": until if before else None,
        }
        await self.transaction.change(update(HookRow).where(HookRow.id == hook).values(values))
        return replace(_hook(row), former_until=until if before else None)

    async def switch(self, hook: HookId, *, off: bool) -> None:
        """Raises HookNotThere."""
        if not await self.transaction.change(update(HookRow).where(HookRow.id == hook).values(off=off)):
            raise HookNotThere

    async def drop_former(self, now: datetime) -> int:
        """Remove secrets that sign no longer."""
        gone = update(HookRow).where(HookRow.former_until <= now)
        return await self.transaction.change(gone.values(former=None, former_until=None))

    async def remove(self, hook: HookId) -> None:
        """With its tellings. Raises HookNotThere."""
        await self.transaction.change(delete(TellingRow).where(TellingRow.hook == hook))
        if not await self.transaction.change(delete(HookRow).where(HookRow.id == hook)):
            raise HookNotThere

    async def tellings(self, hook: HookId, before: UUID | None, limit: int) -> Sequence[Telling]:
        """Return the newest first, older than `before`. Raises HookNotThere."""
        if await self.transaction.session.get(HookRow, hook) is None:
            raise HookNotThere
        asked = select(TellingRow).where(TellingRow.hook == hook).order_by(TellingRow.id.desc()).limit(limit)
        if before is not None:
            asked = asked.where(TellingRow.id < before)
        return [_telling(row) for row in await self.transaction.session.scalars(asked)]

    async def failing(self) -> Mapping[HookId, int]:
        """Return how many were given up, by address."""
        given_up = TellingRow.state == TellingState.GIVEN_UP.value
        asked = select(TellingRow.hook, func.count().label("number")).where(given_up).group_by(TellingRow.hook)
        return {row.hook: row.number for row in await self.transaction.session.execute(asked)}

    async def claim(self, now: datetime, until: datetime, limit: int) -> Sequence[Due]:
        """Return those whose time has come; until then nobody else gets them."""
        on = select(HookRow.id).where(HookRow.off.is_(False))
        due = select(TellingRow).where(TellingRow.state == TellingState.WAITING.value, TellingRow.due_at <= now)
        due = due.where(TellingRow.hook.in_(on))
        due = due.order_by(TellingRow.due_at).limit(limit).with_for_update(skip_locked=True)
        rows = list(await self.transaction.session.scalars(due))
        if not rows:
            return []
        mine = TellingRow.id.in_([row.id for row in rows])
        await self.transaction.change(update(TellingRow).where(mine).values(due_at=until, tries=TellingRow.tries + 1))
        asked = select(HookRow).where(HookRow.id.in_({row.hook for row in rows}))
        hooks = {row.id: row for row in await self.transaction.session.scalars(asked)}
        found = []
        for row in await self.transaction.session.scalars(select(TellingRow).where(mine).order_by(TellingRow.id)):
            hook = hooks[row.hook]
            secret, former = await self._opened(hook, "secret", hook.secret), ""
            if hook.former is not None and hook.former_until is not None and hook.former_until > now:
                former = await self._opened(hook, "former", hook.former)
            found.append(Due(_telling(row), hook.url, secret, former))
        return found

    async def _opened(self, hook: HookRow, column: str, sealed: bytes) -> str:
        try:
            return (await self.seals.system_row(TABLE, hook.id)).open(column, sealed)
        except Tampered:
            log.exception("hook_tampered", extra={"hook": str(hook.id)})
            return ""

    async def settle(self, telling: Telling) -> None:
        """Store how a try ended, unless somebody claimed or settled it since."""
        mine = (
            TellingRow.id == telling.id,
            TellingRow.tries == telling.tries,
            TellingRow.state == TellingState.WAITING.value,
        )
        values = {
            "state": telling.state.value,
            "due_at": telling.due_at,
            "status": telling.status,
            "settled_at": telling.settled_at,
        }
        await self.transaction.change(update(TellingRow).where(*mine).values(values))

    async def hold(self, hook: HookId, until: datetime) -> None:
        """Its other side does not answer: nothing that waits for it is tried before that."""
        waits = (TellingRow.hook == hook, TellingRow.state == TellingState.WAITING.value, TellingRow.due_at < until)
        await self.transaction.change(update(TellingRow).where(*waits).values(due_at=until))

    async def again(self, hook: HookId, telling: UUID, now: datetime) -> None:
        """Try it anew, for a day. Raises HookNotThere, StillTrying."""
        this = (TellingRow.id == telling, TellingRow.hook == hook)
        values = {
            "state": TellingState.WAITING.value,
            "made_at": now,
            "due_at": now,
            "tries": 0,
            "settled_at": None,
        }
        given_up = TellingRow.state == TellingState.GIVEN_UP.value
        if await self.transaction.change(update(TellingRow).where(*this, given_up).values(values)):
            return
        if await self.transaction.session.scalar(select(TellingRow.id).where(*this)) is None:
            raise HookNotThere
        raise StillTrying

    async def forget_before(self, moment: datetime) -> int:
        """Remove tellings that were settled before that; returns how many."""
        return await self.transaction.change(delete(TellingRow).where(TellingRow.settled_at < moment))


def _hook(row: HookRow) -> Hook:
    return Hook(
        row.id, row.url, frozenset(map(HookEvent, row.events)), row.made_at, row.made_by, row.off, row.former_until
    )


def _telling(row: TellingRow) -> Telling:
    return Telling(
        id=row.id,
        hook=row.hook,
        event=HookEvent(row.event),
        body=row.body,
        made_at=row.made_at,
        due_at=row.due_at,
        state=TellingState(row.state),
        tries=row.tries,
        status=row.status,
        settled_at=row.settled_at,
    )
