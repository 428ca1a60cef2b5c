"""Cards: one a person. СНИЛС and passport are kept as blind indexes alone, and the database refuses a second card."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Executable, ForeignKey, Index, bindparam, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.account import WrongMove
from core.domain.actor import Citizen
from core.domain.card import MOVES, Card, CardExists, CardState
from core.domain.ids import AccountId, CardId
from core.ports import BlindIndexes
from core.storage.base import Base, table_of
from core.storage.chat import speaks_for
from core.storage.key import Seals
from core.storage.transaction import SqlTransaction, Stored

TABLE = "cards"
SNILS = "card.snils"
PASSPORT = "card.passport"
PATIENT = "card.patient"
POLICY = "card.policy"


class CardRow(Base):
    """A card."""

    __tablename__ = TABLE
    __table_args__ = (
        *(
            Index(f"uq_cards_{name}", name, unique=True)
            for name in ("account", "snils_index", "passport_index", "patient_index")
        ),
        Index("ix_cards_policy_index", "policy_index"),
    )

    id: Mapped[CardId] = mapped_column(primary_key=True)
    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"))
    patient: Mapped[bytes]
    patient_index: Mapped[bytes]
    snils_index: Mapped[bytes]
    passport_index: Mapped[bytes]
    policy_index: Mapped[bytes | None]
    state: Mapped[str]
    created_at: Mapped[datetime]
    moved_at: Mapped[datetime | None]


CARDS = table_of(CardRow)
OLDEST = select(CARDS).order_by(CARDS.c.created_at, CARDS.c.id).limit(1)
ITS_OWN = CARDS.c.account == bindparam("account")
BEARS = or_(CARDS.c.snils_index == bindparam("snils"), CARDS.c.passport_index == bindparam("passport"))
BY_CITIZEN, BY_ACCOUNT = OLDEST.where(ITS_OWN, speaks_for()), OLDEST.where(ITS_OWN)
LOCKED = select(CARDS.c.id).where(ITS_OWN).with_for_update()
BY_NUMBERS, IN_THE_WAY = OLDEST.where(BEARS), OLDEST.where(or_(BEARS, ITS_OWN))


@dataclass(frozen=True, slots=True)
class SqlCards:
    """`core.domain.card.Cards`."""

    transaction: SqlTransaction
    seals: Seals
    indexes: BlindIndexes

    async def of(self, citizen: Citizen) -> Card | None:
        """Return the citizen's card; None also when the chat no longer speaks for the account."""
        return await self._find(BY_CITIZEN, account=citizen.account, chat=citizen.chat)

    async def of_account(self, account: AccountId) -> Card | None:
        """For the product's own work (consent, worker)."""
        return await self._find(BY_ACCOUNT, account=account)

    async def holder(self, *, snils: str, passport: str) -> Card | None:
        """Return the card that bears this СНИЛС or this passport, by blind index; the older one where they are two."""
        return await self._find(BY_NUMBERS, **self._numbers(snils, passport))

    async def create(self, card: Card, *, snils: str, passport: str, policy: str | None = None) -> None:
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
                "policy_index": self.indexes.of(POLICY, policy) if policy else None,
                "state": card.state.value,
                "created_at": card.created_at,
            },
        )
        if stored:
            return
        other = await self._find(IN_THE_WAY, account=card.account, **self._numbers(snils, passport))
        if other is None or other.created_at is None:
            raise WrongMove
        raise CardExists(since=other.created_at.date(), patient=other.patient, own=other.account == card.account)

    async def bearers(self, *, snils: Collection[str], policies: Collection[str]) -> frozenset[AccountId]:
        """Return the accounts whose cards bear any of these, by blind index."""
        bears = or_(
            CardRow.snils_index.in_([self.indexes.of(SNILS, each) for each in snils]),
            CardRow.policy_index.in_([self.indexes.of(POLICY, each) for each in policies]),
        )
        return frozenset((await self.transaction.session.scalars(select(CardRow.account).where(bears))).all())

    async def hold(self, account: AccountId) -> None:
        """Lock the card's row; SQLite has one writer at a time anyway."""
        await self.transaction.altered(LOCKED, account=account)

    async def move(self, card: CardId, to: CardState, now: datetime) -> bool:
        """Move by MOVES in one conditional UPDATE; False when it was not in a state that may."""
        movable = [state.value for state, ways in MOVES.items() if to in ways]
        here = update(CardRow).where(CardRow.id == card, CardRow.state.in_(movable))
        return await self.transaction.change(here.values(state=to.value, moved_at=now)) == 1

    def _numbers(self, snils: str, passport: str) -> dict[str, Stored]:
        return {"snils": self.indexes.of(SNILS, snils), "passport": self.indexes.of(PASSPORT, passport)}

    async def _find(self, statement: Executable, **values: Stored) -> Card | None:
        for row in await self.transaction.ask(statement, **values):
            seal = await self.seals.row_of(row.account, TABLE, row.id)
            return Card(row.id, row.account, seal.open("patient", row.patient), CardState(row.state), row.created_at)
        return None
