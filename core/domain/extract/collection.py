"""Where papers are kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from core.domain.actor import Citizen
from core.domain.extract.entity import Extract
from core.domain.extract.states import ExtractState
from core.domain.ids import AccountId, ExtractId


class Extracts(Protocol):
    """The papers. Every move is one conditional UPDATE by MOVES: of two that try, one succeeds."""

    async def draft_of(self, citizen: Citizen) -> Extract | None:
        """Return the order that is put together; there is one an account."""
        ...

    async def begin(self, extract: Extract) -> None:
        """Store a fresh one; `account.WrongMove` when one is put together already."""
        ...

    async def save(self, extract: Extract, to: ExtractState | None = None) -> Extract:
        """Store what changed, and move it where `to` says so; `account.WrongMove` when it changed since it was read."""
        ...

    async def of(self, citizen: Citizen, limit: int) -> Sequence[Extract]:
        """Return what was ordered, the newest first."""
        ...

    async def one(self, citizen: Citizen, extract: ExtractId) -> Extract:
        """Raises ExtractNotThere."""
        ...

    async def get(self, extract: ExtractId) -> Extract:
        """For the product's own work and for staff; raises ExtractNotThere."""
        ...

    async def versions(self, ids: Sequence[ExtractId]) -> Mapping[ExtractId, int]:
        """Return the versions of those that there are: one that rose has moved on."""
        ...

    async def ordered_since(self, account: AccountId, moment: datetime) -> int: ...

    async def by_token(self, token: str) -> Extract | None:
        """Return the one whose QR code says so, once it was made."""
        ...

    async def by_digest(self, digest: bytes) -> Extract | None:
        """Return the one whose file has this SHA-256."""
        ...

    async def waiting(self, limit: int) -> Sequence[Extract]:
        """Return those that wait for a doctor, the longest first; none whose owner withdrew the consent."""
        ...

    async def claim(self, now: datetime, lease: datetime) -> Extract | None:
        """Take one that is to be made, or whose maker died, before anybody else can; None when there is none."""
        ...

    async def keep(self, extract: Extract, content: bytes) -> Extract:
        """Store the signed file, encrypted under a key of its own, and move from DRAFTING to READY.

        `account.WrongMove` when another has taken the claim since; its file is then the one that stays.
        """
        ...

    async def content(self, extract: Extract) -> bytes:
        """Return the decrypted file, wherever it lies; raises FileLost."""
        ...

    async def due_for_archive(self, now: datetime, limit: int) -> Sequence[Extract]:
        """Return those whose time is over, the longest first; without those that failed just now (`due_at`)."""
        ...

    async def to_be_restored(self, now: datetime, limit: int) -> Sequence[Extract]:
        """Return those that somebody wants back; without those that failed just now (`due_at`)."""
        ...

    async def archive(self, extract: Extract) -> Extract:
        """Move the file to the archive store; `account.WrongMove` when it is not READY any more."""
        ...

    async def restore(self, extract: Extract) -> Extract:
        """Bring the file back; `account.WrongMove` when it is not RESTORING any more, FileLost."""
        ...
