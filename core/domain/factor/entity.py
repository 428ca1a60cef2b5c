"""What is set up for an account: an authenticator or codes by SMS, and how wrong codes lock it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from core.domain.ids import AccountId, ChatId
from core.domain.lockout import TRIES

IN_A_ROW = 100
"""So many wrong codes in a row end the factor itself: the person is to be proofed again (SECURITY.md)."""
RECOVERY_CODES = 10


class FactorKind(StrEnum):
    """TOTP by an authenticator, or a code by SMS to the confirmed phone."""

    TOTP = "totp"
    SMS = "sms"


class WrongFactor(Exception):
    """Not the code, or one that was used before. `left` tries remain before a lock."""

    message_key = "factor.wrong"

    def __init__(self, left: int) -> None:
        super().__init__(f"{left} tries left")
        self.left = left

    @property
    def params(self) -> dict[str, str]:
        """What its text shows."""
        return {"left": str(self.left)}


class FactorLocked(Exception):
    """Too many wrong codes; open again at `until`."""

    message_key = "factor.locked"

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class FactorEnded(Exception):
    """A hundred wrong codes in a row: nothing opens it any more but an identity check."""

    message_key = "factor.ended"


class NoFactor(Exception):
    """No second factor is set up."""

    message_key = "factor.none"


class NotYet(Exception):
    """Not the first code of the authenticator that is being set up."""

    message_key = "factor.not_yet"


class NoPhone(Exception):
    """Codes by SMS need a confirmed phone."""

    message_key = "factor.no_phone"


@dataclass(frozen=True, slots=True)
class Factor:
    """What is set up for an account. `confirmed` once its first code was right.

    `secret` is the key of the authenticator, or the phone that codes go to.

    `pending` is the key of an authenticator whose first code is still awaited; what was set up before counts until then.
    `last_step` is the last TOTP step accepted; `failures` in a row. `version` is 0 before it was first stored.
    """

    account: AccountId
    kind: FactorKind
    secret: str | None = field(default=None, repr=False)
    confirmed: bool = False
    pending: str | None = field(default=None, repr=False)
    last_step: int = 0
    failures: int = 0
    locked_until: datetime | None = None
    recovery_left: int = 0
    version: int = 0

    @property
    def ended(self) -> bool:
        """A hundred wrong codes in a row."""
        return self.failures >= IN_A_ROW

    def locked(self, now: datetime) -> datetime | None:
        """Return until when it is locked, None where it is not."""
        return self.locked_until if self.locked_until is not None and now < self.locked_until else None

    @property
    def left(self) -> int:
        """How many wrong codes remain before the next lock."""
        return TRIES - self.failures % TRIES


class Factors(Protocol):
    """The second factors. Counters and steps move by conditional UPDATEs alone."""

    async def of(self, account: AccountId) -> Factor | None: ...

    async def save(self, factor: Factor, now: datetime, *, step: int | None = None) -> None:
        """Store what is set up; `account.WrongMove` when it changed since it was read.

        `step`: a new key counts, from this step on. Counters are left alone otherwise.
        """
        ...

    async def remove(self, account: AccountId) -> None:
        """Take it away with its recovery codes, and forget the chats in which it was shown."""
        ...

    async def accept_step(self, account: AccountId, step: int, now: datetime) -> bool:
        """Move the last accepted step on and clear the failures; False for a replay or a locked factor. One statement."""
        ...

    async def accept_other(self, account: AccountId, now: datetime) -> bool:
        """Clear the failures after a right code of another kind; False for a locked factor. One statement."""
        ...

    async def count_failure(self, account: AccountId, now: datetime) -> bool:
        """Count one wrong code and lock by `lock_after`; False for a locked one, which counts none. One statement."""
        ...

    async def put_recovery(self, account: AccountId, digests: Sequence[tuple[bytes, bytes]]) -> None:
        """Replace the recovery codes by these: pairs of salt and digest."""
        ...

    async def recovery(self, account: AccountId) -> Sequence[tuple[bytes, bytes]]:
        """The unused ones."""
        ...

    async def use_recovery(self, account: AccountId, digest: bytes, now: datetime) -> bool:
        """Mark one used; False when it was before. One statement."""
        ...

    async def know(self, account: AccountId, chat: ChatId, now: datetime) -> bool:
        """Remember that the factor was shown in this chat; False where it is known already. One statement."""
        ...
