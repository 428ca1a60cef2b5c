"""A claim: a dose that a citizen brings, or a wrong one that they want put right. Staff decide; the states are a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from core.domain.actor import Citizen
from core.domain.ids import AccountId, ClaimId, RecordId, StaffId
from core.domain.record.coding import Coding
from core.domain.vaccination.told import Told

OPEN_AT_MOST = 5
"""So many may wait for an answer at once."""


class ClaimKind(StrEnum):
    """NEW: a dose to be added. CORRECTION: one of the record that is wrong."""

    NEW = "new"
    CORRECTION = "correction"


class ClaimState(StrEnum):
    """DRAFT is still put together; ACCEPTED stands in the record now; DROPPED by the citizen."""

    DRAFT = "draft"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    DROPPED = "dropped"


MOVES: Mapping[ClaimState, frozenset[ClaimState]] = {
    ClaimState.DRAFT: frozenset({ClaimState.WAITING, ClaimState.DROPPED}),
    ClaimState.WAITING: frozenset({ClaimState.ACCEPTED, ClaimState.REFUSED, ClaimState.DROPPED}),
    ClaimState.ACCEPTED: frozenset(),
    ClaimState.REFUSED: frozenset(),
    ClaimState.DROPPED: frozenset(),
}


def movable(to: ClaimState) -> list[str]:
    """Return the states from which one may go there, for a conditional UPDATE."""
    return [state.value for state, ways in MOVES.items() if to in ways]


class Field(StrEnum):
    """What can be wrong in a dose."""

    VACCINE = "vaccine"
    GIVEN_ON = "given_on"
    SERIES = "series"
    INSTITUTION = "institution"
    REACTION = "reaction"


class ClaimNotThere(Exception):
    """Not there, or not yours: both sound the same."""

    message_key = "vaccination.claim_not_there"


class ClaimIncomplete(Exception):
    """Something is not answered yet, and there is no scan that would tell."""

    message_key = "vaccination.incomplete"


class TooManyClaims(Exception):
    """Five wait already."""

    message_key = "vaccination.too_many"


class CorrectionWaits(Exception):
    """A correction of this dose waits for its signature already."""

    message_key = "vaccination.correction_waits"


class ClaimDecided(Exception):
    """Somebody else decided it meanwhile (`by` is their login), or the citizen took it back (None)."""

    message_key = "vaccination.decided"

    def __init__(self, by: str | None) -> None:
        super().__init__(by or "")
        self.by = by


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan that came along. `size` in bytes."""

    mime: str
    size: int
    pages: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim. Of a correction: `record` is the dose, `wrong` the field; `right`, `right_vaccine` or `right_day` what it should be.

    `record` of an accepted new one is the dose that it became. `version` is 0 before it was first stored.
    """

    id: ClaimId
    account: AccountId
    kind: ClaimKind
    state: ClaimState
    begun_at: datetime
    told: Told = field(default=Told(), repr=False)
    scan: Scan | None = None
    record: RecordId | None = None
    wrong: Field | None = None
    right: str = field(default="", repr=False)
    right_vaccine: Coding | None = field(default=None, repr=False)
    right_day: date | None = field(default=None, repr=False)
    why: str = field(default="", repr=False)
    sent_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: StaffId | None = None
    reason: str = field(default="", repr=False)
    version: int = 0

    @property
    def waiting(self) -> bool:
        """Whether somebody at the desk is to look at it."""
        return self.state is ClaimState.WAITING

    @property
    def ready(self) -> bool:
        """Whether it can be sent: every question answered or a scan that tells; a correction with its reason."""
        if self.kind is ClaimKind.NEW:
            return self.told.complete or self.scan is not None
        return self.has_right and bool(self.why)

    def with_vaccine(self, vaccine: Coding) -> "Claim":
        """Return it with a vaccine told, or named as the right one."""
        if self.kind is ClaimKind.CORRECTION:
            return replace(self, right_vaccine=vaccine)
        return replace(self, told=replace(self.told, vaccine=vaccine))

    def with_day(self, day: date) -> "Claim":
        """Return it with a day told, or named as the right one."""
        if self.kind is ClaimKind.CORRECTION:
            return replace(self, right_day=day)
        return replace(self, told=replace(self.told, given_on=day))

    def with_words(self, what: Field, words: str) -> "Claim":
        """Return it with a series or an institution told, or what is right in the field that is wrong."""
        if self.kind is ClaimKind.CORRECTION:
            return replace(self, right=words)
        if what is Field.SERIES:
            return replace(self, told=replace(self.told, series=words))
        return replace(self, told=replace(self.told, institution=words)) if what is Field.INSTITUTION else self

    def emptied(self) -> "Claim":
        """Return it without anything that was told."""
        return replace(self, told=Told(), right="", right_vaccine=None, right_day=None, why="")

    @property
    def has_right(self) -> bool:
        """Whether it says what is right."""
        return bool(self.right) or self.right_vaccine is not None or self.right_day is not None


class Claims(Protocol):
    """The claims. Every move is one conditional UPDATE by MOVES: of two that try, one succeeds."""

    async def draft_of(self, citizen: Citizen, kind: ClaimKind) -> Claim | None:
        """Return what is put together; there is one of a kind an account."""
        ...

    async def begin(self, claim: Claim) -> Claim:
        """Store a fresh draft; `account.WrongMove` when there is one."""
        ...

    async def save(self, claim: Claim, to: ClaimState | None = None) -> Claim:
        """Store what changed, and move it where `to` says so; `account.WrongMove` when it changed since it was read."""
        ...

    async def attach(self, claim: Claim, scan: Scan, content: bytes) -> Claim:
        """Store a scan, encrypted under a key of its own, in place of an earlier one; `account.WrongMove`."""
        ...

    async def content(self, claim: Claim) -> bytes:
        """Return the decrypted scan; ClaimNotThere where there is none."""
        ...

    async def of(self, citizen: Citizen) -> Sequence[Claim]:
        """Return what was sent, the newest first."""
        ...

    async def one(self, citizen: Citizen, claim: ClaimId) -> Claim:
        """Raises ClaimNotThere."""
        ...

    async def get(self, claim: ClaimId) -> Claim:
        """For staff; raises ClaimNotThere, also where the consent was withdrawn."""
        ...

    async def accepted_of(self, account: AccountId) -> Sequence[Claim]:
        """Return those that became doses."""
        ...

    async def open_of(self, account: AccountId) -> int:
        """Count what waits."""
        ...

    async def waiting(self, kinds: Sequence[ClaimKind], limit: int) -> Sequence[Claim]:
        """Return those that wait, the longest first; none whose owner withdrew the consent."""
        ...
