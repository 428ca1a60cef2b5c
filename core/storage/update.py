"""Once: the done marks of Telegram's updates, and the inbox of those that wait or were given up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Index, bindparam, case, delete, false, func, literal, select
from sqlalchemy import update as change
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.update import Fault, Kept, SetAside, Standing, UpdateNotThere, UpdateState
from core.security.envelope import Tampered
from core.storage.base import Base, Big, UtcDateTime, table_of
from core.storage.key import RowSeal, Seals
from core.storage.mark import UpdateRow
from core.storage.transaction import SqlTransaction, Stored

ASIDE_KEPT = timedelta(days=30)
"""How long what was given up waits for an administrator before it is wiped."""
PUT_BACK: Mapping[str, Stored] = {"state": Standing.WAITING, "tries": 0, "put_back": True}
TAMPERED = Fault("Tampered", "core.storage.update")


class InboxRow(Base):
    """An update that is kept here. `state` is a `Standing`; `raw` is sealed, and absent while only tries are counted."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_state_chat", "state", "chat", "id"),)

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=False)
    chat: Mapped[int] = mapped_column(Big)
    kind: Mapped[str]
    state: Mapped[str]
    raw: Mapped[bytes | None]
    tries: Mapped[int] = mapped_column(default=0)
    put_back: Mapped[bool] = mapped_column(default=False, server_default=false())
    fault: Mapped[str | None]
    places: Mapped[str | None]
    changed_at: Mapped[datetime]


UPDATES = table_of(UpdateRow)
STATE = select(UPDATES.c.answered_at).where(UPDATES.c.id == bindparam("update"))


def _finishing(insert: postgresql.Insert | sqlite.Insert) -> postgresql.Insert | sqlite.Insert:
    """Return the one statement that marks an update answered, done before or not; the first answer stands."""
    return insert.on_conflict_do_update(
        index_elements=[UPDATES.c.id],
        set_={"answered_at": insert.excluded.answered_at},
        where=UPDATES.c.answered_at.is_(None),
    )


FINISH_ON_POSTGRESQL, FINISH_ON_SQLITE = _finishing(postgresql.insert(UPDATES)), _finishing(sqlite.insert(UPDATES))


@dataclass(frozen=True, slots=True)
class SqlUpdates:
    """`core.domain.update.Updates`; the row stands with the transaction, which writes the mark."""

    transaction: SqlTransaction

    async def state(self, update: int) -> UpdateState:
        """How far it was seen through before."""
        for row in await self.transaction.ask(STATE, update=update):
            return UpdateState.DONE if row.answered_at is None else UpdateState.ANSWERED
        return UpdateState.NEW

    async def finish(self, update: int, now: datetime) -> None:
        """Mark the update answered, whether or not it had an effect of its own."""
        finish = FINISH_ON_POSTGRESQL if self.transaction.on_postgresql else FINISH_ON_SQLITE
        await self.transaction.alter_alone(finish, id=update, done_at=now, answered_at=now)

    async def forget_before(self, moment: datetime) -> int:
        """Remove marks older than that, but not of what may still be handled again; returns how many."""
        tried = delete(InboxRow).where(InboxRow.state == Standing.TRIED, InboxRow.changed_at < moment)
        await self.transaction.change(tried)
        aside = delete(InboxRow).where(InboxRow.state == Standing.ASIDE, InboxRow.changed_at < moment - ASIDE_KEPT)
        await self.transaction.change(aside)
        old = delete(UpdateRow).where(UpdateRow.done_at < moment, UpdateRow.id.not_in(select(InboxRow.id)))
        return await self.transaction.change(old)


