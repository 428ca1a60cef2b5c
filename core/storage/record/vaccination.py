"""Vaccinations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, select

from core.domain.ids import AccountId, RecordId
from core.domain.record import NotFound, Origin, Period, Vaccination
from core.storage.base import table_of
from core.storage.key import Seals
from core.storage.record.rows import VaccinationRow
from core.storage.record.shelf import Record, days, opened, put, remove
from core.storage.record.written import coding_in, coding_out, filled
from core.storage.transaction import SqlTransaction

ROWS = table_of(VaccinationRow)
MINE = ROWS.c.account == bindparam("account")
OF = (
    select(ROWS)
    .where(MINE, ROWS.c.given_on >= bindparam("since"), ROWS.c.given_on <= bindparam("last"))
    .order_by(ROWS.c.given_on.desc(), ROWS.c.id.desc())
)
ONE = select(ROWS).where(MINE, ROWS.c.id == bindparam("id"))


@dataclass(frozen=True, slots=True)
class SqlVaccinations:
    """`core.domain.record.Vaccinations`."""

    transaction: SqlTransaction
    seals: Seals

    async def put(self, vaccinations: Sequence[Vaccination]) -> None:
        """Store them in one statement; NotFound, with nothing stored, for an id that is another person's."""
        await put(self.transaction, self.seals, VaccinationRow, [_record(each) for each in vaccinations])

    async def remove(self, account: AccountId, ids: Sequence[RecordId]) -> None:
        """Delete those that are this account's."""
        await remove(self.transaction, VaccinationRow, account, ids)

    async def of(self, account: AccountId, period: Period) -> Sequence[Vaccination]:
        """Return those given within the period, the newest first; a day counts as its midnight in UTC."""
        return await self._read(await self.transaction.ask(OF, account=account, **days(period)))

    async def one(self, account: AccountId, record: RecordId) -> Vaccination:
        """Return it; raises NotFound."""
        found = await self._read(await self.transaction.ask(ONE, account=account, id=record))
        if not found:
            raise NotFound
        return found[0]

    async def _read(self, rows: Sequence[Row[Any]]) -> list[Vaccination]:
        return [_vaccination(row, kept) for row, kept in await opened(self.seals, VaccinationRow, rows)]


def _record(vaccination: Vaccination) -> Record:
    content = {
        "vaccine": coding_in(vaccination.vaccine),
        "origin": vaccination.origin.value,
        **filled(
            series=vaccination.series,
            institution=vaccination.institution,
            dose=vaccination.dose,
            reaction=vaccination.reaction,
            advice=vaccination.advice,
            next_on=vaccination.next_on and vaccination.next_on.isoformat(),
        ),
    }
    clear = {"clinic": vaccination.clinic, "given_on": vaccination.given_on}
    return Record(vaccination.id, vaccination.account, clear, content)


def _vaccination(row: Row[Any], kept: Mapping[str, Any]) -> Vaccination:
    return Vaccination(
        id=row.id,
        account=row.account,
        given_on=row.given_on,
        vaccine=coding_out(kept["vaccine"]),
        clinic=row.clinic,
        series=kept.get("series", ""),
        institution=kept.get("institution", ""),
        dose=kept.get("dose"),
        reaction=kept.get("reaction", ""),
        advice=kept.get("advice", ""),
        next_on=date.fromisoformat(kept["next_on"]) if "next_on" in kept else None,
        origin=Origin(kept["origin"]),
    )
