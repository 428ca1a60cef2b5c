"""An identity check after a lost second factor: one member of staff compares, a second, different one confirms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from core.domain.ids import AccountId, ChatId, ProofId, StaffId


class ProofState(StrEnum):
    """Where a check stands."""

    ASKED = "asked"
    COMPARED = "compared"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


MOVES: Mapping[ProofState, frozenset[ProofState]] = {
    ProofState.ASKED: frozenset({ProofState.COMPARED, ProofState.REFUSED, ProofState.TAKEN_BACK}),
    ProofState.COMPARED: frozenset({ProofState.CONFIRMED, ProofState.REFUSED, ProofState.TAKEN_BACK}),
    ProofState.CONFIRMED: frozenset(),
    ProofState.REFUSED: frozenset(),
    ProofState.TAKEN_BACK: frozenset(),
}
OPEN = frozenset({ProofState.ASKED, ProofState.COMPARED})
SHORTEST_NOTE, LONGEST_NOTE = 10, 1000
"""What was compared is told in a sentence or a few."""
SHORTEST_REASON, LONGEST_REASON = 3, 300


GOOD_FOR = timedelta(days=3)
"""A check that nobody has decided by then is over."""
A_HOUR, A_DAY = 3, 10
"""So many checks can be asked for: each is told on every channel."""


class TooManyProofs(Exception):
    """Three were asked for within an hour, or ten within a day."""

    message_key = "proof.too_many"


class SameMember(Exception):
    """Whoever compared cannot confirm: a second member of staff has to."""

    message_key = "proof.same_member"


class ProofMoved(Exception):
    """Somebody else went on with this check meanwhile, the citizen took it back, or what it was asked for is over."""

    message_key = "proof.moved"


class NoteNeeded(Exception):
    """What was compared is to be written down, in 10 to 1000 characters."""

    message_key = "proof.note_needed"


class ProofReasonNeeded(Exception):
    """A refusal needs a reason of 3 to 300 characters."""

    message_key = "proof.reason_needed"


@dataclass(frozen=True, slots=True)
class Proof:
    """One check. `compared` is what the first member asked for and saw; `reason` why it was refused.

    It counts for the chat where it was asked for, for the `factor` of this version, and until `expires_at`.
    """

    id: ProofId
    account: AccountId
    state: ProofState
    asked_at: datetime
    chat: ChatId
    factor: int
    expires_at: datetime
    compared: str | None = field(default=None, repr=False)
    first: StaffId | None = None
    first_at: datetime | None = None
    second: StaffId | None = None
    decided_at: datetime | None = None
    reason: str | None = field(default=None, repr=False)

    def over(self, now: datetime) -> bool:
        """Nobody has decided it in time."""
        return self.state in OPEN and now >= self.expires_at


class Proofs(Protocol):
    """The checks: one open an account. The database refuses a second, and the same member twice."""

    async def ask(self, proof: Proof) -> bool:
        """Store it; False when one is open already. One whose time is over makes way."""
        ...

    async def asked_since(self, account: AccountId, moment: datetime) -> int:
        """Count those that were asked for since then."""
        ...

    async def latest(self, account: AccountId) -> Proof | None: ...

    async def get(self, proof: ProofId) -> Proof:
        """NotAllowed where there is none. For staff; the use case has checked the role."""
        ...

    async def open(self, limit: int, now: datetime) -> list[Proof]:
        """Those that wait for a member of staff, oldest first; their time is not over."""
        ...

    async def compare(self, proof: Proof, compared: str, by: StaffId, now: datetime) -> None:
        """Write down what the first member compared; ProofMoved when it is not asked for any more."""
        ...

    async def confirm(self, proof: ProofId, by: StaffId, now: datetime) -> None:
        """The second member's word. One conditional UPDATE: SameMember, ProofMoved.

        ProofMoved also where the account has left the chat, or the factor is another than when it was asked for.
        """
        ...

    async def refuse(self, proof: Proof, reason: str, by: StaffId, now: datetime) -> None:
        """End an open one with a reason; ProofMoved. The first as well as the second member can."""
        ...

    async def take_back(self, account: AccountId, now: datetime) -> bool:
        """It is needed no more, or what it was asked for is over; False when none is open."""
        ...
