"""What the portal remembers: who is signing in, who is signed in, which codes and tokens are out."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from joserfc.jwk import RSAKey

from playground.outside.citizens import Citizen, Citizens
from playground.outside.expiring import Clock, Expiring
from playground.outside.faults import Faults
from playground.outside.portal.request import AuthorizationRequest
from playground.settings import PlaygroundSettings

SIGN_IN_TIME = timedelta(minutes=10)
SESSION_TIME = timedelta(hours=12)
CODE_TIME = timedelta(seconds=60)
TOKEN_TIME = timedelta(hours=1)
TRIES = 10
LOCK_TIME = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class SignIn:
    """One passage from the client's button back to the client, in the browser whose cookie it is bound to."""

    id: str
    browser: str
    request: AuthorizationRequest
    citizen: Citizen | None = None
    signed_in_at: datetime | None = None
    # Where it led: a second tap on the same button is led there again.
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    citizen: Citizen
    signed_in_at: datetime


@dataclass(frozen=True, slots=True)
class Grant:
    request: AuthorizationRequest
    citizen: Citizen
    signed_in_at: datetime


class Throttle:
    """Ten wrong passwords for one login within five minutes of each other lock it for five minutes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wrong: Expiring[int] = Expiring(LOCK_TIME, clock)
        self._locked: Expiring[datetime] = Expiring(LOCK_TIME, clock)

    def wait(self, login: str) -> timedelta | None:
        """How long this login stays locked."""
        until = self._locked.get(login)
        return until - self._clock() if until else None

    def wrong(self, login: str) -> None:
        tries = (self._wrong.get(login) or 0) + 1
        self._wrong.put(login, tries)
        if tries >= TRIES:
            self._wrong.pop(login)
            self._locked.put(login, self._clock() + LOCK_TIME)

    def right(self, login: str) -> None:
        self._wrong.pop(login)


@dataclass(slots=True)
class PortalState:
    settings: PlaygroundSettings
    clock: Clock
    citizens: Citizens
    key: RSAKey
    faults: Faults = field(default_factory=lambda: Faults("authorize", "token", "userinfo"))
    sign_ins: Expiring[SignIn] = field(init=False)
    sessions: Expiring[Session] = field(init=False)
    grants: Expiring[Grant] = field(init=False)
    used: Expiring[str] = field(init=False)
    tokens: Expiring[Citizen] = field(init=False)
    throttle: Throttle = field(init=False)

    def __post_init__(self) -> None:
        self.sign_ins = Expiring(SIGN_IN_TIME, self.clock)
        self.sessions = Expiring(SESSION_TIME, self.clock)
        self.grants = Expiring(CODE_TIME, self.clock)
        # A spent code, and the access token it bought: who shows the code again makes that token void.
        self.used = Expiring(TOKEN_TIME, self.clock)
        self.tokens = Expiring(TOKEN_TIME, self.clock)
        self.throttle = Throttle(self.clock)

    @property
    def issuer(self) -> str:
        return f"{self.settings.public_url}/portal"


def secret() -> str:
    return secrets.token_urlsafe(32)
