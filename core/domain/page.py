"""Pages for whoever wants nothing personal in the chat: a link of one use from the chat, and the session that it opens.

The session acts as the citizen of the chat that made the link. It opens nothing medical by itself: the second factor comes
first, in this very browser.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from core.domain.actor import Citizen
from core.domain.ids import ChatId

LINK_LIFETIME = timedelta(minutes=10)
LONGEST = timedelta(hours=8)
KEPT_LINKS = 5
"""How many unused links of one chat work side by side."""


class Place(StrEnum):
    """What a link of the chat opens."""

    HOME = "home"
    RESULTS = "results"
    VISITS = "visits"
    VACCINATIONS = "vaccinations"
    DOCUMENTS = "documents"
    ACTIVITY = "activity"
    CARD = "card"
    SCANS = "scans"
    ACCOUNT = "account"
    SECURITY = "security"
    TICKETS = "tickets"


class LinkGone(Exception):
    """A link that was used, is too old, was ended with its chat's account, or never was: all sound the same."""

    message_key = "page.link.gone"


class PageGone(Exception):
    """The session of this browser is over."""

    message_key = "page.session.gone"


@dataclass(frozen=True, slots=True)
class Link:
    """Whom a link lets in, and where to."""

    citizen: Citizen
    place: Place


@dataclass(frozen=True, slots=True)
class PageSession:
    """An open session of one browser.

    `proved`: a code of the second factor was right in this browser. `lockable`: there is a second factor at all.
    """

    citizen: Citizen
    zone: str
    until: datetime
    proved: bool = False
    lockable: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """What a burnt link gives: the secret of the new session, and where its person wanted to go."""

    secret: str = field(repr=False)
    place: Place


class Pages(Protocol):
    """Links and sessions, found by the hash of their secrets alone."""

    async def make(self, token: str, link: Link, now: datetime) -> None:
        """Store a link; the oldest ones of its chat past `KEPT_LINKS` end."""
        ...

    async def waits(self, token: str, now: datetime) -> bool:
        """Whether a link can still be opened. Looking uses nothing up."""
        ...

    async def burn(self, token: str, now: datetime) -> Link:
        """Use a link up, in one statement; LinkGone where it was used, is too old, or its chat speaks for the account no more."""
        ...

    async def open(self, secret: str, citizen: Citizen, now: datetime) -> None:
        """Begin a session."""
        ...

    async def find(self, secret: str, now: datetime) -> PageSession:
        """Return an open session; PageGone where there is none, or its chat speaks for the account no more."""
        ...

    async def prove(self, secret: str, at: datetime | None) -> None:
        """Note when the second factor was shown in this browser; None: it has to be shown anew."""
        ...

    async def close(self, secret: str) -> None:
        """End a session."""
        ...

    async def end(self, chat: ChatId) -> None:
        """End every link and session of a chat."""
        ...

    async def forget_before(self, moment: datetime) -> int:
        """Remove what ran out before that; returns how much."""
        ...
