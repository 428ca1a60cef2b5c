"""The journal: a line for every access, written in the transaction of the access; and what looks after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.domain.actor import Actor
from core.domain.audit.operation import Operation


class AuditLog(Protocol):
    """The journal. A line belongs to the open transaction: no line, no data."""

    def record(self, actor: Actor, operation: Operation, subject: object | None = None, **details: str) -> None:
        """Add a line to the open transaction; `subject` is the id of the account whose data it is, None for nobody's."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong in the journal. `where` names the line or checkpoint, `what` says what is wrong with it."""

    where: str
    what: str


class PartialCheck(Protocol):
    """A check of the whole journal, taken part by part, each in a transaction of its own: nobody waits for all of it."""

    @property
    def found(self) -> Sequence[Finding]:
        """What is wrong so far, in order."""
        ...

    @property
    def lines(self) -> int:
        """How many lines were read."""
        ...

    async def step(self) -> bool:
        """Check the next part; False when that was the last one."""
        ...


class Trail(Protocol):
    """The journal as the one who looks after it sees it."""

    async def checkpoint(self, now: datetime) -> None:
        """Sign the heads of all chains; the checkpoint is kept in the database and outside of it."""
        ...

    async def verify(self) -> Sequence[Finding]:
        """Read every line and every checkpoint, in the database and outside, and return what is wrong, in order."""
        ...

    def check(self) -> PartialCheck:
        """Begin the same, part by part."""
        ...
