"""Data keys, one a person, and one of the product for those who have no account; how a row's values are sealed with them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.actor import NotAllowed
from core.domain.ids import AccountId
from core.security.envelope import DataKey, Envelope, Place, WrappedKey, kek_of
from core.storage.base import Base, table_of
from core.storage.transaction import SqlTransaction

SYSTEM = "system"


class DataKeyRow(Base):
    """A wrapped data key. `owner` is `account:<id>` or `system`; `kek` is the key-encryption key that wraps it."""

    __tablename__ = "data_keys"

    owner: Mapped[str] = mapped_column(primary_key=True)
    kek: Mapped[str] = mapped_column(index=True)
    wrapped: Mapped[bytes]


KEYS = table_of(DataKeyRow)
KEY_OF = select(KEYS.c.owner, KEYS.c.wrapped).where(KEYS.c.owner == bindparam("owner"))
"""By far the most often: a list of unknown length cannot go the straight way."""
SYSTEM_KEY = select(KEYS.c.wrapped).where(KEYS.c.owner == SYSTEM).scalar_subquery()
"""To be read together with what it opens: `Seals.read(SYSTEM, ...)`."""
KEYS_OF = select(KEYS.c.owner, KEYS.c.wrapped).where(KEYS.c.owner.in_(bindparam("owners", expanding=True)))


@dataclass(frozen=True, slots=True)
class RowSeal:
    """Seals and opens the values of one row, each bound to table, row, column and version."""

    envelope: Envelope
    key: DataKey
    table: str
    row: UUID | int | str
    version: int = 1

    def shut(self, column: str, text: str) -> bytes:
        """Encrypt one value."""
        return self.envelope.seal_text(self.key, self._place(column), text)

    def shut_known(self, column: str, text: str | None) -> bytes | None:
        """Encrypt a value that may be unknown."""
        return None if text is None else self.shut(column, text)

    def open(self, column: str, sealed: bytes) -> str:
        """Decrypt one value; raises `core.security.envelope.Tampered`."""
        return self.envelope.open_text(self.key, self._place(column), sealed)

    def open_known(self, column: str, sealed: bytes | None) -> str | None:
        """Decrypt a value that may be unknown; raises `core.security.envelope.Tampered`."""
        return None if sealed is None else self.open(column, sealed)

    def _place(self, column: str) -> Place:
        return Place(self.table, self.row, column, self.version)


class Seals:
    """The data keys that the open transaction has used; one object a request, beside its transaction."""

    def __init__(self, transaction: SqlTransaction, envelope: Envelope) -> None:
        self._transaction = transaction
        self.envelope = envelope
        self._within: object = None
        self._keys: dict[str, DataKey] = {}

    async def begin(self, account: AccountId) -> None:
        """Make the key of a new account."""
        key, wrapped = self.envelope.new_key(owner_of(account))
        if await self._store(owner_of(account), wrapped):
            self._known()[owner_of(account)] = key

    def read(self, owner: str, wrapped: bytes | None) -> None:
        """Take a wrapped key that was read together with what it opens; None where there is none."""
        known = self._known()
        if wrapped is not None and owner not in known:
            known[owner] = self.envelope.unwrap(WrappedKey(wrapped), owner)

    async def of_account(self, account: AccountId) -> DataKey:
        """Return the key of an account; NotAllowed where there is none."""
        keys = await self.of_accounts([account])
        if account not in keys:
            raise NotAllowed
        return keys[account]

    async def of_accounts(self, accounts: Collection[AccountId]) -> Mapping[AccountId, DataKey]:
        """Return the keys of those accounts that have one, in one query."""
        known = self._known()
        unknown = sorted({owner_of(account) for account in accounts} - known.keys())
        if unknown:
            ask = self._transaction.ask
            found = await (ask(KEY_OF, owner=unknown[0]) if len(unknown) == 1 else ask(KEYS_OF, owners=unknown))
            for row in found:
                known[row.owner] = self.envelope.unwrap(WrappedKey(row.wrapped), row.owner)
        return {account: known[owner_of(account)] for account in accounts if owner_of(account) in known}

    async def of_system(self) -> DataKey:
        """Return the product's own key, made by whoever needs it first."""
        known = self._known()
        if SYSTEM not in known:
            found = await self._stored(SYSTEM)
            if found is None:
                await self._store(SYSTEM, self.envelope.new_key(SYSTEM)[1])
                found = await self._stored(SYSTEM)
            if found is None:
                raise RuntimeError("the product's data key was removed while it was being made")
            known[SYSTEM] = self.envelope.unwrap(found, SYSTEM)
        return known[SYSTEM]

    async def row_of(self, account: AccountId, table: str, row: UUID, version: int = 1) -> RowSeal:
        """Return the seal of one row of an account."""
        return RowSeal(self.envelope, await self.of_account(account), table, row, version)

    async def system_row(self, table: str, row: UUID | str, version: int = 1) -> RowSeal:
        """Return the seal of one row that belongs to no account."""
        return RowSeal(self.envelope, await self.of_system(), table, row, version)

    async def _stored(self, owner: str) -> WrappedKey | None:
        found = await self._transaction.ask(KEY_OF, owner=owner)
        return WrappedKey(found[0].wrapped) if found else None

    async def _store(self, owner: str, wrapped: WrappedKey) -> bool:
        return await self._transaction.insert(
            DataKeyRow, {"owner": owner, "kek": kek_of(wrapped), "wrapped": bytes(wrapped)}
        )

    def _known(self) -> dict[str, DataKey]:
        # A key made in a transaction that was rolled back must not serve the next one.
        if self._within is not self._transaction.block:
            self._within, self._keys = self._transaction.block, {}
        return self._keys


def owner_of(account: AccountId) -> str:
    """Return the owner's name that the wrapping is bound to."""
    return f"account:{account}"
