"""A request to verify an account: documents sent, a reviewer's decision, the citizen told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from core.domain.ids import AccountId, StaffId, VerificationId


class RequestState(StrEnum):
    """Where a request for verification stands."""

    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"


MOVES: Mapping[RequestState, frozenset[RequestState]] = {
    RequestState.PENDING: frozenset({RequestState.APPROVED, RequestState.REFUSED}),
    RequestState.APPROVED: frozenset(),
    RequestState.REFUSED: frozenset(),
}


class AlreadyDecided(Exception):
    """Another reviewer decided it meanwhile; `by` is their login."""

    message_key = "verification.already_decided"

    def __init__(self, by: str | None) -> None:
        super().__init__(by or "")
        self.by = by


class DocumentsMissing(Exception):
    """Both the passport scan and the INN are needed before a request can be sent."""

    message_key = "verification.documents_missing"


@dataclass(frozen=True, slots=True)
class VerificationRequest:
    """One request. `inn` is the typed number where the person typed it instead of sending a scan."""

    id: VerificationId
    account: AccountId
    state: RequestState
    asked_at: datetime
    inn: str | None = field(default=None, repr=False)
    decided_at: datetime | None = None
    decided_by: StaffId | None = None


class Verifications(Protocol):
    """The requests. One pending request an account: the database refuses a second."""

    async def ask(self, request: VerificationRequest) -> bool:
        """Store it; False when one is pending already."""
        ...

    async def latest(self, account: AccountId) -> VerificationRequest | None: ...

    async def get(self, request: VerificationId) -> VerificationRequest:
        """NotAllowed where there is none. For staff; the use case has checked the role."""
        ...

    async def pending(self, limit: int) -> list[VerificationRequest]:
        """Oldest first."""
        ...

    async def decide(self, request: VerificationId, to: RequestState, by: StaffId, now: datetime) -> None:
        """One conditional UPDATE; AlreadyDecided when it was decided before."""
        ...
