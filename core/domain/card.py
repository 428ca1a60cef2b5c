"""The electronic medical card itself."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from stdnum import luhn

from core.domain.actor import Citizen
from core.domain.ids import AccountId, CardId


class CardState(StrEnum):
    """ACTIVE is in use; SUSPENDED while consent is withdrawn (the article, «Согласие»)."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


MOVES: Mapping[CardState, frozenset[CardState]] = {
    CardState.ACTIVE: frozenset({CardState.SUSPENDED}),
    CardState.SUSPENDED: frozenset({CardState.ACTIVE}),
}


class CardExists(Exception):
    """This person (by СНИЛС or passport) has a card already: since when, which patient; `own` says whether this account's."""

    message_key = "card.exists"

    def __init__(self, *, since: date, patient: str, own: bool) -> None:
        super().__init__()
        self.since = since
        self.patient = patient
        self.own = own


class NoCard(Exception):
    """There is no card yet."""

    message_key = "card.none"


class CardSuspended(Exception):
    """Consent is withdrawn: the card can be looked at by nobody and changed by nobody until it is given again."""

    message_key = "card.suspended"


def new_patient_number() -> str:
    """Return a patient identifier: 11 random digits and a Luhn digit, `NNNN NNNN NNNN` when shown, never starting with 0."""
    body = str(secrets.randbelow(9) + 1) + "".join(str(secrets.randbelow(10)) for _ in range(10))
    return body + luhn.calc_check_digit(body)


@dataclass(frozen=True, slots=True)
class Card:
    """A card. `patient` is the patient identifier; `snils` and `passport` are canonical, kept under blind indexes."""

    id: CardId
    account: AccountId
    patient: str = field(repr=False)
    state: CardState = CardState.ACTIVE
    created_at: datetime | None = None

    @property
    def shown_number(self) -> str:
        """The patient identifier in groups of four."""
        return " ".join(self.patient[i : i + 4] for i in range(0, 12, 4))


class Cards(Protocol):
    """The cards. One a СНИЛС and one a passport: the database refuses a second."""

    async def of(self, citizen: Citizen) -> Card | None: ...

    async def of_account(self, account: AccountId) -> Card | None:
        """For the product's own work (consent, worker)."""
        ...

    async def holder(self, *, snils: str, passport: str) -> Card | None:
        """Return the card that bears this СНИЛС or this passport, by blind index."""
        ...

    async def create(self, card: Card, *, snils: str, passport: str, policy: str | None = None) -> None:
        """Store it; CardExists when somebody made one for the same person meanwhile."""
        ...

    async def bearers(self, *, snils: Collection[str], policies: Collection[str]) -> frozenset[AccountId]:
        """Return the accounts whose cards bear any of these, by blind index."""
        ...

    async def hold(self, account: AccountId) -> None:
        """Keep the card as it is until the end of the transaction: what changes it waits, one after another."""
        ...

    async def move(self, card: CardId, to: CardState, now: datetime) -> bool:
        """Move by MOVES in one conditional UPDATE; False when it was not in a state that may."""
        ...
