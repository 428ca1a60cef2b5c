"""Where files lie, and what looks into them."""

from dataclasses import dataclass, field
from typing import Protocol


class Files(Protocol):
    """Where ciphertext of files lies. Keys are opaque names made by the caller."""

    async def put(self, key: str, content: bytes) -> None: ...

    async def get(self, key: str) -> bytes:
        """Return the content; FileNotFoundError where there is none."""
        ...

    async def delete(self, key: str) -> None:
        """Remove it; nothing happens where there is none."""
        ...


class Archive(Files, Protocol):
    """The second place, for what is seldom asked for: slower and cheaper in production, a folder of its own here."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file looked into: `mime` by its bytes, pages of a PDF or 1, `content` re-encoded and free of anything active."""

    mime: str
    pages: int
    content: bytes = field(repr=False)


class Inspector(Protocol):
    """Looks into an upload. Raises `core.domain.document.BadFile` with the reason."""

    async def inspect(self, content: bytes) -> Inspected: ...
