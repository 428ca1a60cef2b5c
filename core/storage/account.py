"""Accounts: everything that the portal told is sealed, and found by a blind index of the portal's subject."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import Index, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.account import Account, PortalPassport, PortalPerson, Verification, WrongMove
from core.domain.actor import Citizen, NotAllowed
from core.domain.ids import AccountId
from core.ports import BlindIndexes
from core.storage.base import Base
from core.storage.chat import is_bound
from core.storage.key import RowSeal, Seals
from core.storage.transaction import SqlTransaction

TABLE = "accounts"
SUBJECT = "account.subject"


class AccountRow(Base):
    """An account; `known`, `phone` and `email` are sealed under its own key and sealed anew with every version."""

    __tablename__ = TABLE
    __table_args__ = (Index("uq_accounts_subject_index", "subject_index", unique=True),)

    id: Mapped[AccountId] = mapped_column(primary_key=True)
    subject_index: Mapped[bytes]
    verification: Mapped[str]
    known: Mapped[bytes]
    phone: Mapped[bytes | None]
    email: Mapped[bytes | None]
    version: Mapped[int]
    created_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class SqlAccounts:
    """`core.domain.account.Accounts`."""

    transaction: SqlTransaction
    seals: Seals
    indexes: BlindIndexes

    async def of(self, citizen: Citizen) -> Account:
        """Return the citizen's account; NotAllowed when it is not there or the chat no longer speaks for it."""
        asked = select(AccountRow).where(AccountRow.id == citizen.account, is_bound(citizen))
        return await self._opened(await self.transaction.session.scalar(asked))

    async def get(self, account: AccountId) -> Account:
        """For the product's own work (worker, reviewed requests); NotAllowed where there is none."""
        asked = select(AccountRow).where(AccountRow.id == account)
        return await self._opened(await self.transaction.session.scalar(asked))

    async def by_subject(self, subject: str) -> Account | None:
        """Find by the portal's subject identifier, through a blind index."""
        asked = select(AccountRow).where(AccountRow.subject_index == self.indexes.of(SUBJECT, subject))
        row = await self.transaction.session.scalar(asked)
        return None if row is None else await self._opened(row)

    async def add(self, account: Account, now: datetime) -> None:
        """Store a new one with a data key of its own; WrongMove when the same person was added meanwhile."""
        await self.seals.begin(account.id)
        seal = await self.seals.row_of(account.id, TABLE, account.id, account.version)
        values = {
            **_values(account, seal),
            "id": account.id,
            "subject_index": self.indexes.of(SUBJECT, account.known.subject),
            "created_at": now,
        }
        if not await self.transaction.insert(AccountRow, values):
            raise WrongMove

    async def save(self, account: Account) -> None:
        """Store a changed account; WrongMove when somebody else changed it since it was read."""
        seal = await self.seals.row_of(account.id, TABLE, account.id, account.version + 1)
        unchanged = (AccountRow.id == account.id, AccountRow.version == account.version)
        if not await self.transaction.change(update(AccountRow).where(*unchanged).values(_values(account, seal))):
            raise WrongMove

    async def _opened(self, row: AccountRow | None) -> Account:
        if row is None:
            raise NotAllowed
        seal = await self.seals.row_of(row.id, TABLE, row.id, row.version)
        return Account(
            row.id,
            Verification(row.verification),
            _read_person(seal.open("known", row.known)),
            seal.open_known("phone", row.phone),
            seal.open_known("email", row.email),
            row.version,
        )


def _values(account: Account, seal: RowSeal) -> dict[str, str | bytes | int | None]:
    return {
        "verification": account.verification.value,
        "known": seal.shut("known", _written_person(account.known)),
        "phone": seal.shut_known("phone", account.phone),
        "email": seal.shut_known("email", account.email),
        "version": seal.version,
    }


def _written_person(person: PortalPerson) -> str:
    return json.dumps(asdict(person), default=date.isoformat, ensure_ascii=False)


def _read_person(text: str) -> PortalPerson:
    claims = json.loads(text)
    passport = claims.pop("passport")
    birth_date = claims.pop("birth_date")
    if passport:
        issued_at = passport.pop("issued_at")
        passport = PortalPassport(**passport, issued_at=issued_at and date.fromisoformat(issued_at))
    return PortalPerson(**claims, passport=passport, birth_date=birth_date and date.fromisoformat(birth_date))
