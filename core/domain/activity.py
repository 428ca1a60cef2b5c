"""What was done with somebody's data, as the owner of the record reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from core.domain.audit import Operation
from core.domain.ids import AccountId


class Who(StrEnum):
    """Kinds of those who act, as the owner of a record reads them.

    OTHER: somebody else's account. ANYBODY: whoever opened the page that verifies a paper.
    """

    OWNER = "owner"
    OTHER = "other"
    CHAT = "chat"
    STAFF = "staff"
    CLINIC = "clinic"
    HANDOVER = "handover"
    ANYBODY = "anybody"
    PRODUCT = "product"


OF_NOBODY = frozenset(
    {
        *("broadcast", "canned", "desk", "figures", "hook", "hours", "knowledge", "limits", "notification", "staff"),
        *("team", "update", "wall"),
    }
)
"""Operations, by the first of their names, that are about nobody's data."""


@dataclass(frozen=True, slots=True)
class Act:
    """A line of the journal as the owner of the record reads it. `actor` is the id of a member of staff or a clinic."""

    at: datetime
    who: Who
    operation: Operation
    actor: UUID | None = None
    details: Mapping[str, str] = field(default_factory=dict)


class Journal(Protocol):
    """One account's own part of the journal: nothing of it is left out."""

    async def of(
        self, account: AccountId, until: datetime, *, outsiders: bool, limit: int, offset: int = 0
    ) -> Sequence[Act]:
        """Return what was done with the data of an account up to `until`, the latest first."""
        ...

    async def count(self, account: AccountId, until: datetime, *, outsiders: bool) -> int:
        """Return how many lines there are up to `until`."""
        ...
