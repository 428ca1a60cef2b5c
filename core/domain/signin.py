"""An attempt to sign in through the portal: one use, ten minutes, and a question when the account lives in another chat."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from core.domain.ids import AccountId, ChatId

LIFETIME = timedelta(minutes=10)


class SignInState(StrEnum):
    """STARTED waits for the portal, ASKING for the person's word on moving the account, DONE and DROPPED are ends."""

    STARTED = "started"
    ASKING = "asking"
    DONE = "done"
    DROPPED = "dropped"


MOVES: Mapping[SignInState, frozenset[SignInState]] = {
    SignInState.STARTED: frozenset({SignInState.ASKING, SignInState.DONE, SignInState.DROPPED}),
    SignInState.ASKING: frozenset({SignInState.DONE, SignInState.DROPPED}),
    SignInState.DONE: frozenset(),
    SignInState.DROPPED: frozenset(),
}


class SignInGone(Exception):
    """The link was used before, is older than ten minutes, or never was."""

    message_key = "account.link_gone"


@dataclass(frozen=True, slots=True)
class SignIn:
    """One attempt. `ticket` is the opaque word in our own link; `state`, `nonce`, `verifier` are OIDC's.

    `chat_name` is how the page names the chat, so that a person who was sent somebody else's link sees it.
    """

    ticket: str
    state: str
    nonce: str
    verifier: str
    chat: ChatId
    chat_name: str
    phase: SignInState
    expires_at: datetime
    account: AccountId | None = None

    def __repr__(self) -> str:
        return f"SignIn(phase={self.phase.value!r})"


class SignIns(Protocol):
    """The attempts. Each method that takes one away is one conditional statement: two callers cannot both win."""

    async def start(self, attempt: SignIn) -> None:
        """Store it. Earlier attempts of its chat go on: a page of theirs may be open in a browser."""
        ...

    async def drop(self, chat: ChatId) -> None:
        """End this chat's open attempts and questions."""
        ...

    async def by_state(self, state: str, now: datetime) -> SignIn:
        """Return a started attempt by OIDC state without using it up; SignInGone otherwise."""
        ...

    async def take(self, state: str, now: datetime) -> SignIn:
        """Use the attempt up by OIDC state and end the other ones of its chat; SignInGone otherwise."""
        ...

    async def ask(self, attempt: SignIn, account: AccountId) -> None:
        """Remember that the account lives in another chat and that the person of this chat is asked about moving it."""
        ...

    async def asked(self, chat: ChatId, now: datetime) -> SignIn | None:
        """Return this chat's open question about moving an account."""
        ...

    async def settle(self, attempt: SignIn, to: SignInState) -> None:
        """End a question; SignInGone when it was ended before."""
        ...

    async def by_ticket(self, ticket: str, now: datetime) -> SignIn:
        """Return a started attempt by our own link's word; SignInGone otherwise."""
        ...

    async def forget_before(self, moment: datetime) -> int:
        """Remove attempts that ran out before that; returns how many."""
        ...