@dataclass(frozen=True, slots=True)
class SqlInbox:
    """`core.domain.update.Inbox`."""

    transaction: SqlTransaction
    seals: Seals

    async def keep(self, updates: Sequence[Kept], now: datetime) -> None:
        """Store them in one statement. What was given up stays given up."""
        if not updates:
            return
        rows: list[Mapping[str, Stored]] = [
            {**await self._sealed(each), "state": Standing.WAITING, "tries": each.tries, "changed_at": now}
            for each in updates
        ]
        new = self._insert(rows)
        again = {"state": Standing.WAITING, "raw": new.excluded.raw, "changed_at": now}
        await self.transaction.session.execute(
            new.on_conflict_do_update(index_elements=["id"], set_=again, where=InboxRow.state == Standing.TRIED)
        )

    async def chats(self) -> list[int]:
        """The chats for which something waits."""
        found = select(InboxRow.chat).where(InboxRow.state == Standing.WAITING).distinct()
        return list(await self.transaction.session.scalars(found))

    async def of_chat(self, chat: int, limit: int) -> list[Kept]:
        """What waits for a chat, oldest first."""
        waiting = select(InboxRow).where(InboxRow.state == Standing.WAITING, InboxRow.chat == chat)
        rows = await self.transaction.session.scalars(waiting.order_by(InboxRow.id).limit(limit))
        found = []
        for row in rows.all():
            seal = await self._seal(row.id)
            try:
                found.append(
                    Kept(row.id, row.chat, row.kind, seal.open("raw", row.raw or b""), row.tries, row.put_back)
                )
            except Tampered:
                await self._change(row.id, {"state": Standing.ASIDE, "fault": TAMPERED.name, "places": TAMPERED.places})
        return found

    async def leave(self, update: int) -> None:
        """Remove it. What was given up meanwhile by somebody else is over too."""
        await self.transaction.change(delete(InboxRow).where(InboxRow.id == update))

    async def count_try(self, update: Kept, fault: Fault, now: datetime) -> tuple[int, Standing]:
        """Count one more failure in one statement."""
        told: dict[str, Stored] = {"fault": fault.name, "places": fault.places, "changed_at": now}
        row = {"id": update.id, "chat": update.chat, "kind": update.kind, "state": Standing.TRIED, "tries": 1, **told}
        since = case((InboxRow.state == Standing.TRIED, literal(now, UtcDateTime())), else_=InboxRow.changed_at)
        more = {"tries": InboxRow.tries + 1, **told, "changed_at": since}
        counted = self._insert([row]).on_conflict_do_update(index_elements=["id"], set_=more)
        result = await self.transaction.session.execute(counted.returning(InboxRow.tries, InboxRow.state))
        tries, state = result.one()
        return tries, Standing(state)

    async def set_aside(self, update: Kept, fault: Fault, now: datetime) -> None:
        """Give it up, sealed."""
        told: Mapping[str, Stored] = {
            "state": Standing.ASIDE, "fault": fault.name, "places": fault.places, "changed_at": now,
        }  # fmt: skip
        row: Mapping[str, Stored] = {**await self._sealed(update), "tries": update.tries, **told}
        aside = self._insert([row]).on_conflict_do_update(index_elements=["id"], set_={**told, "raw": row["raw"]})
        await self.transaction.session.execute(aside)

    async def aside(self, limit: int) -> list[SetAside]:
        """What was set aside, newest first."""
        given_up = select(InboxRow).where(InboxRow.state == Standing.ASIDE)
        rows = await self.transaction.session.scalars(
            given_up.order_by(InboxRow.changed_at.desc(), InboxRow.id).limit(limit)
        )
        return [
            SetAside(row.id, row.chat, row.kind, Fault(row.fault or "", row.places or ""), row.tries, row.changed_at)
            for row in rows
        ]

    async def retry(self, update: int, now: datetime) -> None:
        """Let it wait again, in one conditional statement."""
        await self._change(update, {**PUT_BACK, "changed_at": now}, Standing.ASIDE)

    async def retry_all(self, now: datetime) -> int:
        """Let everything that is set aside wait again."""
        aside = change(InboxRow).where(InboxRow.state == Standing.ASIDE)
        return await self.transaction.change(aside.values(**PUT_BACK, changed_at=now))

    async def drop(self, update: int) -> None:
        """Wipe what was set aside."""
        gone = delete(InboxRow).where(InboxRow.id == update, InboxRow.state == Standing.ASIDE)
        if not await self.transaction.change(gone):
            raise UpdateNotThere

    async def count(self) -> dict[Standing, tuple[int, datetime | None]]:
        """How many stand where, and since when."""
        asked = select(InboxRow.state, func.count(), func.min(InboxRow.changed_at)).group_by(InboxRow.state)
        rows = await self.transaction.session.execute(asked)
        found = {Standing(state): (number, since) for state, number, since in rows}
        return {standing: found.get(standing, (0, None)) for standing in Standing}

    async def _change(self, update: int, values: Mapping[str, Stored], standing: Standing | None = None) -> None:
        rows = change(InboxRow).where(InboxRow.id == update)
        if standing is not None:
            rows = rows.where(InboxRow.state == standing)
        if not await self.transaction.change(rows.values(**values)):
            raise UpdateNotThere

    async def _sealed(self, update: Kept) -> dict[str, Stored]:
        seal = await self._seal(update.id)
        return {"id": update.id, "chat": update.chat, "kind": update.kind, "raw": seal.shut("raw", update.raw)}

    async def _seal(self, update: int) -> RowSeal:
        return await self.seals.system_row("inbox", str(update))

    def _insert(self, rows: Sequence[Mapping[str, Stored]]) -> postgresql.Insert | sqlite.Insert:
        values = [dict(row) for row in rows]
        if self.transaction.on_postgresql:
            return postgresql.insert(InboxRow).values(values)
        return sqlite.insert(InboxRow).values(values)
