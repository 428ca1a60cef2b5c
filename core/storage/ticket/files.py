"""The files of remarks: ciphertext in the store, the key of each in its row."""

import asyncio
import logging
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select

from core.domain.account import WrongMove
from core.domain.actor import NotAllowed
from core.domain.ids import RemarkId, TicketId, new_id
from core.domain.support import UNREADABLE
from core.domain.ticket import Attachment, Remark, TicketNotThere
from core.ports import Files
from core.security.envelope import Place, Tampered, WrappedKey, kek_of
from core.storage.key import Seals
from core.storage.ticket.rows import FILES, FileRow, RemarkRow, owner_of
from core.storage.transaction import SqlTransaction

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SqlTicketFiles:
    """What `SqlTickets` keeps apart."""

    transaction: SqlTransaction
    seals: Seals
    files: Files

    async def put(self, remark: Remark, file: Attachment, content: bytes) -> None:
        """Store a file behind those that are there; WrongMove when another comes at the same moment."""
        session = self.transaction.session
        account = await session.scalar(select(RemarkRow.account).where(RemarkRow.id == remark.id))
        last = await session.scalar(select(func.max(FileRow.place)).where(FileRow.remark == remark.id))
        if account is None:
            raise TicketNotThere
        name = new_id(self.transaction.now())
        envelope = self.seals.envelope
        key, wrapped = envelope.new_key(owner_of(name))
        sealed = await asyncio.to_thread(envelope.seal, key, _place(name), content)
        # The file before the row: a row never names a file that is not there. One without a row is noise, and goes.
        self.transaction.after_rollback(lambda: self.files.delete(str(name)))
        await self.files.put(str(name), sealed)
        seal = await self.seals.row_of(account, FILES, name)
        stored = await self.transaction.insert(
            FileRow,
            {
                "id": name,
                "remark": remark.id,
                "ticket": remark.ticket,
                "account": account,
                "place": 0 if last is None else last + 1,
                "mime": file.mime,
                "size": file.size,
                "title": seal.shut("title", file.name),
                "kek": kek_of(wrapped),
                "wrapped": bytes(wrapped),
            },
        )
        if not stored:
            raise WrongMove

    async def weight(self, ticket: TicketId) -> tuple[int, int]:
        """Count those of a ticket, and their bytes."""
        asked = select(func.count(), func.coalesce(func.sum(FileRow.size), 0)).where(FileRow.ticket == ticket)
        number, size = (await self.transaction.session.execute(asked)).one()
        return int(number), int(size)

    async def of(self, remarks: Collection[RemarkId]) -> dict[RemarkId, list[Attachment]]:
        """Return the files of remarks, without their bytes."""
        asked = select(FileRow).where(FileRow.remark.in_(remarks)).order_by(FileRow.remark, FileRow.place)
        found: dict[RemarkId, list[Attachment]] = {}
        for row in (await self.transaction.session.scalars(asked)).all():
            found.setdefault(row.remark, []).append(await self._told(row))
        return found

    async def get(self, remark: RemarkId, place: int) -> tuple[Attachment, bytes]:
        """Return a file, opened; TicketNotThere."""
        asked = select(FileRow).where(FileRow.remark == remark, FileRow.place == place)
        row = await self.transaction.session.scalar(asked)
        if row is None:
            raise TicketNotThere
        try:
            sealed = await self.files.get(str(row.id))
        except FileNotFoundError:
            log.exception("ticket_file_missing", extra={"file": str(row.id)})
            raise TicketNotThere from None
        try:
            key = self.seals.envelope.unwrap(WrappedKey(row.wrapped), owner_of(row.id))
            content = await asyncio.to_thread(self.seals.envelope.open, key, _place(row.id), sealed)
        except Tampered:
            log.exception("ticket_tampered", extra={"ticket": str(row.ticket)})
            raise TicketNotThere from None
        return await self._told(row), content

    async def drop(self, ticket: TicketId) -> None:
        """Remove all of a ticket: their keys now, the ciphertext once that stands."""
        gone = delete(FileRow).where(FileRow.ticket == ticket).returning(FileRow.id)
        for file in (await self.transaction.session.scalars(gone)).all():
            self._delete_later(str(file))

    def _delete_later(self, name: str) -> None:
        self.transaction.after_commit(lambda: self.files.delete(name))

    async def _told(self, row: FileRow) -> Attachment:
        try:
            title = (await self.seals.row_of(row.account, FILES, row.id)).open("title", row.title)
        except (Tampered, NotAllowed):
            log.exception("ticket_tampered", extra={"ticket": str(row.ticket)})
            title = UNREADABLE
        return Attachment(title, row.mime, row.size)


def _place(file: UUID) -> Place:
    return Place(FILES, file, "content")
