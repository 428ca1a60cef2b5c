"""One-time codes: six digits, ten minutes, five tries, a new one after sixty seconds."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from core.domain.ids import AccountId, ChallengeId

LIFETIME = timedelta(minutes=10)
RESEND_AFTER = timedelta(seconds=60)
TRIES = 5
HOURLY = 10
"""How many codes an account can ask for within an hour, for all purposes together."""
HOURLY_TRIES = 10
"""How many tries at them: past these no further code is sent, so that new codes do not bring new guesses without end."""


class Purpose(StrEnum):
    """What a code proves."""

    PHONE = "phone"
    EMAIL = "email"
    POLICY = "policy"
    APPLICATION = "application"
    EXTRACT = "extract"
    FACTOR = "factor"
    FACTOR_SETUP = "factor_setup"


class Channel(StrEnum):
    """Where a code goes. Never the chat itself: that would prove nothing (SECURITY.md)."""

    SMS = "sms"
    MAIL = "mail"


class WrongCode(Exception):
    """Not the code that was sent; `left` tries remain."""

    message_key = "code.wrong"

    def __init__(self, left: int) -> None:
        super().__init__(f"{left} tries left")
        self.left = left


class CodeGone(Exception):
    """There is no code to enter: expired, used up, or never sent. A new one is needed."""

    message_key = "code.gone"


class TooSoon(Exception):
    """Another code can be asked for in `seconds`."""

    message_key = "code.too_soon"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"{seconds} s")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Challenge:
    """A code that was sent. `target` is the value that it proves: a phone, an address, a policy, an application's digest."""

    id: ChallengeId
    account: AccountId
    purpose: Purpose
    channel: Channel
    target: str = field(repr=False)
    destination: str = field(repr=False)
    salt: bytes = field(repr=False)
    digest: bytes = field(repr=False)
    sent_at: datetime
    tries: int = 0

    def expired(self, now: datetime) -> bool:
        """Ten minutes have passed."""
        return now >= self.sent_at + LIFETIME

    def seconds_until_resend(self, now: datetime) -> int:
        """Whole seconds before another code may be asked for; 0 when it may be now."""
        left = (self.sent_at + RESEND_AFTER - now).total_seconds()
        return max(0, -int(-left // 1))


class Challenges(Protocol):
    """The codes. One open challenge an account and purpose."""

    async def current(self, account: AccountId, purpose: Purpose) -> Challenge | None:
        """Return the open challenge, expired or not."""
        ...

    async def put(self, challenge: Challenge) -> None:
        """Store it in place of the open one of the same purpose."""
        ...

    async def sent_since(self, account: AccountId, since: datetime) -> int:
        """Count codes sent to the account's owner since then, for all purposes."""
        ...

    async def tried_since(self, account: AccountId, since: datetime) -> int:
        """Count tries, right and wrong, at codes sent since then, for all purposes."""
        ...

    async def count_try(self, challenge: ChallengeId) -> int | None:
        """Count one try in one conditional UPDATE and return how many are left; None when none was left or it was used."""
        ...

    async def use_up(self, challenge: ChallengeId) -> bool:
        """Mark used; False when somebody used it first."""
        ...
