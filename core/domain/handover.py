"""Visits handed over to a specialist: a link or a dictated code that opens once, for an hour, a day or three days."""

import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import shake_256
from typing import Protocol
from unicodedata import category, normalize

from core.domain.ids import AccountId, HandoverId, RecordId

MOST = 10
"""So many of a person may stand at the same time."""
MOST_VISITS = 100
READING = timedelta(minutes=15)
"""For so long the page can be read again in the browser that opened it."""
TRIES = 5
"""So many wrong codes, and the code opens nothing any more; the link still does."""
SHOWN_FOR = timedelta(days=30)
"""For so long an ended one stays in its owner's list, and is forgotten then. The journal keeps it."""

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0 and O, no 1, I and L, no U: what looks or sounds alike is not among them."""
READ_AS = str.maketrans("АВЕКМНРСТХУ", "ABEKMHPCTXY")
"""Cyrillic letters that look like ours, for whoever forgot to switch the keyboard."""
SEPARATORS = re.compile(r"[\s\-‐-―−_.,]+")
NAME, SECRET = 4, 8
"""The first letters of a code find the handover, the others open it: 39 bits with five tries."""
GROUP = 4

LONGEST_RECIPIENT = 80
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class Term(StrEnum):
    """For how long it can be opened."""

    HOUR = "hour"
    DAY = "day"
    THREE_DAYS = "three_days"


SPANS: Mapping[Term, timedelta] = {
    Term.HOUR: timedelta(hours=1),
    Term.DAY: timedelta(days=1),
    Term.THREE_DAYS: timedelta(days=3),
}


class HandoverState(StrEnum):
    """STANDING waits to be opened. RUN_OUT is STANDING when its time is over: nobody has to write it down."""

    STANDING = "standing"
    OPENED = "opened"
    REVOKED = "revoked"
    RUN_OUT = "run_out"


MOVES: Mapping[HandoverState, frozenset[HandoverState]] = {
    HandoverState.STANDING: frozenset({HandoverState.OPENED, HandoverState.REVOKED, HandoverState.RUN_OUT}),
    HandoverState.OPENED: frozenset({HandoverState.REVOKED}),
    HandoverState.REVOKED: frozenset(),
    HandoverState.RUN_OUT: frozenset(),
}


class HandoverGone(Exception):
    """Opened before, revoked, run out, not allowed any more, or never there: all sound the same."""

    message_key = "handover.gone"


class TooManyHandovers(Exception):
    """Ten of them stand already."""

    message_key = "handover.too_many"


class NothingTicked(Exception):
    """No visit was ticked, or those that were are gone."""

    message_key = "handover.nothing_ticked"


class TooManyTicked(Exception):
    """More than a hundred visits."""

    message_key = "handover.too_many_ticked"


class InvalidRecipient(Exception):
    """Nothing readable, or more than 80 characters."""

    message_key = "handover.recipient_wrong"


@dataclass(frozen=True, slots=True)
class Code:
    """What is dictated: `name` finds the handover, `secret` opens it."""

    name: str = field(repr=False)
    secret: str = field(repr=False)

    @classmethod
    def fresh(cls) -> "Code":
        """Return a new one."""
        drawn = "".join(secrets.choice(ALPHABET) for _ in range(NAME + SECRET))
        return cls(drawn[:NAME], drawn[NAME:])

    @classmethod
    def parse(cls, typed: str) -> "Code | None":
        """Read what somebody typed, in any case and grouping; None for what cannot be a code."""
        if len(typed) > 4 * (NAME + SECRET):
            return None
        found = SEPARATORS.sub("", typed).upper().translate(READ_AS)
        if len(found) != NAME + SECRET or not set(found) <= set(ALPHABET):
            return None
        return cls(found[:NAME], found[NAME:])

    def __str__(self) -> str:
        whole = self.name + self.secret
        return "-".join(whole[start : start + GROUP] for start in range(0, len(whole), GROUP))


def parse_recipient(typed: str) -> str:
    """Read for whom it is, in one line, without what cannot be seen; raises InvalidRecipient."""
    if len(typed) > 10 * LONGEST_RECIPIENT:
        raise InvalidRecipient
    flat = " ".join(normalize("NFC", typed).split())
    told = "".join(sign for sign in flat if category(sign) not in UNSEEN).strip()
    if not any(sign.isalnum() for sign in told) or len(told) > LONGEST_RECIPIENT:
        raise InvalidRecipient
    return told


@dataclass(frozen=True, slots=True)
class Handover:
    """One handover. `recipient` is what its owner called the specialist, or empty.

    `opened_at` and `read_until` once it was opened; `tries` counts the codes that were tried.
    """

    id: HandoverId
    account: AccountId
    visits: tuple[RecordId, ...] = field(repr=False)
    recipient: str = field(repr=False)
    made_at: datetime
    expires_at: datetime
    state: HandoverState = HandoverState.STANDING
    opened_at: datetime | None = None
    read_until: datetime | None = None
    revoked_at: datetime | None = None
    tries: int = 0

    def state_at(self, now: datetime) -> HandoverState:
        """Where it stands."""
        over = self.state is HandoverState.STANDING and now >= self.expires_at
        return HandoverState.RUN_OUT if over else self.state

    def readable_at(self, now: datetime) -> bool:
        """Whether the browser that opened it may show it still."""
        return self.state is HandoverState.OPENED and self.read_until is not None and now < self.read_until

    def read_until_from(self, now: datetime) -> datetime:
        """Return until when it can be read if it is opened now: never longer than its owner said."""
        return min(now + READING, self.expires_at)


@dataclass(frozen=True, slots=True)
class Ways:
    """What opens it. Kept as hashes alone."""

    token: str = field(repr=False)
    code: Code = field(repr=False)

    @classmethod
    def keyed(cls, key: str, attempt: int) -> "Ways":
        """Return those of a key of 256 random bits: whoever has it, and asks once more, gets the same link and code again.

        `attempt` counts on where the name of a code is taken; the link stays.
        """
        token = urlsafe_b64encode(shake_256(f"link:{key}".encode()).digest(32)).decode().rstrip("=")
        # Big enough that no letter is likelier than another by more than 2^-60.
        drawn, letters = int.from_bytes(shake_256(f"code:{attempt}:{key}".encode()).digest(16)), ""
        for _ in range(NAME + SECRET):
            drawn, letter = divmod(drawn, len(ALPHABET))
            letters += ALPHABET[letter]
        return cls(token, Code(letters[:NAME], letters[NAME:]))


class Handovers(Protocol):
    """The handovers. Each move is one conditional statement: of two openings at once one wins."""

    async def add(self, handover: Handover, ways: Ways, now: datetime) -> bool:
        """Store it; False when the name of its code is taken. Raises TooManyHandovers."""
        ...

    async def of(self, account: AccountId, since: datetime) -> Sequence[Handover]:
        """Those made since then, the newest first."""
        ...

    async def by_token(self, token: str) -> Handover | None: ...

    async def by_name(self, name: str) -> Handover | None:
        """Return the one whose code begins so, while its code can open it."""
        ...

    async def by_reader(self, reader: str) -> Handover | None:
        """Return the one that was opened in the browser with this name."""
        ...

    async def opens(self, handover: Handover, secret: str) -> bool:
        """Compare the secret of a code in constant time."""
        ...

    async def spend(self, handover: Handover) -> int:
        """Take one of the tries of a code before it is compared; returns how many are taken, 0 when none was left."""
        ...

    async def open(self, handover: Handover, reader: str, now: datetime) -> bool:
        """Burn link and code; False when somebody was first, or it stands no more."""
        ...

    async def revoke(self, account: AccountId, handover: HandoverId, now: datetime) -> bool:
        """Take it back, opened or not; False when there was nothing to take back."""
        ...

    async def forget_before(self, moment: datetime) -> int:
        """Remove those made before that; returns how many."""
        ...
