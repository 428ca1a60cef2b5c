"""Visits to doctors."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from core.domain.ids import AccountId, ClinicId, RecordId
from core.domain.record.coding import Coding, Period


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit: when, where, to whom, what was found (ICD-10 or other codes as they came), what was advised and prescribed."""

    id: RecordId
    account: AccountId
    clinic: ClinicId
    started_at: datetime
    ended_at: datetime | None = None
    kind: Coding | None = field(default=None, repr=False)
    institution: str = field(default="", repr=False)
    doctor: str = field(default="", repr=False)
    speciality: str = field(default="", repr=False)
    diagnoses: tuple[Coding, ...] = field(default=(), repr=False)
    recommendations: tuple[str, ...] = field(default=(), repr=False)
    prescriptions: tuple[str, ...] = field(default=(), repr=False)


class Visits(Protocol):
    """The visits, the newest first."""

    async def put(self, visits: Sequence[Visit]) -> None:
        """Store them; one with the same id takes the place of the former."""
        ...

    async def remove(self, account: AccountId, ids: Sequence[RecordId]) -> None: ...

    async def of(self, account: AccountId, period: Period) -> Sequence[Visit]:
        """All visits that began within the period: a person has hundreds at most, and filters look at what is sealed."""
        ...

    async def one(self, account: AccountId, record: RecordId) -> Visit:
        """Raises NotFound."""
        ...

    async def some(self, account: AccountId, records: Sequence[RecordId]) -> Sequence[Visit]:
        """Those of them that are this account's."""
        ...
