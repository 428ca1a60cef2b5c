"""Corrections that were signed, and the public keys of those who sign."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select, update

from core.domain.account import WrongMove
from core.domain.ids import AccountId, StaffId
from core.domain.staff import StaffKey
from core.domain.vaccination import Correction
from core.storage.key import Seals
from core.storage.transaction import SqlTransaction
from core.storage.vaccination.rows import CORRECTIONS, CorrectionRow, StaffKeyRow


@dataclass(frozen=True, slots=True)
class SqlCorrections:
    """`core.domain.vaccination.Corrections`."""

    transaction: SqlTransaction
    seals: Seals

    async def add(self, correction: Correction) -> None:
        """Store it; WrongMove when that claim has one."""
        seal = await self.seals.row_of(correction.account, CORRECTIONS, correction.claim)
        kept = {
            "content": correction.content.decode(),
            "signature": base64.b64encode(correction.signature).decode(),
            "key": correction.key,
        }
        added = await self.transaction.insert(
            CorrectionRow,
            {
                "claim": correction.claim,
                "account": correction.account,
                "record": correction.record,
                "signer": correction.signer,
                "fingerprint": correction.fingerprint,
                "signed_at": correction.signed_at,
                "content": seal.shut("content", json.dumps(kept, ensure_ascii=False)),
            },
        )
        if not added:
            raise WrongMove

    async def of(self, account: AccountId) -> Sequence[Correction]:
        """Return those of an account's doses, the oldest first."""
        return await self._all(select(CorrectionRow).where(CorrectionRow.account == account))

    async def all(self) -> Sequence[Correction]:
        """Return every one, the oldest first."""
        return await self._all(select(CorrectionRow))

    async def _all(self, asked: Select[CorrectionRow]) -> Sequence[Correction]:
        asked = asked.order_by(CorrectionRow.signed_at, CorrectionRow.claim)
        rows = (await self.transaction.session.scalars(asked)).all()
        await self.seals.of_accounts({row.account for row in rows})
        return [await self._opened(row) for row in rows]

    async def _opened(self, row: CorrectionRow) -> Correction:
        seal = await self.seals.row_of(row.account, CORRECTIONS, row.claim)
        kept = json.loads(seal.open("content", row.content))
        return Correction(
            claim=row.claim,
            account=row.account,
            record=row.record,
            signer=row.signer,
            fingerprint=row.fingerprint,
            signed_at=row.signed_at,
            content=kept["content"].encode(),
            signature=base64.b64decode(kept["signature"]),
            key=kept["key"],
        )


@dataclass(frozen=True, slots=True)
class SqlStaffKeys:
    """`core.domain.staff.StaffKeys`."""

    transaction: SqlTransaction

    async def add(self, key: StaffKey) -> None:
        """Store it and retire the member's former one; the same key again changes nothing, or is in use again."""
        others = (StaffKeyRow.member == key.member, StaffKeyRow.fingerprint != key.fingerprint)
        former = update(StaffKeyRow).where(*others, StaffKeyRow.retired_at.is_(None))
        await self.transaction.change(former.values(retired_at=key.added_at))
        same = (StaffKeyRow.member == key.member, StaffKeyRow.fingerprint == key.fingerprint)
        if not await self.transaction.change(update(StaffKeyRow).where(*same).values(retired_at=None)):
            await self.transaction.insert(
                StaffKeyRow,
                {
                    "member": key.member,
                    "fingerprint": key.fingerprint,
                    "pem": key.pem,
                    "added_at": key.added_at,
                    "retired_at": None,
                },
            )

    async def of(self, member: StaffId) -> StaffKey | None:
        """Return the one in use."""
        asked = select(StaffKeyRow).where(StaffKeyRow.member == member, StaffKeyRow.retired_at.is_(None))
        row = await self.transaction.session.scalar(asked)
        return None if row is None else _key(row)

    async def known(self, member: StaffId, fingerprint: str) -> StaffKey | None:
        """Return one that the member has or had."""
        asked = select(StaffKeyRow).where(StaffKeyRow.member == member, StaffKeyRow.fingerprint == fingerprint)
        row = await self.transaction.session.scalar(asked)
        return None if row is None else _key(row)


def _key(row: StaffKeyRow) -> StaffKey:
    return StaffKey(row.member, row.fingerprint, row.pem, row.added_at, row.retired_at)
