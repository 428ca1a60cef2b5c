"""A person known to the portal, and how far the account is verified."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, Self

from core.domain.actor import Citizen
from core.domain.identifiers import BirthDate
from core.domain.ids import AccountId

ADULT = 18
"""Until this age a representative applies for the card (the article, «Дети и несовершеннолетние»)."""

CHILD_LEVEL = "KD"
"""The portal's level of a child's account: everything goes through the representative (FACTS: the portal)."""


@dataclass(frozen=True, slots=True)
class PortalPassport:
    """A passport as the portal tells it."""

    series: str
    number: str
    issued_at: date | None
    issuer: str | None
    department_code: str | None


@dataclass(frozen=True, slots=True)
class PortalPerson:
    """The portal's userinfo claims; None where the portal does not know. `level` is KD, P or PR (FACTS: the portal)."""

    subject: str
    level: str
    family_name: str
    given_name: str
    middle_name: str | None = None
    birth_date: date | None = None
    sex: str | None = None
    snils: str | None = None
    inn: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    passport: PortalPassport | None = None
    policy: str | None = None

    def __repr__(self) -> str:
        return f"PortalPerson(level={self.level!r})"


class Verification(StrEnum):
    """The article's three states: «Не подтверждена», «В процессе», «Подтверждена»."""

    UNVERIFIED = "unverified"
    PENDING = "pending"
    VERIFIED = "verified"


MOVES: Mapping[Verification, frozenset[Verification]] = {
    Verification.UNVERIFIED: frozenset({Verification.PENDING, Verification.VERIFIED}),
    Verification.PENDING: frozenset({Verification.VERIFIED, Verification.UNVERIFIED}),
    Verification.VERIFIED: frozenset(),
}


class WrongMove(Exception):
    """Something cannot go from the state it is in to the state asked for: it changed meanwhile."""

    message_key = "state.changed_meanwhile"


class NotVerified(Exception):
    """The account must be verified first (the article: applying opens at «Подтверждена»)."""

    message_key = "account.not_verified"


class TooYoung(Exception):
    """A minor's card is applied for by a representative."""

    message_key = "account.too_young"


@dataclass(frozen=True, slots=True)
class Account:
    """A person of the portal. `known` is what the portal told at the last sign-in; `phone` and `email` are proved ones."""

    id: AccountId
    verification: Verification
    known: PortalPerson
    phone: str | None
    email: str | None
    version: int

    @property
    def first_name(self) -> str:
        """The given name and the initial of the surname: «Анна И.»."""
        return f"{self.known.given_name} {self.known.family_name[:1]}.".strip()

    def moved(self, to: Verification) -> Self:
        """Return the account in the state `to`; WrongMove when MOVES has no such way."""
        if to not in MOVES[self.verification]:
            raise WrongMove
        return replace(self, verification=to)

    def age(self, today: date) -> int | None:
        """Full years by the portal's date of birth, or None where the portal does not know it."""
        born = self.known.birth_date
        return BirthDate(born).age(today) if born else None


def from_portal(person: PortalPerson, before: Verification | None) -> Verification:
    """Return the verification that the portal's level means (FACTS: the portal), keeping our own check's result.

    PR is verified. Anything else keeps what our reviewers decided before, else is unverified.
    """
    if person.level == "PR":
        return Verification.VERIFIED
    return before or Verification.UNVERIFIED


class Accounts(Protocol):
    """The accounts, reached through who asks."""

    async def of(self, citizen: Citizen) -> Account: ...

    async def get(self, account: AccountId) -> Account:
        """For the product's own work (worker, reviewed requests); NotAllowed where there is none."""
        ...

    async def by_subject(self, subject: str) -> Account | None:
        """Find by the portal's subject identifier, through a blind index."""
        ...

    async def add(self, account: Account, now: datetime) -> None: ...

    async def save(self, account: Account) -> None:
        """Store a changed account; WrongMove when somebody else changed it since it was read."""
        ...
