"""Referrals: to whom, under which number and by whom is sealed; a person has few, so they are looked through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, select

from core.domain.ids import AccountId, RecordId
from core.domain.record import Referral
from core.storage.base import table_of
from core.storage.key import Seals
from core.storage.record.rows import ReferralRow
from core.storage.record.shelf import Record, opened, put, remove
from core.storage.record.written import filled
from core.storage.transaction import SqlTransaction

ROWS = table_of(ReferralRow)
OF = (
    select(ROWS)
    .where(ROWS.c.account == bindparam("account"), ROWS.c.authored_on <= bindparam("day"))
    .order_by(ROWS.c.authored_on.desc(), ROWS.c.id.desc())
)


@dataclass(frozen=True, slots=True)
class SqlReferrals:
    """`core.domain.record.Referrals`."""

    transaction: SqlTransaction
    seals: Seals

    async def put(self, referrals: Sequence[Referral]) -> None:
        """Store them in one statement; NotFound, with nothing stored, for an id that is another person's."""
        await put(self.transaction, self.seals, ReferralRow, [_record(each) for each in referrals])

    async def remove(self, account: AccountId, ids: Sequence[RecordId]) -> None:
        """Delete those that are this account's."""
        await remove(self.transaction, ReferralRow, account, ids)

    async def of(self, account: AccountId, speciality: str, day: date) -> Sequence[Referral]:
        """Return those to doctors of a speciality that are good for a visit on a day, the newest first."""
        rows = await self.transaction.ask(OF, account=account, day=day)
        every = [_referral(row, kept) for row, kept in await opened(self.seals, ReferralRow, rows)]
        return [each for each in every if each.speciality == speciality and each.stands(day)]


def _record(referral: Referral) -> Record:
    content = filled(
        speciality=referral.speciality,
        number=referral.number,
        issuer=referral.issuer,
        valid_until=referral.valid_until and referral.valid_until.isoformat(),
    )
    clear = {"clinic": referral.clinic, "authored_on": referral.authored_on}
    return Record(referral.id, referral.account, clear, content)


def _referral(row: Row[Any], kept: Mapping[str, Any]) -> Referral:
    return Referral(
        id=row.id,
        account=row.account,
        clinic=row.clinic,
        authored_on=row.authored_on,
        speciality=kept["speciality"],
        number=kept["number"],
        issuer=kept.get("issuer", ""),
        valid_until=date.fromisoformat(kept["valid_until"]) if "valid_until" in kept else None,
    )
