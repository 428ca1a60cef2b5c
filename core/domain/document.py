"""Scans of the application and of the verification: kinds, limits, checks, and a reviewer's word."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from core.domain.actor import Actor, Citizen
from core.domain.ids import AccountId, DocumentId

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
MIN_SIDE = 200
MAX_PAGES = 20


class BadFile(Exception):
    """An upload that cannot be taken; `message_key` says why, `params` hold what the text shows."""

    def __init__(self, message_key: str, params: Mapping[str, str] | None = None) -> None:
        super().__init__(message_key)
        self.message_key = message_key
        self.params = dict(params or {})


class Purpose(StrEnum):
    """What a document is for."""

    APPLICATION = "application"
    VERIFICATION = "verification"


class Kind(StrEnum):
    """Which document it is (FACTS: documents of the application)."""

    PASSPORT = "passport"
    SNILS = "snils"
    REGISTRATION = "registration"
    DISABILITY = "disability"
    INN = "inn"


class DocumentState(StrEnum):
    """RECEIVED passed the automatic checks; APPROVED and REFUSED are a reviewer's words; REMOVED is gone."""

    RECEIVED = "received"
    APPROVED = "approved"
    REFUSED = "refused"
    REMOVED = "removed"


MOVES: Mapping[DocumentState, frozenset[DocumentState]] = {
    DocumentState.RECEIVED: frozenset({DocumentState.APPROVED, DocumentState.REFUSED, DocumentState.REMOVED}),
    DocumentState.APPROVED: frozenset({DocumentState.REMOVED}),
    DocumentState.REFUSED: frozenset({DocumentState.REMOVED}),
    DocumentState.REMOVED: frozenset(),
}


class DocumentNotThere(Exception):
    """Not there, or not yours: both sound the same."""

    message_key = "document.not_there"


def kinds_for(purpose: Purpose, *, benefits: bool = False) -> tuple[Kind, ...]:
    """Return the kinds asked for, in the order they are shown. The certificate only for those who ask for its benefits."""
    if purpose is Purpose.VERIFICATION:
        return (Kind.PASSPORT, Kind.INN)
    wanted = (Kind.PASSPORT, Kind.SNILS, Kind.REGISTRATION)
    return (*wanted, Kind.DISABILITY) if benefits else wanted


TYPED = "text/plain"
"""The `mime` of a document that was typed instead of scanned: the digits of an ИНН."""

OPTIONAL = frozenset({Kind.DISABILITY})
"""What is optional never refuses (FACTS: decided contradictions)."""


@dataclass(frozen=True, slots=True)
class Document:
    """An uploaded scan. `reason` is the reviewer's, shown to the citizen. `size` in bytes, `pages` of a PDF or 1."""

    id: DocumentId
    account: AccountId
    purpose: Purpose
    kind: Kind
    state: DocumentState
    mime: str
    size: int
    pages: int
    uploaded_at: datetime
    reason: str | None = field(default=None, repr=False)

    @property
    def typed(self) -> bool:
        """It was typed, not scanned: its content is UTF-8 text."""
        return self.mime == TYPED


def missing(documents: Iterable[Document], wanted: Iterable[Kind]) -> tuple[Kind, ...]:
    """Return the required kinds that have no usable document, in the order of `wanted`."""
    have = {
        document.kind for document in documents if document.state in {DocumentState.RECEIVED, DocumentState.APPROVED}
    }
    return tuple(kind for kind in wanted if kind not in have and kind not in OPTIONAL)


class Documents(Protocol):
    """The documents. One standing document an account, purpose and kind: a new one replaces it."""

    async def of(self, citizen: Citizen, purpose: Purpose) -> list[Document]:
        """Return the standing ones, refused ones included."""
        ...

    async def standing(self, account: AccountId, purpose: Purpose) -> list[Document]:
        """The same for staff and for the product's own work."""
        ...

    async def put(self, document: Document, content: bytes) -> None:
        """Store it, encrypted under a key of its own, in place of the standing one of its kind."""
        ...

    async def find(self, actor: Actor, document: DocumentId) -> Document:
        """Return one that the actor may see: a citizen's own, or any for a reviewer; DocumentNotThere otherwise."""
        ...

    async def content(self, actor: Actor, document: DocumentId) -> bytes:
        """Return the decrypted bytes of one that the actor may see; DocumentNotThere otherwise."""
        ...

    async def move(self, document: DocumentId, to: DocumentState, reason: str | None, now: datetime) -> None:
        """Move by MOVES in one conditional UPDATE; `account.WrongMove` when it changed meanwhile."""
        ...

    async def relabel(self, document: Document, kind: Kind, now: datetime) -> None:
        """Make it a document of another kind; the standing one of that kind, if any, takes its place. Both are to be reviewed.

        `account.WrongMove` when one of them changed meanwhile.
        """
        ...

    async def waiting(self, limit: int) -> list[Document]:
        """Return application documents that nobody has reviewed, oldest first."""
        ...
