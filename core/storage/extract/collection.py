"""Papers: rows here, ciphertext in the file store or in the archive, each file under a key of its own."""

import asyncio
import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update

from core.domain.account import WrongMove
from core.domain.actor import Citizen
from core.domain.extract import MADE, Extract, ExtractNotThere, ExtractState, FileLost, movable
from core.domain.ids import AccountId, ExtractId
from core.ports import Archive, Files
from core.security.envelope import Place, WrappedKey, kek_of
from core.storage.chat import is_bound
from core.storage.consent import is_not_withdrawn
from core.storage.extract.rows import TABLE, ExtractRow, opened, values_of
from core.storage.key import Seals
from core.storage.token import hashed
from core.storage.transaction import SqlTransaction, Stored

log = logging.getLogger(__name__)
ARCHIVED = frozenset({ExtractState.ARCHIVED, ExtractState.RESTORING})
UNSEEN = (ExtractState.ASKED.value, ExtractState.DROPPED.value)
MADE_STATES = tuple(state.value for state in MADE)
NEWEST = (ExtractRow.ordered_at.desc(), ExtractRow.id.desc())


@dataclass(frozen=True, slots=True)
class SqlExtracts:
    """`core.domain.extract.Extracts`."""

    transaction: SqlTransaction
    seals: Seals
    files: Files
    shelf: Archive

    async def draft_of(self, citizen: Citizen) -> Extract | None:
        """Return the order that is put together."""
        return await self._first(select(ExtractRow).where(*_mine(citizen), _is(ExtractState.ASKED)))

    async def begin(self, extract: Extract) -> None:
        """Store a fresh one; WrongMove when one is put together already."""
        seal = await self.seals.row_of(extract.account, TABLE, extract.id)
        values = {"id": extract.id, "account": extract.account, **values_of(extract, seal, hashed(extract.token))}
        if not await self.transaction.insert(ExtractRow, values):
            raise WrongMove

    async def save(self, extract: Extract, to: ExtractState | None = None) -> Extract:
        """Store what changed, and move it where `to` says so; WrongMove when it changed since it was read."""
        return await self._changed(extract, to)

    async def of(self, citizen: Citizen, limit: int) -> Sequence[Extract]:
        """Return what was ordered, the newest first."""
        asked = select(ExtractRow).where(*_mine(citizen), ExtractRow.state.not_in(UNSEEN)).order_by(*NEWEST)
        return await self._all(asked.limit(limit))

    async def one(self, citizen: Citizen, extract: ExtractId) -> Extract:
        """Raises ExtractNotThere."""
        shown = ExtractRow.state.not_in(UNSEEN)
        found = await self._first(select(ExtractRow).where(*_mine(citizen), ExtractRow.id == extract, shown))
        if found is None:
            raise ExtractNotThere
        return found

    async def get(self, extract: ExtractId) -> Extract:
        """For the product's own work and for staff; raises ExtractNotThere."""
        found = await self._first(select(ExtractRow).where(ExtractRow.id == extract))
        if found is None:
            raise ExtractNotThere
        return found

    async def versions(self, ids: Sequence[ExtractId]) -> Mapping[ExtractId, int]:
        """Return the versions of those that there are."""
        asked = select(ExtractRow.id, ExtractRow.version).where(ExtractRow.id.in_(ids))
        return {row.id: row.version for row in await self.transaction.session.execute(asked)}

    async def ordered_since(self, account: AccountId, moment: datetime) -> int:
        """Count what was ordered since then."""
        asked = select(func.count()).where(ExtractRow.account == account, ExtractRow.ordered_at > moment)
        return await self.transaction.session.scalar(asked) or 0

    async def by_token(self, token: str) -> Extract | None:
        """Return the one whose QR code says so, once it was made."""
        made = ExtractRow.state.in_(MADE_STATES)
        return await self._first(select(ExtractRow).where(ExtractRow.token == hashed(token), made))

    async def by_digest(self, digest: bytes) -> Extract | None:
        """Return the one whose file has this SHA-256."""
        return await self._first(select(ExtractRow).where(ExtractRow.digest == digest))

    async def waiting(self, limit: int) -> Sequence[Extract]:
        """Return those that wait for a doctor, the longest first."""
        asked = select(ExtractRow).where(_is(ExtractState.WAITING), is_not_withdrawn(ExtractRow.account))
        return await self._all(asked.order_by(ExtractRow.ordered_at, ExtractRow.id).limit(limit))

    async def claim(self, now: datetime, lease: datetime) -> Extract | None:
        """Take one that is to be made, or whose maker died, before anybody else can; None when there is none."""
        due = and_(ExtractRow.state.in_(movable(ExtractState.DRAFTING)), ExtractRow.due_at <= now)
        lapsed = and_(_is(ExtractState.DRAFTING), ExtractRow.due_at <= now)
        asked = select(ExtractRow).where(or_(due, lapsed)).order_by(ExtractRow.due_at, ExtractRow.id).limit(1)
        found = await self._first(asked)
        if found is None:
            return None
        taken = replace(found, state=ExtractState.DRAFTING, tries=found.tries + 1, due_at=lease)
        try:
            return await self._changed(taken, None)
        except WrongMove:
            # Another worker was quicker; whatever else is due is found at the next look.
            return None

    async def keep(self, extract: Extract, content: bytes) -> Extract:
        """Store the signed file, encrypted under a key of its own, and move from DRAFTING to READY."""
        envelope, name = self.seals.envelope, file_of(extract)
        key, wrapped = envelope.new_key(owner_of(extract.id))
        sealed = await asyncio.to_thread(envelope.seal, key, _place(extract.id), content)
        # The name bears the claim's number: whoever comes late cannot write over the file that stays.
        self.transaction.after_rollback(lambda: self.files.delete(name))
        await self.files.put(name, sealed)
        made = replace(extract, digest=hashlib.sha256(content).digest(), size=len(content), due_at=None)
        keys: dict[str, Stored] = {"kek": kek_of(wrapped), "wrapped": bytes(wrapped)}
        return await self._changed(made, ExtractState.READY, keys)

    async def content(self, extract: Extract) -> bytes:
        """Return the decrypted file, wherever it lies; raises FileLost."""
        row = await self.transaction.session.scalar(select(ExtractRow).where(ExtractRow.id == extract.id))
        if row is None or row.wrapped is None:
            raise FileLost
        key = self.seals.envelope.unwrap(WrappedKey(row.wrapped), owner_of(extract.id))
        place = self.shelf if extract.state in ARCHIVED else self.files
        sealed = await self._taken(place, extract)
        return await asyncio.to_thread(self.seals.envelope.open, key, _place(extract.id), sealed)

    async def due_for_archive(self, now: datetime, limit: int) -> Sequence[Extract]:
        """Return those whose time is over, the longest first; without those that failed just now (`due_at`)."""
        over = (_is(ExtractState.READY), ExtractRow.kept_until <= now, _is_due(now))
        return await self._all(select(ExtractRow).where(*over).order_by(ExtractRow.kept_until).limit(limit))

    async def to_be_restored(self, now: datetime, limit: int) -> Sequence[Extract]:
        """Return those that somebody wants back; without those that failed just now (`due_at`)."""
        wanted = select(ExtractRow).where(_is(ExtractState.RESTORING), _is_due(now))
        return await self._all(wanted.order_by(ExtractRow.id).limit(limit))

    async def archive(self, extract: Extract) -> Extract:
        """Move the file to the archive store; WrongMove when it is not READY any more."""
        await self.shelf.put(file_of(extract), await self._taken(self.files, extract))
        moved = await self._changed(extract, ExtractState.ARCHIVED)
        self.transaction.after_commit(lambda: self.files.delete(file_of(extract)))
        return moved

    async def restore(self, extract: Extract) -> Extract:
        """Bring the file back; WrongMove when it is not RESTORING any more, FileLost."""
        await self.files.put(file_of(extract), await self._taken(self.shelf, extract))
        moved = await self._changed(extract, ExtractState.READY)
        self.transaction.after_commit(lambda: self.shelf.delete(file_of(extract)))
        return moved

    async def _taken(self, place: Files, extract: Extract) -> bytes:
        try:
            return await place.get(file_of(extract))
        except FileNotFoundError:
            log.exception("extract_file_missing", extra={"extract": str(extract.id)})
            raise FileLost from None

    async def _changed(
        self, extract: Extract, to: ExtractState | None, more: dict[str, Stored] | None = None
    ) -> Extract:
        """Write a paper back if nobody has since it was read; a move must be one of MOVES as well."""
        seal = await self.seals.row_of(extract.account, TABLE, extract.id, extract.version + 1)
        unchanged = [ExtractRow.id == extract.id, ExtractRow.version == extract.version]
        if to is not None:
            unchanged.append(ExtractRow.state.in_(movable(to)))
            extract = replace(extract, state=to)
        values = values_of(extract, seal, hashed(extract.token)) | (more or {})
        if not await self.transaction.change(update(ExtractRow).where(*unchanged).values(values)):
            raise WrongMove
        return replace(extract, version=seal.version)

    async def _first(self, asked: Select[ExtractRow]) -> Extract | None:
        found = await self._all(asked.limit(1))
        return found[0] if found else None

    async def _all(self, asked: Select[ExtractRow]) -> list[Extract]:
        rows = (await self.transaction.session.scalars(asked)).all()
        await self.seals.of_accounts([row.account for row in rows])
        return [opened(row, await self.seals.row_of(row.account, TABLE, row.id, row.version)) for row in rows]


def owner_of(extract: ExtractId) -> str:
    """Return the owner's name that the wrapping of a file's key is bound to."""
    return f"extract:{extract}"


def file_of(extract: Extract) -> str:
    """Return the name of the file in its store: the paper's, and which claim made it."""
    return f"{extract.id}-{extract.tries:02x}"


def _place(extract: ExtractId) -> Place:
    return Place(TABLE, extract, "file")


def _is(state: ExtractState) -> ColumnElement[bool]:
    return ExtractRow.state == state.value


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(ExtractRow.due_at.is_(None), ExtractRow.due_at <= now)


def _mine(citizen: Citizen) -> tuple[ColumnElement[bool], ...]:
    return ExtractRow.account == citizen.account, is_bound(citizen)
