"""`medkarta keys rotate`: every data key wrapped anew by the current key, while the product goes on."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from core.security.envelope import Envelope, WrappedKey, kek_of
from core.security.keyring import KeyRing
from core.storage.conversation import LineRow
from core.storage.conversation import owner_of as line_owner
from core.storage.document import DocumentRow
from core.storage.document import owner_of as document_owner
from core.storage.extract import ExtractRow
from core.storage.extract import owner_of as extract_owner
from core.storage.key import DataKeyRow
from core.storage.ticket import FileRow
from core.storage.ticket import owner_of as ticket_file_owner
from core.storage.vaccination import ClaimRow
from core.storage.vaccination import owner_of as claim_owner

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
        files = await self._repeat(self._some_documents) + await self._repeat(self._some_extracts)
        files += await self._repeat(self._some_claims) + await self._repeat(self._some_lines)
        files += await self._repeat(self._some_ticket_files)
        return Rotated(await self._repeat(self._some_people), files)

    async def in_use(self) -> dict[str, int]:
        """Count the wrapped keys by the id of the key-encryption key: one that wraps none may be retired."""
        counts: dict[str, int] = {}
        async with self.engine.connect() as connection:
            for column in (DataKeyRow.kek, DocumentRow.kek, ExtractRow.kek, ClaimRow.kek, LineRow.kek, FileRow.kek):
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

    async def _some_documents(self, connection: AsyncConnection) -> int:
        return await self._some_files(connection, DocumentRow, document_owner)

    async def _some_extracts(self, connection: AsyncConnection) -> int:
        return await self._some_files(connection, ExtractRow, extract_owner)

    async def _some_claims(self, connection: AsyncConnection) -> int:
        return await self._some_files(connection, ClaimRow, claim_owner)

    async def _some_lines(self, connection: AsyncConnection) -> int:
        return await self._some_files(connection, LineRow, line_owner)

    async def _some_ticket_files(self, connection: AsyncConnection) -> int:
        return await self._some_files(connection, FileRow, ticket_file_owner)

    async def _some_files(
        self,
        connection: AsyncConnection,
        kind: type[DocumentRow | ExtractRow | ClaimRow | LineRow | FileRow],
        owner_of: Callable[..., str],
    ) -> int:
        old = select(kind.id, kind.wrapped).where(kind.kek != self.keyring.current.id).limit(BATCH)
        found = [
            (row.id, row.wrapped, self._anew(row.wrapped, owner_of(row.id)))
            for row in await connection.execute(old)
            if row.wrapped is not None
        ]
        unchanged = (kind.id == bindparam("name"), kind.wrapped == bindparam("before"))
        if found:
            await connection.execute(update(kind).where(*unchanged).values(ANEW), [_written(*one) for one in found])
        return len(found)

    def _anew(self, wrapped: bytes, owner: str) -> WrappedKey:
        return self.envelope.rewrap(WrappedKey(wrapped), owner)


def _written(name: str | UUID, before: bytes, after: WrappedKey) -> dict[str, str | UUID | bytes]:
    return {"name": name, "before": before, "after": bytes(after), "after_kek": kek_of(after)}
