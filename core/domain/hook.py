"""Where programs of others are told of tickets: an address, what it is told of, and a row for each telling.

What is told are numbers, states, times and ids: nothing that a person is known by.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from urllib.parse import urlsplit
from uuid import UUID

from core.domain.actor import NotAllowed
from core.domain.ids import HookId, StaffId
from core.domain.reach import Reach, is_loopback, parsed
from core.domain.ticket import Ticket

MOST_HOOKS = 20
LONGEST_URL = 500
HELD_FOR = timedelta(minutes=1)
"""How long an address that does not answer is left alone, so that the others do not wait for it."""
GIVEN_UP_AFTER = timedelta(days=1)
BOTH_SIGN_FOR = timedelta(days=1)
"""How long after a new secret the one before it signs as well, so that the other side can change over (Standard Webhooks)."""
BACKOFF = tuple(timedelta(seconds=each) for each in (5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800))
"""Until the next try after so many; the last one repeats."""


class HookEvent(StrEnum):
    """What can be told. The value is the name that programs know: never rename one."""

    TICKET_CREATED = "ticket.created"
    TICKET_STATUS_CHANGED = "ticket.status_changed"


class TellingState(StrEnum):
    """WAITING to be sent (again), SENT: the other side took it, GIVEN_UP after a day of tries."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"


class HookNotThere(NotAllowed):
    """No such address, or no such telling."""

    message_key = "hook.not_there"


class BadHookAddress(Exception):
    """Not an https address with a name of a host, without a password, of at most LONGEST_URL characters."""

    message_key = "hook.bad_address"


class NothingToTell(Exception):
    """An address is told of one thing at least."""

    message_key = "hook.nothing_to_tell"


class TooManyHooks(Exception):
    """There are MOST_HOOKS addresses already."""

    message_key = "hook.too_many"


class StillTrying(Exception):
    """It is being sent still, or was taken: only what was given up is sent again."""

    message_key = "hook.still_trying"


@dataclass(frozen=True, slots=True)
class Hook:
    """An address that is told of `events`. Its secret is shown once, when it is made, and kept sealed.

    `off`: nothing is written for it, and what waits is not sent. `former_until`: until then the secret before this one signs, too.
    """

    id: HookId
    url: str
    events: frozenset[HookEvent]
    made_at: datetime
    made_by: StaffId
    off: bool = False
    former_until: datetime | None = None

    def both_sign(self, now: datetime) -> datetime | None:
        """Return until when two secrets sign; None where one does."""
        return self.former_until if self.former_until is not None and self.former_until > now else None


@dataclass(frozen=True, slots=True)
class Telling:
    """One event for one address. `body` is the JSON that is signed and sent, the same at each try, under the same `id`.

    `status` is what the other side answered last, None where nothing came back.
    """

    id: UUID
    hook: HookId
    event: HookEvent
    body: str
    made_at: datetime
    due_at: datetime
    state: TellingState = TellingState.WAITING
    tries: int = 0
    status: int | None = None
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A telling that is to be sent now, with where to and the secret to sign it by; empty: that does not open any more.

    `former`: the secret before, while it signs as well.
    """

    telling: Telling
    url: str
    secret: str = field(repr=False)
    former: str = field(default="", repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What it is signed by, the newest first."""
        return (self.secret, self.former) if self.former else (self.secret,)


def checked_address(url: str, reach: Reach) -> str:
    """Return the address. Raises BadHookAddress, InsideAddress; this machine itself is told without TLS too, where it may be."""
    if len(url) > LONGEST_URL or any(ord(each) <= 32 or ord(each) == 127 for each in url):
        raise BadHookAddress
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise BadHookAddress from None
    if not host or parts.username is not None or parts.password is not None or parts.fragment or "\\" in url:
        raise BadHookAddress
    ours = reach.loopback and is_loopback(host)
    if parts.scheme != "https" and not (ours and parts.scheme == "http"):
        raise BadHookAddress
    reach.refuse_host(host)
    if parsed(host) is None and (("." not in host.rstrip(".") and not ours) or host.rsplit(".", 1)[-1].isdigit()):
        raise BadHookAddress  # a bare name, or an address written oddly: 127.1
    return url


def told(event: HookEvent, ticket: Ticket, now: datetime) -> Mapping[str, object]:
    """Return what a program is told: the thing that happened, and which ticket it happened to. Never a word of anybody."""
    times = {
        "opened_at": ticket.opened_at,
        "changed_at": ticket.changed_at,
        "due_at": ticket.due_at,
        "closed_at": ticket.closed_at,
    }
    return {
        "type": event.value,
        "timestamp": now.isoformat(),
        "data": {
            "id": str(ticket.id),
            "number": ticket.number,
            "state": ticket.state.value,
            "topic": ticket.topic.value,
            "version": ticket.version,
            **{name: at.isoformat() if at else None for name, at in times.items()},
            "merged_into": str(ticket.merged_into) if ticket.merged_into else None,
        },
    }


def next_try(telling: Telling, now: datetime) -> datetime | None:
    """Return when it is tried again after a try that failed; None: it is given up."""
    at = now + BACKOFF[min(max(telling.tries, 1), len(BACKOFF)) - 1]
    return at if at <= telling.made_at + GIVEN_UP_AFTER else None


class Hooks(Protocol):
    """The addresses and what they are told."""

    async def tell(self, event: HookEvent, ticket: Ticket) -> None:
        """Write a telling for every address that wants the event and is not off, in the transaction of the fact."""
        ...

    async def all(self) -> Sequence[Hook]: ...

    async def add(self, hook: Hook, secret: str) -> None: ...

    async def rotate(self, hook: HookId, secret: str, until: datetime) -> Hook:
        """Put another secret in the place of its own, which signs as well until then; an older one goes. Raises HookNotThere."""
        ...

    async def switch(self, hook: HookId, *, off: bool) -> None:
        """Raises HookNotThere."""
        ...

    async def drop_former(self, now: datetime) -> int:
        """Remove secrets that sign no longer; returns how many."""
        ...

    async def remove(self, hook: HookId) -> None:
        """With its tellings. Raises HookNotThere."""
        ...

    async def tellings(self, hook: HookId, before: UUID | None, limit: int) -> Sequence[Telling]:
        """Return the newest first, older than `before`. Raises HookNotThere."""
        ...

    async def failing(self) -> Mapping[HookId, int]:
        """Return how many were given up, by address."""
        ...

    async def claim(self, now: datetime, until: datetime, limit: int) -> Sequence[Due]:
        """Return those whose time has come; until then nobody else gets them."""
        ...

    async def settle(self, telling: Telling) -> None:
        """Store how a try ended, unless somebody settled it since it was claimed."""
        ...

    async def hold(self, hook: HookId, until: datetime) -> None:
        """Its other side does not answer: nothing that waits for it is tried before that."""
        ...

    async def again(self, hook: HookId, telling: UUID, now: datetime) -> None:
        """Try it anew, for a day. Raises HookNotThere, StillTrying."""
        ...

    async def forget_before(self, moment: datetime) -> int:
        """Remove tellings that were settled before that; returns how many."""
        ...
