"""Referrals to doctors, as clinics delivered them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from core.domain.ids import AccountId, ClinicId, RecordId


@dataclass(frozen=True, slots=True)
class Referral:
    """A referral: to what doctor (a code of `core.domain.speciality`), its number, who gave it, and until when it is good.

    Both days are included; `valid_until` None: the clinic has named no end.
    """

    id: RecordId
    account: AccountId
    clinic: ClinicId
    authored_on: date
    speciality: str = field(repr=False)
    number: str = field(repr=False)
    issuer: str = field(default="", repr=False)
    valid_until: date | None = None

    def stands(self, day: date) -> bool:
        """Whether it is good for a visit on a day."""
        return self.authored_on <= day and (self.valid_until is None or day <= self.valid_until)


class Referrals(Protocol):
    """The referrals, the newest first."""

    async def put(self, referrals: Sequence[Referral]) -> None:
        """Store them; one with the same id takes the place of the former."""
        ...

    async def remove(self, account: AccountId, ids: Sequence[RecordId]) -> None: ...

    async def of(self, account: AccountId, speciality: str, day: date) -> Sequence[Referral]:
        """Those to doctors of a speciality that are good for a visit on a day."""
        ...
