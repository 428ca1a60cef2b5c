"""`medkarta keys rotate`: every data key wrapped anew by the current key, while the product goes on."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from core.security.envelope import Envelope, WrappedKey, kek_of
from core.security.keyring import KeyRing
from core.storage.document import DocumentRow, owner_of
from core.storage.key import DataKeyRow

BATCH = 1000
ANEW: dict[str, BindParameter[bytes | str]] = {"wrapped": bindparam("after"), "kek": bindparam("after_kek")}


@dataclass(frozen=True, slots=True)
class Rotated:
    """How many keys were wrapped anew: of people (the product's own included), and of files."""

    people: int
    files: int


@dataclass(frozen=True, slots=True)
class SqlKeys:
    """The wrapped keys of the whole database. Each batch is a transaction of its own and changes only what it read."""

    engine: AsyncEngine
    keyring: KeyRing
    envelope: Envelope

    async def rotate(self) -> Rotated:
        """Wrap anew everything that the current key does not wrap yet; begun again after a stop, it goes on from there.

        Values stay as they are: a reader meets the old wrapping or the new one, and both open.
        Raises Tampered or UnknownKey for a key that does not open; the batches before it are done.
        """
        return Rotated(await self._repeat(self._some_people), await self._repeat(self._some_files))

    async def in_use(self) -> dict[str, int]:
        """Count the wrapped keys by the id of the key-encryption key: one that wraps none may be retired."""
        counts: dict[str, int] = {}
        async with self.engine.connect() as connection:
            for column in (DataKeyRow.kek, DocumentRow.kek):
                asked = select(column, func.count()).where(column.is_not(None)).group_by(column)
                for kek, count in await connection.execute(asked):
                    counts[str(kek)] = counts.get(str(kek), 0) + count
        return counts

    async def _repeat(self, some: Callable[[AsyncConnection], Awaitable[int]]) -> int:
        done = 0
        while True:
            async with self.engine.begin() as connection:
                changed = await some(connection)
            if not changed:
                return done
            done += changed

    async def _some_people(self, connection: AsyncConnection) -> int:
        old = select(DataKeyRow.owner, DataKeyRow.wrapped).where(DataKeyRow.kek != self.keyring.current.id).limit(BATCH)
        found = [(row.owner, row.wrapped, self._anew(row.wrapped, row.owner)) for row in await connection.execute(old)]
        unchanged = (DataKeyRow.owner == bindparam("name"), DataKeyRow.wrapped == bindparam("before"))
        if found:
            await connection.execute(
                update(DataKeyRow).where(*unchanged).values(ANEW), [_written(*one) for one in found]
            )
        return len(found)

    async def _some_files(self, connection: AsyncConnection) -> int:
        old = select(DocumentRow.id, DocumentRow.wrapped).where(DocumentRow.kek != self.keyring.current.id).limit(BATCH)
        found = [
            (row.id, row.wrapped, self._anew(row.wrapped, owner_of(row.id)))
            for row in await connection.execute(old)
            if row.wrapped is not None
        ]
        unchanged = (DocumentRow.id == bindparam("name"), DocumentRow.wrapped == bindparam("before"))
        if found:
            await connection.execute(
                update(DocumentRow).where(*unchanged).values(ANEW), [_written(*one) for one in found]
            )
        return len(found)

    def _anew(self, wrapped: bytes, owner: str) -> WrappedKey:
        return self.envelope.rewrap(WrappedKey(wrapped), owner)


def _written(name: str | UUID, before: bytes, after: WrappedKey) -> dict[str, str | UUID | bytes]:
    return {"name": name, "before": before, "after": bytes(after), "after_kek": kek_of(after)}
