"""Documents: rows here, ciphertext in the file store, each file under a key of its own."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, Row, bindparam, or_, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.account import WrongMove
from core.domain.actor import Actor, Citizen, Role, Staff
from core.domain.document import MOVES, Document, DocumentNotThere, DocumentState, Kind, Purpose
from core.domain.ids import AccountId, DocumentId
from core.ports import Files
from core.security.envelope import Place, WrappedKey, kek_of
from core.storage.base import Base, table_of
from core.storage.chat import is_bound, speaks_for
from core.storage.consent import is_not_withdrawn
from core.storage.key import Seals
from core.storage.transaction import SqlTransaction, Stored

log = logging.getLogger(__name__)

TABLE = "documents"
BETWEEN = "-"
"""The kind of a document that is changing places with another, within one transaction."""
READERS = frozenset({Role.REVIEWER, Role.ADMINISTRATOR})
STANDS = text("state <> 'removed'")
# Whoever holds the file of a removed document holds noise: its key goes in the statement that removes it.
GONE = DocumentState.REMOVED.value
REMOVED = {"state": GONE, "kek": None, "wrapped": None}
ATTEMPTS = 5


class DocumentRow(Base):
    """An upload. `wrapped` is the key of its file, `kek` the key-encryption key that wraps it; `reason` is sealed."""

    __tablename__ = TABLE
    __table_args__ = (
        Index(
            "uq_documents_standing",
            "account",
            "purpose",
            "kind",
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
        Index("ix_documents_state_uploaded_at", "state", "uploaded_at"),
    )

    id: Mapped[DocumentId] = mapped_column(primary_key=True)
    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"))
    purpose: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
    mime: Mapped[str]
    size: Mapped[int]
    pages: Mapped[int]
    uploaded_at: Mapped[datetime]
    moved_at: Mapped[datetime | None]
    reason: Mapped[bytes | None]
    kek: Mapped[str | None] = mapped_column(index=True)
    wrapped: Mapped[bytes | None]
    version: Mapped[int]


DOCUMENTS = table_of(DocumentRow)
STANDING_OF = (
    select(DOCUMENTS)
    .where(
        DOCUMENTS.c.account == bindparam("account"),
        DOCUMENTS.c.purpose == bindparam("purpose"),
        DOCUMENTS.c.state != bindparam("removed"),
        speaks_for(),
    )
    .order_by(DOCUMENTS.c.uploaded_at, DOCUMENTS.c.id)
)


@dataclass(frozen=True, slots=True)
class SqlDocuments:
    """`core.domain.document.Documents`."""

    transaction: SqlTransaction
    seals: Seals
    files: Files

    async def of(self, citizen: Citizen, purpose: Purpose) -> list[Document]:
        """Return the standing ones, refused ones included; none when the chat no longer speaks for the account."""
        rows = await self.transaction.ask(
            STANDING_OF, account=citizen.account, chat=citizen.chat, purpose=purpose.value, removed=GONE
        )
        return [await self._opened(row) for row in rows]

    async def standing(self, account: AccountId, purpose: Purpose) -> list[Document]:
        """The same for staff and for the product's own work."""
        return await self._listed(_standing(account, purpose))

    async def put(self, document: Document, content: bytes) -> None:
        """Store it, encrypted under a key of its own, in place of the standing one of its kind."""
        envelope = self.seals.envelope
        key, wrapped = envelope.new_key(owner_of(document.id))
        sealed = await asyncio.to_thread(envelope.seal, key, _place(document.id), content)
        # The file before the row: a row never names a file that is not there. One without a row is noise, and goes.
        self.transaction.after_rollback(lambda: self.files.delete(file_of(document.id)))
        await self.files.put(file_of(document.id), sealed)
        seal = await self.seals.row_of(document.account, TABLE, document.id)
        values: dict[str, Stored] = {
            "id": document.id,
            "account": document.account,
            "purpose": document.purpose.value,
            "kind": document.kind.value,
            "state": document.state.value,
            "mime": document.mime,
            "size": document.size,
            "pages": document.pages,
            "uploaded_at": document.uploaded_at,
            "reason": seal.shut_known("reason", document.reason),
            "kek": kek_of(wrapped),
            "wrapped": bytes(wrapped),
            "version": seal.version,
        }
        # An album brings the same kind twice at one moment; the later one takes the place of the earlier.
        for _ in range(ATTEMPTS):
            await self._remove_standing(document)
            if await self.transaction.insert(DocumentRow, values):
                return
        raise WrongMove

    async def find(self, actor: Actor, document: DocumentId) -> Document:
        """Return one that the actor may see: a citizen's own, or any for a reviewer; DocumentNotThere otherwise."""
        return await self._opened(await self._visible(actor, document))

    async def content(self, actor: Actor, document: DocumentId) -> bytes:
        """Return the decrypted bytes of one that the actor may see; DocumentNotThere otherwise."""
        row = await self._visible(actor, document)
        if row.wrapped is None:
            raise DocumentNotThere
        key = self.seals.envelope.unwrap(WrappedKey(row.wrapped), owner_of(document))
        try:
            sealed = await self.files.get(file_of(document))
        except FileNotFoundError:
            log.exception("document_file_missing", extra={"document": str(document)})
            raise DocumentNotThere from None
        return await asyncio.to_thread(self.seals.envelope.open, key, _place(document), sealed)

    async def move(self, document: DocumentId, to: DocumentState, reason: str | None, now: datetime) -> None:
        """Move by MOVES in one conditional UPDATE; `account.WrongMove` when it changed meanwhile."""
        row = await self.transaction.session.scalar(select(DocumentRow).where(DocumentRow.id == document))
        if row is None:
            raise WrongMove
        seal = await self.seals.row_of(row.account, TABLE, row.id, row.version + 1)
        values: dict[str, Stored] = {
            "state": to.value,
            "reason": seal.shut_known("reason", reason),
            "moved_at": now,
            "version": seal.version,
        }
        if to is DocumentState.REMOVED:
            values |= REMOVED
            self.transaction.after_commit(lambda: self.files.delete(file_of(document)))
        movable = [state.value for state, ways in MOVES.items() if to in ways]
        unchanged = (DocumentRow.id == document, DocumentRow.version == row.version, DocumentRow.state.in_(movable))
        if not await self.transaction.change(update(DocumentRow).where(*unchanged).values(values)):
            raise WrongMove

    async def relabel(self, document: Document, kind: Kind, now: datetime) -> None:
        """Make it a document of another kind; the standing one of that kind, if any, takes its place. Both are to be reviewed."""
        at = _standing(document.account, document.purpose)
        other = await self.transaction.session.scalar(select(DocumentRow.id).where(at, DocumentRow.kind == kind.value))
        anew: dict[str, Stored] = {"state": DocumentState.RECEIVED.value, "reason": None, "moved_at": now}
        # The unique index looks at each row at once: one of the two steps aside first.
        steps = [(document.id, document.kind.value, BETWEEN), (document.id, BETWEEN, kind.value)]
        if other is not None:
            steps.insert(1, (other, kind.value, document.kind.value))
        for row, before, after in steps:
            here = update(DocumentRow).where(at, DocumentRow.id == row, DocumentRow.kind == before)
            if not await self.transaction.change(here.values({**anew, "kind": after})):
                raise WrongMove

    async def waiting(self, limit: int) -> list[Document]:
        """Return application documents that nobody has reviewed, oldest first."""
        received = DocumentRow.state == DocumentState.RECEIVED.value
        consented = is_not_withdrawn(DocumentRow.account)
        return await self._listed(received, DocumentRow.purpose == Purpose.APPLICATION.value, consented, limit=limit)

    async def _remove_standing(self, document: Document) -> None:
        same = (_standing(document.account, document.purpose), DocumentRow.kind == document.kind.value)
        removed = update(DocumentRow).where(*same).values({**REMOVED, "reason": None, "moved_at": document.uploaded_at})
        for replaced in (await self.transaction.session.scalars(removed.returning(DocumentRow.id))).all():
            self._delete_later(replaced)

    def _delete_later(self, document: DocumentId) -> None:
        self.transaction.after_commit(lambda: self.files.delete(file_of(document)))

    async def _visible(self, actor: Actor, document: DocumentId) -> DocumentRow:
        asked = select(DocumentRow).where(DocumentRow.id == document, DocumentRow.state != DocumentState.REMOVED.value)
        match actor:
            case Citizen(account=account):
                asked = asked.where(DocumentRow.account == account, is_bound(actor))
            case Staff(role=role) if role in READERS:
                of_verification = DocumentRow.purpose == Purpose.VERIFICATION.value
                asked = asked.where(or_(of_verification, is_not_withdrawn(DocumentRow.account)))
            case _:
                raise DocumentNotThere
        row = await self.transaction.session.scalar(asked)
        if row is None:
            raise DocumentNotThere
        return row

    async def _listed(self, *conditions: ColumnElement[bool], limit: int | None = None) -> list[Document]:
        asked = select(DocumentRow).where(*conditions).order_by(DocumentRow.uploaded_at, DocumentRow.id).limit(limit)
        rows = (await self.transaction.session.scalars(asked)).all()
        await self.seals.of_accounts([row.account for row in rows])
        return [await self._opened(row) for row in rows]

    async def _opened(self, row: DocumentRow | Row[Any]) -> Document:
        seal = await self.seals.row_of(row.account, TABLE, row.id, row.version)
        return Document(
            id=row.id,
            account=row.account,
            purpose=Purpose(row.purpose),
            kind=Kind(row.kind),
            state=DocumentState(row.state),
            mime=row.mime,
            size=row.size,
            pages=row.pages,
            uploaded_at=row.uploaded_at,
            reason=seal.open_known("reason", row.reason),
        )


def owner_of(document: DocumentId) -> str:
    """Return the owner's name that the wrapping of a file's key is bound to."""
    return f"document:{document}"


def file_of(document: DocumentId) -> str:
    """Return the name of the file in the store."""
    return str(document)


def _place(document: DocumentId) -> Place:
    return Place(TABLE, document, "content")


def _standing(account: AccountId, purpose: Purpose) -> ColumnElement[bool]:
    mine = DocumentRow.account == account
    return mine & (DocumentRow.purpose == purpose.value) & (DocumentRow.state != DocumentState.REMOVED.value)
