"""The outside systems of the state: the portal and the registries."""

from datetime import date
from enum import StrEnum
from typing import Protocol

from core.domain.account import PortalPerson


class Unavailable(Exception):
    """An outside system did not answer in time or answered with a fault; `system` is its name for messages."""

    message_key = "outside.unavailable"

    def __init__(self, system: str) -> None:
        super().__init__(system)
        self.system = system


class SignInRefused(Exception):
    """The portal refused, or its answer failed a check (state, nonce, signature, audience, PKCE)."""

    message_key = "account.sign_in_failed"


class Portal(Protocol):
    """The state portal, spoken to by OpenID Connect: authorization code with PKCE."""

    async def authorization_url(self, *, state: str, nonce: str, verifier: str) -> str:
        """Return where the person's browser goes to sign in. Raises Unavailable."""
        ...

    async def person(self, *, code: str, nonce: str, verifier: str) -> PortalPerson:
        """Exchange the code and return who signed in. Raises SignInRefused, Unavailable."""
        ...


class Verdict(StrEnum):
    """What a registry says of one value."""

    VALID = "valid"
    NOT_FOUND = "not_found"
    MISMATCH = "mismatch"
    EXPIRED = "expired"


class Registries(Protocol):
    """The state registries: passports (МВД), СНИЛС (СФР), policies (ОМС). Each call raises Unavailable."""

    async def passport(self, series: str, number: str, *, surname: str | None, birth_date: date | None) -> Verdict: ...

    async def snils(self, snils: str, *, surname: str | None, birth_date: date | None) -> Verdict: ...

    async def policy(
        self, number: str, *, series: str | None, surname: str | None, birth_date: date | None
    ) -> Verdict: ...

    async def attached(self, policy: str) -> str | None:
        """Return the code of the facility that the bearer of a policy (canonical) is attached to; None for nowhere."""
        ...
