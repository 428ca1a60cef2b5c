"""The session in which medical sections are open, and the medical messages that go with its end.

A session slides by its span and ends eight hours after it began whatever happens (the issue's limits); its end takes the
medical messages out of the chat.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from core.domain.actor import Citizen
from core.domain.ids import AccountId, ChatId

SPAN = timedelta(minutes=15)
LONGEST = timedelta(hours=8)
SPANS = (timedelta(minutes=5), SPAN, timedelta(minutes=30), timedelta(hours=1))
"""What a person can choose from."""
FRESH = timedelta(minutes=10)
"""For so long after a code what is set up can be changed: an open session alone does not let the factor be replaced."""


@dataclass(frozen=True, slots=True)
class Unlock:
    """An open session of one chat: until when without a further look, and until when at the most."""

    account: AccountId
    chat: ChatId
    opened_at: datetime
    until: datetime
    span: timedelta = SPAN

    @property
    def at_most(self) -> datetime:
        """Eight hours after it began."""
        return self.opened_at + LONGEST

    def open_at(self, now: datetime) -> bool:
        """Whether it is open."""
        return now < min(self.until, self.at_most)

    def fresh_at(self, now: datetime) -> bool:
        """Whether its code was entered just now."""
        return self.open_at(now) and now < self.opened_at + FRESH

    def slid(self, now: datetime) -> datetime:
        """Return until when it is open after a look at `now`."""
        return min(now + self.span, self.at_most)


@dataclass(frozen=True, slots=True)
class Shown:
    """A medical message in a chat that is to go. `since`: when it was to go first."""

    chat: ChatId
    message: int
    since: datetime


class Unlocks(Protocol):
    """The open sessions, one a chat, and the medical messages in it."""

    async def of(self, citizen: Citizen) -> Unlock | None:
        """Return the session of this account in this chat, open or run out."""
        ...

    async def put(self, unlock: Unlock) -> None:
        """Store it in place of the former one of the chat."""
        ...

    async def slide(self, unlock: Unlock, until: datetime) -> None:
        """Keep it open until then; nothing happens where it was ended meanwhile."""
        ...

    async def end(self, chat: ChatId, now: datetime) -> bool:
        """End it; its messages are to go from now on, whether or not there was one. False when there was none."""
        ...

    async def run_out(self, now: datetime, limit: int) -> Sequence[Unlock]:
        """End the sessions whose time is over; one that was kept open meanwhile stays. Returns them, to be cleared."""
        ...

    async def note(self, chat: ChatId, message: int, now: datetime, stays: timedelta | None = None) -> None:
        """Remember that a message of this chat shows something medical. Its number alone.

        It goes with the end of the session, at once where none is open; with `stays` after so long at the latest.
        """
        ...

    async def clear(self, chat: ChatId, now: datetime) -> int:
        """Let every noted message of the chat go from now on; returns how many there are."""
        ...

    async def heal(self, now: datetime) -> int:
        """Let messages go that were noted just when their session ended; returns how many."""
        ...

    async def to_go(self, now: datetime, lease: timedelta, limit: int) -> Sequence[Shown]:
        """Return messages that are to be removed from their chats now; for `lease` nobody else gets them."""
        ...

    async def again(self, shown: Sequence[Shown], at: datetime) -> None:
        """Try these again then."""
        ...

    async def gone(self, shown: Sequence[Shown]) -> None:
        """Forget these: they are out of their chats."""
        ...
