"""Consent to the processing of health data (Federal law 152, articles 9 and 10): given, withdrawn, given again."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Protocol

from core.domain.ids import AccountId, ConsentId

CURRENT_VERSION = "2026-11"
DIGEST_SHOWN = 16
"""How many hexadecimal digits of the text's digest a button that agrees to it must carry at least."""
OWN_CONSENT = 15
"""From this age a person consents; before it a representative does (FACTS: ages)."""


class ConsentState(StrEnum):
    """Whether the product may work with the person's data now."""

    NEVER = "never"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class NoConsent(Exception):
    """The person has not given consent, or has withdrawn it: nothing may be processed or shared."""

    message_key = "consent.needed"


class TextChanged(Exception):
    """The text that the person read is no longer the current one: it must be read again."""

    message_key = "consent.text_changed"


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version of the text in one language; `digest` is the SHA-256 of its bytes, hex."""

    version: str
    language: str
    body: str
    digest: str


@cache
def text(version: str, language: str) -> ConsentText:
    """Return a version's text. Texts never change once published: a new wording is a new version."""
    body = (files("core.domain") / "consent_texts" / f"{version}.{language}.txt").read_text("utf-8").strip()
    return ConsentText(version, language, body, sha256(body.encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class Consent:
    """One act of consent. `person` is the identification number of who gave it: the account's own id."""

    id: ConsentId
    account: AccountId
    version: str
    language: str
    digest: str
    given_at: datetime
    confirmed_by: str
    withdrawn_at: datetime | None = None
    person: str = field(default="", repr=False)

    @property
    def state(self) -> ConsentState:
        """Given or withdrawn."""
        return ConsentState.WITHDRAWN if self.withdrawn_at else ConsentState.GIVEN


class Consents(Protocol):
    """The consents, kept for ever: a new act is a new row."""

    async def latest(self, account: AccountId) -> Consent | None: ...

    async def give(self, consent: Consent) -> None: ...

    async def withdraw(self, consent: ConsentId, now: datetime) -> bool:
        """Mark withdrawn; False when it was withdrawn before."""
        ...


def require(consent: Consent | None) -> Consent:
    """Return the standing consent; NoConsent otherwise. Every service that processes data asks here."""
    if consent is None or consent.withdrawn_at is not None:
        raise NoConsent
    return consent


def refuse_withdrawn(consent: Consent | None) -> None:
    """Raise NoConsent where consent was withdrawn. Before it was ever given a person may still fill a draft in."""
    if consent is not None and consent.withdrawn_at is not None:
        raise NoConsent
