"""Papers as PDF, and pictures of a course over time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words under a heading, which may be empty."""

    text: str
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. Every row has as many cells as `headings`; `widths` are shares of the page's width, as many. Inert text."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]] = field(repr=False)
    widths: Sequence[int] = ()
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Banner:
    """What is read from an arm's length: the time, the day, whose clock it is; `aside` of the time the room, under a label.

    `stamp`: why it does not hold any more.
    """

    large: str
    small: str
    hint: str
    aside_label: str = ""
    aside: str = ""
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper on the product's letterhead. `facts` are (label, value) lines below the title.

    `number` and `verify_url` (shown as a QR code) for papers that can be verified; `dated` makes the bytes repeatable.
    With a `banner` it is a slip: one page, as wide as a phone and as long as it takes, whose body is paragraphs alone.
    """

    language: str
    title: str
    dated: datetime
    issuer: str
    facts: Sequence[tuple[str, str]] = field(default=(), repr=False)
    body: Sequence[Grid | Paragraph] = field(default=(), repr=False)
    note: str = ""
    number: str = ""
    verify_url: str = ""
    signed_by: str = ""
    banner: Banner | None = field(default=None, repr=False)


class Papers(Protocol):
    """A designer's template behind a port: PDF/A-2b, page numbers, letters of every script inside, off the event loop."""

    async def pdf(self, paper: Paper) -> bytes: ...

    async def png(self, paper: Paper) -> bytes:
        """Return a slip as a picture, 1080 pixels wide; ValueError for a paper that is none."""
        ...


@dataclass(frozen=True, slots=True)
class Point:
    """A value at a moment."""

    at: datetime
    value: Decimal


@dataclass(frozen=True, slots=True)
class Chart:
    """A value's course; `low` and `high` draw the reference range where they are known. Labels are in the reader's language."""

    title: str
    unit: str
    points: Sequence[Point] = field(repr=False)
    low: Decimal | None = None
    high: Decimal | None = None
    language: str = "ru"


class Charts(Protocol):
    """Pictures of a course, off the event loop."""

    async def png(self, chart: Chart) -> bytes: ...


class Signer(Protocol):
    """Puts the product's own signature on a paper, off the event loop. What is signed stays PDF/A."""

    @property
    def certificate(self) -> bytes:
        """What proves the signatures: the certificate, PEM."""
        ...

    async def sign(self, pdf: bytes, reason: str) -> bytes: ...


class Soundness(StrEnum):
    """What a received PDF is. CHANGED bears our signature and was changed, or added to, after it was signed."""

    GENUINE = "genuine"
    CHANGED = "changed"
    FOREIGN = "foreign"
    UNREADABLE = "unreadable"


class PaperReader(Protocol):
    """Looks at a PDF from anybody, off the event loop and for so long at the most. Never raises for what is in it."""

    async def soundness(self, content: bytes) -> Soundness: ...


@dataclass(frozen=True, slots=True)
class VerifyPage:
    """Where anybody verifies a paper: an address of `api`, as the citizen's browser reaches it."""

    url: str

    def of(self, token: str) -> str:
        """Return the page of one paper."""
        return f"{self.url}/{token}"


@dataclass(frozen=True, slots=True)
class SlipPage:
    """Where a clinic's desk verifies a slip: an address of `api`, as anybody's browser reaches it."""

    url: str

    def of(self, token: str) -> str:
        """Return the page of one slip."""
        return f"{self.url}/{token}"
