"""Accounts: everything that the portal told is sealed, and found by a blind index of the portal's subject."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import Executable, Index, bindparam, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.account import Account, PortalPassport, PortalPerson, Verification, WrongMove
from core.domain.actor import Citizen, NotAllowed
from core.domain.ids import AccountId
from core.ports import BlindIndexes
from core.storage.base import Base, table_of
from core.storage.chat import speaks_for
from core.storage.key import KEYS, RowSeal, Seals, owner_of
from core.storage.transaction import SqlTransaction, Stored

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


ACCOUNTS = table_of(AccountRow)
ACCOUNT = select(*ACCOUNTS.c, KEYS.c.wrapped.label("key")).outerjoin(KEYS, KEYS.c.owner == bindparam("owner"))
"""An account together with its wrapped key: whoever reads the one wants the other."""
BY_ID = ACCOUNT.where(ACCOUNTS.c.id == bindparam("account"))
BY_CITIZEN = BY_ID.where(speaks_for())
ID_BY_SUBJECT = select(ACCOUNTS.c.id).where(ACCOUNTS.c.subject_index == bindparam("subject"))


@dataclass(frozen=True, slots=True)
class SqlAccounts:
    """`core.domain.account.Accounts`."""

    transaction: SqlTransaction
    seals: Seals
    indexes: BlindIndexes

    async def of(self, citizen: Citizen) -> Account:
        """Return the citizen's account; NotAllowed when it is not there or the chat no longer speaks for it."""
        return await self._find(BY_CITIZEN, citizen.account, chat=citizen.chat)

    async def get(self, account: AccountId) -> Account:
        """For the product's own work (worker, reviewed requests); NotAllowed where there is none."""
        return await self._find(BY_ID, account)

    async def by_subject(self, subject: str) -> Account | None:
        """Find by the portal's subject identifier, through a blind index."""
        for row in await self.transaction.ask(ID_BY_SUBJECT, subject=self.indexes.of(SUBJECT, subject)):
            return await self._find(BY_ID, row.id)
        return None

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

    async def _find(self, statement: Executable, account: AccountId, **more: Stored) -> Account:
        for row in await self.transaction.ask(statement, account=account, owner=owner_of(account), **more):
            self.seals.read(owner_of(account), row.key)
            seal = await self.seals.row_of(row.id, TABLE, row.id, row.version)
            return Account(
                row.id,
                Verification(row.verification),
                _read_person(seal.open("known", row.known)),
                seal.open_known("phone", row.phone),
                seal.open_known("email", row.email),
                row.version,
            )
        raise NotAllowed


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
