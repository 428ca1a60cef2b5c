"""The card, once it is there."""

from dataclasses import dataclass, field
from datetime import datetime

from core.domain.account import Accounts
from core.domain.actor import Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.card import Cards, CardState, NoCard
from core.ports import Transaction


@dataclass(frozen=True, slots=True)
class CardView:
    """The card's front page. A suspended card shows its state and nothing of its content."""

    number: str = field(repr=False)
    name: str = field(repr=False)
    state: CardState
    created_at: datetime | None


@dataclass(frozen=True, slots=True)
class ViewCard:
    """The owner looks at the card. Raises NoCard."""

    transaction: Transaction
    accounts: Accounts
    cards: Cards
    audit: AuditLog

    async def __call__(self, citizen: Citizen) -> CardView:
        async with self.transaction.looking():
            account = await self.accounts.of(citizen)
            card = await self.cards.of(citizen)
            if card is None:
                raise NoCard
            self.audit.record(citizen, Operation.CARD_VIEWED, citizen.account)
        return CardView(card.shown_number, account.first_name, card.state, card.created_at)
