"""The journal as the auditor reads it: which lines, from which place on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from core.domain.audit.operation import Operation
from core.domain.ids import AccountId


@dataclass(frozen=True, slots=True)
class Entry:
    """A line as it is read. `actor` is what `actor.label` wrote, `subject` is `account:<id>` or `-`."""

    at: datetime
    chain: int
    seq: int
    actor: str
    operation: str
    subject: str
    details: Mapping[str, str]
    channel: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reading stands: after this line. Lines are read latest first."""

    at: datetime
    chain: int
    seq: int

    def __str__(self) -> str:
        """Return it as a program hands it back."""
        return f"{self.at.isoformat()}_{self.chain}_{self.seq}"

    @classmethod
    def read(cls, said: str) -> "Place":
        """Read what a program hands back; BadPlace for anything else."""
        try:
            told, chain, seq = said.split("_")
            at = datetime.fromisoformat(told)
            if at.tzinfo is None:
                raise BadPlace
            place = cls(at.astimezone(UTC), int(chain), int(seq))
        except (ValueError, OverflowError):  # the second: the year 1 east of Greenwich
            raise BadPlace from None
        if not 0 <= place.chain < LARGEST or not 0 <= place.seq < LARGEST:
            raise BadPlace
        return place


FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""No line is older or younger. Past the years 1 and 9999 of UTC a moment of some zones is none at all."""


def known(moment: datetime) -> datetime:
    """Return an aware moment that the journal can be asked for; ValueError for another one."""
    if not FIRST <= moment <= LAST:
        raise ValueError("a moment between the years 2000 and 2200 is wanted")
    return moment


LARGEST = 2**31
SHOWN = "conversations"
"""The detail of a line that names conversations, their ids apart by spaces: at most as many as a list shows at once."""
TICKETS_SHOWN = "tickets"
"""The same of a line that names requests."""


class BadPlace(Exception):
    """No place in the journal is called so."""

    message_key = "audit.bad_place"


@dataclass(frozen=True, slots=True)
class Sought:
    """Which lines are read: all conditions hold together.

    `operation` is one, or the beginning of several up to the dot: `team.`. `actor` is a label, whole or the kind alone:
    `staff:`. `person` is an account: what was done with its data, and what its owner did.
    """

    since: datetime | None = None
    until: datetime | None = None
    operation: str = ""
    actor: str = ""
    person: AccountId | None = None


class Reading(Protocol):
    """The journal as the auditor reads it."""

    async def page(self, sought: Sought, after: Place | None, limit: int) -> Sequence[Entry]:
        """Return the lines after a place, the latest first.

        A look at the queue, or at a list of requests, is a line about nobody: it belongs to a person when it names a
        conversation or a request of theirs.
        """
        ...

    async def lately(
        self, actor: str, operation: Operation, since: datetime
    ) -> Sequence[tuple[str, Mapping[str, str]]]:
        """Return subject and details of what an actor (a label) has done since, in no order."""
        ...
