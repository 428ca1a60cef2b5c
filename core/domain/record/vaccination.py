"""Vaccinations, as clinics delivered them or as a clinic confirmed what a citizen brought."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from core.domain.ids import AccountId, ClinicId, RecordId
from core.domain.record.coding import Coding, Period


class Origin(StrEnum):
    """Who said so first."""

    CLINIC = "clinic"
    CITIZEN = "citizen"


@dataclass(frozen=True, slots=True)
class Vaccination:
    """One dose. `series` is the lot; `dose` counts within its course from 1; `next_on` is the advice on the next one."""

    id: RecordId
    account: AccountId
    given_on: date
    vaccine: Coding = field(repr=False)
    clinic: ClinicId | None = None
    series: str = field(default="", repr=False)
    institution: str = field(default="", repr=False)
    dose: int | None = None
    reaction: str = field(default="", repr=False)
    advice: str = field(default="", repr=False)
    next_on: date | None = None
    origin: Origin = Origin.CLINIC


class Vaccinations(Protocol):
    """The vaccinations, the newest first."""

    async def put(self, vaccinations: Sequence[Vaccination]) -> None:
        """Store them; one with the same id takes the place of the former."""
        ...

    async def remove(self, account: AccountId, ids: Sequence[RecordId]) -> None: ...

    async def of(self, account: AccountId, period: Period) -> Sequence[Vaccination]: ...

    async def one(self, account: AccountId, record: RecordId) -> Vaccination:
        """Raises NotFound."""
        ...
