"""Cards: one a person. СНИЛС and passport are kept as blind indexes alone, and the database refuses a second card."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.account import WrongMove
from core.domain.actor import Citizen
from core.domain.card import MOVES, Card, CardExists, CardState
from core.domain.ids import AccountId, CardId
from core.ports import BlindIndexes
from core.storage.base import Base
from core.storage.chat import is_bound
from core.storage.key import Seals
from core.storage.transaction import SqlTransaction

TABLE = "cards"
SNILS = "card.snils"
PASSPORT = "card.passport"
PATIENT = "card.patient"


class CardRow(Base):
    """A card."""

    __tablename__ = TABLE
    __table_args__ = tuple(
        Index(f"uq_cards_{name}", name, unique=True)
        for name in ("account", "snils_index", "passport_index", "patient_index")
    )

    id: Mapped[CardId] = mapped_column(primary_key=True)
    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"))
    patient: Mapped[bytes]
    patient_index: Mapped[bytes]
    snils_index: Mapped[bytes]
    passport_index: Mapped[bytes]
    state: Mapped[str]
    created_at: Mapped[datetime]
    moved_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class SqlCards:
    """`core.domain.card.Cards`."""

    transaction: SqlTransaction
    seals: Seals
    indexes: BlindIndexes

    async def of(self, citizen: Citizen) -> Card | None:
        """Return the citizen's card; None also when the chat no longer speaks for the account."""
        return await self._find(CardRow.account == citizen.account, is_bound(citizen))

    async def of_account(self, account: AccountId) -> Card | None:
        """For the product's own work (consent, worker)."""
        return await self._find(CardRow.account == account)

    async def holder(self, *, snils: str, passport: str) -> Card | None:
        """Return the card that bears this СНИЛС or this passport, by blind index; the older one where they are two."""
        return await self._find(self._bears(snils, passport))

    async def create(self, card: Card, *, snils: str, passport: str) -> None:
        """Store it; CardExists when the person or the account has one.

        WrongMove when the patient number, which is random, belongs to another card: asked again, a new one is drawn.
        ValueError for a card without its moment of creation.
        """
        if card.created_at is None:
            raise ValueError("a card is created at some moment")
        seal = await self.seals.row_of(card.account, TABLE, card.id)
        stored = await self.transaction.insert(
            CardRow,
            {
                "id": card.id,
                "account": card.account,
                "patient": seal.shut("patient", card.patient),
                "patient_index": self.indexes.of(PATIENT, card.patient),
                "snils_index": self.indexes.of(SNILS, snils),
                "passport_index": self.indexes.of(PASSPORT, passport),
                "state": card.state.value,
                "created_at": card.created_at,
            },
        )
        if stored:
            return
        other = await self._find(or_(self._bears(snils, passport), CardRow.account == card.account))
        if other is None or other.created_at is None:
            raise WrongMove
        raise CardExists(since=other.created_at.date(), patient=other.patient, own=other.account == card.account)

    async def move(self, card: CardId, to: CardState, now: datetime) -> bool:
        """Move by MOVES in one conditional UPDATE; False when it was not in a state that may."""
        movable = [state.value for state, ways in MOVES.items() if to in ways]
        here = update(CardRow).where(CardRow.id == card, CardRow.state.in_(movable))
        return await self.transaction.change(here.values(state=to.value, moved_at=now)) == 1

    def _bears(self, snils: str, passport: str) -> ColumnElement[bool]:
        return or_(
            CardRow.snils_index == self.indexes.of(SNILS, snils),
            CardRow.passport_index == self.indexes.of(PASSPORT, passport),
        )

    async def _find(self, *conditions: ColumnElement[bool]) -> Card | None:
        asked = select(CardRow).where(*conditions).order_by(CardRow.created_at, CardRow.id).limit(1)
        row = await self.transaction.session.scalar(asked)
        if row is None:
            return None
        seal = await self.seals.row_of(row.account, TABLE, row.id)
        return Card(row.id, row.account, seal.open("patient", row.patient), CardState(row.state), row.created_at)
