"""Calls of programs that are made once: repeated under the same key, a call gets the answer of the first time."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

KEPT = timedelta(hours=24)
UNDER_WAY = timedelta(seconds=60)
"""A call without an answer for so long died with its process: whoever repeats it makes it anew."""


class KeyTaken(Exception):
    """The key was given to a call with another body."""

    message_key = "idempotency.key_taken"


class StillUnderWay(Exception):
    """The first call under this key is being answered at this moment."""

    message_key = "idempotency.under_way"


class AnswerWithheld(Exception):
    """The call was made, and its answer held a secret: it was said once and kept nowhere."""

    message_key = "idempotency.withheld"


@dataclass(frozen=True, slots=True)
class Call:
    """Which call it is, both as keyed hashes: `name` of who calls what under which key, `body` of what they send."""

    name: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered the first time: text, or none at all."""

    status: int
    kind: str
    text: str = field(repr=False)


class Calls(Protocol):
    """Calls with keys, for a day."""

    async def begin(self, call: Call, now: datetime) -> Answered | None:
        """Note that it is being answered, or return its answer. Raises KeyTaken, StillUnderWay."""
        ...

    async def end(self, call: Call, answered: Answered) -> None:
        """Keep the answer, sealed."""
        ...

    async def drop(self, call: Call) -> None:
        """It came to nothing: the key is free again."""
        ...

    async def forget_before(self, moment: datetime) -> int:
        """Remove those begun before that; returns how many."""
        ...
