"""Claims: rows here, the ciphertext of scans in the file store, each under a key of its own."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Select, func, select, update

from core.domain.account import WrongMove
from core.domain.actor import Citizen
from core.domain.ids import AccountId, ClaimId
from core.domain.vaccination import Claim, ClaimKind, ClaimNotThere, ClaimState, Scan, movable
from core.ports import Files
from core.security.envelope import Place, WrappedKey, kek_of
from core.storage.chat import is_bound
from core.storage.consent import is_not_withdrawn
from core.storage.key import Seals
from core.storage.transaction import SqlTransaction, Stored
from core.storage.vaccination.rows import CLAIMS, ClaimRow, opened, owner_of, values_of

log = logging.getLogger(__name__)
UNSEEN = (ClaimState.DRAFT.value, ClaimState.DROPPED.value)
MOST = 100


@dataclass(frozen=True, slots=True)
class SqlClaims:
    """`core.domain.vaccination.Claims`."""

    transaction: SqlTransaction
    seals: Seals
    files: Files

    async def draft_of(self, citizen: Citizen, kind: ClaimKind) -> Claim | None:
        """Return what is put together."""
        mine = (ClaimRow.account == citizen.account, is_bound(citizen), ClaimRow.kind == kind.value)
        return await self._first(select(ClaimRow).where(*mine, ClaimRow.state == ClaimState.DRAFT.value))

    async def begin(self, claim: Claim) -> Claim:
        """Store a fresh draft; WrongMove when there is one."""
        seal = await self.seals.row_of(claim.account, CLAIMS, claim.id)
        values = {"id": claim.id, "account": claim.account, **values_of(claim, seal)}
        if not await self.transaction.insert(ClaimRow, values):
            raise WrongMove
        return replace(claim, version=seal.version)

    async def save(self, claim: Claim, to: ClaimState | None = None) -> Claim:
        """Store what changed, and move it where `to` says so; WrongMove when it changed since it was read."""
        gone: dict[str, Stored] = {}
        if to is ClaimState.DROPPED:
            claim = replace(claim, scan=None)
        if claim.scan is None:
            # Whoever holds the file of a scan that is gone holds noise: its key goes in the same statement.
            gone = {"kek": None, "wrapped": None, "file": None}
            await self._delete_later(claim)
        return await self._changed(claim, to, gone)

    async def attach(self, claim: Claim, scan: Scan, content: bytes) -> Claim:
        """Store a scan, encrypted under a key of its own, in place of an earlier one; WrongMove."""
        envelope, name = self.seals.envelope, f"{claim.id}-{claim.version + 1:02x}"
        key, wrapped = envelope.new_key(owner_of(claim.id))
        sealed = await asyncio.to_thread(envelope.seal, key, _place(claim.id), content)
        self.transaction.after_rollback(lambda: self.files.delete(name))
        await self.files.put(name, sealed)
        await self._delete_later(claim)
        keys: dict[str, Stored] = {"kek": kek_of(wrapped), "wrapped": bytes(wrapped), "file": name}
        return await self._changed(replace(claim, scan=scan), None, keys)

    async def content(self, claim: Claim) -> bytes:
        """Return the decrypted scan; ClaimNotThere where there is none."""
        row = await self.transaction.session.scalar(select(ClaimRow).where(ClaimRow.id == claim.id))
        if row is None or row.wrapped is None or row.file is None:
            raise ClaimNotThere
        key = self.seals.envelope.unwrap(WrappedKey(row.wrapped), owner_of(claim.id))
        try:
            sealed = await self.files.get(row.file)
        except FileNotFoundError:
            log.exception("claim_file_missing", extra={"claim": str(claim.id)})
            raise ClaimNotThere from None
        return await asyncio.to_thread(self.seals.envelope.open, key, _place(claim.id), sealed)

    async def of(self, citizen: Citizen) -> Sequence[Claim]:
        """Return what was sent, the newest first."""
        mine = (ClaimRow.account == citizen.account, is_bound(citizen), ClaimRow.state.not_in(UNSEEN))
        return await self._all(
            select(ClaimRow).where(*mine).order_by(ClaimRow.sent_at.desc(), ClaimRow.id.desc()).limit(MOST)
        )

    async def one(self, citizen: Citizen, claim: ClaimId) -> Claim:
        """Raises ClaimNotThere."""
        mine = (ClaimRow.account == citizen.account, is_bound(citizen), ClaimRow.state.not_in(UNSEEN))
        found = await self._first(select(ClaimRow).where(*mine, ClaimRow.id == claim))
        if found is None:
            raise ClaimNotThere
        return found

    async def get(self, claim: ClaimId) -> Claim:
        """For staff; raises ClaimNotThere, also where the consent was withdrawn."""
        shown = (ClaimRow.state != ClaimState.DRAFT.value, is_not_withdrawn(ClaimRow.account))
        found = await self._first(select(ClaimRow).where(ClaimRow.id == claim, *shown))
        if found is None:
            raise ClaimNotThere
        return found

    async def accepted_of(self, account: AccountId) -> Sequence[Claim]:
        """Return those that became doses."""
        became = (ClaimRow.kind == ClaimKind.NEW.value, ClaimRow.state == ClaimState.ACCEPTED.value)
        return await self._all(select(ClaimRow).where(ClaimRow.account == account, *became))

    async def open_of(self, account: AccountId) -> int:
        """Count what waits."""
        waits = (ClaimRow.account == account, ClaimRow.state == ClaimState.WAITING.value)
        return await self.transaction.session.scalar(select(func.count()).where(*waits)) or 0

    async def waiting(self, kinds: Sequence[ClaimKind], limit: int) -> Sequence[Claim]:
        """Return those that wait, the longest first; none whose owner withdrew the consent."""
        waits = (ClaimRow.state == ClaimState.WAITING.value, is_not_withdrawn(ClaimRow.account))
        asked = select(ClaimRow).where(*waits, ClaimRow.kind.in_([kind.value for kind in kinds]))
        return await self._all(asked.order_by(ClaimRow.sent_at, ClaimRow.id).limit(limit))

    async def _delete_later(self, claim: Claim) -> None:
        before = await self.transaction.session.scalar(select(ClaimRow.file).where(ClaimRow.id == claim.id))
        if before is not None:
            self.transaction.after_commit(lambda: self.files.delete(before))

    async def _changed(self, claim: Claim, to: ClaimState | None, more: dict[str, Stored]) -> Claim:
        """Write a claim back if nobody has since it was read; a move must be one of MOVES as well."""
        seal = await self.seals.row_of(claim.account, CLAIMS, claim.id, claim.version + 1)
        unchanged = [ClaimRow.id == claim.id, ClaimRow.version == claim.version]
        if to is not None:
            unchanged.append(ClaimRow.state.in_(movable(to)))
            claim = replace(claim, state=to)
        values = values_of(claim, seal) | more
        if not await self.transaction.change(update(ClaimRow).where(*unchanged).values(values)):
            raise WrongMove
        return replace(claim, version=seal.version)

    async def _first(self, asked: Select[ClaimRow]) -> Claim | None:
        found = await self._all(asked.limit(1))
        return found[0] if found else None

    async def _all(self, asked: Select[ClaimRow]) -> list[Claim]:
        rows = (await self.transaction.session.scalars(asked)).all()
        await self.seals.of_accounts([row.account for row in rows])
        return [opened(row, await self.seals.row_of(row.account, CLAIMS, row.id, row.version)) for row in rows]


def _place(claim: ClaimId) -> Place:
    return Place(CLAIMS, claim, "scan")
