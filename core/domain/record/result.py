"""Results: what was measured or found, alone or within a panel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from core.domain.ids import AccountId, ClinicId, RecordId
from core.domain.record.coding import Coding, Period


class Category(StrEnum):
    """What kind of result it is; kept in clear, so that it can be counted."""

    LABORATORY = "laboratory"
    INSTRUMENTAL = "instrumental"
    VITAL = "vital"
    SURVEY = "survey"
    OTHER = "other"


class Mark(StrEnum):
    """Where a value lies: as the clinic interpreted it, else by its own reference range. Nothing is marked without either."""

    BELOW = "below"
    ABOVE = "above"
    OUTSIDE = "outside"
    WITHIN = "within"


@dataclass(frozen=True, slots=True)
class Measured:
    """One value. `number` in `unit`, exact as it came; `text` where it is no number. `reference` is the range in words."""

    coding: Coding
    number: Decimal | None = None
    unit: str = ""
    text: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    reference: str = ""
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A result. `measured` holds one value, or several that belong together (blood pressure). `panel` is what it is part of.

    `day_only`: `taken_at` is a date of the clinic without a time, stored as its midnight in UTC.
    """

    id: RecordId
    account: AccountId
    clinic: ClinicId
    category: Category
    taken_at: datetime
    coding: Coding = field(repr=False)
    measured: tuple[Measured, ...] = field(repr=False)
    institution: str = field(default="", repr=False)
    doctor: str = field(default="", repr=False)
    note: str = field(default="", repr=False)
    panel: RecordId | None = None
    day_only: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A report that holds several results, or a conclusion alone."""

    id: RecordId
    account: AccountId
    clinic: ClinicId
    category: Category
    taken_at: datetime
    coding: Coding = field(repr=False)
    conclusion: str = field(default="", repr=False)
    institution: str = field(default="", repr=False)
    day_only: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """Everything of one code: the newest of it, and how many there are."""

    newest: Result | Panel = field(repr=False)
    times: int


class Results(Protocol):
    """The results and panels. Everything asks for one account; the use case has asked `core.services.access.Gate` before."""

    async def put(self, results: Sequence[Result], panels: Sequence[Panel]) -> None:
        """Store them; one with the same id takes the place of the former.

        Results of one panel stand in the order in which they come here; one that comes again without its panel (a
        correction) keeps its place. Raises NotFound, with nothing stored, for an id that is another person's.
        """
        ...

    async def remove(self, account: AccountId, ids: Sequence[RecordId]) -> None:
        """A clinic has withdrawn them (entered in error). What a withdrawn panel held stands alone from then on."""
        ...

    async def categories(self, account: AccountId, period: Period) -> Mapping[Category, int]:
        """How many there are in each category that exists: a panel counts as one, its results not at all."""
        ...

    async def page(
        self, account: AccountId, category: Category | None, period: Period, limit: int, offset: int = 0
    ) -> Sequence[Result | Panel]:
        """The newest first: results that stand alone, and panels."""
        ...

    async def count(self, account: AccountId, category: Category | None, period: Period) -> int: ...

    async def one(self, account: AccountId, record: RecordId) -> Result | Panel:
        """Raises NotFound."""
        ...

    async def of_panels(self, account: AccountId, panels: Sequence[RecordId]) -> Mapping[RecordId, Sequence[Result]]:
        """The results of each panel, in the order in which the report names them."""
        ...

    async def series(self, account: AccountId, coding: Coding) -> Sequence[Result]:
        """Every result with this code, the oldest first."""
        ...

    async def kinds(self, account: AccountId) -> Sequence[Kind]:
        """What there is, by code: one for each code of results, one for each code of panels."""
        ...

    async def some(self, account: AccountId, records: Sequence[RecordId]) -> Sequence[Result | Panel]:
        """Those of them that are this account's, in the order in which they are asked for."""
        ...

    async def every(self, account: AccountId, period: Period) -> Sequence[Result]:
        """All results of a period, in panels or not, the newest first: for search and for papers."""
        ...
